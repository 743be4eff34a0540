"""Runs in the peers' environment: ``torch_train.py BATCH STEPS PEOPLE ROUNDS`` prints JSON.

The classic network in PyTorch, trained on random crops with Adam on all cores: milliseconds a step,
the median, for each precision and each way to run it that makes a difference on a CPU.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

FILTERS, DENSE, SIDE = (16, 32, 64, 128), (512, 1024), 96
WAYS = ("plain", "channels last", "compiled")
HOPELESS = 3.0
"""So many times as slow as in the other precision: one step is told, and no more are taken."""


def network(people: int) -> nn.Module:
    layers: list[nn.Module] = []
    channels = 3
    for filters in FILTERS:
        layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    units = channels * (SIDE >> len(FILTERS)) ** 2
    layers.append(nn.Flatten())
    for wide in DENSE:
        layers += [nn.Linear(units, wide), nn.ReLU()]
        units = wide
    return nn.Sequential(*layers, nn.Dropout(0.3), nn.Linear(units, people))


def stepper(way: str, precision: str, batch: int, people: int) -> Callable[[], None]:
    """One training step, crops of bytes to floats included, as the other side does it."""
    model = network(people)
    layout = torch.contiguous_format if way == "plain" else torch.channels_last
    model = model.to(memory_format=layout)
    optimizer = torch.optim.Adam(model.parameters(), 1e-4, fused=True)
    crops = torch.randint(0, 256, (batch, 3, SIDE, SIDE), dtype=torch.uint8)
    crops = crops.contiguous(memory_format=layout)
    labels = torch.arange(batch) % people
    forward: Callable[[Tensor], Tensor] = torch.compile(model) if way == "compiled" else model
    half = precision == "bfloat16"

    def step() -> None:
        inputs = crops.float() / 255
        with torch.autocast("cpu", torch.bfloat16) if half else contextlib.nullcontext():
            loss = nn.functional.cross_entropy(forward(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def timed(step: Callable[[], None]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    step()
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    batch, steps, people, rounds = map(int, sys.argv[1:])
    found: dict[str, dict[str, float]] = {}
    for precision in ("float32", "bfloat16"):
        made, slow = {}, {}
        for way in WAYS:
            try:
                made[way] = stepper(way, precision, batch, people)
                warm = [timed(made[way]) for _ in range(2)]  # compiling, and memory
                if found and min(warm) > HOPELESS * min(found["float32"].values()):
                    slow[way] = min(warm)
                    del made[way]
            except Exception as error:  # compiling takes a compiler that works
                print(f"{way}, {precision}: {type(error).__name__}", file=sys.stderr)
                made.pop(way, None)
        times: dict[str, list[float]] = {way: [] for way in made}
        for _ in range(rounds):
            for way, step in made.items():
                times[way] += [timed(step) for _ in range(steps)]
        found[precision] = slow | {way: statistics.median(own) for way, own in times.items()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()

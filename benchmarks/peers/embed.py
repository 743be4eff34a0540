"""Runs in the peers' environment: ``embed.py NAME FILES.json`` prints photos a second.

One process for each core, since neither peer shares its work among threads well; each is warm
before the clock starts.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from pathlib import Path


def deepface(file: str) -> None:
    from deepface import DeepFace

    DeepFace.represent(
        file, model_name="SFace", detector_backend="yunet", align=True, enforce_detection=False
    )


def face_recognition(file: str) -> None:
    import face_recognition as peer

    image = peer.load_image_file(file)
    peer.face_encodings(image, peer.face_locations(image))


EMBED = {"deepface": deepface, "face_recognition": face_recognition}


def work(name: str, files: list[str], ready: object, go: object) -> None:
    for file in files[:3]:
        EMBED[name](file)
    ready.release()  # type: ignore[attr-defined]
    go.wait()  # type: ignore[attr-defined]
    for file in files:
        EMBED[name](file)


def main() -> None:
    name, listed = sys.argv[1:]
    files = json.loads(Path(listed).read_text("utf-8"))
    cores = os.cpu_count() or 1
    spawn = multiprocessing.get_context("spawn")
    ready, go = spawn.Semaphore(0), spawn.Event()
    workers = [
        spawn.Process(target=work, args=(name, files[core::cores], ready, go))
        for core in range(cores)
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    began = time.perf_counter()
    go.set()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            sys.exit(worker.exitcode)
    print(len(files) / (time.perf_counter() - began))


if __name__ == "__main__":
    main()

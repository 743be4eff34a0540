"""Runs in the peers' environment: ``find.py NAME WORK.json`` prints photos a second.

WORK has ``known``, photos of known people by name, and ``files``, photos to name everybody in. One
process for each core, each warm before the clock starts; known people are embedded before too.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

Known = dict[str, list[str]]
Ask = Callable[[str], object]


def deepface(known: Known) -> Ask:
    """``DeepFace.find`` over a folder, with the same two networks as this program."""
    from deepface import DeepFace

    folder = Path(tempfile.mkdtemp(prefix="facegui-known-"))  # a search writes into it
    for name, files in known.items():
        (folder / name).mkdir()
        for file in files:
            shutil.copy(file, folder / name)
    return lambda file: DeepFace.find(
        file,
        db_path=str(folder),
        model_name="SFace",
        detector_backend="yunet",
        enforce_detection=False,
        silent=True,
    )


def face_recognition(known: Known) -> Ask:
    """Embeddings of dlib, held against those of known people."""
    import face_recognition as peer

    names, vectors = [], []
    for name, files in known.items():
        for file in files:
            found = peer.face_encodings(peer.load_image_file(file))
            names += [name] * len(found)
            vectors += found

    def ask(file: str) -> object:
        image = peer.load_image_file(file)
        faces = peer.face_encodings(image, peer.face_locations(image))
        return [peer.compare_faces(vectors, face) for face in faces], names

    return ask


PEERS = {"deepface": deepface, "face_recognition": face_recognition}


def work(name: str, known: Known, files: list[str], ready: object, go: object) -> None:
    ask = PEERS[name](known)
    for file in files[:3]:
        ask(file)
    ready.release()  # type: ignore[attr-defined]
    go.wait()  # type: ignore[attr-defined]
    for file in files:
        ask(file)


def main() -> None:
    name, listed = sys.argv[1:]
    given = json.loads(Path(listed).read_text("utf-8"))
    known, files = given["known"], given["files"]
    cores = os.cpu_count() or 1
    spawn = multiprocessing.get_context("spawn")
    ready, go = spawn.Semaphore(0), spawn.Event()
    workers = [
        spawn.Process(target=work, args=(name, known, files[core::cores], ready, go))
        for core in range(cores)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        while not ready.acquire(timeout=1.0):
            if worker.exitcode:
                sys.exit(worker.exitcode)
    began = time.perf_counter()
    go.set()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            sys.exit(worker.exitcode)
    print(len(files) / (time.perf_counter() - began))


if __name__ == "__main__":
    main()

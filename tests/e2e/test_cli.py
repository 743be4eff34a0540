"""The command line as scripts use it: real processes, real models, real photos."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FACEGUI = (sys.executable, "-m", "facegui")
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def facegui(
    *arguments: object, expect: int = 0, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        [*FACEGUI, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environ,
        check=False,
    )
    assert ended.returncode == expect, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def document(*arguments: object, expect: int = 0) -> Any:
    return json.loads(facegui(*arguments, "--json", expect=expect).stdout)


@pytest.fixture(scope="module")
def library(photos: Path, models: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small set of five people, imported and scanned."""
    path = tmp_path_factory.mktemp("cli") / "Five.facegui"
    imported = document("import", path, photos / "celeb5" / "train")
    assert imported["added"] == len(files(photos / "celeb5" / "train"))
    document("scan", path)
    return path


@pytest.fixture(scope="module")
def bundle(library: Path, photos: Path) -> Path:
    path = library.with_name("five.facebundle")
    trained = document("train", library, "--out", path)
    assert trained["bundle"] == str(path)
    assert trained["metrics"]["accuracy"] >= 0.9
    assert trained["people"] == sorted(
        path.name for path in (photos / "celeb5" / "train").iterdir()
    )
    return path


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.photos
@pytest.mark.models
def test_scan_measures_every_photo(library: Path, photos: Path) -> None:
    found = document("scan", library)["photos"]
    assert [photo["path"] for photo in found] == [
        str(path) for path in files(photos / "celeb5" / "train")
    ]
    faces = [face for photo in found for face in photo["faces"]]
    assert len(faces) >= 0.95 * len(found)
    assert sum(face["kept"] for face in faces) >= 0.5 * len(faces)
    for face in faces:
        assert face["kept"] == all(rule["passed"] for rule in face["rules"])


@pytest.mark.photos
@pytest.mark.models
@pytest.mark.engine
def test_people_are_recognised_on_photos_never_seen(bundle: Path, photos: Path) -> None:
    results = document("recognize", bundle, photos / "celeb5" / "val")
    assert len(results) == len(files(photos / "celeb5" / "val"))
    right = 0
    for result in results:
        assert result["error"] is None
        for face in result["faces"]:
            x1, y1, x2, y2 = face["box"]
            assert 0 <= (x1 + x2) / 2 <= result["width"]
            assert 0 <= (y1 + y2) / 2 <= result["height"]
            assert sum(face["scores"].values()) == pytest.approx(1.0, abs=1e-4)
            assert face["probability"] == max(face["scores"].values())
        right += any(face["name"] == Path(result["path"]).parent.name for face in result["faces"])
    assert right >= 0.9 * len(results)


@pytest.mark.photos
@pytest.mark.models
@pytest.mark.engine
def test_strangers_are_unknown(bundle: Path, photos: Path) -> None:
    results = document("recognize", bundle, photos / "lfw10")
    faces = [face for result in results for face in result["faces"]]
    assert len(faces) >= 95
    assert sum(face["name"] is not None for face in faces) <= 0.02 * len(faces)


@pytest.mark.photos
@pytest.mark.models
@pytest.mark.engine
def test_evaluate_leaves_out_what_the_model_has_seen(library: Path, bundle: Path) -> None:
    kept = sum(
        face["kept"] for photo in document("scan", library)["photos"] for face in photo["faces"]
    )
    found = document("evaluate", library, bundle)
    assert found["left_out"] == kept
    assert found["faces"] == 0
    assert found["accuracy"] is None


@pytest.mark.photos
@pytest.mark.models
@pytest.mark.engine
def test_evaluate_measures_a_library_that_is_new_to_the_model(
    bundle: Path, photos: Path, tmp_path: Path
) -> None:
    other = tmp_path / "Val.facegui"
    facegui("import", other, photos / "celeb5" / "val")
    facegui("scan", other)
    found = document("evaluate", other, bundle)
    assert found["faces"] > 0
    assert found["accuracy"] >= 0.9
    assert sum(map(sum, found["confusion"]["counts"])) == found["faces"] + found["strangers"]


@pytest.mark.photos
@pytest.mark.models
@pytest.mark.engine
def test_a_network_from_scratch_trains_and_recognises(
    library: Path, photos: Path, tmp_path: Path
) -> None:
    out = tmp_path / "classic.facebundle"
    trained = document(
        "train", library, "--network", "classic", "--epochs", 2, "--seed", 3, "--out", out
    )
    assert trained["epochs"] == 2
    assert trained["seed"] == 3
    (path, *_) = files(photos / "celeb5" / "val")
    (result,) = document("recognize", out, path)
    assert result["faces"]


@pytest.mark.photos
@pytest.mark.models
@pytest.mark.engine
def test_run_publishes_the_first_model_and_no_worse_one(library: Path) -> None:
    once = document("run", library)
    assert once["training"]["metrics"]["accuracy"] >= 0.9
    again = document("run", library, "--publish-above", 1.0)
    assert not again["published"]
    assert again["active"] is not None
    assert again["scanned"] == 0


@pytest.mark.photos
@pytest.mark.models
def test_broken_files_are_told_and_are_status_1(photos: Path, tmp_path: Path) -> None:
    path = tmp_path / "Broken.facegui"
    truth = json.loads((photos / "messy" / "truth.json").read_text())
    broken = [
        photos / "messy" / "photos" / name
        for name, what in truth.items()
        if what["kind"] == "broken"
    ]
    assert broken
    assert document("import", path, *broken)["added"] == len(broken)
    found = document("scan", path, expect=1)["photos"]
    assert len(found) == len(broken)
    for photo in found:
        assert photo["status"] in {"broken", "unsupported"}
        assert photo["reason"]
        assert photo["faces"] == []


@pytest.mark.photos
@pytest.mark.models
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send")
def test_ctrl_c_keeps_what_is_scanned(photos: Path, tmp_path: Path) -> None:
    path = tmp_path / "Stopped.facegui"
    added = document("import", path, photos / "messy" / "photos")["added"]
    scan = subprocess.Popen(
        [*FACEGUI, "scan", str(path), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert scan.stderr is not None
    assert scan.stderr.readline().startswith("Scanning")  # some are done: it reports after storing
    scan.send_signal(signal.SIGINT)
    out, err = scan.communicate(timeout=60)
    assert scan.returncode == 130, err
    assert "Traceback" not in err
    scanned = json.loads(out)["photos"]
    assert 0 < len(scanned) < added


@pytest.mark.photos
@pytest.mark.models
@pytest.mark.engine
def test_recognising_never_imports_qt_or_tensorflow(bundle: Path, photos: Path) -> None:
    (path, *_) = files(photos / "celeb5" / "val")
    script = f"""
import sys
from facegui.__main__ import main
if __name__ == "__main__":
    main(["recognize", {str(bundle)!r}, {str(path)!r}])
    print(sorted({{"PySide6", "tensorflow", "keras"}} & set(sys.modules)), file=sys.stderr)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ended.stderr.endswith("[]\n")


@pytest.mark.models
@pytest.mark.engine
def test_self_test() -> None:
    ended = facegui("--self-test")
    assert "Self-test passed" in ended.stdout
    assert "Window: shown and closed" in ended.stderr


@pytest.mark.models
@pytest.mark.engine
@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="always has a display")
def test_without_a_display_the_sample_ends_in_a_recognised_face() -> None:
    environ = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    ended = facegui(environ=environ)
    assert ended.stderr.startswith("There is no display")
    named = [line for line in ended.stdout.splitlines() if ".png: s" in line]
    assert len(named) == 1
    assert named[0].endswith("%)")

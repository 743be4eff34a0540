"""Bundles travel between machines: they round-trip, and anything else is refused with a reason."""

from __future__ import annotations

import dataclasses
import io
import os
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from facegui.domain.errors import BundleError, StorageFault
from facegui.domain.training import Calibration, Preprocessing, Scoring, Thresholds
from facegui.network import bundle as bundle_module
from facegui.network.bundle import FORMAT, PROTOTYPES, Bundle, load_bundle, save_bundle
from tests.fakes.random_bundles import (
    BOX_CROPS,
    Tensors,
    make_bundle,
    parts,
    resealed,
    with_info,
)


def refusal(path: Path, content: bytes) -> str:
    """Why *content* is refused; the message names the file and the error has a remedy."""
    path.write_bytes(content)
    with pytest.raises(BundleError) as caught:
        load_bundle(path)
    assert str(path) in caught.value.message
    assert caught.value.remedy
    return caught.value.message


@pytest.mark.parametrize("name", ["face-transfer", "classic"])
def test_round_trip(tmp_path: Path, name: str) -> None:
    path = tmp_path / "any name.at all"
    saved = make_bundle(name)
    save_bundle(path, saved)
    loaded = load_bundle(path)
    assert loaded.info == saved.info
    assert loaded.sha256 == saved.sha256
    assert loaded.weights.keys() == saved.weights.keys()
    for key, tensor in saved.weights.items():
        np.testing.assert_array_equal(loaded.weights[key], tensor)
    np.testing.assert_array_equal(loaded.prototypes, saved.prototypes)


def test_saving_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(b"an old one")
    for seed in (0, 1):
        saved = make_bundle(seed=seed)
        save_bundle(path, saved)
        assert load_bundle(path).sha256 == saved.sha256
    assert list(tmp_path.iterdir()) == [path]


def test_saving_into_nowhere_is_a_storage_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageFault, match="absent"):
        save_bundle(tmp_path / "absent" / "m", make_bundle())


def test_a_bundle_that_could_not_be_loaded_is_not_saved(tmp_path: Path) -> None:
    broken = make_bundle()
    broken.prototypes[0, 0] = np.nan
    with pytest.raises(BundleError, match="no numbers"):
        save_bundle(tmp_path / "m", broken)
    assert not list(tmp_path.iterdir())


def test_another_kind_of_crop_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "m"
    save_bundle(path, with_info(make_bundle("classic"), preprocessing=BOX_CROPS))
    assert load_bundle(path).info.preprocessing == BOX_CROPS


@settings(max_examples=300, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), head=st.booleans())
def test_any_flipped_bit_is_refused(
    tmp_path_factory: pytest.TempPathFactory, place: float, bit: int, head: bool
) -> None:
    data = bytearray(make_bundle().to_bytes())
    (length,) = struct.unpack_from("<Q", data)
    span = 8 + length if head else len(data)  # half of the tries in the header, which is small
    data[int(place * span)] ^= 1 << bit
    refusal(tmp_path_factory.mktemp("flip") / "m", bytes(data))


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 500, -1])
def test_truncated(tmp_path: Path, size: int) -> None:
    refusal(tmp_path / "m", make_bundle().to_bytes()[:size])


def test_something_appended(tmp_path: Path) -> None:
    refusal(tmp_path / "m", make_bundle().to_bytes() + b"\0")


def zip_bytes() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("config.json", "{}")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zip_bytes(), "keras"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "HDF5"),
        (pickle.dumps({"weights": [1.0] * 100}), "pickle"),
        (b"\x1f\x8b\x08" + bytes(100), "compressed"),
        (b"", "not a FaceGUI bundle"),
        (b"<!doctype html><html></html>" * 10, "not a FaceGUI bundle"),
        (b"\xff" * 64, "not a FaceGUI bundle"),
        (safetensors.numpy.save({"a": np.zeros(3, np.float32)}), "not a FaceGUI bundle"),
    ],
)
def test_foreign_files_are_named(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason in refusal(tmp_path / "m", content)


def test_a_length_of_header_that_reads_like_a_pickle(tmp_path: Path) -> None:
    """A file starts with the length of its header, and 0x480 or 0x580 bytes begin like a pickle."""
    assert "pickle" not in refusal(tmp_path / "m", struct.pack("<Q", 0x580) + bytes(0x580))
    assert "pickle" in refusal(tmp_path / "m", pickle.dumps(["weights"] * 9))


def test_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    links = (tmp_path / "loop", tmp_path / "link")
    for path in (tmp_path, tmp_path / "pipe", *links, tmp_path / "absent", Path("a\0b")):
        with pytest.raises(BundleError):
            load_bundle(path)


def test_oversize(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_bundle().to_bytes()
    monkeypatch.setattr(bundle_module, "MAX_BYTES", len(data) - 1)
    assert "larger" in refusal(tmp_path / "m", data)


def test_an_announced_giant_header_is_not_read(tmp_path: Path) -> None:
    refusal(tmp_path / "m", struct.pack("<Q", 2**40) + b"{}" * 100)


def test_newer_format(tmp_path: Path) -> None:
    info, tensors = parts(make_bundle())
    assert "newer" in refusal(
        tmp_path / "m", resealed(info | {"format": FORMAT + 1, "new": 1}, tensors)
    )


def test_format_1_is_read_and_knew_only_cosines(tmp_path: Path) -> None:
    info, tensors = parts(make_bundle())
    del info["calibration"], info["thresholds"]["scoring"]
    (tmp_path / "m").write_bytes(resealed(info | {"format": 1}, tensors))
    read = load_bundle(tmp_path / "m").info
    assert (read.format, read.thresholds.scoring, read.calibration) == (
        FORMAT,
        Scoring.COSINE,
        None,
    )


CALIBRATION = {
    "thresholds": {"overall": 0.5, "per_person": {}, "scoring": "cosine"},
    "known": 10,
    "known_lost": 1,
    "impostors": 10,
    "impostors_named": 0,
    "strangers": 5,
    "strangers_named": 5,
}


def test_a_calibration_survives(tmp_path: Path) -> None:
    info, tensors = parts(make_bundle())
    (tmp_path / "m").write_bytes(resealed(info | {"calibration": CALIBRATION}, tensors))
    read = load_bundle(tmp_path / "m").info.calibration
    assert read == Calibration(Thresholds(0.5), 10, 1, 10, 0, 5, 5)


@pytest.mark.parametrize(
    "changes",
    [
        {"known": -1},
        {"known_lost": 11},
        {"strangers_named": -1},
        {"strangers_named": 6},
        {"impostors": 10**30},
        {"impostors": 1.5},
        {"known": True},
        {"extra": 0},
        {"thresholds": {"overall": 2.0, "per_person": {}, "scoring": "cosine"}},
        {"thresholds": {"overall": 0.5, "per_person": {"Zoe": 0.1}, "scoring": "cosine"}},
        {
            "thresholds": {
                "overall": 0.5,
                "per_person": {},
                "scoring": "cosine-times-probability",
            }
        },
        {"thresholds": {"overall": 0.5, "per_person": {}, "scoring": "energy"}},
        {"thresholds": None},
    ],
)
def test_forged_calibrations(tmp_path: Path, changes: dict[str, Any]) -> None:
    info, tensors = parts(make_bundle())
    forged = info | {"calibration": CALIBRATION | changes}
    refusal(tmp_path / "m", resealed(forged, tensors))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"extra": 1}, "extra"),
        ({"labels": None}, "labels"),
        ({"labels": ["Ana", "Ana", "Bo"]}, "distinct"),
        ({"labels": ["Ana", "", "Bo"]}, "distinct"),
        ({"labels": ["Ana", "Bo"]}, "thresholds|weights"),
        ({"labels": ["Ana", "Bo", "Çelik", "Dee"]}, "weights"),
        ({"thresholds": {"overall": 1.5, "per_person": {}, "scoring": "cosine"}}, "thresholds"),
        (
            {"thresholds": {"overall": 0.5, "per_person": {"Zoe": 0.5}, "scoring": "cosine"}},
            "thresholds",
        ),
        ({"thresholds": {"overall": "0.5", "per_person": {}, "scoring": "cosine"}}, "float"),
        ({"photo_sha256s": ["../../x"]}, "photo list"),
        ({"photo_phashes": ["xyz"]}, "photo list"),
        ({"preprocessing": {"kind": "aligned", "size_px": 0, "margin": 0.0}}, "crops"),
        ({"preprocessing": {"kind": "embedding", "size_px": 9**9, "margin": 0.0}}, "crops"),
        ({"preprocessing": {"kind": "embedding", "size_px": 0, "margin": 1e9}}, "crops"),
        ({"metrics": {}}, "metrics"),
        ({"created": 5}, "str"),
        ({"created": "yesterday"}, "origin"),
        ({"created": "2026-11-22T12:00:00"}, "origin"),
        ({"created": "0001-01-01T00:00:00+00:00"}, "origin"),
        ({"manifest_hash": "../../x"}, "origin"),
        ({"versions": {"facegui": "1\n2"}}, "origin"),
        ({"labels": ["Ana", "B\no", "Çelik"]}, "distinct"),
        ({"labels": ["Ana", "\u202eoB", "Çelik"]}, "distinct"),
        ({"labels": ["Ana", "Bo", "x" * 301]}, "distinct"),
        ({"thresholds": {"overall": 10**400, "per_person": {}, "scoring": "cosine"}}, "large"),
        ({"format": True}, "int"),
    ],
)
def test_forged_words(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    info, tensors = parts(make_bundle())
    message = refusal(tmp_path / "m", resealed(info | changes, tensors))
    assert any(word in message for word in reason.split("|")), message


@pytest.mark.parametrize(
    "changes",
    [
        {"network": "resnet"},
        {"dropout": 1.0},
        {"dropout": float("nan")},
        {"dropout": 10**400},
        {"seed": 1.5},
        {"seed": -1},
        {"seed": 2**32},
    ],
)
def test_forged_settings(tmp_path: Path, changes: dict[str, Any]) -> None:
    info, tensors = parts(make_bundle())
    info["config"] |= changes
    refusal(tmp_path / "m", resealed(info, tensors))


@pytest.mark.parametrize(
    "changes",
    [
        {"train_count": -1},
        {"test_count": 10**30},
        {"validation_accuracy": 1.5},
        {"test_accuracy": -0.5},
        {"seconds": -1.0},
    ],
)
def test_forged_figures(tmp_path: Path, changes: dict[str, Any]) -> None:
    info, tensors = parts(make_bundle())
    info["metrics"] |= changes
    assert "figures" in refusal(tmp_path / "m", resealed(info, tensors))


def with_header(header: str) -> bytes:
    data = header.encode()
    return struct.pack("<Q", len(data)) + data


@pytest.mark.parametrize(
    "header",
    [
        "[" * 200_000,
        '{"__metadata__":' * 50_000,
        "9" * 100_000,
        '{"__metadata__":{"facegui":"\\ud800","sha256":""}}',
        '{"__metadata__":{"facegui":"{}","facegui":"{}","sha256":""}}',
        (
            '{"a":{"dtype":"F32","shape":[9999999999,9999999999],"data_offsets":[0,8]},'
            '"__metadata__":{"facegui":"{}","sha256":""}}'
        ),
    ],
    ids=["nested list", "nested dict", "number", "half character", "repeated key", "giant shape"],
)
def test_hostile_headers(tmp_path: Path, header: str) -> None:
    refusal(tmp_path / "m", with_header(header))


def test_a_description_that_is_hostile_inside(tmp_path: Path) -> None:
    _, tensors = parts(make_bundle())
    for text in ("[" * 200_000, '{"labels":["\\ud800"]}', '{"format":1e999}', "{" + '"a":1,' * 9):
        digest = bundle_module._content_hash(text, tensors)
        forged = safetensors.numpy.save(tensors, metadata={"facegui": text, "sha256": digest})
        refusal(tmp_path / "m", forged)


def test_a_description_of_60_megabytes_is_not_parsed(tmp_path: Path) -> None:
    assert "damaged" in refusal(tmp_path / "m", with_header('{"a":"' + "x" * 60_000_000 + '"}'))


def test_a_hundred_thousand_people(tmp_path: Path) -> None:
    info, tensors = parts(make_bundle())
    names = [*info["labels"], *(f"Person {n}" for n in range(100_000))]
    assert "weights" in refusal(tmp_path / "m", resealed(info | {"labels": names}, tensors))


def test_labels_in_another_order_break_the_checksum(tmp_path: Path) -> None:
    data = make_bundle().to_bytes()
    swapped = data.replace(b'\\"Ana\\",\\"Bo\\"', b'\\"Bo\\",\\"Ana\\"')
    assert swapped != data
    assert "checksum" in refusal(tmp_path / "m", swapped)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("name", [PROTOTYPES, "network/head/kernel"])
def test_weights_that_are_no_numbers(tmp_path: Path, name: str, value: float) -> None:
    info, tensors = parts(make_bundle())
    tensors[name][0, 0] = value
    assert "no numbers" in refusal(tmp_path / "m", resealed(info, tensors))


def _transpose(tensors: Tensors) -> None:
    tensors["network/head/kernel"] = np.ascontiguousarray(tensors["network/head/kernel"].T)


def _drop(tensors: Tensors) -> None:
    del tensors["network/head/bias"]


def _add(tensors: Tensors) -> None:
    tensors["network/extra"] = np.zeros(1, np.float32)


def _other_type(tensors: Tensors) -> None:
    tensors[PROTOTYPES] = tensors[PROTOTYPES].astype(np.float64)


def _not_unit(tensors: Tensors) -> None:
    tensors[PROTOTYPES] *= 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_transpose, "fit"),
        (_drop, "fit"),
        (_add, "fit"),
        (_other_type, "kind"),
        (_not_unit, "unit"),
    ],
)
def test_forged_tensors(tmp_path: Path, change: Any, reason: str) -> None:
    info, tensors = parts(make_bundle())
    change(tensors)
    assert reason in refusal(tmp_path / "m", resealed(info, tensors))


def test_hash_depends_on_words_and_numbers() -> None:
    bundle = make_bundle()
    other = make_bundle()
    other.weights["head/bias"][0] += 1
    moved = dataclasses.replace(bundle.info, preprocessing=Preprocessing("embedding", 0, 0.1))
    hashes = {bundle.sha256, other.sha256, Bundle(moved, bundle.weights, bundle.prototypes).sha256}
    assert len(hashes) == 3

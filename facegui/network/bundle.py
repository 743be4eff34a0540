"""The model bundle: everything that recognition needs, in one safetensors file.

The tensors are the network's weights (``network/…``) and each person's prototype. The file's
metadata holds two entries: ``facegui``, the JSON of `BundleInfo`, and ``sha256`` over that text
and all tensors. A bundle may come from anybody, so nothing in it is believed before it is checked;
loading cannot run code, because there is none in the format
(https://huggingface.co/docs/safetensors, 8-byte header length, JSON header, raw numbers).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from facegui.domain.errors import BundleError, DatasetError
from facegui.domain.names import is_plain_name
from facegui.domain.text import tr
from facegui.domain.training import (
    Calibration,
    Preprocessing,
    RunMetrics,
    Scoring,
    Thresholds,
    TrainConfig,
)
from facegui.files import write_atomic
from facegui.network.registry import network
from facegui.network.strict_json import StrictJsonError, decode, encode, parse

SUFFIX = ".facebundle"
FORMAT = 2
MAX_BYTES = 512 * 1024 * 1024
MAX_HEADER_BYTES = 16 * 1024 * 1024  # the hashes of about 180,000 photos
PROTOTYPES = "prototypes"
_WEIGHTS = "network/"
_INFO_KEY, _HASH_KEY = "facegui", "sha256"
_HEX64 = re.compile(r"[0-9a-f]{64}")
_HEX16 = re.compile(r"[0-9a-f]{16}")
_UNIT_TOLERANCE = 1e-3
_SEEDS = 2**32
_MOST = 1e12


@dataclass(frozen=True, slots=True)
class BundleInfo:
    """The words and settings of a bundle.

    Attributes:
        format: version of this format.
        labels: people's names in the order of the network's outputs.
        manifest_hash: of the dataset it was trained on.
        photo_sha256s: of the photos it was trained and validated on, for an honest `evaluate`.
        photo_phashes: their perceptual hashes, 16 hex digits each, to know copies of them by.
        created: ISO 8601, UTC.
        versions: of the programs that made it.
        thresholds: those in force: as they were calibrated, or as the owner moved them since.
        calibration: what was found after the training; None where format 1 did not keep it.
    """

    format: int
    config: TrainConfig
    labels: tuple[str, ...]
    preprocessing: Preprocessing
    thresholds: Thresholds
    metrics: RunMetrics
    manifest_hash: str
    photo_sha256s: tuple[str, ...]
    photo_phashes: tuple[str, ...]
    created: str
    versions: Mapping[str, str]
    calibration: Calibration | None = None


@dataclass(frozen=True, eq=False)
class Bundle:
    """A trained network, ready to recognise.

    Attributes:
        weights: by name, float32.
        prototypes: float32 (people, d): the unit mean of each person's features.
    """

    info: BundleInfo
    weights: Mapping[str, NDArray[np.float32]]
    prototypes: NDArray[np.float32]

    @cached_property
    def sha256(self) -> str:
        """Hash of the content, hex; the same wherever the file lies."""
        return _content_hash(encode(self.info), self._tensors())

    def _tensors(self) -> dict[str, NDArray[np.float32]]:
        named = {_WEIGHTS + name: tensor for name, tensor in self.weights.items()}
        return {**named, PROTOTYPES: self.prototypes}

    def to_bytes(self) -> bytes:
        """The file's content."""
        metadata = {_INFO_KEY: encode(self.info), _HASH_KEY: self.sha256}
        tensors = {name: np.ascontiguousarray(t) for name, t in self._tensors().items()}
        return safetensors.numpy.save(tensors, metadata=metadata)


class _UnsoundError(ValueError):
    """What is wrong with a bundle, in plain words."""


def save_bundle(path: Path, bundle: Bundle) -> None:
    """Write *bundle* to *path*, whatever its name; the old file stays until the new one is whole.

    Raises:
        BundleError: it could not be loaded again (a label twice, a weight that is no number).
        StorageFault: the disk refuses.
    """
    content = bundle.to_bytes()
    _from_bytes(content, path)
    write_atomic(path, content)


def load_bundle(path: Path) -> Bundle:
    """The bundle in the file *path*, checked.

    Raises:
        BundleError: not a bundle, damaged, changed, or of a newer version; says which.
    """
    try:
        data = _read(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise _refusal(path, tr("it cannot be read: {why}", why=why)) from error
    return _from_bytes(data, path)


def _read(path: Path) -> bytes:
    """All of a regular file; a pipe is opened too, but not waited for."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _refusal(path, tr("it is not a file"))
        if status.st_size > MAX_BYTES:
            raise _refusal(path, tr("it is larger than any bundle"))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)


def _from_bytes(data: bytes, path: Path) -> Bundle:
    _refuse_foreign(data, path)
    try:
        metadata = _metadata(data)
        info = decode(BundleInfo, _known_format(metadata[_INFO_KEY]))
        tensors = safetensors.numpy.load(data)
        _check_hash(metadata, tensors)
        _check_info(info)
        _check_tensors(info, tensors)
    except (_UnsoundError, DatasetError) as error:
        raise _refusal(path, str(error)) from error
    except StrictJsonError as error:
        raise _refusal(path, tr("its description is damaged ({what})", what=error)) from error
    except safetensors.SafetensorError as error:
        raise _refusal(path, tr("its numbers are damaged ({what})", what=error)) from error
    prototypes = tensors.pop(PROTOTYPES)
    weights = {name.removeprefix(_WEIGHTS): tensor for name, tensor in tensors.items()}
    return Bundle(info, weights, prototypes)


def _metadata(data: bytes) -> dict[str, str]:
    """The two metadata entries, after a look at the header that trusts nothing."""
    (length,) = struct.unpack_from("<Q", data.ljust(8, b"\0"))
    if length > min(MAX_HEADER_BYTES, len(data) - 8):
        raise _UnsoundError(tr("it is damaged, or not a FaceGUI bundle"))
    header = parse(data[8 : 8 + length])
    metadata = header.pop("__metadata__", None) if isinstance(header, dict) else None
    if not isinstance(metadata, dict) or set(metadata) != {_INFO_KEY, _HASH_KEY}:
        raise _UnsoundError(tr("it holds tensors, but is not a FaceGUI bundle"))
    if not all(isinstance(text, str) for text in metadata.values()):
        raise _UnsoundError(tr("its description is damaged"))
    if any(not isinstance(entry, dict) or entry.get("dtype") != "F32" for entry in header.values()):
        raise _UnsoundError(tr("it holds numbers of an unknown kind"))
    return metadata


def _known_format(text: str) -> str:
    found = parse(text)
    version = found.get("format") if isinstance(found, dict) else None
    if isinstance(version, int) and version > FORMAT:
        raise _UnsoundError(tr("it was made by a newer FaceGUI"))
    return _grown(found) if type(version) is int and version == 1 else text  # true is no 1


def _grown(found: dict[str, Any]) -> str:
    """Format 1 as format 2: it knew one scoring, and kept nothing of the calibration."""
    thresholds = found.get("thresholds")
    if isinstance(thresholds, dict):
        thresholds.setdefault("scoring", Scoring.COSINE.value)
    return json.dumps({"calibration": None, **found, "format": FORMAT})


def _refuse_foreign(data: bytes, path: Path) -> None:
    """Name the formats that owners are likely to try, and say why they are not opened."""
    kinds = {
        rb"PK\x03\x04": tr("a .keras or other zip archive"),
        rb"\x89HDF\r\n\x1a\n": tr("a Keras or HDF5 file"),
        rb"\x1f\x8b": tr("a compressed archive"),
        # A bundle starts with the length of its header, which may be 0x280 but has zeros then.
        rb"\x80[\x02-\x05](?!\0{6})": tr("a pickle"),
    }
    for magic, kind in kinds.items():
        if re.match(magic, data):
            why = tr("it is {kind}; such files can run code when loaded", kind=kind)
            raise _refusal(path, why)


def _content_hash(text: str, tensors: Mapping[str, NDArray[np.float32]]) -> str:
    content = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        content.update(f"\n{name} {tensor.dtype} {tensor.shape}\n".encode())
        content.update(np.ascontiguousarray(tensor).data)
    return content.hexdigest()


def _check_hash(metadata: Mapping[str, str], tensors: Mapping[str, NDArray[np.float32]]) -> None:
    if _content_hash(metadata[_INFO_KEY], tensors) != metadata[_HASH_KEY]:
        raise _UnsoundError(tr("its content does not match its checksum"))


def _check_info(info: BundleInfo) -> None:
    spec = network(info.config.network)
    kind, wanted = info.preprocessing.kind, spec.preprocessing
    crops = {"aligned", "box"}
    rules = {
        tr("its labels are not distinct names"): len(set(info.labels)) == len(info.labels) > 1
        and all(map(is_plain_name, info.labels)),
        tr("its crops are not what the network takes"): info.preprocessing.size_px == wanted.size_px
        and 0 <= info.preprocessing.margin <= 2  # noqa: PLR2004 - more would be mostly background
        and (kind == wanted.kind or {kind, wanted.kind} <= crops),
        tr("its thresholds are out of range"): _are_thresholds(info.thresholds, info.labels),
        tr("its calibration is out of range"): _is_calibration(info),
        tr("its settings are out of range"): 0 <= info.config.dropout < 1
        and 0 <= info.config.seed < _SEEDS,
        tr("its figures are out of range"): _are_possible(info.metrics),
        tr("its photo list is damaged"): all(map(_HEX64.fullmatch, info.photo_sha256s))
        and all(map(_HEX16.fullmatch, info.photo_phashes)),
        tr("its origin is damaged"): _HEX64.fullmatch(info.manifest_hash) is not None
        and _is_moment(info.created)
        and all(map(is_plain_name, (*info.versions, *info.versions.values()))),
    }
    for complaint, holds in rules.items():
        if not holds:
            raise _UnsoundError(complaint)


def _are_thresholds(thresholds: Thresholds, labels: Sequence[str]) -> bool:
    values = (thresholds.overall, *thresholds.per_person.values())
    return set(thresholds.per_person) <= set(labels) and all(-1 <= value <= 1 for value in values)


def _is_calibration(info: BundleInfo) -> bool:
    """Whether what was found can be, and is about the scores of the thresholds in force."""
    found = info.calibration
    if found is None:
        return True
    shares = (
        (found.known_lost, found.known),
        (found.impostors_named, found.impostors),
        (found.strangers_named, found.strangers),
    )
    return (
        found.thresholds.scoring is info.thresholds.scoring
        and _are_thresholds(found.thresholds, info.labels)
        and all(0 <= part <= whole <= _MOST for part, whole in shares)
    )


def _are_possible(metrics: RunMetrics) -> bool:
    """Whether shares are shares, and counts and times have a size that can be."""
    shares = (metrics.validation_accuracy, metrics.test_accuracy or 0.0)
    counts = (metrics.train_count, metrics.validation_count, metrics.test_count)
    efforts = (metrics.best_step, metrics.steps, metrics.epochs, metrics.seconds)
    return all(0 <= share <= 1 for share in shares) and all(
        0 <= value <= _MOST for value in (*counts, *efforts)
    )


def _is_moment(text: str) -> bool:
    """Whether *text* is a time with its zone that can be told in any other zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and MINYEAR < moment.year < MAXYEAR


def _check_tensors(info: BundleInfo, tensors: Mapping[str, NDArray[np.float32]]) -> None:
    spec, people = network(info.config.network), len(info.labels)
    wanted = {
        _WEIGHTS + name: shape for name, shape in spec.tensor_shapes(info.config, people).items()
    }
    wanted[PROTOTYPES] = (people, spec.feature_size)
    if {name: tensor.shape for name, tensor in tensors.items()} != wanted:
        raise _UnsoundError(tr("its weights do not fit its network and labels"))
    if not all(np.isfinite(tensor).all() for tensor in tensors.values()):
        raise _UnsoundError(tr("it holds weights that are no numbers"))
    norms = np.linalg.norm(tensors[PROTOTYPES], axis=1)
    if np.abs(norms - 1).max() > _UNIT_TOLERANCE:
        raise _UnsoundError(tr("its prototypes are not unit vectors"))


def _refusal(path: Path, why: str) -> BundleError:
    return BundleError(
        tr("{path} was not opened: {why}.", path=path, why=why),
        tr("Choose a model bundle that FaceGUI saved, or train again."),
    )

"""Names, and *unknown*, from features and probabilities."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facegui.domain.control import Control
from facegui.domain.errors import BundleError
from facegui.domain.training import Scoring, Thresholds
from facegui.network.bundle import Bundle, save_bundle
from facegui.network.face_transfer import HEAD_BIAS, HEAD_KERNEL
from facegui.network.infer import InferRequest
from facegui.recognition.recogniser import Recogniser, identities
from tests.fakes.control import RecordingControl
from tests.fakes.random_bundles import make_bundle, with_info


class FakeEngine:
    """Answers every inference with fixed arrays."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.asked: list[tuple[str, InferRequest, Control]] = []

    def run(self, job: str, request: object, control: Control) -> object:
        assert isinstance(request, InferRequest)
        self.asked.append((job, request, control))
        count = len(request.inputs)
        probabilities = np.tile(np.array([0.1, 0.7, 0.2], np.float32), (count, 1))
        return np.repeat(self.bundle.prototypes[1:2], count, axis=0), probabilities


def no_engine() -> FakeEngine:
    raise AssertionError("this needs no engine")


def known_head() -> Bundle:
    """A Face-transfer bundle whose head agrees with its prototypes."""
    bundle = make_bundle()
    weights = {HEAD_KERNEL: 10 * bundle.prototypes.T, HEAD_BIAS: np.zeros(3, np.float32)}
    return Bundle(bundle.info, weights, bundle.prototypes)


def saved(path: Path, bundle: Bundle) -> Path:
    save_bundle(path, bundle)
    return path


def test_prototypes_are_named(tmp_path: Path) -> None:
    bundle = known_head()
    recogniser = Recogniser.load(saved(tmp_path / "m", bundle), no_engine)
    assert recogniser.labels == ("Ana", "Bo", "Çelik")
    assert recogniser.preprocessing.kind == "embedding"
    found = recogniser.identify(bundle.prototypes)
    assert [identity.name for identity in found] == list(recogniser.labels)
    for identity in found:
        assert identity.similarity == pytest.approx(1.0)
        assert identity.scores[identity.candidate] == identity.probability > 0.9
        assert sum(identity.scores.values()) == pytest.approx(1.0)
        assert list(identity.scores) == list(recogniser.labels)


def test_strangers_are_unknown_but_have_a_candidate(tmp_path: Path) -> None:
    bundle = known_head()
    recogniser = Recogniser.load(saved(tmp_path / "m", bundle), no_engine)
    stranger = np.zeros((1, 128), np.float32)
    stranger[0, 5] = 1.0
    (identity,) = recogniser.identify(stranger)
    assert identity.name is None
    assert identity.candidate in recogniser.labels
    assert identity.similarity < identity.threshold
    assert len(identity.scores) == 3


def test_no_faces_no_answers_and_no_engine(tmp_path: Path) -> None:
    recogniser = Recogniser.load(saved(tmp_path / "m", make_bundle("classic")), no_engine)
    assert recogniser.identify(np.zeros((0, 96, 96, 3), np.uint8)) == []


def test_large_logits_do_not_overflow(tmp_path: Path) -> None:
    bundle = known_head()
    weights = {HEAD_KERNEL: 1e4 * bundle.weights[HEAD_KERNEL], HEAD_BIAS: bundle.weights[HEAD_BIAS]}
    path = saved(tmp_path / "m", Bundle(bundle.info, weights, bundle.prototypes))
    found = Recogniser.load(path, no_engine).identify(bundle.prototypes)
    assert all(identity.probability == 1.0 for identity in found)


def test_a_cnn_is_asked_in_one_engine(tmp_path: Path) -> None:
    bundle = make_bundle("classic")
    path = saved(tmp_path / "m", bundle)
    engines: list[FakeEngine] = []

    def factory() -> FakeEngine:
        engines.append(FakeEngine(bundle))
        return engines[-1]

    recogniser = Recogniser.load(path, factory)
    assert not engines
    control = RecordingControl()
    crops = np.zeros((2, 96, 96, 3), np.uint8)
    found = recogniser.identify(crops, control)
    recogniser.identify(crops)
    assert len(engines) == 1
    job, request, passed = engines[0].asked[0]
    assert (job, request.path, request.sha256) == (
        "facegui.network.infer:probabilities",
        str(path),
        bundle.sha256,
    )
    assert passed is control
    assert [identity.name for identity in found] == ["Bo", "Bo"]


def test_own_thresholds_come_before_the_overall_one() -> None:
    bundle = with_info(make_bundle(), thresholds=Thresholds(0.5, {"Ana": 0.9}))
    half = bundle.prototypes * np.float32(0.7)
    ana, bo, _ = identities(bundle, half, np.eye(3, dtype=np.float32))
    assert (ana.name, ana.threshold) == (None, 0.9)
    assert (bo.name, bo.threshold) == ("Bo", 0.5)


def test_a_network_that_learned_here_has_to_be_sure_as_well_as_near() -> None:
    lines = Thresholds(0.6, scoring=Scoring.PRODUCT)
    bundle = with_info(make_bundle("modern"), thresholds=lines)
    probabilities = np.array([[0.9, 0.1, 0.0], [0.1, 0.5, 0.4], [0.0, 0.0, 1.0]], np.float32)
    ana, bo, celik = identities(bundle, bundle.prototypes, probabilities)
    assert (ana.name, ana.similarity) == ("Ana", pytest.approx(0.9))
    assert (bo.name, bo.similarity) == (None, pytest.approx(0.5))
    assert celik.name == "Çelik"
    (away,) = identities(bundle, -bundle.prototypes[:1], probabilities[:1])
    assert away.similarity == 0


def test_exactly_at_the_threshold_is_near_enough() -> None:
    bundle = make_bundle()
    features = bundle.prototypes[1:2]
    exact = float((features * features).sum())
    (found,) = identities(
        with_info(bundle, thresholds=Thresholds(min(exact, 1.0))),
        features,
        np.array([[0.0, 1.0, 0.0]], np.float32),
    )
    assert found.name == "Bo"


def test_broken_bundles_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"nothing")
    with pytest.raises(BundleError):
        Recogniser.load(tmp_path / "m", no_engine)

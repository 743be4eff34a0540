"""Asking the cloud: consent before anything, the cap, the ledger, and paying once.

The service is a stand-in on this machine behind the real client library.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from PIL import Image

from facegui.domain.control import NullControl, Stop
from facegui.domain.errors import CloudError, LibraryError, OwnerError
from facegui.domain.geometry import Box
from facegui.domain.queries import NewPhoto
from facegui.services.cloud.answers import Answers
from facegui.services.cloud.ask import CloudReport, CloudRequest, ask_cloud
from facegui.services.cloud.consent import (
    cost_usd,
    give_consent,
    revoke_consent,
    standing_consent,
)
from facegui.services.cloud.ledger import Ledger, export_ledger, spent_usd
from facegui.services.cloud.plan import plan_cloud
from facegui.services.libraries import Library, create_library, open_library
from tests.fakes.cloud_server import Connect, FakeVision, grpc_vision, rest_vision
from tests.fakes.control import RecordingControl
from tests.fakes.private_photos import SECRETS, private_photo
from tests.fakes.proposals import scanned
from tests.fakes.service_account import service_account_key


@pytest.fixture
def service() -> FakeVision:
    return FakeVision()


@pytest.fixture
def connect(service: FakeVision) -> Iterator[Connect]:
    with rest_vision(service) as connected:
        yield connected


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "test.facegui") as made:
        yield made


def add(library: Library, *paths: Path) -> tuple[int, ...]:
    """Photos as a scan leaves them, without faces."""
    ids = library.add_photos(NewPhoto(str(path), None, 1, 1) for path in paths).added
    library.store_scans(
        [
            replace(scanned(photo_id), sha256=hashlib.sha256(path.read_bytes()).hexdigest())
            for photo_id, path in zip(ids, paths, strict=True)
        ]
    )
    return tuple(ids)


def photos(library: Library, folder: Path, count: int) -> tuple[int, ...]:
    """Photos of different shades, so of different content."""
    paths = [private_photo(folder / f"{n:02}.jpg", shade=10 + n) for n in range(count)]
    return add(library, *paths)


def never() -> NoReturn:
    raise AssertionError("a connection was asked for")


def ask(library: Library, ids: tuple[int, ...], connect: Connect) -> CloudReport:
    return ask_cloud(library, CloudRequest(ids, connect), NullControl())


# Consent


def test_without_consent_no_connection_is_opened(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a socket was connected")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    ids = photos(library, tmp_path, 2)
    assert plan_cloud(library, ids).to_send == 2
    with pytest.raises(OwnerError, match="not agreed") as caught:
        ask(library, ids, never)
    assert "Google Cloud Vision" in caught.value.remedy
    assert not (library.path / "cloud").exists()


def test_a_consent_says_what_who_how_many_and_what_it_costs(library: Library) -> None:
    give_consent(library, 1000, cap_usd=5.0)
    consent = standing_consent(library)
    assert consent is not None
    assert consent.provider == "Google LLC"
    assert consent.service == "Google Cloud Vision API"
    assert "1600 × 1200" in consent.sent
    assert consent.photos == 1000
    assert (consent.price_usd, consent.estimate_usd, consent.cap_usd) == (1.5, 3.0, 5.0)
    assert consent.price_date.startswith("20")
    assert consent.given_at.endswith("+00:00")


def test_a_revoked_consent_is_none(library: Library, tmp_path: Path) -> None:
    ids = photos(library, tmp_path, 1)
    give_consent(library, 10, cap_usd=1.0)
    revoke_consent(library)
    assert standing_consent(library) is None
    kept = library.setting("cloud_consent")
    assert kept["photos"] == 10
    assert kept["revoked_at"] >= kept["given_at"]
    with pytest.raises(OwnerError, match="not agreed"):
        ask(library, ids, never)
    revoke_consent(library)
    assert library.setting("cloud_consent") == kept


def test_a_consent_covers_so_many_photos(
    library: Library, tmp_path: Path, connect: Connect, service: FakeVision
) -> None:
    ids = photos(library, tmp_path, 5)
    give_consent(library, 3, cap_usd=1.0)
    with pytest.raises(OwnerError, match="covers 3 more photos, and 5 would be sent"):
        ask(library, ids, never)
    assert ask(library, ids[:2], connect).answered == 2
    with pytest.raises(OwnerError, match="covers 1 more photos, and 3 would be sent"):
        ask(library, ids, never)
    assert plan_cloud(library, ids).to_send == 3
    assert len(service.pictures) == 2


def test_revoking_ends_a_run_before_its_next_request(
    library: Library, tmp_path: Path, connect: Connect, service: FakeVision
) -> None:
    ids = photos(library, tmp_path, 20)
    give_consent(library, 20, cap_usd=1.0)

    def revoke_after_the_first(control: RecordingControl) -> Stop:
        if service.requests:
            revoke_consent(library)
        return Stop.NO

    ask_cloud(library, CloudRequest(ids, connect), RecordingControl(revoke_after_the_first))
    assert [len(request) for request in service.requests] == [16]


def test_a_library_for_viewing_asks_nothing(tmp_path: Path) -> None:
    create_library(tmp_path / "test.facegui").close()
    with (
        Library.open(tmp_path / "test.facegui", read_only=True) as library,
        pytest.raises(LibraryError, match="viewing only"),
    ):
        ask(library, (), never)


# What is sent


@pytest.mark.parametrize("serve", [rest_vision, grpc_vision])
def test_what_arrives_is_small_and_says_nothing(
    library: Library, tmp_path: Path, service: FakeVision, serve: Callable[..., object]
) -> None:
    large = private_photo(tmp_path / "Ann Secret.jpg", size=(4000, 3000))
    tall = private_photo(tmp_path / "Ann Tall.png", size=(1500, 2500))
    ids = add(library, large, tall)
    give_consent(library, 2, cap_usd=1.0)
    with serve(service) as connected:  # type: ignore[attr-defined]
        assert ask(library, ids, connected).answered == 2
    assert len(service.pictures) == 2
    for picture in service.pictures:
        opened = Image.open(io.BytesIO(picture))
        assert opened.format == "JPEG"
        assert opened.width <= 1600
        assert opened.height <= 1200
        assert not opened.getexif()
        for secret in (*SECRETS, b"Exif", b"GPS", b"xmpmeta", b"Ann"):
            assert secret not in picture


def test_boxes_come_back_in_pixels_of_the_original(
    library: Library, tmp_path: Path, connect: Connect
) -> None:
    ids = add(library, private_photo(tmp_path / "large.jpg", size=(4000, 3000)))
    give_consent(library, 1, cap_usd=1.0)
    ask(library, ids, connect)
    (answer,) = _answers(library)
    (face,) = answer.faces
    assert face.box == Box(1500, 1125, 2500, 1875)
    assert face.landmarks is not None
    assert face.landmarks.nose == pytest.approx((2000, 1575), abs=0.01)


def _answers(library: Library) -> list:  # type: ignore[type-arg]
    store = Answers(library)
    names = sorted((library.path / "cloud" / "answers").iterdir())
    return [store.get(name.stem) for name in names]


def test_sixteen_photos_go_in_a_request(
    library: Library, tmp_path: Path, connect: Connect, service: FakeVision
) -> None:
    ids = photos(library, tmp_path, 35)
    give_consent(library, 35, cap_usd=1.0)
    control = RecordingControl()
    report = ask_cloud(library, CloudRequest(ids, connect), control)
    assert [len(request) for request in service.requests] == [16, 16, 3]
    assert report == CloudReport(35, 0, 35, (), 0, cost_usd(35), stopped=False)
    assert [progress.total for progress in control.progress] == [35] * len(control.progress)
    assert control.progress[-1].done == 35


def test_large_photos_go_in_more_requests(
    library: Library, tmp_path: Path, connect: Connect, service: FakeVision
) -> None:
    rng = np.random.default_rng(0)
    paths = []
    for n in range(7):
        paths.append(tmp_path / f"{n}.png")
        Image.fromarray(rng.integers(0, 256, (1200, 1600, 3), np.uint8)).save(
            paths[-1], compress_level=0
        )
    ids = add(library, *paths)
    give_consent(library, 7, cap_usd=1.0)
    assert ask(library, ids, connect).answered == 7
    assert len(service.requests) > 1
    for request in service.requests:
        assert sum(len(jpeg) * 4 / 3 for jpeg in request) < 10_000_000


# Paying


def test_a_photo_is_paid_for_once(
    library: Library, tmp_path: Path, connect: Connect, service: FakeVision
) -> None:
    ids = photos(library, tmp_path, 3)
    copy = tmp_path / "copy.jpg"
    copy.write_bytes((tmp_path / "00.jpg").read_bytes())
    ids += add(library, copy)
    give_consent(library, 8, cap_usd=1.0)
    first = ask(library, ids, connect)
    assert (first.answered, first.known, first.paid_usd) == (3, 1, cost_usd(3))
    assert len(service.pictures) == 3

    again = ask(library, ids, never)
    assert (again.answered, again.known, again.paid_usd) == (0, 4, 0.0)
    assert len(service.pictures) == 3


def test_the_cap_holds(
    library: Library, tmp_path: Path, connect: Connect, service: FakeVision
) -> None:
    ids = photos(library, tmp_path, 20)
    give_consent(library, 40, cap_usd=cost_usd(18) + 0.0001)
    report = ask(library, ids, connect)
    assert (report.answered, report.beyond_cap) == (18, 2)
    assert spent_usd(Ledger(library).sent()) == cost_usd(18)

    again = ask(library, ids, never)
    assert (again.answered, again.known, again.beyond_cap) == (0, 18, 2)
    give_consent(library, 40, cap_usd=1.0)
    assert ask(library, ids, connect).answered == 2
    assert len(service.pictures) == 20


def test_a_cap_of_nothing_sends_nothing(library: Library, tmp_path: Path) -> None:
    ids = photos(library, tmp_path, 2)
    give_consent(library, 2, cap_usd=0.0)
    assert ask(library, ids, never).beyond_cap == 2


def test_photos_that_no_scan_could_read_are_passed_over(library: Library, tmp_path: Path) -> None:
    path = private_photo(tmp_path / "new.jpg")
    ids = tuple(library.add_photos([NewPhoto(str(path), None, 1, 1)]).added)
    give_consent(library, 2, cap_usd=1.0)
    assert plan_cloud(library, ids).photos == 0
    assert ask(library, ids, never) == CloudReport(0, 0, 0, (), 0, 0.0, stopped=False)


# What goes wrong


def test_errors_are_of_their_photos(
    library: Library, tmp_path: Path, connect: Connect, service: FakeVision
) -> None:
    ids = photos(library, tmp_path, 3)
    changed, gone = tmp_path / "changed.jpg", tmp_path / "gone.jpg"
    ids += add(library, private_photo(changed, shade=100), private_photo(gone, shade=101))
    private_photo(changed, shade=102)
    gone.unlink()
    service.errors[1] = "Bad image data."
    give_consent(library, 9, cap_usd=1.0)
    report = ask(library, ids, connect)
    assert report.answered == 2
    assert sorted(report.failed) == [
        (str(tmp_path / "01.jpg"), "Bad image data."),
        (str(changed), "the file has changed since; scan it again"),
        (str(gone), "the file is not there"),
    ]
    outcomes = {Path(sent.photo).name: sent.outcome for sent in Ledger(library).sent()}
    expected = {"00.jpg": "answered", "01.jpg": "Bad image data.", "02.jpg": "answered"}
    assert outcomes == expected
    assert ask(library, ids, connect).answered == 1  # the one without an answer, asked again


def test_a_refusal_costs_nothing_and_keeps_what_came(
    library: Library, tmp_path: Path, connect: Connect, service: FakeVision
) -> None:
    ids = photos(library, tmp_path, 20)
    give_consent(library, 40, cap_usd=1.0)

    def refuse_the_second(control: RecordingControl) -> Stop:
        if service.requests and not service.failures and len(service.requests) == 1:
            service.failures.append(403)
        return Stop.NO

    with pytest.raises(CloudError, match="refuses this service account"):
        ask_cloud(library, CloudRequest(ids, connect), RecordingControl(refuse_the_second))
    sent = Ledger(library).sent()
    assert len(sent) == 20
    assert spent_usd(sent) == cost_usd(16)
    assert "refuses" in sent[-1].outcome
    assert plan_cloud(library, ids).cost_usd == cost_usd(4)
    assert ask(library, ids, connect).known == 16


def test_stop_keeps_what_came_and_does_not_wait_for_the_network(
    library: Library, tmp_path: Path, service: FakeVision
) -> None:
    ids = photos(library, tmp_path, 2)
    give_consent(library, 2, cap_usd=1.0)
    service.hang = True
    control = RecordingControl(lambda _: Stop.KEEP if service.arrived.is_set() else Stop.NO)
    with grpc_vision(service) as connected:
        report = ask_cloud(library, CloudRequest(ids, connected), control)
    assert report.stopped
    assert report.answered == 0
    sent = Ledger(library).sent()
    assert [photo.outcome for photo in sent] == ["stopped before the answer came"] * 2
    assert report.paid_usd == cost_usd(2)  # the service may have done the work


def test_stopped_before_anything_sends_nothing(library: Library, tmp_path: Path) -> None:
    ids = photos(library, tmp_path, 2)
    give_consent(library, 2, cap_usd=1.0)
    control = RecordingControl(lambda _: Stop.KEEP)
    assert ask_cloud(library, CloudRequest(ids, never), control).stopped


# The ledger


def test_the_ledger_says_what_left(library: Library, tmp_path: Path, connect: Connect) -> None:
    path = private_photo(tmp_path / "large.jpg", size=(4000, 3000))
    give_consent(library, 1, cap_usd=1.0)
    ask(library, add(library, path), connect)
    (sent,) = Ledger(library).sent()
    assert sent.photo == str(path)
    assert (sent.width, sent.height) == (1600, 1200)
    assert 1000 < sent.size_bytes < 1_000_000
    assert sent.features == ("FACE_DETECTION", "LABEL_DETECTION")
    assert (sent.units, sent.cost_usd, sent.outcome) == (2, 0.003, "answered")


def test_a_request_that_was_cut_off_counts(library: Library, tmp_path: Path) -> None:
    """A kill between sending and the answer: the line is there, and is paid."""
    from facegui.imaging.outgoing import outgoing

    picture = outgoing(private_photo(tmp_path / "a.jpg"))
    Ledger(library).sending([("a.jpg", picture)], 1.5)
    ledger = library.path / "cloud" / "ledger.jsonl"
    with ledger.open("ab") as file:
        file.write(b'{"request": "torn')
    (sent,) = Ledger(library).sent()
    assert (sent.outcome, sent.cost_usd) == ("cut off before the answer came", 0.003)
    Ledger(library).sending([("b.jpg", picture)], 1.5)
    assert [one.photo for one in Ledger(library).sent()] == ["a.jpg", "b.jpg"]


def test_the_ledger_is_exported_safely(library: Library, tmp_path: Path, connect: Connect) -> None:
    give_consent(library, 1, cap_usd=1.0)
    ask(library, photos(library, tmp_path, 1), connect)
    assert export_ledger(library, tmp_path / "out.csv") == 1
    header, row = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert header.startswith("when,photo,sha256,bytes,")
    assert row.split(",")[1] == str(tmp_path / "00.jpg")
    assert row.endswith("FACE_DETECTION LABEL_DETECTION,2,0.0030,answered")


def test_the_key_is_nowhere_in_the_library(
    library: Library, tmp_path: Path, connect: Connect
) -> None:
    key = service_account_key(tmp_path / "key.json")
    content = json.loads(key.read_text())
    give_consent(library, 2, cap_usd=1.0)

    def connect_with_key() -> object:
        from facegui.services.cloud.ask import connect as connect_for_real

        connect_for_real(key).close()  # reads the whole key, opens no connection
        return connect()

    ask(library, photos(library, tmp_path, 2), connect_with_key)  # type: ignore[arg-type]
    library.close()
    secrets = [str(value).encode() for name, value in content.items() if name != "client_id"]
    kept = [path for path in library.path.rglob("*") if path.is_file()]
    assert any(path.name == "ledger.jsonl" for path in kept)
    for path in kept:
        data = path.read_bytes()
        for secret in (*secrets, content["private_key"][40:80].encode(), b"key.json"):
            assert secret not in data, path


def test_consent_and_answers_outlive_a_restart(
    tmp_path: Path, connect: Connect, service: FakeVision
) -> None:
    with create_library(tmp_path / "test.facegui") as library:
        ids = photos(library, tmp_path, 2)
        give_consent(library, 2, cap_usd=1.0)
        ask(library, ids, connect)
    with open_library(tmp_path / "test.facegui") as library:
        assert ask(library, ids, never).known == 2


def test_a_damaged_answer_is_none(library: Library) -> None:
    folder = library.path / "cloud" / "answers"
    folder.mkdir(parents=True)
    (folder / "aa.json").write_text('{"faces": 3')
    (folder / "bb.json").write_text('{"faces": [{}], "labels": []}')
    store = Answers(library)
    assert store.has("aa")
    assert store.get("aa") is None
    assert store.get("bb") is None
    assert store.get(None) is None

"""Deleting a person: every byte of the library is searched for the name afterwards."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.cloud import CloudAnswer
from facegui.domain.control import NullControl
from facegui.domain.corrections import Answer, NewFace, Provenance, Source, Truth, Verdict
from facegui.domain.entities import Decision, Region, RegionSource
from facegui.domain.errors import LibraryError
from facegui.domain.geometry import Box
from facegui.domain.queries import FaceFilter, NewPhoto, PhotoFilter
from facegui.domain.web_list import FetchResult, WebPhoto
from facegui.imaging.outgoing import Outgoing
from facegui.services.cloud.answers import Answers
from facegui.services.cloud.ledger import Ledger, spent_usd
from facegui.services.collecting.folders import folders, remember
from facegui.services.collecting.web_list import DownloadRequest, _remember, last_request
from facegui.services.collecting.web_list_files import journal_of
from facegui.services.libraries import Library, create_library
from facegui.services.reviewing.forget import Agreed, Leaving, forget_person, what_goes
from facegui.services.scanning.thumbnails import Thumbnails
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.proposals import proposal, scanned
from tests.fakes.review_library import LEFT, RIGHT, write_photo

NAME = "Zoë Quillfeather"
OTHER = "Ann Quill"
FORMS = (NAME.encode(), json.dumps(NAME)[1:-1].encode())


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Three photos of her (one fetched), two of Ann, and one of both that lies with Ann's."""
    with create_library(tmp_path / "L.facegui") as made:
        fetched = write_photo(made.photos_dir / NAME / "1.png", (9, 9, 9))
        hers = [write_photo(tmp_path / NAME / f"{n}.png", (n, 0, 0)) for n in range(2)]
        anns = [write_photo(tmp_path / OTHER / f"{n}.png", (0, n, 0)) for n in range(2)]
        both = write_photo(tmp_path / OTHER / "both.png", (0, 0, 99))
        new = [NewPhoto(str(p), NAME, 1, 1) for p in (*hers, fetched)]
        new += [NewPhoto(str(p), OTHER, 1, 1) for p in anns]
        new += [NewPhoto(str(both), NAME, 1, 1, (Region(RIGHT, NAME, RegionSource.XMP),))]
        ids = made.add_photos(new).added
        lone = [scanned(n, [proposal(LEFT, seed=n)]) for n in ids[:-1]]
        pair = [proposal(LEFT, seed=8), proposal(RIGHT, seed=9, score=0.5)]
        made.store_scans([*lone, scanned(ids[-1], pair)])
        first, second = made.face_ids(FaceFilter(photo_id=ids[-1]))
        made.assign([first], OTHER)
        made.assign([second], NAME)
        yield made


def her_id(library: Library) -> int:
    return next(person.id for person in library.people() if person.name == NAME)


def leave_traces(library: Library) -> None:
    """Everything that the program ever writes with a name in it."""
    her = her_id(library)
    library.set_person_limits(her, {"min_size_px": 50.0})
    library.decide(library.face_ids(), Decision.KEEP)
    library.rename_person(her, f"{NAME} II")
    library.rename_person(her, NAME)
    library.refuse(library.face_ids(FaceFilter(person_id=1))[:1], her)
    library.refuse(library.face_ids(FaceFilter(person_id=her))[:1], 3 - her)
    said_her = Provenance(
        Source.VIDEO, f"/clips/{NAME}/1.mp4", "ab" * 32, None, Answer(NAME, True, 0.5, 0.4)
    )
    hers, anns = (library.face_ids(FaceFilter(person_id=n)) for n in (her, 3 - her))
    for face_id, truth in (
        (hers[-1], Truth(Verdict.IS, NAME)),
        (anns[-1], Truth(Verdict.NOT, NAME)),
        (anns[-2], Truth(Verdict.IS, OTHER)),
    ):
        library.correct(face_id, truth, said_her)
    quarantined = library.path / "quarantine" / NAME / "2.png"
    write_photo(quarantined)
    journal_of(library).append(
        WebPhoto(name, f"https://example.org/{name}", FetchResult.DONE, "", f"photos/{name}/1.png")
        for name in (NAME, OTHER)
    )
    asked = (Path(f"/lists/{NAME}.txt"), Path("/lists/all.csv"))
    _remember(library, DownloadRequest(asked, frozenset({NAME, OTHER})))
    remember(library, Path(f"/pictures/{NAME}"), None)
    remember(library, Path("/pictures/party"), NAME)
    remember(library, Path("/pictures/all"), None)
    photo = library.photos(library.photo_ids(PhotoFilter(search=f"{NAME}/0")))[0]
    outgoing = Outgoing(b"jpeg", 10, 10, 1.0, "ab" * 32)
    ledger = Ledger(library)
    for path in (photo.path, "/elsewhere.jpg"):
        ledger.ended(ledger.sending([(path, outgoing)], 1.5), "ok", charged=True)
    Answers(library).put(str(photo.sha256), "v1", CloudAnswer((), ()))
    for names, run in (((NAME, OTHER), "with"), ((OTHER, "Bo"), "without")):
        (library.runs_dir / run).mkdir()
        (library.runs_dir / run / "manifest.json").write_text(json.dumps(names))
        colours = {name: (200, 40, 40 * n) for n, name in enumerate(names)}
        write_colour_bundle(library.models_dir / f"{run}.facebundle", colours)
    (library.cache_dir / "training").mkdir()
    np.save(library.cache_dir / "training" / "x.npy", np.zeros(3))
    thumbnails = Thumbnails(library.cache_dir)
    for photo in library.photos(library.photo_ids()):
        thumbnails.photo(photo)
        thumbnails.faces(photo, library.faces(library.face_ids(FaceFilter(photo_id=photo.id))))
    library.backup()


def naming(library: Library) -> set[str]:
    """Every file of the library that holds the name, in its bytes or in its path."""
    files = [path for path in library.path.rglob("*") if path.is_file()]
    within = {p for p in files if any(form in p.read_bytes() for form in FORMS)}
    called = {p for p in files if NAME in str(p.relative_to(library.path))}
    return {str(p.relative_to(library.path)) for p in within | called}


def forget(library: Library, *, models: bool = True, everything: bool = True) -> Leaving:
    leaving = what_goes(library, her_id(library), NullControl())
    agreed = Agreed(everything, everything, leaving.models if models else ())
    forget_person(library, leaving, agreed, NullControl())
    return leaving


def test_nothing_in_the_library_names_them_any_more(library: Library) -> None:
    leave_traces(library)
    traces = naming(library)
    assert {Path(trace).parts[0] for trace in traces} >= {
        "library.sqlite3-wal", "downloads.jsonl", "photos", "quarantine",
        "cloud", "runs", "models", "backups",
    }  # fmt: skip
    forget(library)
    assert naming(library) == set()
    library.check()


def test_only_a_model_that_the_owner_keeps_still_names_them(library: Library) -> None:
    leave_traces(library)
    leaving = forget(library, models=False)
    assert [path.name for path in leaving.models] == ["with.facebundle"]
    assert naming(library) == {"models/with.facebundle"}


def test_what_is_told_before(library: Library) -> None:
    leave_traces(library)
    before = naming(library)
    leaving = what_goes(library, her_id(library), NullControl())
    assert leaving.faces == 4
    assert len(leaving.photos) == 3
    assert [Path(photo.path).name for photo in leaving.shared] == ["both.png"]
    assert [path.parent.name for path in leaving.own_files] == ["photos", "quarantine"]
    assert [run.name for run in leaving.runs] == ["with"]
    assert len(leaving.backups) == 1
    assert naming(library) == before


def test_files_of_the_owner_stay_where_they_are(library: Library, tmp_path: Path) -> None:
    originals = [*(tmp_path / NAME).iterdir(), *(tmp_path / OTHER).iterdir()]
    content = [path.read_bytes() for path in originals]
    forget(library)
    assert [path.read_bytes() for path in originals] == content
    assert not (library.photos_dir / NAME).exists()


def test_fetched_copies_and_backups_stay_unless_agreed(library: Library) -> None:
    library.backup()
    forget(library, everything=False)
    assert (library.photos_dir / NAME / "1.png").is_file()
    assert len(library.backups()) == 1
    assert NAME not in {person.name for person in library.people()}


def test_others_keep_their_faces_photos_and_history(library: Library) -> None:
    leave_traces(library)
    library.decide(library.face_ids(FaceFilter(person_id=her_id(library))), Decision.REJECT)
    forget(library)
    (ann,) = library.people()
    assert len(library.photo_ids()) == 3
    assert len(library.face_ids(FaceFilter(person_id=ann.id))) == 3
    assert library.face_ids(FaceFilter(named=False)) == []
    assert {photo.person_hint for photo in library.photos(library.photo_ids())} == {OTHER, None}
    labels = [entry.label for entry in library.history()]
    assert "Keep 7 faces" in labels
    assert "Reject 4 faces" not in labels
    assert not any(NAME in label for label in labels)
    while library.undo():
        assert [person.name for person in library.people()] in ([OTHER], [])
        library.check()
    while library.redo():
        library.check()
    assert naming(library) == set()


def test_pictures_that_were_kept_for_corrections_go_too(library: Library) -> None:
    kept = [library.path / "corrections" / f"live_{n}.png" for n in range(4)]
    for n, path in enumerate(kept):
        write_photo(path, (n, 90, 90))
    for n, name in ((0, NAME), (1, OTHER), (2, NAME)):
        scan = scanned(0, [proposal(LEFT, seed=60 + n)])
        new = NewFace((str(kept[n]), scan), scan.faces[0], drawn=False)
        answer = Answer(OTHER, True, 0.5, 0.4)
        said = Provenance(Source.LIVE, "camera", "ab" * 32, None, answer)
        library.correct(new, Truth(Verdict.IS, name), said)
    library.undo()  # leaves the third file without a photo, as the fourth was always
    assert [p.name for p in forget(library).own_files[1:]] == ["live_0.png"]
    assert [path.exists() for path in kept] == [False, True, False, False]


def test_corrections_about_others_stay_without_them(library: Library) -> None:
    leave_traces(library)
    forget(library)
    (one,) = library.corrections()
    assert one.truth == Truth(Verdict.IS, OTHER)
    assert one.provenance.answer == Answer("", True, 0.5, 0.4)
    assert one.provenance.origin == ""
    assert not any("Correct" in entry.label for entry in library.history())


def test_what_was_asked_of_the_web_and_paid_for_is_kept_without_them(library: Library) -> None:
    leave_traces(library)
    forget(library)
    assert [photo.person for photo in journal_of(library).read().values()] == [OTHER]
    assert last_request(library) == DownloadRequest((Path("/lists/all.csv"),), frozenset({OTHER}))
    assert [folder.path.name for folder in folders(library)] == ["all"]
    sent = Ledger(library).sent()
    assert [photo.photo for photo in sent] == ["", "/elsewhere.jpg"]
    assert spent_usd(sent) > 0


def test_a_download_of_theirs_alone_is_not_remembered(library: Library) -> None:
    _remember(library, DownloadRequest((Path("/lists/all.csv"),), frozenset({NAME})))
    forget(library)
    assert last_request(library) is None


def test_a_name_within_another_is_not_theirs(library: Library) -> None:
    library.add_person(f"{NAME}s")
    forget(library)
    assert [person.name for person in library.people()] == [OTHER, f"{NAME}s"]
    assert library.history()[0].label == f"Add {NAME}s"


def test_a_face_of_theirs_that_was_deleted_leaves_the_history_too(library: Library) -> None:
    both = library.photos(library.photo_ids(PhotoFilter(search="both")))[0]
    drawn = library.draw_face(both.id, proposal(Box(10, 400, 90, 500), seed=77)).face_ids[-1]
    library.assign([drawn], NAME)
    hers = library.face_ids(FaceFilter(person_id=her_id(library)))
    assert drawn in hers
    vectors = [vector.tobytes() for vector in library.embeddings(hers)]
    photos = library.photo_ids()
    library.set_apart([(photos[0], photos[-1])])
    library.delete_faces(hers)
    assert library.faces([drawn]) == []
    forget(library)
    content = (library.path / "library.sqlite3").read_bytes()
    for vector in vectors:
        assert vector not in content
        assert base64.b64encode(vector) not in content
    while library.undo():
        library.check()
    assert [person.name for person in library.people()] == [OTHER]


def test_somebody_who_is_gone_cannot_go_again(library: Library) -> None:
    leaving = forget(library)
    with pytest.raises(LibraryError, match="no longer"):
        what_goes(library, leaving.person.id, NullControl())
    assert forget_person(library, leaving, Agreed(True, True, ()), NullControl()).entry is None


def test_a_library_for_viewing_loses_nothing(library: Library) -> None:
    leave_traces(library)
    before = naming(library)
    with Library.open(library.path, read_only=True) as viewed:
        leaving = what_goes(viewed, her_id(viewed), NullControl())
        with pytest.raises(LibraryError, match="viewing only"):
            forget_person(viewed, leaving, Agreed(True, True, leaving.models), NullControl())
    assert naming(library) == before


def test_a_photo_of_theirs_found_again_starts_anew(library: Library) -> None:
    forget(library)
    both = library.photo_ids()[-1]
    library.store_scans([scanned(both, [proposal(Box(0, 0, 60, 60), seed=3)])])
    assert naming(library) == set()

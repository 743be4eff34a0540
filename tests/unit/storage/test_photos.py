from __future__ import annotations

import dataclasses
import os

import numpy as np

from facegui.domain.entities import (
    DuplicateGroup,
    DuplicateMember,
    NameSource,
    PhotoHashes,
    PhotoStatus,
    ScannedPhoto,
)
from facegui.domain.queries import NewPhoto, PhotoFilter, PhotoOrder
from facegui.storage import Library
from tests.fakes.proposals import proposal, scanned


def unreadable(photo_id: int, status: PhotoStatus, reason: str) -> ScannedPhoto:
    return dataclasses.replace(
        scanned(photo_id), status=status, reason=reason, width=0, height=0, sha256=None, hashes=None
    )


def test_new_photos_are_pending_and_known_ones_are_told_apart(library: Library) -> None:
    first = library.add_photos([("/p/a.jpg", "Ann", 1, 2), ("/p/b.jpg", None, 3, 4)])
    again = library.add_photos(
        [NewPhoto("/p/b.jpg", None, 3, 4), NewPhoto("/p/c.jpg", "Ann", 5, 6)]
    )
    assert len(first.added) == 2
    assert first.known == []
    assert again.known == [first.added[1]]
    assert len(again.added) == 1
    photo = library.photos(first.added)[0]
    assert (photo.path, photo.person_hint, photo.size_bytes, photo.mtime_ns) == (
        "/p/a.jpg", "Ann", 1, 2,
    )  # fmt: skip
    assert photo.status is PhotoStatus.PENDING
    assert photo.hashes is None
    assert library.people() == []


def test_the_same_path_twice_in_one_import_is_one_photo(library: Library) -> None:
    result = library.add_photos([("/p/a.jpg", None, 1, 2), ("/p/a.jpg", None, 1, 2)])
    assert len(result.added) == 1
    assert result.known == []


def test_a_path_that_is_not_unicode_comes_back_as_it_was(library: Library) -> None:
    path = os.fsdecode(b"/p/Zo\xeb/1.jpg")
    hint = os.fsdecode(b"Zo\xeb")
    (photo_id,) = library.add_photos([(path, hint, 1, 2)]).added
    found = library.photo_by_path(path)
    assert found is not None
    assert found.id == photo_id
    assert found.path == path
    assert found.person_hint == "Zo�"
    assert library.add_photos([(path, hint, 1, 2)]).known == [photo_id]


def test_a_changed_file_is_pending_again_and_an_unchanged_one_is_not(filled: Library) -> None:
    first, second, *_ = filled.photos(filled.photo_ids())
    filled.add_photos([(first.path, None, 11, 20), (second.path, None, 1000, 1)])
    after = filled.photos([first.id, second.id])
    assert [photo.status for photo in after] == [PhotoStatus.PENDING, PhotoStatus.OK]
    assert after[0].size_bytes == 11


def test_a_missing_file_that_is_imported_again_is_pending(filled: Library) -> None:
    photo = filled.photos(filled.photo_ids())[0]
    filled.mark_missing([photo.id])
    gone = filled.photos([photo.id])[0]
    assert gone.status is PhotoStatus.MISSING
    assert gone.reason
    filled.add_photos([(photo.path, None, photo.size_bytes, photo.mtime_ns)])
    back = filled.photos([photo.id])[0]
    assert back.status is PhotoStatus.PENDING
    assert back.reason is None


def test_a_missing_photo_keeps_its_faces_and_measures(filled: Library) -> None:
    photo = filled.photos(filled.photo_ids())[0]
    faces = filled.faces_of_photos([photo.id])
    filled.store_scans([unreadable(photo.id, PhotoStatus.MISSING, "gone")])
    after = filled.photos([photo.id])[0]
    assert after == dataclasses.replace(photo, status=PhotoStatus.MISSING, reason="gone")
    assert filled.faces_of_photos([photo.id]) == faces


def test_a_hint_given_later_names_the_face_that_is_there(filled: Library) -> None:
    (nobody,) = filled.photos(filled.photo_ids(PhotoFilter(search="/photos/None/")))
    filled.add_photos([(nobody.path, "Cleo", nobody.size_bytes, nobody.mtime_ns)])
    (face,) = filled.faces_of_photos([nobody.id])[nobody.id]
    names = {person.id: person.name for person in filled.people()}
    assert face.person_id is not None
    assert names[face.person_id] == "Cleo"
    assert face.name_source is NameSource.FOLDER


def test_a_hint_is_not_overwritten_by_another(filled: Library) -> None:
    photo = filled.photos(filled.photo_ids())[0]
    filled.add_photos([(photo.path, "Somebody", photo.size_bytes, photo.mtime_ns)])
    assert filled.photos([photo.id])[0].person_hint == photo.person_hint


def test_photos_come_in_the_order_asked_and_unknown_ids_are_left_out(filled: Library) -> None:
    ids = filled.photo_ids()
    wanted = [ids[3], 9999, ids[0], ids[3]]
    assert [photo.id for photo in filled.photos(wanted)] == [ids[3], ids[0], ids[3]]


def test_many_ids_are_no_trouble(filled: Library) -> None:
    ids = filled.photo_ids()
    assert len(filled.photos(ids * 20_000)) == 120_000


def test_filters_by_status_hint_person_search_and_copies(filled: Library) -> None:
    ids = filled.photo_ids(PhotoFilter(order=PhotoOrder.ADDED))
    filled.set_status([ids[0]], PhotoStatus.BROKEN, "truncated")
    filled.set_duplicates(
        [DuplicateGroup(ids[1], (DuplicateMember(ids[1], 0), DuplicateMember(ids[2], 4)))]
    )
    ann = next(person.id for person in filled.people() if person.name == "Ann")

    def find(**conditions: object) -> list[int]:
        return filled.photo_ids(PhotoFilter(order=PhotoOrder.ADDED, **conditions))  # type: ignore[arg-type]

    assert find(statuses=(PhotoStatus.BROKEN, PhotoStatus.MISSING)) == [ids[0]]
    assert find(person_hint="Bob") == [ids[2], ids[3], ids[5]]
    assert find(person_id=ann) == [ids[0], ids[1]]
    assert find(search="BOB/3") == [ids[3]]
    assert find(search="%") == []
    assert find(copies_only=True) == [ids[1], ids[2]]
    assert find(descending=True) == ids[::-1]
    by_path = filled.photos(filled.photo_ids())
    assert [photo.path for photo in by_path] == sorted(photo.path for photo in by_path)


def test_counts_of_photos(filled: Library) -> None:
    ids = filled.photo_ids()
    filled.add_photos([("/new.jpg", None, 1, 1)])
    filled.set_status(ids[:2], PhotoStatus.BROKEN, "truncated")
    counts = filled.counts()
    assert (counts.photos, counts.pending, counts.unreadable) == (7, 1, 2)


def test_hashes_of_readable_photos_as_arrays(library: Library) -> None:
    ids = library.add_photos([(f"/{n}.jpg", None, 1, 1) for n in range(3)]).added
    top = PhotoHashes(2**64 - 1, 2**63)
    library.store_scans(
        [
            scanned(ids[0], hashes=top),
            scanned(ids[1], hashes=PhotoHashes(0, 1)),
            unreadable(ids[2], PhotoStatus.BROKEN, "truncated"),
        ]
    )
    table = library.photo_hashes()
    assert table.ids.tolist() == ids[:2]
    assert table.phash.dtype == table.phash_mirror.dtype == np.uint64
    assert table.phash.tolist() == [2**64 - 1, 0]
    assert table.phash_mirror.tolist() == [2**63, 1]
    assert library.photos(ids[:1])[0].hashes == top


def test_hashes_of_an_empty_library_are_empty_arrays(library: Library) -> None:
    assert library.photo_hashes().ids.shape == (0,)
    assert library.face_hashes().phash.shape == (0,)


def test_a_scan_records_what_was_read(library: Library) -> None:
    (photo_id,) = library.add_photos([("/a.jpg", None, 1, 1)]).added
    library.store_scans([dataclasses.replace(scanned(photo_id), size_bytes=77, mtime_ns=88)])
    photo = library.photos([photo_id])[0]
    assert (photo.status, photo.width, photo.height) == (PhotoStatus.OK, 800, 600)
    assert (photo.size_bytes, photo.mtime_ns) == (77, 88)
    assert photo.sha256 == f"{photo_id:064x}"


def test_a_scan_of_a_photo_that_left_meanwhile_is_dropped(library: Library) -> None:
    library.store_scans([scanned(4711, [proposal()])])
    assert library.counts().faces == 0

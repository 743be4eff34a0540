"""The library's tables, as the ordered list of migrations that builds them.

A migration that has been released is never edited; a change of the schema is a new one at the end.

Tables of record: ``photos``, ``faces``, ``embeddings``, ``people``, ``regions``, ``answers``,
``apart``, ``settings``, ``corrections``.
Derived from them, and rebuilt by the machine: ``copies`` (groups of duplicates) and ``ledger``
(rules that a face fails now; ``faces.failed`` repeats their names so that a row can be read alone).
The owner's undoable steps: ``journal`` and ``journal_rows``.

Ids are AUTOINCREMENT: the journal refers to rows by id, so an id must never be given twice.
Perceptual hashes are unsigned 64-bit numbers stored as signed ones, bit for bit. Paths that are
not valid Unicode are stored as the bytes that the file system has.
"""

from __future__ import annotations

from dataclasses import dataclass

APPLICATION_ID = 0x46414345
"""``FACE`` in ASCII, in the database header: tells our libraries from other SQLite files."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; *version* is ``PRAGMA user_version`` once it is done."""

    version: int
    name: str
    statements: tuple[str, ...]


_PHOTOS = """
CREATE TABLE photos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    person_hint TEXT,
    status TEXT NOT NULL DEFAULT 'pending',
    reason TEXT,
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    size_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    sha256 TEXT,
    phash INTEGER,
    phash_mirror INTEGER,
    preferred INTEGER NOT NULL DEFAULT 0,
    rotation INTEGER NOT NULL DEFAULT 0
)"""

# cover_id is no reference: a scan may take the face away, and then there is no cover; ids are never
# given twice. key is the number on the keyboard, 1 to 9.
_PEOPLE = """
CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    colour TEXT NOT NULL,
    position INTEGER NOT NULL,
    cover_id INTEGER,
    key INTEGER UNIQUE
)"""

# name_source 'owner' with no person means that the owner took the name away: no folder's name may
# come back at the next scan. landmarks are five pairs of little-endian float32. size is the box's
# shorter side, kept so that it can be indexed. Measures that may be NULL are those that a scan
# could not take. offer and picked are what a `Region` says of the face. A drawn box is the owner's:
# scans leave it alone; found is where one had found it before it was moved, as JSON.
_FACES = """
CREATE TABLE faces (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    photo_id INTEGER NOT NULL REFERENCES photos (id),
    x1 REAL NOT NULL,
    y1 REAL NOT NULL,
    x2 REAL NOT NULL,
    y2 REAL NOT NULL,
    size REAL NOT NULL,
    landmarks BLOB NOT NULL,
    score REAL NOT NULL,
    roll REAL NOT NULL,
    pan REAL NOT NULL,
    tilt REAL NOT NULL,
    sharpness REAL NOT NULL,
    brightness REAL NOT NULL,
    contrast REAL NOT NULL,
    phash INTEGER NOT NULL,
    phash_mirror INTEGER NOT NULL,
    detector TEXT NOT NULL,
    chroma REAL,
    chroma_spread REAL,
    sunglasses REAL,
    smile REAL,
    eyes_closed REAL,
    mouth_open REAL,
    presence REAL,
    offer TEXT,
    picked INTEGER NOT NULL DEFAULT 0,
    drawn INTEGER NOT NULL DEFAULT 0,
    found TEXT,
    person_id INTEGER REFERENCES people (id),
    name_source TEXT,
    decision TEXT NOT NULL DEFAULT 'undecided',
    failed TEXT NOT NULL DEFAULT ''
)"""

# Everything that lists are filtered and sorted by, a fifth the size of the table.
_FACES_BROWSE = """
CREATE INDEX faces_browse ON faces (
    photo_id, id, decision, failed, person_id, score, sharpness, size
)"""

# Apart from the faces, so that going through all faces does not drag half a kilobyte each along.
_EMBEDDINGS = """
CREATE TABLE embeddings (
    id INTEGER PRIMARY KEY REFERENCES faces (id),
    vector BLOB NOT NULL
)"""

_LEDGER = """
CREATE TABLE ledger (
    face_id INTEGER NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    value REAL,
    limit_value REAL NOT NULL,
    PRIMARY KEY (face_id, rule)
) WITHOUT ROWID"""

# keeper_id is the keeper the machine chose and names the group; the owner's is photos.preferred.
_COPIES = """
CREATE TABLE copies (
    photo_id INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
    keeper_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
    distance INTEGER NOT NULL,
    mirrored INTEGER NOT NULL
)"""

# Two photos that are not copies of each other, the owner says; one_id is the smaller.
_APART = """
CREATE TABLE apart (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    one_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
    UNIQUE (one_id, other_id)
)"""

_SETTINGS = """
CREATE TABLE settings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
)"""

_JOURNAL = """
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    label TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
)"""

_JOURNAL_ROWS = """
CREATE TABLE journal_rows (
    step_id INTEGER NOT NULL REFERENCES journal (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (step_id, seq)
) WITHOUT ROWID"""

# Faces that a list or manifest says are in a photo, kept for the next scan; see domain's Region.
_REGIONS = """
CREATE TABLE regions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    photo_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
    x1 REAL NOT NULL,
    y1 REAL NOT NULL,
    x2 REAL NOT NULL,
    y2 REAL NOT NULL,
    name TEXT,
    source TEXT NOT NULL
)"""

# What the owner answered to "is this face that person?"; a name that was refused is never offered
# again, one that was confirmed is not doubted again.
_ANSWERS = """
CREATE TABLE answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    face_id INTEGER NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    same INTEGER NOT NULL,
    UNIQUE (face_id, person_id)
)"""

# What the owner said of a model's answer about a face: the verdict, whom it is about (NULL for a
# stranger), where the face was seen, and what which model had said. What stands of it is read from
# the face itself. A face has one correction, the last. candidate is empty where that person has
# been deleted since.
_CORRECTIONS = """
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    face_id INTEGER NOT NULL UNIQUE REFERENCES faces (id) ON DELETE CASCADE,
    verdict TEXT NOT NULL,
    person_id INTEGER REFERENCES people (id),
    made_at TEXT NOT NULL,
    source TEXT NOT NULL,
    origin TEXT NOT NULL,
    model TEXT NOT NULL,
    run TEXT,
    candidate TEXT NOT NULL,
    named INTEGER NOT NULL,
    score REAL NOT NULL,
    threshold REAL NOT NULL
)"""

MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        1,
        "photos, faces, people, duplicates, settings and the journal",
        (
            _PHOTOS,
            _PEOPLE,
            _FACES,
            _EMBEDDINGS,
            _LEDGER,
            _COPIES,
            _APART,
            _REGIONS,
            _ANSWERS,
            _SETTINGS,
            _JOURNAL,
            _JOURNAL_ROWS,
            "CREATE INDEX photos_status ON photos (status)",
            "CREATE INDEX photos_hint ON photos (person_hint)",
            _FACES_BROWSE,
            "CREATE INDEX faces_person ON faces (person_id, decision, failed)",
            "CREATE INDEX ledger_rule ON ledger (rule, face_id)",
            "CREATE INDEX copies_keeper ON copies (keeper_id)",
            "CREATE INDEX apart_other ON apart (other_id)",
            "CREATE INDEX answers_person ON answers (person_id)",
            "CREATE INDEX regions_photo ON regions (photo_id)",
        ),
    ),
    Migration(
        2,
        "corrections of what models say",
        (_CORRECTIONS, "CREATE INDEX corrections_person ON corrections (person_id)"),
    ),
)

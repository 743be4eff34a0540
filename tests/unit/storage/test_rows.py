from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.entities import Decision, face_state
from facegui.storage import rows


@given(st.integers(0, 2**64 - 1))
def test_hashes_keep_all_their_bits(value: int) -> None:
    stored = rows.signed(value)
    assert -(2**63) <= stored < 2**63
    assert rows.unsigned(stored) == value


@given(st.binary().filter(lambda b: b"\0" not in b))
def test_any_path_of_the_file_system_survives_the_database(raw: bytes) -> None:
    path = os.fsdecode(raw)
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (path TEXT UNIQUE)")
        connection.execute("INSERT INTO t VALUES (?)", (rows.stored_path(path),))
        (stored,) = connection.execute("SELECT path FROM t").fetchone()
    assert rows.loaded_path(stored) == path


def test_text_with_broken_characters_becomes_printable() -> None:
    assert rows.clean_text("Zo\udceb") == "Zo�"
    rows.clean_text("\ud800").encode()


@pytest.mark.parametrize(
    ("decision", "failed"), list(itertools.product(Decision, ["", "pan", "one_face,pan"]))
)
def test_the_state_in_sql_is_the_state_in_the_domain(decision: Decision, failed: str) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        sql = f"SELECT {rows.FACE_STATE} FROM (SELECT ? AS decision, ? AS failed)"
        (state,) = connection.execute(sql, (decision.value, failed)).fetchone()
    assert state == face_state(decision, fails=bool(failed)).value

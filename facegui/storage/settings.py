"""The library's own settings: JSON values by key; the rules' limits are one of them."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, fields
from typing import Any

from facegui.domain.rules import Limits, with_overrides

LIMITS_KEY = "limits"
PERSON_LIMITS_KEY = "person_limits"


def setting(connection: sqlite3.Connection, key: str, default: Any) -> Any:
    """The value of *key*, or *default*."""
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    return default if row is None else json.loads(row[0])


def settings(connection: sqlite3.Connection) -> dict[str, Any]:
    """Every setting by key."""
    rows = connection.execute("SELECT key, value FROM settings ORDER BY key")
    return {key: json.loads(value) for key, value in rows}


def put(connection: sqlite3.Connection, key: str, value: Any) -> None:
    """Sets *key*, outside the journal."""
    connection.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, json.dumps(value)),
    )


def limits(connection: sqlite3.Connection) -> Limits:
    """Where the rules draw their lines here; what is not set has its default."""
    found = setting(connection, LIMITS_KEY, {})
    return Limits(**{f.name: found[f.name] for f in fields(Limits) if f.name in found})


def person_limits(connection: sqlite3.Connection) -> dict[int, dict[str, float]]:
    """By person, the fields of `Limits` that are otherwise for this person's faces."""
    found: dict[str, dict[str, float]] = setting(connection, PERSON_LIMITS_KEY, {})
    return {int(person): fields for person, fields in found.items()}


def limits_by_person(connection: sqlite3.Connection, base: Limits) -> dict[int, Limits]:
    """The limits of each person who has some of their own, where *base* is everybody's."""
    found = person_limits(connection)
    return {person: with_overrides(base, fields) for person, fields in found.items()}


def limits_value(value: Limits) -> str:
    """*value* as the settings table keeps it."""
    return json.dumps(asdict(value))

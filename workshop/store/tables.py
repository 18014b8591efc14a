"""The tables as they are: which columns each has, and what a value in them must be."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from workshop.domain.text import refuse_id
from workshop.store.records import Row

VERSION_TABLE = "schema_version"
# These hold ids; "" where a token or a row of the trail is nobody's, a person in no team, a
# condition of one idea only.
IDS = {"id", "workshop_id", "team_id", "person_id", "idea_id", "other_id", "merged_into"}
MAY_BE_NOBODYS = {"person_id", "team_id", "other_id"}


@dataclass(frozen=True)
class Column:
    """A column: its name, the type that the engine gives it, and whether it may be empty."""

    name: str
    type: str
    may_be_empty: bool

    def read(self, value: Any) -> Any:
        """A value of a backup as this column holds it; ValueError where it is none.

        >>> Column("place", "INTEGER", False).read(3)
        3
        >>> Column("place", "INTEGER", False).read("three")
        Traceback (most recent call last):
            ...
        ValueError: place holds a value that is no INTEGER
        """
        if value is None and self.may_be_empty:
            return None
        kind, rest = READERS[self.type]
        # A bool is an int to Python, and to no table.
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise ValueError(f"{self.name} holds a value that is no {self.type}")
        if self.name in IDS and not (value == "" and self.name in MAY_BE_NOBODYS):
            refuse_id(self.name, value)
        return rest(value)


@dataclass(frozen=True)
class Table:
    """A table of the workshops' records; columns that number themselves are left out."""

    name: str
    columns: tuple[Column, ...]
    order: str

    @property
    def key(self) -> str:
        """The column that says to which workshop a row belongs."""
        return "id" if self.name == "workshop" else "workshop_id"


def tables(read: Callable[..., list[Row]]) -> tuple[Table, ...]:
    """All tables but that of the version, by name, as `read` finds them in the records."""
    found: dict[str, list[Column]] = {}
    numbered: dict[str, str] = {}
    for table, column, type_, nullable, default in read(
        "SELECT table_name, column_name, data_type, is_nullable, column_default "
        "FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_catalog = current_database() "
        "ORDER BY table_name, ordinal_position"
    ):
        if str(default).startswith("nextval"):
            numbered[table] = f" ORDER BY {column}"
        else:
            found.setdefault(table, []).append(Column(column, type_, nullable == "YES"))
    return tuple(
        Table(name, tuple(columns), numbered.get(name, ""))
        for name, columns in found.items()
        if name != VERSION_TABLE
    )


def _text(value: str) -> str:
    if "\0" in value:
        raise ValueError("a text holds a character that no text may hold")
    value.encode()  # a half of a character is none; a UnicodeEncodeError is a ValueError
    return value


def _number(value: float) -> float:
    if not isfinite(value):
        raise ValueError("a number is not finite")
    return float(value)


def _whole(value: int) -> int:
    if not -(2**63) <= value < 2**63:
        raise ValueError("a number has too many digits")
    return value


def _json(value: str) -> str:
    json.loads(value, parse_constant=_text)
    return _text(value)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment has no time zone")
    return moment


READERS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "VARCHAR": (str, _text),
    "JSON": (str, _json),
    "BOOLEAN": (bool, bool),
    "INTEGER": (int, _whole),
    "BIGINT": (int, _whole),
    "DOUBLE": ((int, float), _number),
    "TIMESTAMP WITH TIME ZONE": (str, _moment),
    "DATE": (str, date.fromisoformat),
}

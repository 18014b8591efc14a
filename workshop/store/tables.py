"""How a noun of the records declares its tables: what each column holds, and what it points to.

From a declaration come the table of a fresh file, what a backup of it may hold, and which rows have
to be there for a row to mean something.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from workshop.domain.text import refuse_id


@dataclass(frozen=True)
class Kind:
    """What a column holds: its type in SQL, the types of JSON it comes from, and how it is read."""

    sql: str
    accepted: tuple[type, ...]
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `points_to` names the table whose `id` it holds. `before` says what the rows of a backup held
    that was made before there was this column.
    """

    name: str
    kind: Kind
    may_be_empty: bool = False
    is_unique: bool = False
    points_to: str = ""
    before: Callable[[Mapping[str, Any]], Any] | None = None

    def read(self, value: Any) -> Any:
        """A value of a backup as this column holds it; ValueError where it is none.

        >>> Column("place", INTEGER).read(3)
        3
        >>> Column("place", INTEGER).read("three")
        Traceback (most recent call last):
            ...
        ValueError: place holds a value that is no INTEGER
        """
        if value is None and self.may_be_empty:
            return None
        # A bool is an int to Python, and to no table.
        is_strange_bool = isinstance(value, bool) and bool not in self.kind.accepted
        if is_strange_bool or not isinstance(value, self.kind.accepted):
            raise ValueError(f"{self.name} holds a value that is no {self.kind.sql}")
        return self.kind.read(value)

    @property
    def sql(self) -> str:
        """The column as a table is made with it.

        >>> Column("code", TEXT, is_unique=True).sql
        'code TEXT NOT NULL UNIQUE'
        """
        empty = "" if self.may_be_empty else " NOT NULL"
        return f"{self.name} {self.kind.sql}{empty}{' UNIQUE' if self.is_unique else ''}"


@dataclass(frozen=True)
class Table:
    """A table of the workshops' records.

    `numbered_by` is the sequence that gives each row its number, in the order rows came, whatever
    the clock said. Backups hold the table since version `since`, older ones under its
    `former_name` if it had one; none does of what only this server may know. `backed_up_where` is
    the condition in SQL for a row to be in one.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    numbered_by: str = ""
    since: int = 0
    in_backups: bool = True
    backed_up_where: str = ""
    former_name: str = ""

    def name_among(self, names: Container[str]) -> str:
        """What a backup with tables of these names calls this one.

        >>> Table("commitment", (), (), former_name="action").name_among({"idea", "action"})
        'action'
        """
        return self.name if self.name in names or not self.former_name else self.former_name

    @property
    def owner(self) -> str:
        """The column that says to which workshop a row belongs."""
        return "id" if self.name == "workshop" else "workshop_id"

    @property
    def own_ids(self) -> tuple[str, ...]:
        """The column that no two workshops of a server may have the same value in, if one.

        >>> Table("done", (WORKSHOP_ID, Column("team_id", ID)), ("team_id", "step")).own_ids
        ('team_id',)
        >>> Table("step", (WORKSHOP_ID,), ("workshop_id", "version")).own_ids
        ()
        """
        first = self.key[0]
        return () if first in ("workshop_id", "number") else (first,)

    @property
    def names(self) -> str:
        """The columns that a row is written and read with; its number comes by itself."""
        return ", ".join(column.name for column in self.columns)

    @property
    def order(self) -> str:
        """What puts the rows in the order they came, where that is known."""
        return " ORDER BY number" if self.numbered_by else ""

    @property
    def sql(self) -> str:
        """The statements that make the table where there is none yet.

        >>> print(Table("done", (Column("team_id", ID), Column("step", INTEGER)), ("team_id",)).sql)
        CREATE TABLE IF NOT EXISTS done (
            team_id TEXT NOT NULL,
            step INTEGER NOT NULL,
            PRIMARY KEY (team_id)
        );
        """
        parts = [column.sql for column in self.columns]
        sequence = ""
        if self.numbered_by:
            parts.append(f"number BIGINT DEFAULT nextval('{self.numbered_by}')")
            sequence = f"CREATE SEQUENCE IF NOT EXISTS {self.numbered_by};\n"
        parts.append(f"PRIMARY KEY ({', '.join(self.key)})")
        held = ",\n    ".join(parts)
        return f"{sequence}CREATE TABLE IF NOT EXISTS {self.name} (\n    {held}\n);"


def made(tables: Iterable[Table]) -> str:
    """The statements that make these tables."""
    return "\n".join(table.sql for table in tables)


def named(tables: Iterable[Table]) -> tuple[str, ...]:
    """The tables whose rows have an id by which others point to them, but that of workshops."""
    return tuple(table.name for table in tables if table.key == ("id",) and table.owner != "id")


def _text(value: str) -> str:
    if "\0" in value:
        raise ValueError("a text holds a character that no text may hold")
    value.encode()  # a half of a character is none; a UnicodeEncodeError is a ValueError
    return value


def _id(value: str) -> str:
    refuse_id("a row", value)
    return value


def _id_or_nobodys(value: str) -> str:
    return value and _id(value)


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


TEXT = Kind("TEXT", (str,), _text)
ID = Kind("TEXT", (str,), _id)
# "" where a token or an entry of the log is nobody's, a person in no team, a condition of one idea.
ID_OR_NOBODYS = Kind("TEXT", (str,), _id_or_nobodys)
FLAG = Kind("BOOLEAN", (bool,), bool)
INTEGER = Kind("INTEGER", (int,), _whole)
BIGINT = Kind("BIGINT", (int,), _whole)
NUMBER = Kind("DOUBLE PRECISION", (int, float), _number)
MOMENT = Kind("TIMESTAMPTZ", (str,), _moment)
DAY = Kind("DATE", (str,), date.fromisoformat)
JSON = Kind("JSON", (str,), _json)

WORKSHOP_ID = Column("workshop_id", ID)
CREATED_AT = Column("created_at", MOMENT)

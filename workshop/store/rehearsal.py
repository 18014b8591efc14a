"""The rehearsal: the rows of a backup in records of their own, before a room is touched.

Every screen's question is asked there. It is done beside the room: in slices, with a pause as long
as each, so that whoever draws a screen meanwhile has half of the time at least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

import duckdb

from workshop.domain.access import CODE_LENGTH, Role, Visitor, read_code
from workshop.domain.checks import TITLE_LENGTH, refuse_text
from workshop.domain.funnel import MOST_STEPS
from workshop.store.archive import NoBackup, Rows, as_line, count_rows, read_rows, unpack
from workshop.store.choice import MOST_SCENARIOS, Choices
from workshop.store.copies import quoted
from workshop.store.ideas import MOST_IDEAS_OF_ALL
from workshop.store.records import StoreError, upgrade_to
from workshop.store.seats import MOST_PEOPLE
from workshop.store.tables import Table
from workshop.store.trail import measure
from workshop.store.verbs import Verb

SLICE_SECONDS = 0.02
# Before, words were stored: see upgrades/5.sql, which changes rows only.
CODED_SINCE = 5
# All else is a text in JSON.
AS_IN_JSON = {"BOOLEAN", "INTEGER", "BIGINT", "DOUBLE"}

# Which rows a column points to. The trail may name people who took another seat; it is not asked.
POINTS_TO = {
    ("person", "team_id"): "team",
    ("done", "team_id"): "team",
    ("removal", "person_id"): "person",
    ("token", "person_id"): "person",
    ("idea", "team_id"): "team",
    ("idea", "merged_into"): "idea",
    ("estimate", "idea_id"): "idea",
    ("action", "idea_id"): "idea",
    ("condition", "idea_id"): "idea",
    ("condition", "other_id"): "idea",
}
NAMED = ("team", "person", "idea", "action")

# What values, tables and screens raise where a file holds what no app of ours has written.
NONSENSE = (ValueError, TypeError, KeyError, duckdb.Error, StoreError, RecursionError)


class Pace:
    """Work in slices: says how much of it is done, and pauses after each as long as it took."""

    def __init__(self, parts: int, told: Callable[[float], None]) -> None:
        self._parts = max(parts, 1)
        self._done = 0
        self._told = told
        self._began = perf_counter()

    def done(self) -> None:
        """One more part is done."""
        self._done += 1
        took = perf_counter() - self._began
        if took > SLICE_SECONDS:
            self._told(min(1.0, self._done / self._parts))
            sleep(took)
            self._began = perf_counter()


def read(
    file: bytes, schema: Sequence[Table], told: Callable[[float], None]
) -> tuple[int, Rows, Pace]:
    """The version of a backup, its rows, all of one workshop, and the pace in which to go on.

    Raises NoBackup, saying what is wrong with the file.
    """
    version, texts = unpack(file)
    pace = Pace(2 * count_rows(texts), told)
    try:
        rows = read_rows(schema, version, texts, pace.done)
        [workshop] = rows["workshop"]
        _refuse_strangers(schema, rows, workshop["id"])
        _refuse_a_crowd(rows)
    except KeyError as error:
        raise NoBackup("a part is missing") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise NoBackup("it holds what this app does not write") from error
    if read_code(workshop["code"]) != workshop["code"] or len(workshop["code"]) != CODE_LENGTH:
        raise NoBackup("its room code is none")
    return version, rows, pace


def _refuse_strangers(schema: Iterable[Table], rows: Rows, workshop_id: str) -> None:
    """Raise ValueError where a row is of another workshop, or points to nothing in the file."""
    for table in schema:
        if any(row[table.key] != workshop_id for row in rows[table.name]):
            raise ValueError("a row is of another workshop")
    ids = {table: {row["id"] for row in rows[table]} for table in NAMED}
    for (table_name, column), target in POINTS_TO.items():
        if not {row[column] for row in rows[table_name]} <= ids[target] | {"", None}:
            raise ValueError(f"{column} points to nothing")
    for row in rows["token"]:
        is_seat = Role(row["role"]) is Role.PARTICIPANT
        if is_seat != bool(row["person_id"]) or len(row["fingerprint"]) != 64:
            raise ValueError("a link is none")
        if row["is_starter"] and Role(row["role"]) is not Role.FACILITATOR:
            raise ValueError("a starter is no facilitator")
    recovery = rows["workshop"][0]["recovery"]
    if recovery is not None and len(recovery) != 64:
        raise ValueError("a recovery code is none")


def _refuse_a_crowd(rows: Rows) -> None:
    """Raise ValueError where there is more than the app itself would have let in."""
    steps = Counter(row["version"] for row in rows["step"])
    for count, most in (
        (len(rows["person"]) - len(rows["removal"]), MOST_PEOPLE),
        (len(rows["idea"]), MOST_IDEAS_OF_ALL),
        (len(rows["scenario"]), MOST_SCENARIOS),
        (max(steps.values(), default=0), MOST_STEPS),
    ):
        if count > most:
            raise ValueError(f"{count:,} of what there may be {most:,} of")


@contextmanager
def rehearsed(version: int, rows: Rows, schema: Iterable[Table], pace: Pace) -> Iterator[Path]:
    """The rows in a file of records of their own, which every screen has asked, and which is gone
    in the end; those of an older version are brought up to date there. Raises NoBackup where a
    screen could not be drawn from them.

    Values refuse nonsense as they are made, so what no screen could show is refused here.
    """
    [workshop] = rows["workshop"]
    visitor = Visitor(Role.FACILITATOR, workshop["id"], is_starter=True)
    with TemporaryDirectory(prefix="restore-") as folder:
        path = Path(folder) / "rehearsal.duckdb"
        store = Choices(path)
        try:
            with store._change(visitor) as change:
                for table in schema:
                    if rows[table.name]:
                        lines = _written(Path(folder) / "rows.jsonl", rows[table.name], pace)
                        change.run(_loading(table, lines))
                if version < CODED_SINCE:
                    change.run(upgrade_to(CODED_SINCE))
            _ask_everything(store, visitor)
            _refuse_unknown_verbs(store)
            if measure(store._read, visitor.workshop_id).is_too_large:
                raise ValueError("a trail that cannot be shortened")
        except NONSENSE as error:
            raise NoBackup("it holds what this app does not write") from error
        finally:
            store.close()
        yield path


def _written(path: Path, rows: Iterable[dict[str, Any]], pace: Pace) -> Path:
    """Rows as JSON lines, which the engine reads in one go; each says its number."""
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            file.write(f"{as_line({'line_number': number} | row)}\n")
            pace.done()
    return path


def _loading(table: Table, lines: Path) -> str:
    names = ", ".join(column.name for column in table.columns)
    values = ", ".join(f"CAST({column.name} AS {column.type})" for column in table.columns)
    types = ", ".join(
        f"{column.name}: '{column.type if column.type in AS_IN_JSON else 'VARCHAR'}'"
        for column in table.columns
    )
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM read_json('{quoted(lines)}', "
        f"format = 'newline_delimited', columns = {{line_number: 'BIGINT', {types}}}) "
        "ORDER BY line_number"
    )


def _refuse_unknown_verbs(store: Choices) -> None:
    """Raise ValueError where the trail says what nobody can do: it decides who may come in."""
    for (verb,) in store._read("SELECT DISTINCT verb FROM activity"):
        Verb(verb)


def _ask_everything(store: Choices, visitor: Visitor) -> None:
    steps = store.funnel(visitor).steps
    workshop = store.workshop(visitor)
    refuse_text("the name of the workshop", workshop.name, TITLE_LENGTH)
    places = [idea.step for idea in store.ideas(visitor)]
    places += [step for team in store.teams(visitor) for step in team.done]
    places += [] if workshop.position.step is None else [workshop.position.step]
    if any(not 0 <= place < len(steps) for place in places):
        raise ValueError("a step is not in the funnel")
    for version in store.funnel_versions(visitor):
        store._funnel(visitor.workshop_id, version.number)
    for ask in (
        store.assumptions,
        store.actions,
        store.choice,
        store.scenarios,
        store.removed,
        store.waiting,
    ):
        ask(visitor)

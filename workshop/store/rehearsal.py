"""The rehearsal: the rows of a backup in records of their own, before a room is touched.

Every screen's question is asked there. It is done beside the room: in slices, with a pause as long
as each, so that whoever draws a screen meanwhile has half of the time at least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from workshop.analysis.second_look import looks
from workshop.domain.access import CODE_LENGTH, Role, Visitor, read_code
from workshop.domain.checks import TITLE_LENGTH, refuse_text
from workshop.domain.funnel import MOST_STEPS
from workshop.store.activity import measure
from workshop.store.agreements import agreements_of, signatures_of
from workshop.store.archive import NoBackup, Rows, as_line, read_rows
from workshop.store.assumptions import assumptions_of
from workshop.store.cases import cases_of
from workshop.store.commitments import check_ins_of, commitments_of, readings_of
from workshop.store.companies import record_of
from workshop.store.constraints import constraints_of
from workshop.store.database import Change, Database, Source
from workshop.store.engine import EngineError, Taken
from workshop.store.errors import StoreError
from workshop.store.funnels import funnel_of, load_funnel, versions_of
from workshop.store.idea_limits import MOST_IDEAS_OF_ALL
from workshop.store.idea_rows import ideas_of
from workshop.store.migrations import upgrade_to
from workshop.store.people import at_door, removed_from, teams_of
from workshop.store.question_rows import all_answers_of, questions_of
from workshop.store.scenarios import MOST_SCENARIOS, scenarios_of
from workshop.store.seating import MOST_PEOPLE
from workshop.store.settlements import settlements_of
from workshop.store.tables import Table, named
from workshop.store.verbs import Verb
from workshop.store.workshops import workshop_of

SLICE_SECONDS = 0.02
# Before, words were stored: see upgrades/5.sql, which changes rows only.
CODED_SINCE = 5

# What values, tables and screens raise where a file holds what no app of ours has written.
NONSENSE = (ValueError, TypeError, LookupError, EngineError, Taken, StoreError, RecursionError)


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


def read(version: int, texts: dict[str, bytes], schema: Sequence[Table], pace: Pace) -> Rows:
    """The rows of a backup, all of one workshop; NoBackup says what is wrong with them."""
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
    return rows


def _refuse_strangers(schema: Sequence[Table], rows: Rows, workshop_id: str) -> None:
    """Raise ValueError where a row is of another workshop, or points to nothing in the file."""
    for table in schema:
        if any(row[table.owner] != workshop_id for row in rows[table.name]):
            raise ValueError("a row is of another workshop")
    ids = {table: {row["id"] for row in rows[table]} for table in named(schema)}
    for table in schema:
        for column in table.columns:
            pointed = {row[column.name] for row in rows[table.name]} - {"", None}
            if column.points_to and not pointed <= ids[column.points_to]:
                raise ValueError(f"{column.name} points to nothing")
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
def rehearsed(
    version: int, rows: Rows, tables: Sequence[Table], pace: Pace, activities: Collection[str]
) -> Iterator[Path]:
    """The rows in a file of records of their own, which every screen has asked, and which is gone
    in the end; those of an older version are brought up to date there. Raises NoBackup where a
    screen could not be drawn from them.

    Values refuse nonsense as they are made, so what no screen could show is refused here.
    """
    [workshop] = rows["workshop"]
    visitor = Visitor(Role.FACILITATOR, workshop["id"], is_starter=True)
    with TemporaryDirectory(prefix="restore-") as folder:
        path = Path(folder) / "rehearsal.duckdb"
        database = Database(path, tables)
        try:
            with database.change(visitor) as change:
                for table in tables:
                    if rows.get(table.name):
                        lines = _written(Path(folder) / "rows.jsonl", rows[table.name], pace)
                        change.cursor.load(table, lines)
                if version < CODED_SINCE:
                    _write_codes(change, tables)
            _ask_everything(database, visitor.workshop_id, activities)
            looks(record_of(database, visitor), visitor.workshop_id)
            _refuse_unknown_verbs(database)
            if measure(database.read, visitor.workshop_id).is_too_large:
                raise ValueError("an activity log that cannot be shortened")
        except NONSENSE as error:
            raise NoBackup("it holds what this app does not write") from error
        finally:
            database.close()
        yield path


def _write_codes(change: Change, tables: Sequence[Table]) -> None:
    """Bring words of before to codes, by the statement that files of records are upgraded with.

    It calls tables what they were called then.
    """
    renamed = [(table.name, table.former_name) for table in tables if table.former_name]
    for name, former in renamed:
        change.write(f"ALTER TABLE {name} RENAME TO {former}")
    change.write(upgrade_to(CODED_SINCE))
    for name, former in renamed:
        change.write(f"ALTER TABLE {former} RENAME TO {name}")


def _written(path: Path, rows: Iterable[dict[str, Any]], pace: Pace) -> Path:
    """Rows as JSON lines, which the engine reads in one go; each says its number."""
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            file.write(f"{as_line({'line_number': number} | row)}\n")
            pace.done()
    return path


def _refuse_unknown_verbs(source: Source) -> None:
    """Raise ValueError where the log says what nobody can do: it decides who may come in."""
    for (verb,) in source.read("SELECT DISTINCT verb FROM activity"):
        Verb(verb)


def _ask_everything(source: Source, workshop_id: str, activities: Collection[str]) -> None:
    steps = funnel_of(source, workshop_id).steps
    workshop = workshop_of(source, workshop_id)
    planned = [one.lines for one in (workshop.agenda, workshop.former_agenda) if one]
    named_there = {line.activity for lines in planned for line in lines}
    if not {workshop.position.phase, *named_there} <= set(activities):
        raise ValueError("the room is at what this app does not know, or will be")
    refuse_text("the name of the workshop", workshop.name, TITLE_LENGTH)
    places = [idea.step for idea in ideas_of(source, workshop_id)]
    places += [step for team in teams_of(source, workshop_id) for step in team.done]
    places += [] if workshop.position.step is None else [workshop.position.step]
    if any(not 0 <= place < len(steps) for place in places):
        raise ValueError("a step is not in the funnel")
    guessed = [int(key.about) for key in questions_of(source, workshop_id) if key.is_guess]
    if any(place >= len(steps) for place in guessed):
        raise ValueError("what is guessed is not in the funnel")
    for version in versions_of(source, workshop_id):
        load_funnel(source.read, workshop_id, version.number)
    written = {agreement.version for agreement in agreements_of(source, workshop_id)}
    if not {signature.version for signature in signatures_of(source, workshop_id)} <= written:
        raise ValueError("a signature is under nothing")
    for read_all in (
        assumptions_of,
        commitments_of,
        check_ins_of,
        readings_of,
        constraints_of,
        scenarios_of,
        removed_from,
        at_door,
        all_answers_of,
        settlements_of,
        cases_of,
    ):
        read_all(source, workshop_id)

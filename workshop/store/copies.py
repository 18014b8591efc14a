"""Copies of the whole file: one at every move of the room, the last ten kept, and the way back."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from workshop import log, metrics
from workshop.domain.access import Visitor
from workshop.domain.agenda import Position
from workshop.store.choice import Choices
from workshop.store.doors import AGENDA
from workshop.store.numbers import PLAN
from workshop.store.records import Records, Row, StoreError, now, reason
from workshop.store.seats import IDEAS
from workshop.store.tables import tables
from workshop.store.verbs import Verb

KEPT = 10

# A copy is named by a counter, then for people by the clock, which may be put back; one of an
# older app by the clock alone, and all of those are older than any with a number.
NUMBERED = re.compile(r"-(?P<number>\d+)-\d{8}-\d{6}")
OF_AN_OLDER_APP = re.compile(r"-\d{8}-\d{6}-\d{6}")

LET_IN = "SELECT fingerprint FROM token WHERE person_id NOT IN (SELECT person_id FROM removal)"
# What was shut here and the attached copy has never heard of; a copy made later knows it, and
# says itself what came after. The trail tells: withdrawn links leave nothing else behind. The
# order is that of its numbers, whatever the clock said meanwhile.
TRAIL = "happened_at, workshop_id, role, person_id, verb, subject, before, after"
SHUT = (
    f"SELECT number, {TRAIL} FROM activity AS here "
    f"WHERE (verb IN ('{Verb.LINKS_WITHDRAWN}', '{Verb.RECOVERY_CODE_RENEWED}') OR number IN "
    f"(SELECT max(number) FROM activity WHERE verb = '{Verb.PERSON_REMOVED}' "
    "AND subject IN (SELECT person_id FROM removal) GROUP BY subject)) "
    "AND workshop_id IN (SELECT id FROM copy.workshop) "
    "AND NOT EXISTS (SELECT 1 FROM copy.activity AS there "
    "WHERE there.happened_at = here.happened_at AND there.workshop_id = here.workshop_id "
    "AND there.verb = here.verb AND there.subject = here.subject "
    "AND there.person_id = here.person_id AND there.role = here.role)"
)
# The copy holds these links, so they are older than a withdrawal that it does not know.
WITHDRAWN_LINKS = (
    f"SELECT DISTINCT link.fingerprint FROM copy.token AS link JOIN ({SHUT}) AS shut "
    f"ON shut.verb = '{Verb.LINKS_WITHDRAWN}' AND shut.workshop_id = link.workshop_id "
    "AND shut.subject = link.role "
    "WHERE NOT link.is_starter AND link.fingerprint NOT IN (SELECT fingerprint FROM token)"
)
# A new recovery code ends the one before it.
RECOVERY_CODES = (
    f"SELECT recovery, id FROM workshop WHERE id IN (SELECT workshop_id FROM ({SHUT}) "
    f"WHERE verb = '{Verb.RECOVERY_CODE_RENEWED}')"
)
REMOVED_PEOPLE = (
    "SELECT gone.person_id, gone.workshop_id, gone.created_at FROM removal AS gone "
    f"JOIN ({SHUT}) AS shut "
    f"ON shut.verb = '{Verb.PERSON_REMOVED}' AND shut.subject = gone.person_id "
    "WHERE gone.person_id IN (SELECT id FROM copy.person) "
    "AND gone.person_id NOT IN (SELECT person_id FROM copy.removal)"
)


class Copies(Choices):
    """The records as a whole, kept a second time."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._copier = ThreadPoolExecutor(1, "copies")
        self._next: Future[None] | None = None
        self._source: FileIO | None = None

    @property
    def copies(self) -> Path:
        """The folder of the copies, beside the records."""
        return self._path.parent / "backups"

    def close(self) -> None:
        self._copier.shutdown()
        super().close()
        if self._source is not None:
            self._source.close()

    def go(self, visitor: Visitor, position: Position) -> None:
        """Take the room to a place in the walk; a copy of everything is made meanwhile."""
        super().go(visitor, position)
        waiting = self._next is not None and not (self._next.running() or self._next.done())
        if self._path.exists() and not waiting:  # a passing store has no file
            self._next = self._copier.submit(self._copy_by_itself)

    def _copy_by_itself(self) -> None:
        with suppress(StoreError):  # it is in the log; the workshop goes on
            self.copy()

    def copy(self) -> Path:
        """Copy the whole file while the app goes on; returns the copy, which has been opened once.

        Only as long as the bytes are copied does a change wait. Raises StoreError where there
        is no room or no right to write.
        """
        try:
            self.copies.mkdir(exist_ok=True)
            part = self.copies / f"{uuid4().hex}.part"
            with _removed_in_the_end(part):
                with self._lock:
                    self._copy_bytes(part)
                # What was in the engine's log goes into the file; one that will not open is none.
                with duckdb.connect(str(part)) as connection:
                    connection.execute("CHECKPOINT")
                with open(part, "rb+") as copy:
                    os.fsync(copy.fileno())
                with self._lock:
                    made = part.rename(self._next_name())
            for old in self._made()[:-KEPT]:
                old.unlink()
        except (OSError, duckdb.Error) as error:
            metrics.COPIES.labels("failed").inc()
            log.error("not copied", reason=reason(error, type(error).__name__))
            raise StoreError(f"No copy was made: {reason(error)}.") from error
        metrics.COPIES.labels("made").inc()
        log.info("copied", bytes=made.stat().st_size)
        return made

    def _next_name(self) -> Path:
        newest = max((_number(self._path, made) for made in self._made()), default=0)
        name = f"{self._path.stem}-{newest + 1:06}-{now():%Y%m%d-%H%M%S}"
        return self.copies / f"{name}{self._path.suffix}"

    def _made(self) -> list[Path]:
        """The copies of this file, oldest first."""
        copies = self.copies.glob(f"{self._path.stem}-*{self._path.suffix}")
        return sorted(
            (copy for copy in copies if _number(self._path, copy) >= 0),
            key=lambda copy: (_number(self._path, copy), copy.name),
        )

    def _copy_bytes(self, target: Path) -> None:
        # Closing any descriptor of the file would give up the engine's lock on it: POSIX locks
        # belong to the process. So ours stays open as long as the records do.
        if self._source is None:
            self._source = FileIO(self._path)
        self._source.seek(0)
        with open(target, "wb") as copy:
            shutil.copyfileobj(self._source, copy, 1 << 20)
        written = self._path.with_name(f"{self._path.name}.wal")
        if written.exists():
            shutil.copyfile(written, target.with_name(f"{target.name}.wal"))

    def replace_all(self, file: Path) -> Path:
        """Take the records of a copy in the place of these; returns a copy of what there was.

        One transaction, while the app goes on; all screens look again. Links that were
        withdrawn and people who were removed since that copy stay out. Raises StoreError where
        the file is none of ours; then nothing has changed.
        """
        if not file.is_file():
            raise StoreError(f"There is no file {file}.")
        part = self.copies / f"{uuid4().hex}.part"
        with _removed_in_the_end(part):
            try:
                self.copies.mkdir(exist_ok=True)
                # At once: it may be the oldest copy, which goes when another one is made.
                shutil.copyfile(file, part)
                _refuse_another_file(part)
            except (OSError, duckdb.Error) as error:
                raise StoreError(f"{file} cannot be restored: {reason(error)}.") from error
            Records(part).close()  # an older one is brought up to date, a newer one refused
            with self._lock:  # whatever is acknowledged until then is in the copy of what there was
                before = self.copy()
                were_in = self._read(LET_IN)
                self._take_from(part)
                for known in (self._cache, self._codes, self._visitors, self._trails):
                    known.clear()
                are_in = self._read(LET_IN)
                self._refuse([*set(were_in) - set(are_in)])  # pages of what is no more are open
                self._welcome(are_in)
                self._replaced += 1
        log.warning("restored all")
        for (workshop_id,) in self._read("SELECT id FROM workshop"):
            self._on_commit(workshop_id, (AGENDA, IDEAS, PLAN))
        return before

    def _take_from(self, file: Path) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(f"ATTACH '{quoted(file)}' AS copy (READ_ONLY)")
        try:
            with self._transaction() as cursor:
                shut = ShutSince.read(cursor)
                for table in tables(self._read):
                    names = ", ".join(column.name for column in table.columns)
                    cursor.execute(f"DELETE FROM {table.name}")
                    cursor.execute(
                        f"INSERT INTO {table.name} ({names}) "
                        f"SELECT {names} FROM copy.{table.name}{table.order}"
                    )
                shut.keep(cursor)
        finally:
            with self._connection.cursor() as cursor:
                cursor.execute("DETACH copy")


@dataclass(frozen=True)
class ShutSince:
    """Doors that were shut since a copy was made: the trail of it, links, codes, and people."""

    trail: list[Row]
    links: list[Row]
    codes: list[Row]
    people: list[Row]

    @classmethod
    def read(cls, cursor: duckdb.DuckDBPyConnection) -> ShutSince:
        """Ask the records, beside which the copy is attached, before they are replaced."""
        trail = f"SELECT {TRAIL} FROM ({SHUT}) AS shut ORDER BY number"
        queries = (trail, WITHDRAWN_LINKS, RECOVERY_CODES, REMOVED_PEOPLE)
        return cls(*(cursor.execute(query).fetchall() for query in queries))

    def keep(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Shut the same doors in the records that came from the copy."""
        for statement, rows in (
            (f"INSERT INTO activity ({TRAIL}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", self.trail),
            ("DELETE FROM token WHERE fingerprint = $1", self.links),
            ("UPDATE workshop SET recovery = $1 WHERE id = $2", self.codes),
            (
                "INSERT INTO removal (person_id, workshop_id, created_at) VALUES ($1, $2, $3)",
                self.people,
            ),
        ):
            for row in rows:
                cursor.execute(statement, row)


def _number(path: Path, copy: Path) -> int:
    """The number of a copy of the records in `path`: 0 for one of an older app, -1 for none.

    >>> _number(Path("w.duckdb"), Path("backups/w-000012-20261025-023000.duckdb"))
    12
    >>> _number(Path("w.duckdb"), Path("w-20261025-023000-123456.duckdb"))
    0
    """
    said = copy.stem.removeprefix(path.stem)
    if found := NUMBERED.fullmatch(said):
        return int(found["number"])
    return 0 if OF_AN_OLDER_APP.fullmatch(said) else -1


def quoted(path: Path) -> str:
    """A path as SQL quotes it.

    >>> quoted(Path("Ada's"))
    "Ada''s"
    """
    return str(path).replace("'", "''")


def _refuse_another_file(path: Path) -> None:
    with duckdb.connect(str(path), read_only=True) as connection:
        known = connection.execute(
            "SELECT 1 FROM information_schema.tables WHERE table_name = 'schema_version'"
        ).fetchall()
    if not known:
        raise duckdb.IOException("it is a database, but not of this app")


@contextmanager
def _removed_in_the_end(part: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for left in part.parent.glob(f"{part.stem}*.part*"):
            left.unlink()

"""Copies of the whole file: one at every move of the room, the last ten kept, and the way back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from workshop import log, metrics
from workshop.store import clock
from workshop.store.database import Database
from workshop.store.engine import Cursor, EngineError, Row, explained, reason, refuse_another_file
from workshop.store.errors import StoreError
from workshop.store.migrations import VERSION_TABLE
from workshop.store.topics import AGENDA, IDEAS, PLAN
from workshop.store.verbs import Verb

KEPT = 10

# A copy is named by a counter, then for people by the clock, which may be put back; one of an
# older app by the clock alone, and all of those are older than any with a number.
NUMBERED = re.compile(r"-(?P<number>\d+)-\d{8}-\d{6}")
OF_AN_OLDER_APP = re.compile(r"-\d{8}-\d{6}-\d{6}")

# What was shut here and the attached copy has never heard of; a copy made later knows it, and
# says itself what came after. The activity log tells: withdrawn links leave nothing else behind.
# The order is that of its numbers, whatever the clock said meanwhile.
ENTRY = "happened_at, workshop_id, role, person_id, verb, subject, before, after"
SHUT = (
    f"SELECT number, {ENTRY} FROM activity AS here "
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


class Copies:
    """The records as a whole, kept a second time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._path = database.engine.path
        self._copier = ThreadPoolExecutor(1, "copies")
        self.underway: Future[None] | None = None

    @property
    def folder(self) -> Path:
        """The folder of the copies, beside the records."""
        return self._path.parent / "backups"

    def close(self) -> None:
        """Wait for the copy that is being made; no more are."""
        self._copier.shutdown()

    def all(self) -> list[Path]:
        """The copies of this file, oldest first."""
        copies = self.folder.glob(f"{self._path.stem}-*{self._path.suffix}")
        return sorted(
            (copy for copy in copies if _number(self._path, copy) >= 0),
            key=lambda copy: (_number(self._path, copy), copy.name),
        )

    def make_soon(self) -> None:
        """Make a copy meanwhile, unless one has yet to begin."""
        is_waiting = self.underway is not None and not (
            self.underway.running() or self.underway.done()
        )
        if self._path.exists() and not is_waiting:  # a passing store has no file
            self.underway = self._copier.submit(self._make_by_itself)

    def _make_by_itself(self) -> None:
        with suppress(StoreError):  # it is in the log; the workshop goes on
            self.make()

    def make(self) -> Path:
        """Copy the whole file while the app goes on; returns the copy, which has been opened once.

        Only as long as the bytes are copied does a change wait. Raises StoreError where there
        is no room or no right to write.
        """
        try:
            self.folder.mkdir(exist_ok=True)
            part = self.folder / f"{uuid4().hex}.part"
            with _removed_in_the_end(part):
                self._database.engine.copy_to(part)
                with self._database.engine.lock:
                    made = part.rename(self._next_name())
            for old in self.all()[:-KEPT]:
                old.unlink()
        except (OSError, EngineError) as error:
            metrics.COPIES.labels("failed").inc()
            log.error("not copied", reason=reason(error, type(error).__name__))
            raise StoreError(f"No copy was made: {reason(error)}.") from error
        metrics.COPIES.labels("made").inc()
        log.info("copied", bytes=made.stat().st_size)
        return made

    def _next_name(self) -> Path:
        newest = max((_number(self._path, made) for made in self.all()), default=0)
        name = f"{self._path.stem}-{newest + 1:06}-{clock.now():%Y%m%d-%H%M%S}"
        return self.folder / f"{name}{self._path.suffix}"

    def replace_all(self, file: Path) -> Path:
        """Take the records of a copy in the place of these; returns a copy of what there was.

        One transaction, while the app goes on; all screens look again. Links that were
        withdrawn and people who were removed since that copy stay out. Raises StoreError where
        the file is none of ours; then nothing has changed.
        """
        if not file.is_file():
            raise StoreError(f"There is no file {file}.")
        part = self.folder / f"{uuid4().hex}.part"
        with _removed_in_the_end(part):
            with explained(f"{file} cannot be restored"):
                self.folder.mkdir(exist_ok=True)
                # At once: it may be the oldest copy, which goes when another one is made.
                shutil.copyfile(file, part)
                refuse_another_file(part, VERSION_TABLE)
            # An older one is brought up to date, a newer one refused.
            Database(part, self._database.tables).close()
            # Whatever is acknowledged until then is in the copy of what there was.
            with self._database.engine.lock:
                before = self.make()
                self._take_from(part)
        log.warning("restored all")
        for (workshop_id,) in self._database.read("SELECT id FROM workshop"):
            self._database.on_commit(workshop_id, (AGENDA, IDEAS, PLAN))
        return before

    def _take_from(self, file: Path) -> None:
        with (
            self._database.engine.attached(file, "copy"),
            self._database.replacement() as cursor,
        ):
            shut = ShutSince.read(cursor)
            for table in self._database.tables:
                if table.in_backups:
                    cursor.run(f"DELETE FROM {table.name}")
                    cursor.run(
                        f"INSERT INTO {table.name} ({table.names}) "
                        f"SELECT {table.names} FROM copy.{table.name}{table.order}"
                    )
            shut.keep(cursor)


@dataclass(frozen=True)
class ShutSince:
    """Doors that were shut since a copy was made: the log of it, links, codes, and people."""

    entries: list[Row]
    links: list[Row]
    codes: list[Row]
    people: list[Row]

    @classmethod
    def read(cls, cursor: Cursor) -> ShutSince:
        """Ask the records, beside which the copy is attached, before they are replaced."""
        entries = f"SELECT {ENTRY} FROM ({SHUT}) AS shut ORDER BY number"
        queries = (entries, WITHDRAWN_LINKS, RECOVERY_CODES, REMOVED_PEOPLE)
        return cls(*(cursor.run(query) for query in queries))

    def keep(self, cursor: Cursor) -> None:
        """Shut the same doors in the records that came from the copy."""
        for statement, rows in (
            (
                f"INSERT INTO activity ({ENTRY}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                self.entries,
            ),
            ("DELETE FROM token WHERE fingerprint = $1", self.links),
            ("UPDATE workshop SET recovery = $1 WHERE id = $2", self.codes),
            (
                "INSERT INTO removal (person_id, workshop_id, created_at) VALUES ($1, $2, $3)",
                self.people,
            ),
        ):
            for row in rows:
                cursor.run(statement, *row)


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


@contextmanager
def _removed_in_the_end(part: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for left in part.parent.glob(f"{part.stem}*.part*"):
            left.unlink()

"""Versions of the records: a fresh file gets all tables, an older one is brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workshop.store.engine import Engine
from workshop.store.errors import StoreError
from workshop.store.tables import Table, made

SCHEMA_VERSION = 9
VERSION_TABLE = "schema_version"
UPGRADES = Path(__file__).with_name("upgrades")


def upgrade_to(version: int) -> str:
    """The statements that bring records of the version before up to this one."""
    return (UPGRADES / f"{version}.sql").read_text(encoding="utf-8")


def bring_up_to_date(engine: Engine, tables: Sequence[Table]) -> None:
    """See that all tables are there as this app knows them.

    Raises StoreError where a newer app wrote them; nothing is changed then.
    """
    version = _version(engine)
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"The records are of version {version}; this app knows version "
            f"{SCHEMA_VERSION}. Install the newer app; nothing was changed."
        )
    if 0 < version < SCHEMA_VERSION:
        _upgrade(engine, version)
    number = "" if version else f"INSERT INTO {VERSION_TABLE} VALUES ({SCHEMA_VERSION});"
    engine.execute(
        f"BEGIN; CREATE TABLE IF NOT EXISTS {VERSION_TABLE} (version INTEGER PRIMARY KEY); "
        f"{made(tables)} {number} COMMIT;"
    )


def _version(engine: Engine) -> int:
    """The version of the app that wrote the file; 0 for a fresh one."""
    if not engine.has_table(VERSION_TABLE):
        return 0
    versions = engine.read(f"SELECT version FROM {VERSION_TABLE}")
    return int(versions[0][0]) if versions else 0


def _upgrade(engine: Engine, version: int) -> None:
    """Bring an older file up to date, step by step and all or nothing; a copy is kept."""
    engine.set_aside(f"version-{version}")
    engine.execute("BEGIN")
    for step in range(version + 1, SCHEMA_VERSION + 1):
        engine.execute(upgrade_to(step))
    engine.execute(f"UPDATE {VERSION_TABLE} SET version = $1", SCHEMA_VERSION)
    engine.execute("COMMIT")

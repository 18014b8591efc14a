"""The files that the facilitator and management take home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workshop import exports
from workshop.domain.access import Role, Visitor
from workshop.live import services, snapshot


@dataclass(frozen=True)
class Download:
    """A file that is built when somebody asks for it."""

    label: str
    says: str
    ending: str
    media_type: str
    build: Callable[[Visitor], bytes]
    roles: tuple[Role, ...] = (Role.FACILITATOR, Role.MANAGER)


def _ideas_csv(who: Visitor) -> bytes:
    return exports.ideas_csv(
        snapshot.ranking(who),
        services.store().actions.all(who),
        services.store().funnels.current(who).currency,
    )


def _actions_csv(who: Visitor) -> bytes:
    return exports.actions_csv(
        services.store().actions.all(who),
        snapshot.ranking(who),
        services.store().funnels.current(who).currency,
    )


def _workbook(who: Visitor) -> bytes:
    return exports.workbook(
        services.store().workshops.get(who).name,
        services.store().funnels.current(who),
        services.store().assumptions.current(who),
        snapshot.ranking(who),
        services.store().actions.all(who),
        services.store().funnels.versions(who)[0].origin,
    )


DOWNLOADS = {
    "export_csv": Download(
        "Ideas, CSV",
        "All ideas and what was agreed on them, one row an idea",
        ".csv",
        "text/csv",
        _ideas_csv,
    ),
    "export_actions": Download(
        "Actions, CSV",
        "The prioritised actions with owners and dates",
        "-actions.csv",
        "text/csv",
        _actions_csv,
    ),
    "export_xlsx": Download(
        "Excel",
        "Actions, ideas, assumptions and the funnel, a sheet each",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _workbook,
    ),
    "backup": Download(
        "Backup",
        "The whole workshop as one file, to restore here or on another machine",
        "-backup.zip",
        "application/zip",
        lambda who: services.store().backups.make(who),
        (Role.FACILITATOR,),
    ),
}

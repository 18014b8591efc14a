"""The files that the facilitator and management take home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from workshop import exports
from workshop.analysis.planning import BestPlan
from workshop.domain.access import Role, Visitor
from workshop.domain.agreement import Agreement, Signature
from workshop.live import services, snapshot
from workshop.wording.agreement import CLAUSES
from workshop.wording.sides import NAMES


@dataclass(frozen=True)
class Download:
    """A file that is built when somebody asks for it.

    Its button is there once it `has_content`, for its `roles`.
    """

    label: str
    says: str
    ending: str
    media_type: str
    build: Callable[[Visitor], bytes]
    roles: tuple[Role, ...] = (Role.FACILITATOR, Role.MANAGER)
    has_content: Callable[[Visitor], bool] = lambda who: True


def _ideas_csv(who: Visitor) -> bytes:
    seen = snapshot.take(who)
    return exports.ideas_csv(seen.ranking, seen.actions, seen.measured.currency)


def _actions_csv(who: Visitor) -> bytes:
    seen = snapshot.take(who)
    return exports.actions_csv(seen.actions, seen.ranking, seen.measured.currency)


def _results(who: Visitor) -> exports.Results:
    seen, store = snapshot.take(who), services.store()
    return exports.Results(
        seen.workshop.name,
        seen.measured,
        seen.assumptions,
        seen.ideas,
        seen.ranking,
        seen.actions,
        date.today(),
        seen.best_plan if isinstance(seen.best_plan, BestPlan) else None,
        store.scenarios.all(who),
        store.funnels.versions(who)[0].origin,
        tuple(store.settlements.valid(who).values()),
        tuple(one for one in seen.commitments if not one.is_improvement),
        tuple(look for look in seen.looks if look.followed.workshop_id != who.workshop_id),
    )


def _report(who: Visitor) -> bytes:
    # Here, since what draws the charts would take half a second of every start.
    from workshop.exports.report import report_pdf

    return report_pdf(_results(who))


def _cheat_sheet(who: Visitor) -> bytes:
    store = services.store()
    return exports.cheat_sheet_pdf(
        store.workshops.get(who).name,
        store.funnels.current(who),
        tuple(store.settlements.valid(who).values()),
        date.today(),
    )


def _agreement(who: Visitor) -> bytes:
    store = services.store()
    title, current = store.workshops.get(who).name, store.agreements.current(who)
    return agreement_file(who, title, current, store.agreements.signatures(who))


def agreement_file(
    who: Visitor, title: str, current: Agreement | None, signatures: Sequence[Signature]
) -> bytes:
    """This version, the names under it, and a line to sign on for each who sits here."""
    if current is None:
        return exports.agreement_pdf(title, (), (), date.today())
    store = services.store()
    signed = [one for one in signatures if one.version == current.version]
    seated = [person for team in store.seats.teams(who) for person in team.people]
    names = [exports.Signature(one.name, NAMES[one.side], one.signed_at.date()) for one in signed]
    names += [
        exports.Signature(person.name, NAMES[person.side])
        for person in seated
        if not any(one.is_of(current.version, person.name, person.side) for one in signed)
    ]
    return exports.agreement_pdf(
        f"{title}, version {current.version}",
        [exports.Clause(CLAUSES[kind], text) for kind, text in current.clauses],
        names,
        current.created_at.date(),
    )


def _due(who: Visitor) -> list[exports.CalendarEntry]:
    return exports.due_entries(services.store().commitments.all(who))


def _calendar(who: Visitor) -> bytes:
    name = services.store().workshops.get(who).name
    return exports.calendar_ics(name, _due(who), datetime.now(UTC))


def _is_settled(who: Visitor) -> bool:
    """Whether a word or a hand-off is settled."""
    return bool(services.store().settlements.valid(who))


DOWNLOADS = {
    "export_report": Download(
        "Report, PDF",
        "For people who were not there: what is lost, the ideas, who does what, the sources",
        "-report.pdf",
        "application/pdf",
        _report,
    ),
    "export_cheat_sheet": Download(
        "Cheat sheet, PDF",
        "One page to hang up: who does what at each step, and what the words mean",
        "-cheat-sheet.pdf",
        "application/pdf",
        _cheat_sheet,
        has_content=_is_settled,
    ),
    "export_agreement": Download(
        "Agreement, PDF",
        "What both sides promise each other, who has signed, and lines for those who sign on paper",
        "-agreement.pdf",
        "application/pdf",
        _agreement,
        has_content=lambda who: services.store().agreements.current(who) is not None,
    ),
    "export_calendar": Download(
        "Calendar, .ics",
        "The due dates and rhythms of what is agreed, to open in any calendar",
        "-calendar.ics",
        "text/calendar; charset=utf-8",
        _calendar,
        has_content=lambda who: bool(_due(who)),
    ),
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
        "A summary on one page, then actions, ideas, the funnel, plan, scenarios and who does what",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda who: exports.workbook(_results(who)),
    ),
    "export_markdown": Download(
        "Markdown",
        "What is lost, what is done, what it brings, who does what: to paste into a wiki or a chat",
        ".md",
        "text/markdown; charset=utf-8",
        lambda who: exports.markdown(_results(who)),
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

"""The files that a company's page gives: what holds in all of its workshops."""

from __future__ import annotations

from datetime import UTC, date, datetime

from workshop import exports
from workshop.analysis.agreed import wanted
from workshop.analysis.company_agreed import current_agreement, settled_in
from workshop.domain.access import Role, Visitor
from workshop.domain.commitment import Commitment
from workshop.domain.settlement import Settlement
from workshop.live import services
from workshop.live.downloads import DOWNLOADS, Download, agreement_file


def settled(who: Visitor) -> tuple[Settlement, ...]:
    """The words and the duties that hold in the company, by the steps of the visitor's workshop."""
    store = services.store()
    return settled_in(store.companies.agreed(who), store.funnels.current(who).stages)


def second_look_day(commitments: tuple[Commitment, ...], today: date) -> date | None:
    """When to look again: once the last of what nobody has dropped is due; None if that is past."""
    last = max((one.due for one in wanted(commitments)), default=today)
    return last if last > today else None


def promised(who: Visitor) -> tuple[Commitment, ...]:
    """What was promised in all workshops of the company."""
    record = services.store().companies.record(who)
    return () if record is None else tuple(one.commitment for one in record.followed)


def _cheat_sheet(who: Visitor) -> bytes:
    store = services.store()
    name, funnel = store.companies.of(who).name, store.funnels.current(who)
    return exports.cheat_sheet_pdf(name, funnel, settled(who), date.today())


def _agreement(who: Visitor) -> bytes:
    name, store = services.store().companies.of(who).name, services.store()
    found = current_agreement(store.companies.agreed(who))
    if found is None:
        return agreement_file(who, name, None, ())
    where, current = found
    return agreement_file(who, name, current, where.signatures)


def _calendar(who: Visitor) -> bytes:
    company, commitments = services.store().companies.of(who), promised(who)
    entries = exports.due_entries(commitments)
    day = second_look_day(commitments, date.today())
    if day is not None:
        entries.append(exports.second_look_entry(company.id, company.name, day))
    return exports.calendar_ics(company.name, entries, datetime.now(UTC))


COMPANY_DOWNLOADS = {
    "company_cheat_sheet": Download(
        "Cheat sheet, PDF",
        "One page to hang up: who does what at each step, and what the words mean",
        "-company-cheat-sheet.pdf",
        "application/pdf",
        _cheat_sheet,
        has_content=lambda who: bool(settled(who)),
    ),
    "company_agreement": Download(
        "Agreement, PDF",
        "The newest version, who has signed, and lines for those who sign on paper",
        "-company-agreement.pdf",
        "application/pdf",
        _agreement,
        has_content=lambda who: (
            current_agreement(services.store().companies.agreed(who)) is not None
        ),
    ),
    "company_calendar": Download(
        "Calendar, .ics",
        "The due dates and rhythms of everything promised, and the second look",
        "-company-calendar.ics",
        "text/calendar; charset=utf-8",
        _calendar,
        has_content=lambda who: bool(wanted(promised(who))),
    ),
    "export_report": DOWNLOADS["export_report"],
    "company_backup": Download(
        "Backup of the company",
        "All of its workshops as one file, to restore here or on another machine",
        "-company-backup.zip",
        "application/zip",
        lambda who: services.store().backups.make_company(who),
        (Role.FACILITATOR,),
    ),
}

"""Days to keep, as a calendar file (iCalendar, RFC 5545) that every calendar opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import icalendar

from workshop.analysis.agreed import wanted
from workshop.domain.commitment import Commitment, Rhythm
from workshop.domain.text import clean_fields, cleaned
from workshop.wording import figures

PROGRAM = "-//Funnel Reality Check//EN"
DOMAIN = "funnel-reality-check"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A whole day in a calendar, or one that comes back in a rhythm from that day on.

    `uid` stays the same whenever the entry is given out, so that a calendar that has it already
    changes it and has no second one.
    """

    uid: str
    day: date
    title: str
    description: str = ""
    rhythm: Rhythm = Rhythm.ONCE

    def __post_init__(self) -> None:
        clean_fields(self, "uid", "title", "description")
        if not self.uid or any(map(str.isspace, self.uid)):
            raise ValueError(f"the uid '{self.uid}' is empty or has a space; give one word")


def calendar_ics(name: str, entries: Iterable[CalendarEntry], made_at: datetime) -> bytes:
    """The entries as one calendar of this name; UTF-8. `made_at` is a moment with its time zone."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PROGRAM)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", icalendar.vText(" ".join(cleaned(name).split())))
    for entry in entries:
        calendar.add_component(_event(entry, made_at))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: CalendarEntry, made_at: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", made_at)
    event.add("dtstart", entry.day)
    event.add("summary", entry.title)
    if entry.description:
        event.add("description", entry.description)
    event.add("transp", "TRANSPARENT")  # who has something due is not away that day
    if entry.rhythm is not Rhythm.ONCE:
        event.add("rrule", {"freq": entry.rhythm.name})
    return event


def due_entries(commitments: Iterable[Commitment]) -> list[CalendarEntry]:
    """The day on which each commitment is due, or from which on it comes back in its rhythm.

    Those that were dropped are left out.
    """
    return [
        CalendarEntry(f"commitment-{one.id}@{DOMAIN}", one.due, _title(one), _told(one), one.rhythm)
        for one in wanted(commitments)
    ]


def _title(commitment: Commitment) -> str:
    return f"Due: {commitment.title}" if commitment.rhythm is Rhythm.ONCE else commitment.title


def _told(commitment: Commitment) -> str:
    """Who, what it is measured by, and the first step, as far as that is known."""
    says = [f"{commitment.owner} with {commitment.co_owner}"]
    if commitment.baseline is not None and commitment.target is not None:
        rates = figures.from_to(commitment.baseline, commitment.target)
        says.append(f"{commitment.kpi}: {rates}")
    if commitment.first_step:
        says.append(f"First step: {commitment.first_step}")
    return "\n".join(says)


def second_look_entry(workshop_id: str, workshop_name: str, day: date) -> CalendarEntry:
    """The day on which it is looked again whether the leak was fixed."""
    return CalendarEntry(
        f"second-look-{workshop_id}@{DOMAIN}",
        day,
        "Second look: did it work?",
        f"{workshop_name}: count again, see which rates have moved, decide what comes next.",
    )

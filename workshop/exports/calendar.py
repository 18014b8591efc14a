"""Days to keep, as a calendar file (iCalendar, RFC 5545) that every calendar opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import icalendar

from workshop.analysis.agreed import wanted
from workshop.domain.action import Action
from workshop.domain.text import clean_fields, cleaned
from workshop.wording import figures

PROGRAM = "-//Funnel Reality Check//EN"
DOMAIN = "funnel-reality-check"


class Rhythm(StrEnum):
    """How often an entry comes back."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


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
    rhythm: Rhythm = Rhythm.NONE

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
    if entry.rhythm is not Rhythm.NONE:
        event.add("rrule", {"freq": entry.rhythm.name})
    return event


def due_entries(actions: Iterable[Action]) -> list[CalendarEntry]:
    """The day on which each action is due, those that were dropped left out."""
    return [
        CalendarEntry(f"action-{one.id}@{DOMAIN}", one.due, f"Due: {one.title}", _told(one))
        for one in wanted(actions)
    ]


def _told(action: Action) -> str:
    return "\n".join(
        [
            f"{action.owner} with {action.co_owner}",
            f"{action.kpi}: {figures.from_to(action.baseline, action.target)}",
            f"First step: {action.first_step}",
        ]
    )


def second_look_entry(workshop_id: str, workshop_name: str, day: date) -> CalendarEntry:
    """The day on which it is looked again whether the leak was fixed."""
    return CalendarEntry(
        f"second-look-{workshop_id}@{DOMAIN}",
        day,
        "Second look: did it work?",
        f"{workshop_name}: count again, see which rates have moved, decide what comes next.",
    )

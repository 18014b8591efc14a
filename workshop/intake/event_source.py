"""Where events come from: the rows of a table that say when a stage was entered, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workshop.intake.expressions import NO_MOMENT
from workshop.intake.journeys import OPEN_AGAIN, TODAY, word_of
from workshop.intake.lead_database import Table

BEGAN = "raw.began"
"""When a lead was created, NULL where no row of a log of changes says so."""

# Moments before 1970, and from 2041 on, are slips, such as a year of two digits, or stand for
# "never"; those between leave room for the number of a reason or a segment in a BIGINT.
# The moment occurs once here: it is worked out for every row as often as it occurs.
READABLE = f"coalesce(moment, 0) BETWEEN 0 AND {TODAY}"
USABLE = f"lead IS NOT NULL AND place >= {OPEN_AGAIN} AND {READABLE}"


class Word(Enum):
    """When the events of a source say what the lead has come to."""

    NEVER = "NULL"
    AT_ITS_MOMENT = f"coalesce(moment, {TODAY})"
    TODAY = str(TODAY)


@dataclass(frozen=True, slots=True)
class EventSource:
    """The rows of a table that say when a stage was entered, and what they say beside that."""

    table: Table
    rows: str
    lead: str
    place: str
    moment: str
    word: Word
    reason: str
    segment: str
    value: str
    joins: str
    moment_join: str
    where: str
    stage_text: str
    moment_text: str

    def select(self, more: str = "", of: str = "") -> str:
        """Its events, with `more` columns; only those of the leads in a table `of`, if any."""
        only = f"JOIN {of} ON {of}.lead = {self.lead} " if of else ""
        return (
            f"SELECT {self.lead} AS lead, {self.place} AS place, {self.moment} AS moment, "
            f"{self.reason} AS reason, {self.segment} AS segment, {self.value} AS value{more} "
            f"FROM {self.rows} AS raw {only}{self.moment_join}{self.joins} WHERE {self.where}"
        )

    @property
    def is_dated(self) -> bool:
        return self.moment != NO_MOMENT.microseconds

    def usable(self, stages: int) -> str:
        """Its events that can be used, with their words."""
        word = "NULL::BIGINT" if self.word is Word.NEVER else word_of(self.word.value, stages)
        return f"SELECT *, {word} AS word FROM ({self.select()}) AS event WHERE {USABLE}"

"""How leads went through the stages of a file: what the order of stages and their ends follow from.

Stages go by `key()` of how they are written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from workshop.intake.cells import key
from workshop.intake.event_source import BEGAN, READABLE, EventSource
from workshop.intake.events import Events
from workshop.intake.layout import Layout, Shape
from workshop.intake.lead_database import LeadDatabase
from workshop.intake.problems import IntakeError

LEADS = 100_000
CLEAR = 0.5  # more leads went one way than the other by at least half of both


@dataclass(frozen=True, slots=True)
class Evidence:
    """Leads, or a sample of many, by the stages that they entered.

    `entered` counts those of a stage, `left` those of them that entered another one later,
    `reasons` those with a reason beside it; `before` those that entered one and later the other;
    `place` is the mean place of a stage in the history of a lead, from 0.
    """

    entered: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[tuple[str, str], int] = field(default_factory=dict)
    place: Mapping[str, float] = field(default_factory=dict)

    def net(self, one: str, other: str) -> int:
        """How many more leads entered one before the other than the other way round."""
        return self.before.get((one, other), 0) - self.before.get((other, one), 0)

    def both(self, one: str, other: str) -> int:
        """How many leads entered the two at different moments."""
        return self.before.get((one, other), 0) + self.before.get((other, one), 0)

    def is_clear(self, one: str, other: str) -> bool:
        """Whether leads entered one before the other, with few exceptions."""
        return self.net(one, other) > 0 and self.net(one, other) >= CLEAR * self.both(one, other)


def gather_evidence(database: LeadDatabase, layout: Layout, stages: Collection[str]) -> Evidence:
    """The evidence of a file with dated stages for those of them that are given, as written."""
    try:
        events = Events(database, layout)
    except IntakeError:  # somebody has to say first how its dates are meant
        return Evidence()
    if not any(source.is_dated for source in events.sources):
        return Evidence()
    _keep_first_entries(database, layout, events)
    wanted = {key(stage) for stage in stages}
    entered: Counter[str] = Counter()
    left: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    places: dict[str, float] = defaultdict(float)
    for says, leads, went_on, with_reason, place in database.query(
        "SELECT says, count(*), count(*) FILTER (WHERE moment < last), "
        "count(*) FILTER (WHERE has_reason), sum(place) FROM (SELECT *, "
        "row_number() OVER (PARTITION BY lead ORDER BY moment) - 1 AS place, "
        "max(moment) OVER (PARTITION BY lead) AS last FROM first_entry) AS placed GROUP BY says"
    ):
        name = _name(layout, says)
        entered[name] += leads
        left[name] += went_on
        reasons[name] += with_reason
        places[name] += float(place)
    before: Counter[tuple[str, str]] = Counter()
    if len(entered) <= max(len(wanted), 1) * 4:
        for one, other, leads in database.query(
            "SELECT a.says, b.says, count(*) FROM first_entry AS a JOIN first_entry AS b "
            "ON a.lead = b.lead AND a.moment < b.moment GROUP BY ALL"
        ):
            pair = _name(layout, one), _name(layout, other)
            if pair[0] != pair[1]:
                before[pair] += leads
    return Evidence(
        entered,
        left,
        reasons,
        before,
        {name: places[name] / leads for name, leads in entered.items()},
    )


def _keep_first_entries(database: LeadDatabase, layout: Layout, events: Events) -> None:
    """When each lead, or each of a sample, first entered each stage: in a table `first_entry`."""
    share = max(table.rows for table in events.tables) // LEADS + 1
    every = " UNION ALL ".join(
        source.select(
            f", {source.stage_text if layout.shape is Shape.HISTORY else source.place} AS says"
        )
        for source in map(_dated_as_first, events.sources)
        if source.is_dated
    )
    database.query(
        "CREATE OR REPLACE TEMP TABLE first_entry AS SELECT lead, says::VARCHAR AS says, "
        "min(moment) AS moment, max(reason) > 0 AS has_reason "
        f"FROM ({every}) AS event WHERE hash(lead) % {share} = 0 AND moment IS NOT NULL "
        f"AND says IS NOT NULL AND {READABLE} GROUP BY lead, says"
    )


def _dated_as_first(source: EventSource) -> EventSource:
    """The same events; the stage before a lead's first change comes first, whenever that was."""
    is_before = source.moment == BEGAN
    return replace(source, moment=f"coalesce({source.moment}, 0)") if is_before else source


def _name(layout: Layout, says: str) -> str:
    if layout.shape is Shape.HISTORY:
        return key(says)
    place = int(says)
    return key(layout.stages[place]) if place >= 0 else "lost"

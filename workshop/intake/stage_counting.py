"""How many stages each journey reached, by each way of counting them, as SQL.

The journeys are in `journey`, see `journeys`. The first moments of most of them tell; the distinct
events of the others are in `distinct_event`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from workshop.domain.import_codes import Counting
from workshop.intake.journeys import greatest, least, moments


def levels(counting: Counting, stages: int, window: int | None, *, needs_events: bool) -> str:
    """The statement for how many stages each journey reached: all its columns, and `level`.

    `window` is the longest time from the first step that counts, in microseconds, or None. The
    journeys are in `journey`; where it `needs_events`, the distinct events of all that have a name
    are in `distinct_event`, and those that are `undecided` without them are looked up there.
    """
    simple = BY_FIRST_MOMENTS[counting](stages, window)
    if not needs_events:
        return f"SELECT *, {simple} AS level FROM journey"
    return f"""
        WITH undecided_event AS (
            SELECT * FROM distinct_event WHERE lead IN (
                SELECT lead FROM journey WHERE {undecided(counting, stages, window)})
        )
        SELECT journey.*, coalesce(by_events.level, {simple}) AS level
        FROM journey LEFT JOIN ({BY_ALL_EVENTS[counting](stages, window)}) AS by_events
            ON by_events.lead = journey.lead"""


def undecided(counting: Counting, stages: int, window: int | None) -> str:
    """Whether the first moments of a journey do not tell how far it came.

    In order, first moments tell a way that was gone; where it is as long as in any order, no
    later moment could make it longer.
    """
    in_order, any_order = ordered(stages, window), in_any_order(stages, None)
    match counting:
        case Counting.DEEPEST:
            return "FALSE"
        case Counting.ANY:
            return "FALSE" if window is None else "lead IS NOT NULL"
        case Counting.ORDERED:
            return f"lead IS NOT NULL AND {in_order} < {any_order}"
        case Counting.STRICT:
            return "lead IS NOT NULL"
        case _:
            assert_never(counting)


# -- journeys that need their first moments alone --------------------------------------------------


def deepest(stages: int, window: int | None) -> str:
    """The deepest stage reached; those skipped on the way are filled in.

    No window applies to a stage whose moment nobody knows.
    """
    if window is None:
        return "deepest"
    start = f"coalesce({moments(stages)})"
    tests = " ".join(
        f"WHEN t{k} <= {start} + {window} OR deepest = {k + 1} AND t{k} IS NULL THEN {k + 1}"
        for k in reversed(range(1, stages))
    )
    return f"CASE {tests} ELSE 1 END"


def ordered(stages: int, window: int | None) -> str:
    """The stages in order; anything may lie between them."""
    return until_one_fails(
        ["t0 IS NULL"]
        + [
            f"t{k} IS NULL OR t{k} < t{k - 1}"
            + ("" if window is None else f" OR t{k} > t0 + {window}")
            for k in range(1, stages)
        ]
    )


def strict(stages: int, window: int | None) -> str:
    """One stage right after the other, and later; no other event of the lead between them."""
    return until_one_fails(
        ["t0 IS NULL"]
        + [
            f"t{k} IS NULL OR t{k - 1} >= t{k}"
            + "".join(f" OR (t{j} >= t{k - 1} AND t{j} < t{k})" for j in range(k + 1, stages))
            + f" OR (lost_alone = 1 AND lost_at >= t{k - 1} AND lost_at < t{k})"
            + ("" if window is None else f" OR t{k} > t0 + {window}")
            for k in range(1, stages)
        ]
    )


def in_any_order(stages: int, window: int | None) -> str:
    """All of the first stages, in any order."""
    failures = []
    for k in range(stages):
        known = [f"t{j}" for j in range(k + 1)]
        spread = f"{greatest(known)} - {least(known)}"
        failures.append(
            f"t{k} IS NULL" + ("" if window is None or not k else f" OR {spread} > {window}")
        )
    return until_one_fails(failures)


# -- journeys that need all their events -----------------------------------------------------------


def ordered_by_events(stages: int, window: int | None) -> str:
    """For each event the latest beginning of a chain that it ends: the best for what follows."""
    begins = "CASE WHEN place = 0 THEN moment END AS s0"
    chain = f"SELECT lead, place, moment, {begins} FROM undecided_event"
    for k in range(1, stages):
        within = "" if window is None else f" AND moment <= begun + {window}"
        before = ", ".join(f"s{j}" for j in range(k))
        chain = f"""
            SELECT lead, place, moment, {before},
                CASE WHEN place = {k}{within} THEN begun END AS s{k}
            FROM (
                SELECT *, max(s{k - 1}) OVER (PARTITION BY lead ORDER BY moment, place) AS begun
                FROM ({chain}) AS chain{k}
            ) AS begun{k}"""
    reached = " ".join(f"WHEN s{k} IS NOT NULL THEN {k + 1}" for k in reversed(range(stages)))
    return f"SELECT lead, max(CASE {reached} ELSE 0 END) AS level FROM ({chain}) AS c GROUP BY lead"


def strict_by_events(stages: int, window: int | None) -> str:
    """Unbroken runs of events, each the stage after the one before it, that begin at the first."""
    within = "" if window is None else f" AND moment <= begun + {window}"
    return f"""
        SELECT lead, max(level) AS level
        FROM (
            SELECT lead, run,
                sum(CASE WHEN started = 0{within} THEN 1 ELSE 0 END) AS level
            FROM (
                SELECT *,
                    min(place) OVER (PARTITION BY lead, run) AS started,
                    min(moment) OVER (PARTITION BY lead, run) AS begun
                FROM (
                    SELECT *, sum(breaks) OVER (
                        PARTITION BY lead ORDER BY moment, place
                        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
                    FROM (
                        SELECT lead, place, moment,
                            CASE WHEN place = 1 + lag(place) OVER w AND moment > lag(moment) OVER w
                                 THEN 0 ELSE 1 END AS breaks
                        FROM undecided_event
                        WINDOW w AS (PARTITION BY lead ORDER BY moment, place)
                    ) AS broken
                ) AS runs
            ) AS begun
            WHERE place < {stages}
            GROUP BY lead, run
        ) AS reached
        GROUP BY lead"""


def in_any_order_by_events(stages: int, window: int | None) -> str:
    """From each event on, which of the stages are there within the window."""
    reach = (
        "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
        if window is None
        else f"RANGE BETWEEN CURRENT ROW AND {window} FOLLOWING"
    )
    there = ", ".join(
        f"max(CASE WHEN place = {k} THEN 1 END) OVER w AS a{k}" for k in range(stages)
    )
    missing = until_one_fails([f"a{k} IS NULL" for k in range(stages)])
    return f"""
        SELECT lead, max({missing}) AS level
        FROM (
            SELECT lead, {there} FROM undecided_event
            WINDOW w AS (PARTITION BY lead ORDER BY moment {reach})
        ) AS seen
        GROUP BY lead"""


BY_FIRST_MOMENTS = {
    Counting.DEEPEST: deepest,
    Counting.ORDERED: ordered,
    Counting.STRICT: strict,
    Counting.ANY: in_any_order,
}
BY_ALL_EVENTS = {
    Counting.ORDERED: ordered_by_events,
    Counting.STRICT: strict_by_events,
    Counting.ANY: in_any_order_by_events,
}


def until_one_fails(failures: Sequence[str]) -> str:
    """How many stages are reached before the first failure."""
    tests = " ".join(f"WHEN {failure} THEN {k}" for k, failure in enumerate(failures))
    return f"CASE {tests} ELSE {len(failures)} END"

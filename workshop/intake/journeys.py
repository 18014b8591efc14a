"""What leads did, as SQL: the one place where events become journeys, and journeys are counted.

Written in the SQL that warehouses share — aggregates, CASE, window functions — so that the same
text can run where the events are.

An *event* is a row `lead, place, moment, word, reason, segment, value`: `place` is the index of
the stage entered, LOST, OPEN_AGAIN, or ELSEWHERE for a stage that is none of the funnel's; `moment`
counts microseconds since 1970 and is NULL where nobody knows it; `word` says how late it is said
what the lead has come to, see `word_of`, NULL where it does not say so; `reason` and `segment` are
numbers from 1, 0 for none.

A *journey* is a row a lead: `t0, t1, …`, the moment each stage was first entered; `deepest`, how
many stages the deepest one reached makes; `lost_at` and `reason` (of a win, why it was won);
`lost_alone`, 1 where the loss is an event of its own; `is_lost`; `contradicts`, whether it was won
or lost and a later word says otherwise; `last_at`, the last of its moments; `segment`; `value`; and
`lead`, its name, only where the first moments do not tell the whole story: a stage entered twice, a
stage elsewhere, a win before the beginning, a word taken back.

The last word counts. A lead that was won and is lost or open again is not won: it has come to the
stage before. A win before everything else that the lead did is a slip of the pen and stays a win.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from workshop.domain.import_codes import Counting as Counting

LOST, ELSEWHERE, OPEN_AGAIN = -1, -2, -3
REASONS, SEGMENTS = 2048, 4096
"""More numbers than reasons, and segments: they share a BIGINT with a moment."""
WORDS, WORD_WON, WORD_LOST, WORD_OPEN = 64, 63, 62, 61
"""More than the stages of a funnel; said at one moment, a win outdoes a loss, a loss a stage."""
DAY = 86_400_000_000
TODAY = 2_240_524_800_000_000
"""The moment of what a file says without a date: after all others, since it is so today."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the events say beside leads, stages and moments; what they do not say costs nothing.

    `moments` where every event has one, `segments` and `values` where any event has one;
    `words` where some events have no moment that says when they were the last word;
    `mixed_clocks` where some moments have a time of day and others are no more than a day.
    """

    moments: bool
    words: bool
    mixed_clocks: bool
    reasons: bool
    segments: bool
    values: bool


def gathered(stages: int, events: str, known: Known) -> str:
    """The statement that gathers the events of each lead; `events` is written after FROM.

    The first segment and the last loss are found as a smallest and a largest number that begins
    with the moment: one pass, where ordering each lead's events would take several. They are
    unpacked when somebody asks (`unpacked`): all that is kept here is kept for every lead.
    """
    kept = {f"t{k}": f"min(CASE WHEN place = {k} THEN moment END)" for k in range(stages)}
    kept["last_loss"] = (
        f"""max(CASE WHEN place = {LOST} OR reason > 0
        THEN coalesce(moment, 0) * {2 * REASONS} + reason * 2
             + CASE WHEN place = {LOST} THEN 1 ELSE 0 END END)"""
        if known.reasons
        else f"max(CASE WHEN place = {LOST} THEN coalesce(moment, 0) END)"
    )
    if known.words:
        kept["last_word"] = "max(word)"
    if known.segments:
        kept["first_segment"] = f"""min(CASE WHEN segment > 0
            THEN coalesce(moment, 0) * {SEGMENTS} + segment END)"""
    if known.values:
        kept["value"] = "max(value)"
    if not known.moments:
        kept["deepest_known"] = f"max(CASE WHEN place > {LOST} THEN place + 1 END)"
    won_at = f"t{stages - 1}"
    word = "" if known.words else f", {_word_of_first_moments(stages, known)} AS last_word"
    return f"""
        SELECT
            {", ".join(dict.fromkeys([*kept, "last_word"]))},
            CASE WHEN events > {filled(stages)} + {lost_alone(known)}
                   OR {won_at} < {least(_before_won(stages))}
                   OR {won_at} IS NOT NULL AND last_word % {WORDS} <> {WORD_WON}
                 THEN lead END AS lead
        FROM (
            SELECT *{word} FROM (
                SELECT lead, count(*) AS events, {", ".join(f"{v} AS {k}" for k, v in kept.items())}
                FROM {events}
                GROUP BY lead
            ) AS told
        ) AS leads
        WHERE {stage_known(stages, known)} OR last_loss IS NOT NULL
        """


def _word_of_first_moments(stages: int, known: Known) -> str:
    """The last word of a lead that entered each stage once, and was lost once at the most."""
    words = [f"t{k} * {WORDS} + {k}" for k in range(stages - 1)]
    words.append(f"t{stages - 1} * {WORDS} + {WORD_WON}")
    lost_at = f"last_loss // {2 * REASONS}" if known.reasons else "last_loss"
    words.append(f"CASE WHEN {lost_alone(known)} = 1 THEN {lost_at} * {WORDS} + {WORD_LOST} END")
    return greatest(words)


def stage_known(stages: int, known: Known) -> str:
    """Whether any stage of a lead is known."""
    told = moments(stages) if known.moments else f"{moments(stages)}, deepest_known"
    return f"coalesce({told}) IS NOT NULL"


def unpacked(stages: int, known: Known) -> str:
    """The journeys, from the table `leads` that `gathered` fills."""
    won_at, others = f"t{stages - 1}", _before_won(stages)
    reached = " ".join(f"WHEN t{k} IS NOT NULL THEN {k + 1}" for k in reversed(range(stages - 1)))
    was_won, is_slip = f"{won_at} IS NOT NULL", f"coalesce({won_at} < {least(others)}, FALSE)"
    deepest_open = f"CASE WHEN was_won THEN {stages - 1} {reached} ELSE 1 END"
    if not known.moments:
        was_won = f"({was_won} OR deepest_known = {stages})"
        # Where nobody knows when the first stage was entered, that was before the win.
        is_slip = f"(t0 IS NOT NULL AND {is_slip})"
        deepest_open = f"greatest({deepest_open}, least(deepest_known, {stages - 1}))"
    lost_at = f"last_loss // {2 * REASONS}" if known.reasons else "last_loss"
    reason = f"coalesce(last_loss % {2 * REASONS} // 2, 0)" if known.reasons else "0"
    segment = f"coalesce(first_segment % {SEGMENTS}, 0)" if known.segments else "0"
    return f"""
        SELECT
            {"".join(f"{moment}, " for moment in others)}
            CASE WHEN is_won THEN {won_at} END AS {won_at}, lead,
            CASE WHEN is_won THEN {stages} ELSE {deepest_open} END AS deepest,
            segment, value, lost_at, reason, lost_alone, last_at,
            NOT is_won AND (says_lost OR ({_lost_by_reason(known)})) AS is_lost,
            was_won AND NOT is_won OR lost_alone = 1 AND NOT says_lost AS contradicts
        FROM (
            SELECT *,
                was_won AND (last_word % {WORDS} = {WORD_WON} OR {is_slip}) AS is_won,
                coalesce(last_word % {WORDS} = {WORD_LOST}, FALSE) AS says_lost
            FROM (
                SELECT *,
                    {was_won} AS was_won,
                    {segment} AS segment,
                    {"" if known.values else "CAST(NULL AS DOUBLE) AS value,"}
                    {lost_at} AS lost_at,
                    {reason} AS reason,
                    {lost_alone(known)} AS lost_alone,
                    {greatest([f"coalesce(t{k}, 0)" for k in range(stages)])} AS last_at
                FROM {_lifted(stages) if known.mixed_clocks else "leads"}
            ) AS said
        ) AS words"""


def _lifted(stages: int) -> str:
    """The leads, where a day without a time is not before a moment of the same day."""
    columns = ["t0"]
    for k in range(1, stages):
        before = greatest([f"t{j}" for j in range(k)])
        columns.append(
            f"CASE WHEN t{k} % {DAY} = 0 AND t{k} < {before} AND t{k} // {DAY} = {before} // {DAY} "
            f"THEN {before} ELSE t{k} END AS t{k}"
        )
    return f"(SELECT * EXCLUDE ({moments(stages)}), {', '.join(columns)} FROM leads) AS leads"


def _before_won(stages: int) -> list[str]:
    return [f"t{k}" for k in range(stages - 1)]


def _lost_by_reason(known: Known) -> str:
    """Whether a reason beside a stage says that the lead was lost there, where no word does."""
    if not known.reasons:
        return "FALSE"
    return (
        f"last_loss IS NOT NULL AND lost_at >= last_at AND coalesce(last_word, 0) < {TODAY * WORDS}"
    )


def word_of(moment: str, stages: int) -> str:
    """What an event says at this moment of what the lead has come to, the later the larger."""
    codes = f"WHEN {LOST} THEN {WORD_LOST} WHEN {stages - 1} THEN {WORD_WON} "
    codes += f"WHEN {OPEN_AGAIN} THEN {WORD_OPEN} "
    return (
        f"CASE WHEN place <> {ELSEWHERE} "
        f"THEN {moment} * {WORDS} + CASE place {codes}ELSE place END END"
    )


def levels(counting: Counting, stages: int, window: int | None, *, told: bool) -> str:
    """The statement for how many stages each journey reached: all its columns, and `level`.

    `window` is the longest time from the first step that counts, in microseconds, or None. The
    journeys are in `journey`; where `told`, the distinct events of all that have a name are in
    `again`, and those that are `undecided` without them are looked up there.
    """
    simple = SIMPLE[counting](stages, window)
    if not told:
        return f"SELECT *, {simple} AS level FROM journey"
    return f"""
        WITH doubtful AS (
            SELECT * FROM again WHERE lead IN (
                SELECT lead FROM journey WHERE {undecided(counting, stages, window)})
        )
        SELECT journey.*, coalesce(told.level, {simple}) AS level
        FROM journey LEFT JOIN ({AGAIN[counting](stages, window)}) AS told
            ON told.lead = journey.lead"""


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


# -- journeys that their first moments tell --------------------------------------------------------


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


# -- journeys that take all their events to tell ---------------------------------------------------


def ordered_again(stages: int, window: int | None) -> str:
    """For each event the latest beginning of a chain that it ends: the best for what follows."""
    chain = "SELECT lead, place, moment, CASE WHEN place = 0 THEN moment END AS s0 FROM doubtful"
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


def strict_again(stages: int, window: int | None) -> str:
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
                        FROM doubtful
                        WINDOW w AS (PARTITION BY lead ORDER BY moment, place)
                    ) AS broken
                ) AS runs
            ) AS begun
            WHERE place < {stages}
            GROUP BY lead, run
        ) AS reached
        GROUP BY lead"""


def in_any_order_again(stages: int, window: int | None) -> str:
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
            SELECT lead, {there} FROM doubtful
            WINDOW w AS (PARTITION BY lead ORDER BY moment {reach})
        ) AS seen
        GROUP BY lead"""


SIMPLE = {
    Counting.DEEPEST: deepest,
    Counting.ORDERED: ordered,
    Counting.STRICT: strict,
    Counting.ANY: in_any_order,
}
AGAIN = {
    Counting.ORDERED: ordered_again,
    Counting.STRICT: strict_again,
    Counting.ANY: in_any_order_again,
}


# -- pieces ----------------------------------------------------------------------------------------


def lost_alone(known: Known) -> str:
    """1 where the loss is an event of its own, not only a reason that a stage comes with."""
    is_alone = "last_loss % 2" if known.reasons else "CASE WHEN last_loss IS NOT NULL THEN 1 END"
    return f"coalesce({is_alone}, 0)"


def moments(stages: int, first: int = 0) -> str:
    return ", ".join(f"t{k}" for k in range(first, stages))


def filled(stages: int) -> str:
    """In how many stages a lead has been."""
    return " + ".join(f"CASE WHEN t{k} IS NULL THEN 0 ELSE 1 END" for k in range(stages))


def until_one_fails(failures: Sequence[str]) -> str:
    """How many stages are reached before the first failure."""
    tests = " ".join(f"WHEN {failure} THEN {k}" for k, failure in enumerate(failures))
    return f"CASE {tests} ELSE {len(failures)} END"


def greatest(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"greatest({', '.join(values)})"


def least(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"least({', '.join(values)})"


def entered(stages: int, place: int) -> str:
    """When a lead that reached a stage entered it: then, or the next time known, or the last."""
    return f"coalesce({moments(stages, place)}{''.join(f', t{k}' for k in reversed(range(place)))})"

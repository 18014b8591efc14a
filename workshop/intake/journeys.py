"""What leads did, as SQL: events become journeys; `stage_counting` counts the stages reached.

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

LOST, ELSEWHERE, OPEN_AGAIN = -1, -2, -3
REASONS, SEGMENTS = 2048, 4096
"""More numbers than reasons, and segments: they share a BIGINT with a moment."""
WORDS, WORD_WON, WORD_LOST, WORD_OPEN = 64, 63, 62, 61
"""More than the stages of a funnel; said at one moment, a win outdoes a loss, a loss a stage."""
DAY = 86_400_000_000
TODAY = 2_240_524_800_000_000
"""The moment of what a file says without a date: after all others, since it is so today."""


@dataclass(frozen=True, slots=True)
class EventFields:
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


def lead_summaries(stages: int, events: str, fields: EventFields) -> str:
    """The statement that gathers the events of each lead; `events` is written after FROM.

    The first segment and the last loss are found as a smallest and a largest number that begins
    with the moment: one pass, where ordering each lead's events would take several. They are
    unpacked when somebody asks (`journeys`): all that is here is kept for every lead.
    """
    columns = {f"t{k}": f"min(CASE WHEN place = {k} THEN moment END)" for k in range(stages)}
    columns["last_loss"] = (
        f"""max(CASE WHEN place = {LOST} OR reason > 0
        THEN coalesce(moment, 0) * {2 * REASONS} + reason * 2
             + CASE WHEN place = {LOST} THEN 1 ELSE 0 END END)"""
        if fields.reasons
        else f"max(CASE WHEN place = {LOST} THEN coalesce(moment, 0) END)"
    )
    if fields.words:
        columns["last_word"] = "max(word)"
    if fields.segments:
        columns["first_segment"] = f"""min(CASE WHEN segment > 0
            THEN coalesce(moment, 0) * {SEGMENTS} + segment END)"""
    if fields.values:
        columns["value"] = "max(value)"
    if not fields.moments:
        columns["deepest_known"] = f"max(CASE WHEN place > {LOST} THEN place + 1 END)"
    selected = ", ".join(f"{value} AS {name}" for name, value in columns.items())
    won_at = f"t{stages - 1}"
    word = "" if fields.words else f", {_word_of_first_moments(stages, fields)} AS last_word"
    return f"""
        SELECT
            {", ".join(dict.fromkeys([*columns, "last_word"]))},
            CASE WHEN events > {filled(stages)} + {lost_alone(fields)}
                   OR {won_at} < {least(_before_won(stages))}
                   OR {won_at} IS NOT NULL AND last_word % {WORDS} <> {WORD_WON}
                 THEN lead END AS lead
        FROM (
            SELECT *{word} FROM (
                SELECT lead, count(*) AS events, {selected}
                FROM {events}
                GROUP BY lead
            ) AS summary
        ) AS leads
        WHERE {stage_known(stages, fields)} OR last_loss IS NOT NULL
        """


def _word_of_first_moments(stages: int, fields: EventFields) -> str:
    """The last word of a lead that entered each stage once, and was lost once at the most."""
    words = [f"t{k} * {WORDS} + {k}" for k in range(stages - 1)]
    words.append(f"t{stages - 1} * {WORDS} + {WORD_WON}")
    lost_at = f"last_loss // {2 * REASONS}" if fields.reasons else "last_loss"
    words.append(f"CASE WHEN {lost_alone(fields)} = 1 THEN {lost_at} * {WORDS} + {WORD_LOST} END")
    return greatest(words)


def stage_known(stages: int, fields: EventFields) -> str:
    """Whether any stage of a lead is known."""
    told = moments(stages) if fields.moments else f"{moments(stages)}, deepest_known"
    return f"coalesce({told}) IS NOT NULL"


def journeys(stages: int, fields: EventFields) -> str:
    """The journeys, from the summaries in `leads`."""
    won_at, others = f"t{stages - 1}", _before_won(stages)
    reached = " ".join(f"WHEN t{k} IS NOT NULL THEN {k + 1}" for k in reversed(range(stages - 1)))
    was_won, is_slip = f"{won_at} IS NOT NULL", f"coalesce({won_at} < {least(others)}, FALSE)"
    deepest_open = f"CASE WHEN was_won THEN {stages - 1} {reached} ELSE 1 END"
    if not fields.moments:
        was_won = f"({was_won} OR deepest_known = {stages})"
        # Where nobody knows when the first stage was entered, that was before the win.
        is_slip = f"(t0 IS NOT NULL AND {is_slip})"
        deepest_open = f"greatest({deepest_open}, least(deepest_known, {stages - 1}))"
    lost_at = f"last_loss // {2 * REASONS}" if fields.reasons else "last_loss"
    reason = f"coalesce(last_loss % {2 * REASONS} // 2, 0)" if fields.reasons else "0"
    segment = f"coalesce(first_segment % {SEGMENTS}, 0)" if fields.segments else "0"
    return f"""
        SELECT
            {"".join(f"{moment}, " for moment in others)}
            CASE WHEN is_won THEN {won_at} END AS {won_at}, lead,
            CASE WHEN is_won THEN {stages} ELSE {deepest_open} END AS deepest,
            segment, value, lost_at, reason, lost_alone, last_at,
            NOT is_won AND (says_lost OR ({_lost_by_reason(fields)})) AS is_lost,
            was_won AND NOT is_won OR lost_alone = 1 AND NOT says_lost AS contradicts
        FROM (
            SELECT *,
                was_won AND (last_word % {WORDS} = {WORD_WON} OR {is_slip}) AS is_won,
                coalesce(last_word % {WORDS} = {WORD_LOST}, FALSE) AS says_lost
            FROM (
                SELECT *,
                    {was_won} AS was_won,
                    {segment} AS segment,
                    {"" if fields.values else "CAST(NULL AS DOUBLE) AS value,"}
                    {lost_at} AS lost_at,
                    {reason} AS reason,
                    {lost_alone(fields)} AS lost_alone,
                    {greatest([f"coalesce(t{k}, 0)" for k in range(stages)])} AS last_at
                FROM {_lifted(stages) if fields.mixed_clocks else "leads"}
            ) AS unpacked
        ) AS ended"""


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


def _lost_by_reason(fields: EventFields) -> str:
    """Whether a reason beside a stage says that the lead was lost there, where no word does."""
    if not fields.reasons:
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


# -- pieces ----------------------------------------------------------------------------------------


def lost_alone(fields: EventFields) -> str:
    """1 where the loss is an event of its own, not only a reason that a stage comes with."""
    is_alone = "last_loss % 2" if fields.reasons else "CASE WHEN last_loss IS NOT NULL THEN 1 END"
    return f"coalesce({is_alone}, 0)"


def moments(stages: int, first: int = 0) -> str:
    return ", ".join(f"t{k}" for k in range(first, stages))


def filled(stages: int) -> str:
    """In how many stages a lead has been."""
    return " + ".join(f"CASE WHEN t{k} IS NULL THEN 0 ELSE 1 END" for k in range(stages))


def greatest(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"greatest({', '.join(values)})"


def least(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"least({', '.join(values)})"


def entered(stages: int, place: int) -> str:
    """When a lead that reached a stage entered it: then, or the next time known, or the last."""
    return f"coalesce({moments(stages, place)}{''.join(f', t{k}' for k in reversed(range(place)))})"

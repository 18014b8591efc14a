"""Why an idea is where it is: its arithmetic in sentences that somebody can follow and check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose, prod

from workshop.analysis import pert
from workshop.analysis.belief import ELSEWHERE, chance_of_success
from workshop.analysis.gains import gain
from workshop.analysis.overlap import Overlap, overlaps
from workshop.analysis.ranking import assumed, effects, expected
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Effect, Idea
from workshop.domain.people import Side
from workshop.wording.figures import (
    a_year,
    count,
    exact_money,
    money,
    percent,
    period,
    range_of_money,
)

MOST_OVERLAPS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an idea stands in the ranking: its range in money a year, its chance of the top 3."""

    p10: float
    p90: float
    p_top3: float


def explanation(
    funnel: Funnel,
    assumptions: Assumptions,
    idea: Idea,
    standing: Standing,
    others: Sequence[Idea] = (),
) -> tuple[str, ...]:
    """The way from the lost prospects to the gain a year, how sure it is, and what overlaps.

    `others` are the ideas of the same ranking; the idea itself may be among them.

    >>> from datetime import UTC, datetime
    >>> from workshop.domain.idea import Estimate, IdeaDraft
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="USD", period_days=365,
    ...     losses={"MQL": {"No follow-up": 210, "No budget": 126}})
    >>> def idea(name, fraction):
    ...     draft = IdeaDraft(name, Estimate(*3 * [fraction]), reason="No follow-up")
    ...     return Idea(name, 1, "", "", draft, datetime.now(UTC))
    >>> a, b = idea("A", .2), idea("B", .3)
    >>> for sentence in explanation(f, Assumptions(), a, Standing(17e3, 36e3, .8), [a, b]):
    ...     print(sentence)
    420 of 700 at MQL drop out, 210 of them for 'No follow-up'.
    The idea wins back 20 % of these: 42.
    At today's later conversion rates 42 more at SQL become 3.15 won deals, worth $25,200 a year.
    Eight times in ten it brings $17k–36k a year.
    Its chance of being among the best three is 80 %.
    'B' goes after the same losses: both together bring $7.6k a year less than their sum.
    """
    seen = assumed(funnel, assumptions)
    beside = [other for other in others if other.id != idea.id]
    own, *theirs = effects([idea, *beside], assumptions)
    return (
        *arithmetic(seen, own, idea, assumptions.turned_out),
        f"Eight times in ten it brings "
        f"{range_of_money(standing.p10, standing.p90, seen.currency)} a year.",
        f"Its chance of being among the best three is {percent(standing.p_top3)}.",
        *shared(seen, own, theirs, [other.draft.title for other in beside]),
    )


def reckoned(success: float) -> str:
    """What is made of management's answer, how many of ten ideas work, given as a fraction.

    >>> reckoned(0.7)
    'You expect 7 of 10 such ideas to work; elsewhere at most 3 did. We reckon with 5.1.'
    """
    elsewhere = int(10 * ELSEWHERE)
    return (
        f"You expect {10 * success:.3g} of 10 such ideas to work; elsewhere at most {elsewhere} "
        f"did. We reckon with {10 * chance_of_success(10 * success):.2g}."
    )


def arithmetic(
    seen: Funnel, own: Effect, idea: Idea, turned_out: float | None = None
) -> tuple[str, ...]:
    """From the lost prospects to the gain a year, a sentence for each step of the way.

    `own` is what the idea will probably do, one of `ranking.effects`; `turned_out` how much of
    earlier estimates has come true, where that is reckoned with.
    """
    step = seen.steps[idea.step]
    reason, segment = idea.draft.reason, idea.draft.segment
    lost, mean = step.lost_to(reason, segment), pert.mean(own.recovers)
    rescued = lost * mean
    sentences = [
        whom(step, reason, segment),
        *differing(idea),
        how_much(idea, lost * pert.mean(expected(idea))),
    ]
    if own.recovers != expected(idea):
        sentences.append(
            "Estimates are rough, so each is moved toward the average of the others; and "
            f"{came_true(turned_out)}. We count on {percent(mean)}: {number(rescued)}."
        )
    if own.success < 1:
        rescued *= own.success
        sentences.append(
            f"Of ten such ideas we reckon that {10 * own.success:.2g} work: on average that leaves "
            f"{number(rescued)}."
        )
    arriving = seen.entrants * prod(before.rate for before in seen.steps[: idea.step])
    if step.entered and not isclose(arriving, step.entered):
        rescued *= arriving / step.entered
        sentences.append(
            f"These were counted on {count(step.entered)} at {step.source}; of today's "
            f"{count(seen.entrants)} at {seen.stages[0]}, {number(arriving)} get here: "
            f"{number(rescued)}."
        )
    if own.quality < 1:
        sentences.append(
            f"Recovered prospects close {percent(own.quality)} as well as ordinary ones."
        )
    return (*sentences, won(seen, own, idea.step, rescued))


def came_true(turned_out: float | None) -> str:
    """How much of what is estimated comes true: elsewhere, or here where that is known.

    >>> came_true(0.782)
    'of what was estimated here before, 78 % came true'
    """
    if turned_out is None:
        return "plans to sell more usually bring about three quarters of what was set out"
    return f"of what was estimated here before, {percent(max(turned_out, 0.0))} came true"


def whom(step: Step, reason: str | None, segment: str | None) -> str:
    """Whom the idea goes after, of all that the step loses.

    >>> step = Step("MQL", "SQL", 700, 280, {"No budget": 126},
    ...     segments={"Search": {"No budget": 60, "": 40}})
    >>> whom(step, "No budget", "Search")
    "420 of 700 at MQL drop out, 126 of them for 'No budget'; 60 of these are in 'Search'."
    """
    lost = f"{count(step.lost)} of {count(step.entered)} at {step.source} drop out"
    within = count(step.lost_to(reason, segment))
    if reason is None:
        if segment is None:
            return f"{lost}; the idea goes after all of them."
        return f"{lost}, {within} of them in '{segment}'."
    to_reason = f"{lost}, {count(step.lost_to(reason))} of them for '{reason}'"
    if segment is None:
        return f"{to_reason}."
    return f"{to_reason}; {within} of these are in '{segment}'."


def differing(idea: Idea) -> tuple[str, ...]:
    """A sentence where the sides of the mini-team expect different things, else none."""
    if not differ(idea):
        return ()
    first, rest = who_expects(idea).split(" ", 1)
    return (f"{first.capitalize()} expects {rest}; the ranking pools them.",)


def differ(idea: Idea) -> bool:
    """Whether the sides of the mini-team hold different shares likely."""
    return len({estimate.likely for estimate in idea.beliefs}) > 1


def who_expects(idea: Idea) -> str:
    """What each side holds likely; nothing where nobody knows whose estimate it is.

    >>> from datetime import UTC, datetime
    >>> from workshop.domain.idea import Estimate, IdeaDraft
    >>> low, high = Estimate(.05, .1, .2), Estimate(.15, .3, .5)
    >>> both = ((Side.MARKETING, high), (Side.SALES, low))
    >>> who_expects(Idea("a", 0, "", "", IdeaDraft("A", high), datetime.now(UTC), estimates=both))
    'sales 10 %, marketing 30 %'
    """
    said = dict(idea.estimates)
    return ", ".join(f"{side} {percent(said[side].likely)}" for side in Side if side in said)


def how_much(idea: Idea, rescued: float) -> str:
    """The estimate as one figure, or with its range where it has one, and what it comes to."""
    recovers = expected(idea)
    mean = percent(pert.mean(recovers))
    if recovers.low == recovers.high:
        return f"The idea wins back {mean} of these: {number(rescued)}."
    return (
        f"The idea wins back {percent(recovers.low)} to {percent(recovers.high)} of these, most "
        f"likely {percent(recovers.likely)}: on average {mean}, or {number(rescued)}."
    )


def won(seen: Funnel, own: Effect, step: int, rescued: float) -> str:
    """What becomes of the rescued, in won deals and in money."""
    after = seen.steps[step + 1 :]
    deals = number(rescued * prod(later.rate for later in after) * own.quality)
    often = period(seen.period_days)
    worth = a_year(gain(seen, own), seen.period_days)
    each = "" if often == "a year" else f" {often}"
    money_a_year = f"worth {exact_money(worth, seen.currency)} a year."
    if not after:
        return f"That is {deals} more won deals{each}, {money_a_year}"
    target = seen.steps[step].target
    return (
        f"At today's later conversion rates {number(rescued)} more at {target} become {deals} won "
        f"deals{each}, "
        f"{money_a_year}"
    )


def shared(
    seen: Funnel, own: Effect, others: Sequence[Effect], titles: Sequence[str]
) -> tuple[str, ...]:
    """The ideas that go after the same losses, and what is counted twice, most first."""
    found = [
        (a_year(pair.twice, seen.period_days), title)
        for other, title in zip(others, titles, strict=True)
        for pair in overlaps(seen, [own, other])
    ]
    found.sort(key=lambda pair: -pair[0])
    told = [
        f"'{title}' goes after the same losses: both together bring "
        f"{money(twice, seen.currency)} a year less than their sum."
        for twice, title in found[:MOST_OVERLAPS]
    ]
    if len(found) > MOST_OVERLAPS:
        told.append(f"{len(found) - MOST_OVERLAPS} more go after the same losses.")
    return tuple(told)


def twice_counted(seen: Funnel, ideas: Sequence[Idea], found: Overlap) -> str:
    """A warning for ideas that go after the same losses; `ideas` are those `found` points to."""
    own = [ideas[k] for k in found.ideas]
    titles = [f"'{idea.draft.title}'" for idea in own]
    alone, together, twice = (
        money(a_year(worth, seen.period_days), seen.currency)
        for worth in (found.alone, found.together, found.twice)
    )
    return (
        f"{', '.join(titles[:-1])} and {titles[-1]} go after the same losses at "
        f"{seen.steps[own[0].step].name}. Added up they bring {alone} a year, together {together}: "
        f"{twice} would be counted twice."
    )


def number(expected: float) -> str:
    """An expected number of people or deals: three digits of it, no idle noughts.

    >>> number(42.0), number(3.15), number(54.27), number(1234.5), number(0.001)
    ('42', '3.15', '54.3', '1,234', '< 0.01')
    """
    if 0 < expected < 0.005:
        return "< 0.01"
    places = 0 if expected >= 100 else 1 if expected >= 10 else 2
    said = f"{expected:,.{places}f}"
    return said.rstrip("0").rstrip(".") if places else said

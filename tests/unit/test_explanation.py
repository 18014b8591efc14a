"""The arithmetic of an idea, in sentences that can be checked with a pocket calculator."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workshop.analysis.explanation import Standing, arithmetic, explanation, twice_counted
from workshop.analysis.overlap import overlaps
from workshop.analysis.ranking import as_estimated, effects
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Estimate, Idea, IdeaDraft
from workshop.domain.people import Side

AS_IT_IS = Assumptions()
STANDING = Standing(0.0, 30_000.0, 0.5)


def idea(name: str, step: int, reason: str | None, *marks: float) -> Idea:
    draft = IdeaDraft(name, Estimate(*(marks if marks[1:] else 3 * marks)), reason=reason)
    return Idea(name, step, "", "", draft, datetime.now(UTC))


def arithmetic_of(funnel: Funnel, assumptions: Assumptions, one: Idea) -> tuple[str, ...]:
    """The arithmetic of an idea that stands alone."""
    [own] = effects([one], assumptions)
    return arithmetic(funnel, own, one)


A, B = idea("A", 1, "No follow-up", 0.2), idea("B", 1, "No follow-up", 0.3)


def test_an_estimate_with_a_range_is_told_with_what_it_means_on_average(funnel: Funnel) -> None:
    _, how_much, worth = arithmetic_of(
        funnel, AS_IT_IS, idea("A", 1, "No follow-up", 0.05, 0.1, 0.25)
    )
    assert how_much == (
        "The idea wins back 5 % to 25 % of these, most likely 10 %: on average 12 %, or 24.5."
    )
    assert worth.endswith("24.5 more at SQL become 1.84 won deals, worth $14,700 a year.")


def test_where_the_sides_differ_it_says_so_and_goes_on_with_the_pool(funnel: Funnel) -> None:
    sales, marketing = Estimate(0.05, 0.1, 0.2), Estimate(0.15, 0.3, 0.5)
    both = replace(A, estimates=((Side.MARKETING, marketing), (Side.SALES, sales)))
    told = arithmetic_of(funnel, AS_IT_IS, both)
    assert told[1:3] == (
        "Sales expects 10 %, marketing 30 %; the ranking pools them.",
        "The idea wins back 5 % to 50 % of these, most likely 18 %: on average 21 %, or 43.8.",
    )
    assert told[-1].endswith("worth $26,250 a year.")


def test_sides_that_agree_are_not_told_apart(funnel: Funnel) -> None:
    same = Estimate(0.2, 0.2, 0.2)
    agreed = replace(A, estimates=((Side.MARKETING, same), (Side.SALES, same)))
    assert arithmetic_of(funnel, AS_IT_IS, agreed) == arithmetic_of(funnel, AS_IT_IS, A)


def test_the_last_step_wins_deals_at_once(funnel: Funnel) -> None:
    assert arithmetic_of(funnel, AS_IT_IS, idea("D", 3, None, 0.1)) == (
        "63 of 84 at Opportunity drop out; the idea goes after all of them.",
        "The idea wins back 10 % of these: 6.3.",
        "That is 6.3 more won deals, worth $50,400 a year.",
    )


def test_chance_and_quality_are_said_where_they_count(funnel: Funnel) -> None:
    sentences = arithmetic_of(funnel, Assumptions(quality=0.8, success=0.5), A)
    assert sentences[2:] == (
        "Estimates are rough, so each is moved toward the average of the others; and plans to sell "
        "more usually bring about three quarters of what was set out. We count on 15 %: 32.3.",
        "Of ten such ideas we reckon that 4.1 work: on average that leaves 13.4.",
        "Recovered prospects close 80 % as well as ordinary ones.",
        "At today's later conversion rates 13.4 more at SQL become 0.8 won deals, "
        "worth $6,430 a year.",
    )


def test_another_period_is_said_of_the_deals_and_the_money_is_by_the_year(funnel: Funnel) -> None:
    quarter = replace(funnel, period_days=91)
    assert arithmetic_of(quarter, AS_IT_IS, A)[-1] == (
        "At today's later conversion rates 42 more at SQL become 3.15 won deals a quarter, "
        "worth $101,077 a year."
    )


def test_a_step_counted_on_another_cohort_is_brought_to_todays(funnel: Funnel) -> None:
    lead, mql, *rest = funnel.steps
    double = Step(mql.source, mql.target, 1400, 560, {"No follow-up": 420})
    sentences = arithmetic_of(replace(funnel, steps=(lead, double, *rest)), AS_IT_IS, A)
    assert sentences[1:] == (
        "The idea wins back 20 % of these: 84.",
        "These were counted on 1,400 at MQL; of today's 2,000 at Lead, 700 get here: 42.",
        "At today's later conversion rates 42 more at SQL become 3.15 won deals, "
        "worth $25,200 a year.",
    )


def test_managements_own_deal_value_counts(funnel: Funnel) -> None:
    told = explanation(funnel, Assumptions(deal_value=16_000), A, STANDING)
    assert "worth $50,400 a year" in told[2]


def test_many_overlaps_are_told_by_the_worst_three(funnel: Funnel) -> None:
    others = [idea(f"{n}", 1, "No follow-up", n / 10) for n in (1, 5, 3, 4)]
    told = explanation(funnel, AS_IT_IS, A, STANDING, [A, *others, idea("D", 3, None, 0.1)])
    assert [sentence[:3] for sentence in told[5:8]] == ["'5'", "'4'", "'3'"]
    assert told[8:] == ("1 more go after the same losses.",)


@pytest.mark.parametrize("step", [Step("A", "B", 0, 0), Step("A", "B", 10, 10)])
def test_where_nothing_is_lost_nothing_is_won(step: Step) -> None:
    empty = Funnel((step,), 8000, "USD", 365)
    assert arithmetic_of(empty, AS_IT_IS, idea("D", 0, None, 0.1))[-1] == (
        "That is 0 more won deals, worth $0 a year."
    )


def test_a_warning_says_whose_losses_and_how_much(funnel: Funnel) -> None:
    ideas = [A, idea("D", 3, None, 0.1), B]
    [found] = overlaps(funnel, [as_estimated(one, AS_IT_IS) for one in ideas])
    assert twice_counted(funnel, ideas, found) == (
        "'A' and 'B' go after the same losses at MQL → SQL. Added up they bring $63k a year, "
        "together $55k: $7.6k would be counted twice."
    )

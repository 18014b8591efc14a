"""The best plan from the workshop's records."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.funnels import estimates
from workshop.analysis.planning import BestPlan, best_plan, names, plan_today, plans_by_capacity
from workshop.analysis.portfolio import Infeasible
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Choice, Condition, Demand
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Estimate, Idea, IdeaDraft

SOME = Estimate(0.1, 0.2, 0.4)


def idea(
    id_: str, step: int, fraction: float, reason: str | None, sales: float, **state: object
) -> Idea:
    draft = IdeaDraft(f"Idea {id_}", Estimate(*3 * [fraction]), "", reason, sales, 1)
    return Idea(id_, step, "", "", draft, datetime.now(UTC), **state)  # type: ignore[arg-type]


A = idea("A", 1, 0.2, "No follow-up", 5)
B = idea("B", 1, 0.3, "No follow-up", 8)
C = idea("C", 1, 0.1, "No budget", 2)
D = idea("D", 3, 0.1, None, 10)
IDEAS = [A, B, C, D]


def plan(funnel: Funnel, choice: Choice, ideas: list[Idea] | None = None) -> BestPlan:
    return best_plan(funnel, Assumptions(), ideas or IDEAS, choice)


def test_without_limits_all_ideas_are_in_the_plan(funnel: Funnel) -> None:
    best = plan(funnel, Choice())
    assert best.chosen == ("A", "B", "C", "D")
    assert best.gain == pytest.approx(132_300)
    assert best.effort == {"sales": 25, "marketing": 4}
    assert best.shadow_price == {"sales": 0, "marketing": 0}
    assert best.proven_optimal


def test_capacity_decides_and_the_next_day_has_its_worth(funnel: Funnel) -> None:
    best = plan(funnel, Choice(days_sales=15, days_marketing=10))
    assert best.chosen == ("A", "D")
    assert best.gain == pytest.approx(83_160)
    assert best.capacity == {"sales": 15, "marketing": 10}
    assert best.shadow_price["marketing"] == 0
    assert best.p10 < best.gain < best.p90


def test_money_is_by_the_year(funnel: Funnel) -> None:
    half = best_plan(funnel, Assumptions(period_days=73), IDEAS, Choice())
    assert half.gain == pytest.approx(5 * 132_300)


def test_banned_pinned_required_and_excluded_ideas(funnel: Funnel) -> None:
    limited = {"days_sales": 15.0, "days_marketing": 10.0}

    def under(*conditions: Condition) -> tuple[str, ...]:
        return plan(funnel, Choice(**limited, conditions=conditions)).chosen

    assert "D" not in under(Condition(Demand.BAN, "D"))
    assert "C" in under(Condition(Demand.MUST, "C"))
    assert under(Condition(Demand.REQUIRES, "A", "B")) == ("A", "B", "C")
    assert under(Condition(Demand.EXCLUDES, "A", "D")) == ("A", "B", "C")


def test_what_does_not_fit_comes_back_as_a_sentence(funnel: Funnel) -> None:
    with pytest.raises(Infeasible, match="'Idea D' must be in the plan and needs 10 days of sales"):
        plan(funnel, Choice(days_sales=5, conditions=(Condition(Demand.MUST, "D"),)))


def test_what_is_asked_of_a_merged_idea_is_asked_of_the_one_it_went_into(funnel: Funnel) -> None:
    merged = idea("E", 1, 0.1, "No follow-up", 1, merged_into="C")
    asked = Choice(15, 10, (Condition(Demand.MUST, "E"), Condition(Demand.EXCLUDES, "C", "E")))
    assert "C" in plan(funnel, asked, [*IDEAS, merged]).chosen


def test_a_withdrawn_idea_is_asked_for_nothing_and_is_missed(funnel: Funnel) -> None:
    gone = idea("E", 1, 0.1, "No follow-up", 1, withdrawn=True)
    asked = Choice(conditions=(Condition(Demand.MUST, "E"), Condition(Demand.REQUIRES, "D", "E")))
    assert plan(funnel, asked, [*IDEAS, gone]).chosen == ("A", "B", "C")


def test_without_ideas_the_plan_is_empty(funnel: Funnel) -> None:
    best = best_plan(funnel, Assumptions(), [], Choice(10, 10))
    assert (best.chosen, best.gain, best.p10, best.p90) == ((), 0, 0, 0)


def test_ideas_of_one_title_are_told_apart() -> None:
    twins = [idea(id_, 1, 0.1, None, 1, withdrawn=id_ == "one") for id_ in ("one", "two", "six")]
    same = [
        Idea(i.id, 1, "", "", IdeaDraft("Call", SOME), i.created_at, i.withdrawn) for i in twins
    ]
    assert names(same) == {"two": "Call", "six": "Call (2)", "one": "Call (3)"}


GUESS = Idea(
    "G",
    1,
    "",
    "",
    IdeaDraft("Idea G", Estimate(0.1, 0.4, 0.9), "", "No follow-up", 10, 0),
    datetime.now(UTC),
)


def test_the_choice_trusts_an_estimate_that_stands_out_less(funnel: Funnel) -> None:
    limits, ideas = Choice(days_sales=10, days_marketing=10), [A, B, C, GUESS]
    # As estimated G wins back .433 of "No follow-up".
    assert plan(funnel, limits, ideas).chosen == ("G",)
    best = best_plan(funnel, Assumptions(success=0.5), ideas, limits)
    assert best.chosen == ("B", "C")
    assert best.as_estimated == pytest.approx(45_360)
    assert best.gain < 0.51 * best.as_estimated


def test_banned_ideas_still_say_how_the_others_stand_out(funnel: Funnel) -> None:
    banned = Choice(10, 10, tuple(Condition(Demand.BAN, one) for one in "ABC"))
    best = best_plan(funnel, Assumptions(success=1.0), [A, B, C, GUESS], banned)
    assert best.chosen == ("G",)
    # .4333 of 126,000 as estimated, and less beside the others.
    assert best.as_estimated == pytest.approx(54_600)
    assert best.gain < 0.8 * best.as_estimated


def test_credit_adds_up_to_the_gain(funnel: Funnel) -> None:
    best = plan(funnel, Choice())
    credit = {"A": 24_444, "B": 38_934, "C": 8_694, "D": 60_228}
    assert best.credit == pytest.approx(credit)
    assert sum(best.credit.values()) == pytest.approx(best.gain)


def test_the_plan_is_drawn_from_nothing_to_half_as_much_again(funnel: Funnel) -> None:
    choice = Choice(days_sales=10, days_marketing=10)
    drawn = plans_by_capacity(funnel, Assumptions(), IDEAS, choice)
    assert [round(each.share, 1) for each in drawn] == [tenth / 10 for tenth in range(16)]
    assert drawn[0].chosen == ()
    assert drawn[10].chosen == plan(funnel, choice).chosen == ("D",)
    assert drawn[15].capacity == {"sales": 15, "marketing": 15}
    assert drawn[15].gain == pytest.approx(83_160)


def test_where_no_side_has_a_limit_the_plan_grows_to_all_ideas(funnel: Funnel) -> None:
    drawn = plans_by_capacity(funnel, Assumptions(), IDEAS, Choice())
    assert drawn[-1].capacity == {"sales": 25, "marketing": 4}
    assert drawn[-1].chosen == ("A", "B", "C", "D")
    one_sided = plans_by_capacity(funnel, Assumptions(), IDEAS, Choice(days_sales=15))
    assert one_sided[10].capacity == {"sales": 15, "marketing": float("inf")}


def test_what_must_be_in_leaves_out_capacities_that_are_too_small(funnel: Funnel) -> None:
    must = Choice(10, 10, (Condition(Demand.MUST, "D"),))
    drawn = plans_by_capacity(funnel, Assumptions(), IDEAS, must)
    assert [round(each.share, 1) for each in drawn] == [1, 1.1, 1.2, 1.3, 1.4, 1.5]
    assert plan_today(funnel, Assumptions(), IDEAS, Choice(5, 5, must.conditions)) is None


def test_many_ideas_are_drawn_at_fewer_capacities_and_today_is_among_them(funnel: Funnel) -> None:
    many = [idea(f"{number:02}", number % 4, 0.1, None, 1 + number % 7) for number in range(40)]
    drawn = plans_by_capacity(funnel, Assumptions(), many, Choice(20, 20))
    assert [each.share for each in drawn] == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5]


@examples(10)
@given(st.lists(st.tuples(estimates(), st.integers(0, 9)), max_size=6), st.integers(1, 20))
def test_more_capacity_never_brings_less(told: list[tuple[Estimate, int]], days: int) -> None:
    steps = (Step("Lead", "MQL", 700, 280, {"price": 210}), Step("MQL", "Won", 84, 21))
    ideas = [
        Idea(str(k), k % 2, "", "", IdeaDraft(str(k), each, "", None, effort), datetime.now(UTC))
        for k, (each, effort) in enumerate(told)
    ]
    funnel = Funnel(steps, 8000, "EUR", 365)
    drawn = plans_by_capacity(funnel, Assumptions(), ideas, Choice(days, 0))
    for less, more in pairwise(drawn):
        assert more.gain >= less.gain * (1 - 1e-6)
    for each in drawn:
        efforts = [idea.draft.days_sales for idea in ideas if idea.id in each.chosen]
        assert sum(efforts) <= each.capacity["sales"] + 1e-6

"""The best plan from the workshop's records."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workshop.choice import Choice, Condition, Demand
from workshop.model import Assumptions, Estimate, Funnel, Idea, IdeaDraft
from workshop.planning import BestPlan, best_plan, names
from workshop.portfolio import Infeasible

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

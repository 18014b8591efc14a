from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.funnels import funnels_with_ideas
from workshop.analysis.conversion import revenue
from workshop.analysis.gains import gain, joint_gain
from workshop.analysis.portfolio import (
    Infeasible,
    Plan,
    choose,
    choose_within,
    outer_approximation,
    shrunk,
)
from workshop.analysis.portfolio.log_revenue import LogRevenue
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Candidate, Effect, Estimate, Lever

Pairs = Sequence[tuple[str, str]]


def certain(fraction: float) -> Estimate:
    return Estimate(fraction, fraction, fraction)


def idea(name: str, step: int, fraction: float, reason: str | None, **effort: float) -> Candidate:
    return Candidate(name, Effect(step, certain(fraction), reason), effort)


A = idea("A", 1, 0.2, "No follow-up", sales=5)
B = idea("B", 1, 0.3, "No follow-up", sales=8)
C = idea("C", 1, 0.1, "No budget", sales=2)
D = idea("D", 3, 0.1, None, sales=10)
ALL = [A, B, C, D]


def gain_of(f: Funnel, ideas: Sequence[Candidate], chosen: Sequence[str]) -> float:
    return joint_gain(f, [each.effect for each in ideas if each.name in chosen])


def allowed(
    ideas: Sequence[Candidate],
    names: set[str],
    capacity: Mapping[str, float],
    requires: Pairs = (),
    excludes: Pairs = (),
    must: Sequence[str] = (),
) -> bool:
    taken = [each for each in ideas if each.name in names]
    return (
        all(
            sum(each.effort.get(department, 0) for each in taken) <= days + 1e-9
            for department, days in capacity.items()
        )
        and all(one not in names or other in names for one, other in requires)
        and not any(one in names and other in names for one, other in excludes)
        and names >= set(must)
    )


def best_by_trying_all(
    f: Funnel,
    ideas: Sequence[Candidate],
    capacity: Mapping[str, float],
    requires: Pairs = (),
    excludes: Pairs = (),
    must: Sequence[str] = (),
) -> float | None:
    """The largest joint gain of all sets that are allowed; None where there is no such set."""
    sets = (
        {each.name for each, taken in zip(ideas, choice, strict=True) if taken}
        for choice in product([False, True], repeat=len(ideas))
    )
    return max(
        (
            gain_of(f, ideas, list(names))
            for names in sets
            if allowed(ideas, names, capacity, requires, excludes, must)
        ),
        default=None,
    )


def drawn_at_random(seed: int) -> tuple[Funnel, list[Candidate], dict[str, float], Pairs, Pairs]:
    """Up to nine ideas of any kind and rules between them; in every fifth case nobody has won."""
    stream = np.random.default_rng(seed)
    f = Funnel.from_counts(
        {"Lead": 900, "MQL": 150 * (seed % 2), "Won": 0}
        if seed % 5 == 0
        else {"Lead": 900, "MQL": 300, "SQL": 170, "Won": 40},
        deal_value=500,
        currency="EUR",
        period_days=90,
        losses={"Lead": {"price": 200, "no answer": 350}} if seed % 5 else None,
    )
    count = int(stream.integers(1, 10))

    def effect() -> Effect:
        estimate = Estimate(*np.sort(stream.random(3)).tolist())
        quality, success = stream.choice([1.0, 0.7, 0.3]), stream.choice([1.0, 0.5])
        lever = stream.choice([Lever.CONVERSION, Lever.CONVERSION, *Lever])
        if lever != Lever.CONVERSION:
            return Effect(None, estimate, quality=quality, success=success, lever=Lever(lever))
        step = int(stream.integers(len(f.steps)))
        reasons = [None, *f.steps[step].losses]
        reason = reasons[stream.integers(len(reasons))]
        return Effect(step, estimate, reason, quality, success)

    def days() -> float:
        return float(stream.integers(40)) / 4

    def pairs() -> Pairs:
        drawn = stream.integers(count, size=(2, 2)).tolist()
        return [(f"idea {a}", f"idea {b}") for a, b in drawn if a != b]

    ideas = [
        Candidate(f"idea {k}", effect(), {"sales": days(), "marketing": days()})
        for k in range(count)
    ]
    return f, ideas, {"sales": 2 * days(), "marketing": 2 * days()}, pairs(), pairs()


@pytest.mark.parametrize(
    ("days", "chosen", "gained"),
    [
        (1, (), 0),
        (2, ("C",), 7_560),
        (10, ("D",), 50_400),
        (15, ("A", "D"), 83_160),
        (17, ("A", "C", "D"), 92_988),
        (18, ("B", "D"), 99_540),
        (25, ("A", "B", "C", "D"), 132_300),
    ],
)
def test_the_worked_example_has_its_best_plans(
    funnel: Funnel, days: float, chosen: tuple[str, ...], gained: float
) -> None:
    plan = choose(funnel, ALL, {"sales": days})
    assert plan.chosen == chosen
    assert plan.gain == pytest.approx(gained)
    assert plan.proven_optimal
    assert plan.gap == 0


def test_a_shadow_price_is_what_one_more_day_brings(funnel: Funnel) -> None:
    assert choose(funnel, ALL, {"sales": 17}).shadow_price == {
        "sales": pytest.approx(99_540 - 92_988)
    }
    assert choose(funnel, ALL, {"sales": 18}).shadow_price == {"sales": 0}
    assert choose(funnel, ALL, {"sales": 100, "IT": 0}).shadow_price == {"sales": 0, "IT": 0}


def test_two_ideas_on_one_reason_are_worth_less_to_a_plan_than_their_sum(funnel: Funnel) -> None:
    first, second = (idea(name, 1, 0.8, "No follow-up", sales=5) for name in ("first", "second"))
    elsewhere = idea("elsewhere", 3, 0.1, None, sales=5)
    assert gain(funnel, second.effect) > gain(funnel, elsewhere.effect)
    plan = choose(funnel, [first, second, elsewhere], {"sales": 10})
    assert plan.chosen == ("first", "elsewhere")


@pytest.mark.parametrize("seed", range(80))
def test_no_allowed_set_gains_more_than_the_plan(seed: int) -> None:
    f, ideas, capacity, requires, excludes = drawn_at_random(seed)
    plan = choose(f, ideas, capacity, requires, excludes)
    assert allowed(ideas, set(plan.chosen), capacity, requires, excludes)
    assert plan.gain == gain_of(f, ideas, plan.chosen)
    assert plan.gain == pytest.approx(best_by_trying_all(f, ideas, capacity, requires, excludes))
    assert plan.proven_optimal


@pytest.mark.parametrize("seed", range(80, 110))
def test_a_plan_contains_its_musts_or_says_why_not(seed: int) -> None:
    f, ideas, capacity, requires, excludes = drawn_at_random(seed)
    must = [each.name for each in ideas[:2]]
    best = best_by_trying_all(f, ideas, capacity, requires, excludes, must)
    if best is None:
        with pytest.raises(Infeasible):
            choose(f, ideas, capacity, requires, excludes, must)
    else:
        plan = choose(f, ideas, capacity, requires, excludes, must)
        assert allowed(ideas, set(plan.chosen), capacity, requires, excludes, must)
        assert plan.gain == pytest.approx(best)


@pytest.mark.parametrize("seed", range(110, 150))
def test_the_search_in_whole_numbers_finds_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outer_approximation, "LONGEST", 0)
    f, ideas, capacity, requires, excludes = drawn_at_random(seed)
    plan = choose(f, ideas, capacity, requires, excludes)
    assert plan.gain == pytest.approx(best_by_trying_all(f, ideas, capacity, requires, excludes))
    assert plan.proven_optimal


@pytest.mark.parametrize("seed", range(150, 170))
def test_a_plan_that_ran_out_of_time_says_how_much_may_be_missing(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outer_approximation, "LONGEST", 0)
    f, ideas, capacity, requires, excludes = drawn_at_random(seed)
    plan = choose(f, ideas, capacity, requires, excludes, seconds=0)
    best = best_by_trying_all(f, ideas, capacity, requires, excludes)
    assert best is not None
    assert allowed(ideas, set(plan.chosen), capacity, requires, excludes)
    assert plan.proven_optimal == (plan.gap == 0)
    assert plan.gain <= best * (1 + 1e-9) <= (plan.gain + plan.gap) * (1 + 1e-6) + 1e-6


@examples(10)
@given(case=funnels_with_ideas(), data=st.data())
def test_the_plan_is_the_best_for_any_funnel(
    case: tuple[Funnel, list[Effect]], data: st.DataObject
) -> None:
    f, effects = case
    days = st.integers(0, 5).map(float)
    ideas = [
        Candidate(str(k), effect, {"sales": data.draw(days)}) for k, effect in enumerate(effects)
    ]
    capacity = {"sales": data.draw(days)}
    plan = choose(f, ideas, capacity)
    best = best_by_trying_all(f, ideas, capacity)
    assert best is not None
    assert plan.gain == pytest.approx(best, rel=1e-6, abs=1e-9 * (revenue(f) + 1))
    assert plan.effort["sales"] <= capacity["sales"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_ideas_does_not_matter(seed: int) -> None:
    f, ideas, capacity, requires, excludes = drawn_at_random(seed)
    forth = choose(f, ideas, capacity, requires, excludes)
    back = choose(f, ideas[::-1], capacity, requires[::-1], excludes[::-1])
    assert forth.chosen == back.chosen[::-1]
    assert forth.gain == pytest.approx(back.gain)
    assert forth.shadow_price == pytest.approx(back.shadow_price)


def test_many_equal_ideas_are_no_trouble(funnel: Funnel) -> None:
    ideas = [idea(f"{k:02}", k % 4, 0.1, None, sales=3, marketing=2) for k in range(40)]
    plan = choose(funnel, ideas, {"sales": 25, "marketing": 30})
    best = max(
        joint_gain(funnel, [ideas[step].effect for step, n in enumerate(times) for _ in range(n)])
        for times in product(range(9), repeat=4)
        if sum(times) == 8
    )
    assert plan.gain == pytest.approx(best)
    assert plan.proven_optimal


def test_better_quality_is_preferred_at_the_same_effort(funnel: Funnel) -> None:
    poor, good = (
        Candidate(name, Effect(1, certain(0.3), "No follow-up", quality), {"sales": 3})
        for name, quality in (("poor", 0.5), ("good", 0.9))
    )
    plan = choose(funnel, [poor, good], {"sales": 3})
    assert plan.chosen == ("good",)
    assert plan.gain == pytest.approx(0.9 * 37_800)
    assert plan.proven_optimal


def test_a_prerequisite_comes_along_or_the_idea_stays(funnel: Funnel) -> None:
    crm = idea("CRM", 0, 0, None, sales=4)
    wide = choose(funnel, [A, crm], {"sales": 9}, requires=[("A", "CRM")])
    tight = choose(funnel, [A, crm], {"sales": 8}, requires=[("A", "CRM")])
    assert wide.chosen == ("A", "CRM")
    assert wide.effort == {"sales": 9}
    assert tight.chosen == ()


def test_ideas_that_require_each_other_come_together(funnel: Funnel) -> None:
    both = [("A", "C"), ("C", "A")]
    assert choose(funnel, ALL, {"sales": 7}, requires=both).chosen == ("A", "C")
    assert choose(funnel, [A, C], {"sales": 6}, requires=both).chosen == ()


def test_what_requires_a_banned_idea_is_banned_too(funnel: Funnel) -> None:
    without_c = [A, B, D]
    plan = choose(funnel, without_c, {"sales": 25}, requires=[("A", "C")], excludes=[("B", "C")])
    assert plan.chosen == ("B", "D")


def test_only_one_of_two_ideas_that_exclude_each_other_is_chosen(funnel: Funnel) -> None:
    assert choose(funnel, ALL, {"sales": 25}, excludes=[("B", "D")]).chosen == ("A", "C", "D")


def test_a_must_stays_in_though_something_else_would_gain_more(funnel: Funnel) -> None:
    assert choose(funnel, ALL, {"sales": 10}, must=["C"]).chosen == ("B", "C")


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (
            {"must": ["B", "D"]},
            "'B' and 'D' must be in the plan and need 18 days of sales; its capacity is 15 days, "
            "3 days too few",
        ),
        (
            {"must": ["A"], "requires": [("A", "B"), ("B", "C")], "capacity": {"sales": 14}},
            "'A', 'B' and 'C' must be in the plan and need 15 days of sales; its capacity is 14 "
            "days, 1 day too few",
        ),
        (
            {"must": ["E"]},
            "'E' must be in the plan, but it is not among the ideas to choose from; allow it or "
            "do without it",
        ),
        (
            {"must": ["A"], "requires": [("A", "E")]},
            "'A' must be in the plan and requires 'E', which is not among the ideas to choose "
            "from; allow 'E' or do without 'A'",
        ),
        (
            {"must": ["A", "C"], "excludes": [("A", "C")]},
            "'A' and 'C' exclude each other, but both must be in the plan; give up one of them",
        ),
        (
            {"must": ["A"], "requires": [("A", "C")], "excludes": [("A", "C")]},
            "'A' and 'C' exclude each other, but both must be in the plan because 'A' requires "
            "'C'; give up one of them",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    funnel: Funnel, ask: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Infeasible) as refusal:
        choose(funnel, ALL, **{"capacity": {"sales": 15}, **ask})  # type: ignore[arg-type]
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("ideas", "capacity", "ask", "sentence"),
    [
        ([A, A], {"sales": 5}, {}, "2 ideas are called 'A'; each needs a name of its own"),
        ([A], {"sales": -1}, {}, "the capacity of sales is -1; it must be 0 days or more"),
        (
            [A],
            {"marketing": 9},
            {},
            "'A' needs 5 days of sales, whose capacity is not given; give it, 0 if it has none",
        ),
        (
            [A],
            {"sales": 9},
            {"excludes": [("A", "A")]},
            "'A' cannot exclude itself; name another idea",
        ),
        (
            [idea("A", 7, 0.1, None)],
            {},
            {},
            "the step is 7; this funnel has the steps 0 to 3",
        ),
    ],
)
def test_nonsense_is_refused(
    funnel: Funnel,
    ideas: list[Candidate],
    capacity: dict[str, float],
    ask: dict[str, list[tuple[str, str]]],
    sentence: str,
) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the sentence is compared below
        choose(funnel, ideas, capacity, **ask)  # type: ignore[arg-type]
    assert str(refusal.value) == sentence


def nothing(capacity: Mapping[str, float]) -> Plan:
    return Plan((), 0, dict.fromkeys(capacity, 0), dict.fromkeys(capacity, 0), True, 0)


def test_no_ideas_make_an_empty_plan(funnel: Funnel) -> None:
    assert choose(funnel, [], {"sales": 5}) == nothing({"sales": 5})
    assert choose(funnel, [], {}) == nothing({})


def test_an_idea_that_adds_nothing_is_not_chosen(funnel: Funnel) -> None:
    idle = idea("idle", 1, 0, "No budget")
    assert choose(funnel, [idle, C], {"sales": 9}).chosen == ("C",)
    assert choose(funnel, [idle], {"sales": 9}) == nothing({"sales": 9})


def test_once_nobody_is_lost_further_ideas_are_not_chosen(funnel: Funnel) -> None:
    ideas = [idea(f"{k}", 1, 1, None, sales=1) for k in range(3)]
    plan = choose(funnel, ideas, {"sales": 3})
    assert len(plan.chosen) == 1
    assert plan.gain == pytest.approx(252_000)


def test_ideas_without_effort_fit_into_no_capacity(funnel: Funnel) -> None:
    free = idea("free", 3, 0.1, None)
    assert choose(funnel, [free, A], {"sales": 0}).chosen == ("free",)


def test_capacity_may_be_without_limit(funnel: Funnel) -> None:
    plan = choose(funnel, ALL, {"sales": inf})
    assert plan.gain == pytest.approx(132_300)
    assert plan.shadow_price == {"sales": 0}


def test_tenths_of_days_add_up(funnel: Funnel) -> None:
    ideas = [idea("A", 1, 0.2, None, sales=0.1), idea("B", 2, 0.2, None, sales=0.2)]
    assert choose(funnel, ideas, {"sales": 0.3}).chosen == ("A", "B")


def counts(lead: int, mql: int, won: int, deal_value: float = 100) -> Funnel:
    return Funnel.from_counts(
        {"Lead": lead, "MQL": mql, "Won": won},
        deal_value=deal_value,
        currency="EUR",
        period_days=30,
    )


def test_where_nobody_won_only_an_idea_at_that_step_gains_anything() -> None:
    ideas = [idea("early", 0, 0.9, None, sales=1), idea("late", 1, 0.1, None, sales=3)]
    assert choose(counts(100, 50, 0), ideas, {"sales": 2}).chosen == ()
    tight, wide = (choose(counts(100, 50, 0), ideas, {"sales": days}) for days in (3, 4))
    assert tight.chosen == ("late",)
    assert tight.gain == pytest.approx(100 * 0.5 * 0.1 * 100)
    assert wide.gain == pytest.approx(100 * 0.95 * 0.1 * 100)
    assert tight.shadow_price["sales"] == pytest.approx(wide.gain - tight.gain)


@pytest.mark.parametrize(
    "f", [counts(0, 0, 0), counts(100, 0, 0), counts(100, 50, 10, deal_value=0)]
)
def test_where_nothing_can_be_gained_nothing_is_chosen(f: Funnel) -> None:
    assert choose(f, [idea("A", 0, 0.5, None, sales=1)], {"sales": 5}) == nothing({"sales": 5})


def test_a_must_is_kept_even_where_it_gains_nothing() -> None:
    plan = choose(counts(100, 0, 0), [idea("A", 0, 0.5, None, sales=1)], {"sales": 5}, must=["A"])
    assert plan.chosen == ("A",)
    assert plan.gain == 0
    assert plan.effort == {"sales": 1}


def test_small_losses_of_a_large_funnel_are_told_apart() -> None:
    f = Funnel.from_counts(
        {"Lead": 10**6, "Won": 500_000},
        deal_value=1,
        currency="EUR",
        period_days=30,
        losses={"Lead": {"one": 1, "two": 2, "three": 3}},
    )
    ideas = [idea(reason, 0, 0.1, reason, sales=1) for reason in ("one", "three", "two")]
    plan = choose(f, ideas, {"sales": 1})
    assert plan.chosen == ("three",)
    assert plan.gain == pytest.approx(0.3)


@given(case=funnels_with_ideas(), data=st.data())
def test_log_revenue_is_the_logarithm_of_the_revenue(
    case: tuple[Funnel, list[Effect]], data: st.DataObject
) -> None:
    f, effects = case
    taken = data.draw(st.lists(st.booleans(), min_size=len(effects), max_size=len(effects)))
    value = LogRevenue.of(f, effects).values(np.array(taken, dtype=float))
    earned = revenue(f) + joint_gain(f, [e for e, t in zip(effects, taken, strict=True) if t])
    assert np.exp(value) == pytest.approx(earned, rel=1e-9, abs=1e-11 * f.entrants * f.deal_value)


@given(case=funnels_with_ideas(), data=st.data())
def test_log_rates_lie_below_their_tangents(
    case: tuple[Funnel, list[Effect]], data: st.DataObject
) -> None:
    curve = LogRevenue.of(*case)
    points = st.lists(st.floats(0, 1), min_size=len(case[1]), max_size=len(case[1])).map(np.array)
    here, there = data.draw(points), data.draw(points)
    assume((curve.improved(here) > 1e-9).all() and (curve.improved(there) > 1e-9).all())
    slopes, at_zero = curve.tangents(here)
    below = np.log(curve.improved(there)) - (slopes @ there + at_zero)
    assert (below <= 1e-9 * (1 + np.abs(slopes).sum(axis=1))).all()


def test_shrinking_takes_from_wide_estimates_and_leaves_certain_ones() -> None:
    guess = Candidate("guess", Effect(1, Estimate(0.1, 0.5, 0.9)), {"sales": 3})
    tried = Candidate("tried", Effect(1, certain(0.4)), {"sales": 3})
    known = Candidate("known", Effect(2, certain(0.2)), {"sales": 3})
    cautious = {each.name: each for each in shrunk([guess, tried, known])}
    assert cautious["tried"] == tried
    assert cautious["known"] == known
    assert cautious["guess"].effect.recovers.likely < 0.4
    assert cautious["guess"].effort == guess.effort


def test_an_estimate_is_shrunk_toward_its_own_kind_only() -> None:
    guess = Candidate("guess", Effect(1, Estimate(0.1, 0.5, 0.9)), {})
    volume = Candidate("more leads", Effect(None, certain(0.01), lever=Lever.VOLUME), {})
    assert shrunk([guess, volume]) == [
        Candidate("guess", Effect(1, certain(0.5)), {}),
        volume,
    ]
    assert shrunk([]) == []


def test_the_plan_of_shrunk_estimates_promises_less(funnel: Funnel) -> None:
    ideas = [
        Candidate(
            f"{k}", Effect(1, Estimate(0, k / 10, min(1, k / 4)), "No follow-up"), {"sales": 1}
        )
        for k in range(1, 6)
    ]
    told, cautious = (choose(funnel, each, {"sales": 1}) for each in (ideas, shrunk(ideas)))
    assert cautious.gain < told.gain


def test_one_search_within_several_capacities_finds_what_a_search_for_each_does(
    funnel: Funnel,
) -> None:
    capacities = [{"sales": float(days)} for days in (25, 2, 10, 14, 15, 17, 18, 0)]
    rules = {"requires": [("A", "C")], "excludes": [("B", "D")]}
    alone = [choose(funnel, ALL, capacity, **rules).chosen for capacity in capacities]
    assert choose_within(funnel, ALL, capacities, **rules) == alone


@given(funnels_with_ideas(), st.lists(st.integers(0, 9), min_size=5, max_size=5))
def test_one_search_within_growing_capacities_brings_what_a_search_for_each_does(
    example: tuple[Funnel, list[Effect]], efforts: list[int]
) -> None:
    f, effects = example
    ideas = [
        Candidate(str(k), effect, {"sales": days})
        for k, (effect, days) in enumerate(zip(effects, efforts, strict=False))
    ]
    capacities = [{"sales": float(days)} for days in (0, 5, 10, 20)]
    for capacity, chosen in zip(capacities, choose_within(f, ideas, capacities), strict=True):
        assert chosen is not None
        assert allowed(ideas, set(chosen), capacity)
        best = choose(f, ideas, capacity).gain
        assert gain_of(f, ideas, chosen) == pytest.approx(best, rel=1e-5, abs=1e-6)

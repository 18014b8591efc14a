from __future__ import annotations

from math import inf, log, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit, logit
from scipy.stats import chi2_contingency, norm

from tests.funnels import fractions
from workshop.analysis.follow_up import (
    Word,
    days_to_show,
    difference,
    interval_score,
    more_needed,
    needed,
    overdispersion,
    recalibration,
    shrunk_baseline,
    variance_of_gain,
    verdict,
)

Counted = tuple[float, float]


@st.composite
def counts(draw: st.DrawFn, fewest: float = 0) -> Counted:
    """Advanced and entered; whole numbers, or the effective ones of a step with open deals."""
    entered = draw(st.integers(int(fewest), 2_000) | st.floats(fewest, 2_000))
    return draw(fractions) * entered, float(entered)


# -- the verdict ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "p_up"),
    [
        ((280, 700), (40, 81), 0.920),
        ((280, 700), (36, 81), 0.751),
        ((21, 84), (5, 10), 0.807),
    ],
)
def test_the_worked_examples_have_their_chances(
    before: Counted, after: Counted, p_up: float
) -> None:
    assert verdict(before, after).p_up == pytest.approx(p_up, abs=5e-4)


@pytest.mark.parametrize(
    ("before", "after", "target", "word"),
    [
        ((280, 700), (40, 81), None, Word.MOVED),
        ((280, 700), (36, 81), None, Word.TOO_EARLY),
        ((21, 84), (5, 10), None, Word.TOO_EARLY),
        ((280, 700), (100, 160), 0.5, Word.REACHED),
        ((280, 700), (80, 160), 0.55, Word.MOVED),
        ((280, 700), (42, 160), 0.5, Word.WORSE),
        ((280, 700), (0, 0), 0.5, Word.TOO_EARLY),
        ((0, 0), (0, 0), None, Word.TOO_EARLY),
    ],
)
def test_each_word_is_said_where_it_holds(
    before: Counted, after: Counted, target: float | None, word: Word
) -> None:
    assert verdict(before, after, target).word is word


def test_no_count_says_that_something_was_not_done() -> None:
    assert Word("not_done") is Word.NOT_DONE
    assert [*Word] == ["not_done", "reached", "moved", "worse", "too_early"]


@given(counts(), counts(), st.floats(0.05, 2), st.floats(1, 10))
def test_the_change_has_the_posterior_of_the_method(
    before: Counted, after: Counted, prior_sd: float, wander: float
) -> None:
    (x0, n0), (x1, n1) = before, after
    moved = log((x1 + 0.5) / (n1 - x1 + 0.5)) - log((x0 + 0.5) / (n0 - x0 + 0.5))
    variance = wander * sum(1 / (x + 0.5) + 1 / (n - x + 0.5) for x, n in (before, after))
    seen = verdict(before, after, None, prior_sd, wander)
    kept = prior_sd**2 / (prior_sd**2 + variance)
    assert seen.mean == pytest.approx(kept * moved, abs=1e-9)
    assert seen.sd == pytest.approx(sqrt(kept * variance))
    assert seen.p_up == pytest.approx(norm.cdf(seen.mean / seen.sd))
    assert seen.p_target is None


@pytest.mark.parametrize(
    ("before", "after", "target"),
    [((280, 700), (40, 81), 0.45), ((21, 84), (5, 10), 0.3), ((3.5, 9.2), (6.1, 20.4), 0.35)],
)
def test_the_chance_of_the_target_is_that_of_the_joint_posterior(
    before: Counted, after: Counted, target: float
) -> None:
    """Over the earlier log odds and the change, by quadrature of prior and both counts."""
    (l0, v0), (l1, v1) = [
        (log((x + 0.5) / (n - x + 0.5)), 1 / (x + 0.5) + 1 / (n - x + 0.5))
        for x, n in (before, after)
    ]

    change = NormalDist(0, 0.4)
    earlier, counted = NormalDist(l0, sqrt(v0)), NormalDist(l1, sqrt(v1))

    def density(later: float) -> float:
        """Of the later log odds: the earlier ones are somewhere, and the change is sceptical."""
        between, _ = quad(lambda old: earlier.pdf(old) * change.pdf(later - old), -8, 8)
        return float(between * counted.pdf(later))

    above, _ = quad(density, logit(target), 8)
    everywhere, _ = quad(density, -8, 8)
    found = verdict(before, after, target).p_target
    assert found == pytest.approx(above / everywhere, abs=1e-5)


@given(counts(), counts(), fractions, fractions)
def test_a_higher_target_is_never_more_likely_reached(
    before: Counted, after: Counted, one: float, other: float
) -> None:
    low, high = (verdict(before, after, target).p_target for target in sorted([one, other]))
    assert low is not None
    assert high is not None
    assert 0 <= high <= low <= 1


@given(counts(1), counts(1))
def test_it_is_likelier_up_than_not_where_the_rate_with_a_half_added_is_higher(
    before: Counted, after: Counted
) -> None:
    old, new = ((x + 0.5) / (n + 1) for x, n in (before, after))
    assume(abs(new - old) > 1e-9)
    assert (verdict(before, after).p_up > 0.5) is (new > old)


@given(counts(), counts())
def test_up_in_one_direction_is_down_in_the_other(before: Counted, after: Counted) -> None:
    there, back = verdict(before, after), verdict(after, before)
    assert there.p_up == pytest.approx(1 - back.p_up, abs=1e-9)
    opposite = {Word.MOVED: Word.WORSE, Word.WORSE: Word.MOVED, Word.TOO_EARLY: Word.TOO_EARLY}
    assert back.word is opposite[there.word]


@given(counts(), counts(), st.floats(1, 10))
def test_wandering_months_make_the_verdict_more_careful(
    before: Counted, after: Counted, wander: float
) -> None:
    calm, careful = verdict(before, after), verdict(before, after, overdispersion=wander)
    assert abs(careful.p_up - 0.5) <= abs(calm.p_up - 0.5) + 1e-12


@given(counts(), counts(), fractions)
def test_a_target_above_the_rate_before_is_reached_only_by_a_rate_that_moved(
    before: Counted, after: Counted, target: float
) -> None:
    assume(target > (before[0] + 0.5) / (before[1] + 1))
    seen = verdict(before, after, target)
    likely = seen.p_target is not None and seen.p_target >= 0.8
    without = verdict(before, after).word
    assert (seen.word is Word.REACHED) is (likely and without is Word.MOVED)
    assert seen.word in (without, Word.REACHED)


def test_a_target_close_to_the_rate_before_is_not_reached_by_chance() -> None:
    seen = verdict((280, 700), (67, 150), target=0.405)
    assert seen.p_target is not None
    assert seen.p_target > 0.8
    assert seen.word is Word.TOO_EARLY
    assert verdict((280, 700), (67, 150), target=0.38).word is Word.REACHED


@pytest.mark.parametrize("entered", [30, 150, 1_000, 20_000])
def test_false_alarms_stay_below_one_in_eighteen_however_many_are_counted(entered: int) -> None:
    stream = np.random.default_rng(entered)
    rates = stream.uniform(0.15, 0.5, 1_500)
    before, after = stream.binomial(4 * entered, rates), stream.binomial(entered, rates)
    said = [
        verdict((x, 4 * entered), (y, entered), min(0.95, x / (4 * entered) + 0.02)).word
        for x, y in zip(before.tolist(), after.tolist(), strict=True)
    ]
    alarms = sum(word in (Word.MOVED, Word.REACHED) for word in said) / len(said)
    assert alarms < 1 / 18 + 3 * sqrt(0.05 * 0.95 / len(said))


@pytest.mark.parametrize(
    ("before", "after", "rest", "says"),
    [
        ((10, 5), (1, 2), {}, "the number that advanced is 10"),
        ((1, 2), (-1, 5), {}, "the number that advanced is -1"),
        ((1, 2), (1, float("nan")), {}, "the number that entered is nan"),
        ((1, 2), (1, 2), {"target": 1.5}, "the target is 1.5"),
        ((1, 2), (1, 2), {"prior_sd": 0}, "the standard deviation of the prior is 0"),
        ((1, 2), (1, 2), {"overdispersion": 0.5}, "the overdispersion is 0.5"),
    ],
)
def test_what_was_never_counted_is_refused(
    before: Counted, after: Counted, rest: dict[str, float], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        verdict(before, after, **rest)


# -- an idea for one segment ---------------------------------------------------------------------


def test_what_moved_all_segments_alike_does_not_count() -> None:
    before = {"Search": (80, 200), "Fair": (60, 150), "Mail": (30, 100)}
    risen = {
        name: (float(entered * expit(logit(advanced / entered) + 0.5)), float(entered))
        for name, (advanced, entered) in before.items()
    }
    assert verdict(before["Search"], risen["Search"]).word is Word.MOVED
    told = difference(before, risen, "Search")
    assert told.mean == pytest.approx(0, abs=5e-3)
    assert (told.word, told.p_target) == (Word.TOO_EARLY, None)


def test_a_segment_that_moved_alone_has_moved() -> None:
    before = {"Search": (400, 1000), "Fair": (300, 750), "Mail": (150, 500)}
    after = {**before, "Search": (550.0, 1000.0)}
    assert difference(before, after, "Search").word is Word.MOVED
    assert difference(before, after, "Fair").word is Word.WORSE


@given(counts(1), counts(1), counts(1), counts(1))
def test_of_two_segments_one_moved_as_much_as_the_other_did_not(
    a: Counted, b: Counted, c: Counted, d: Counted
) -> None:
    before, after = {"ours": a, "theirs": b}, {"ours": c, "theirs": d}
    one, other = (difference(before, after, name) for name in before)
    assert one.mean == pytest.approx(-other.mean, abs=1e-9)
    assert one.sd == pytest.approx(other.sd)
    assert one.sd >= verdict(a, c).sd


@pytest.mark.parametrize(
    ("segment", "before", "says"),
    [
        ("Fair", {"Search": (8, 20), "Mail": (3, 10)}, "'Fair' was not counted both times"),
        ("Search", {"Search": (8, 20), "Fair": (8, 20)}, "no other segment than 'Search'"),
    ],
)
def test_a_comparison_needs_both_times_and_another_segment(
    segment: str, before: dict[str, Counted], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        difference(before, {"Search": (9, 20), "Mail": (3, 10)}, segment) if (
            segment == "Fair"
        ) else difference(before, {"Search": (9, 20)}, segment)


# -- when it can show ----------------------------------------------------------------------------


def test_the_worked_examples_need_133_cases_and_never_show() -> None:
    assert needed((280, 700), 0.5) == 133
    assert needed((21, 84), 0.35) is None


@given(counts(1), fractions)
def test_so_many_cases_are_needed_and_not_one_less(before: Counted, target: float) -> None:
    cases = needed(before, target)
    assume(cases is not None and 1 < cases < 1e9)
    rate = before[0] / before[1]
    old = rate * (1 - rate) / before[1]

    def errors(count: float) -> float:
        return (target - rate) / sqrt(target * (1 - target) / count + old)

    assert errors(float(cases or 0)) >= 2.12 - 1e-6
    assert errors(float(cases or 0) - 1) < 2.12 + 1e-6


@pytest.mark.parametrize(
    ("before", "target"), [((0, 0), 0.5), ((280, 700), 0.4), ((280, 700), 0.3), ((7, 7), 1)]
)
def test_it_never_shows_without_a_baseline_or_a_target_above_it(
    before: Counted, target: float
) -> None:
    assert needed(before, target) is None


def test_a_target_of_everybody_needs_one_case_at_least() -> None:
    assert needed((280, 700), 1) == 1


def test_the_days_are_those_of_the_inflow_and_of_the_step() -> None:
    assert days_to_show(133, 2, 30) == 96.5
    assert days_to_show(133, 0, 30) is None
    with pytest.raises(ValueError, match="the days of the step is -1"):
        days_to_show(133, 2, -1)


def test_how_many_more_are_needed_is_said_of_the_target_first() -> None:
    assert more_needed((280, 700), (36, 81), target=0.5) == 133 - 81
    assert more_needed((280, 700), (20, 51.5), target=0.5) == 82
    assert more_needed((280, 700), (40, 81), target=0.5) == 0
    assert more_needed((21, 84), (8, 25), target=0.35) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((280, 700), (36, 81)),
        ((2800, 7000), (20, 40)),
        ((300, 2000), (3, 40)),
        ((600, 6000), (2, 6)),
    ],
)
def test_so_many_more_are_needed_at_the_change_that_it_looks_like(
    before: Counted, after: Counted
) -> None:
    """With a count so large that the change that the prior has left would just be said."""
    more = more_needed(before, after)
    now = verdict(before, after)
    assert now.word is Word.TOO_EARLY
    assert more is not None
    rate = (after[0] + 0.5) / (after[1] + 1)
    before_alone = verdict(before, (1e12 * rate, 1e12))
    old_variance = 1 / (1 / before_alone.sd**2 - 1 / 0.16)

    def shows(entered: float) -> bool:
        variance = old_variance + 1 / (entered * rate * (1 - rate))
        sure = norm.cdf(abs(now.mean) * sqrt(0.16 / (variance * (0.16 + variance))))
        return bool(sure >= 0.9 and abs(now.mean) >= 1.6 * sqrt(variance))

    assert shows(after[1] + more + 1)
    assert not shows(after[1] + more - 2)


def test_a_change_that_looks_like_none_never_shows() -> None:
    assert more_needed((280, 700), (28, 70)) is None
    assert more_needed((5, 20), (6, 20)) is None


# -- what a count is worth -----------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=6, max_size=24))
def test_overdispersion_is_the_chi_square_of_the_months(months: list[tuple[int, int]]) -> None:
    table = np.array(months)
    counted = [(float(won), float(won + lost)) for won, lost in months]
    squares = chi2_contingency(table, correction=False).statistic
    assert overdispersion(counted) == pytest.approx(max(1, squares / (len(months) - 1)))


def test_five_months_or_months_without_entrants_tell_nothing() -> None:
    wild = [(50.0, 50.0), (0.0, 50.0)] * 3
    assert overdispersion(wild) > 10
    assert overdispersion(wild[:5]) == 1
    assert overdispersion([*wild[:5], (0, 0)]) == 1
    assert overdispersion([(5.0, 5.0)] * 8) == overdispersion([(0.0, 5.0)] * 8) == 1


@given(counts(1), st.lists(counts(1), min_size=1, max_size=4))
def test_a_shrunk_baseline_lies_between_its_own_and_the_older_rate(
    before: Counted, older: list[Counted]
) -> None:
    advanced, entered = shrunk_baseline(before, older)
    own = before[0] / before[1]
    old = sum(x for x, _ in older) / sum(n for _, n in older)
    assert min(own, old) - 1e-9 <= advanced / entered <= max(own, old) + 1e-9
    assert before[1] <= entered <= before[1] + sum(n for _, n in older) + 1e-9


def test_a_baseline_without_older_counts_stays_and_alike_ones_are_pooled() -> None:
    assert shrunk_baseline((20, 100), []) == (20, 100)
    assert shrunk_baseline((20, 100), [(20, 100)]) == (40, 200)


def test_older_counts_that_differ_much_weigh_little() -> None:
    _, alike = shrunk_baseline((200, 1000), [(220, 1000)])
    _, apart = shrunk_baseline((200, 1000), [(500, 1000)])
    assert alike == pytest.approx(1000 + 1000 / 1.205, rel=1e-3)
    assert apart < 1010


# -- estimates scored and recalibrated -----------------------------------------------------------


def test_a_range_pays_its_width_and_ten_times_what_it_missed() -> None:
    assert interval_score(0.4, 0.5, 0.45) == pytest.approx(0.1)
    assert interval_score(0.4, 0.5, 0.37) == pytest.approx(0.1 + 10 * 0.03)
    assert interval_score(0.4, 0.5, 0.53, level=0.9) == pytest.approx(0.1 + 20 * 0.03)
    assert interval_score(0.4, 0.4, 0.4) == 0


@given(st.floats(0.1, 2), st.floats(-1, 1))
def test_the_range_that_is_believed_in_expects_the_best_score(width: float, shift: float) -> None:
    """Outcomes are normal; the 80 % range is 1.2816 either way."""

    def expected(low: float, high: float) -> float:
        below = norm.pdf(low) + low * norm.cdf(low)
        above = norm.pdf(high) - high * norm.sf(high)
        return float(high - low + 10 * (below + above))

    honest = expected(*norm.ppf([0.1, 0.9]))
    assert honest <= expected(shift - width, shift + width) + 1e-9
    drawn = norm.ppf((np.arange(2_000) + 0.5) / 2_000)
    scores = [interval_score(shift - width, shift + width, y) for y in drawn.tolist()]
    assert np.mean(scores) == pytest.approx(expected(shift - width, shift + width), rel=0.01)


@pytest.mark.parametrize(
    ("low", "high", "outcome", "level", "says"),
    [
        (0.5, 0.4, 0.45, 0.8, "the range is 0.5 to 0.4"),
        (0.4, 0.5, float("nan"), 0.8, "the outcome nan"),
        (0.4, 0.5, 0.45, 1, "the level is 1"),
    ],
)
def test_what_is_no_range_is_refused(
    low: float, high: float, outcome: float, level: float, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        interval_score(low, high, outcome, level)


def test_recalibration_has_its_known_answer() -> None:
    # r = .3 and 0, with weights 4 and 2, beside 1 with weight 4.
    factor = recalibration([0.5, 0.35], [0.4, 0.25], [0.43, 0.25], [0.25, 0.5])
    assert factor == pytest.approx((4 + 0.3 * 4 + 0 * 2) / (4 + 4 + 2))


def test_without_looks_or_expectations_all_stays_as_told() -> None:
    assert recalibration([], [], [], []) == 1
    assert recalibration([0.4], [0.4], [0.9], [1.0]) == 1
    assert recalibration([0.5], [0.4], [0.9], [inf]) == 1


@given(st.lists(st.tuples(st.floats(-2, 3), st.floats(0.01, 10)), max_size=6))
def test_the_factor_lies_between_one_and_what_was_seen(looks: list[tuple[float, float]]) -> None:
    predicted, before = [0.6] * len(looks), [0.5] * len(looks)
    after = [0.5 + 0.1 * factor for factor, _ in looks]
    factor = recalibration(predicted, before, after, [variance for _, variance in looks])
    seen = [1.0, *(factor for factor, _ in looks)]
    assert min(seen) - 1e-9 <= factor <= max(seen) + 1e-9


@pytest.mark.parametrize(
    ("predicted", "after", "variances", "says"),
    [
        ([0.5, 0.6], [0.4], [1.0], "each look needs"),
        ([50], [0.4], [1.0], "a rate is 50"),
        ([0.5], [0.4], [0.0], "a variance is 0"),
        ([0.5], [0.4], [float("nan")], "a variance is nan"),
    ],
)
def test_looks_that_are_none_are_refused(
    predicted: list[float], after: list[float], variances: list[float], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        recalibration(predicted, [0.4], after, variances)


def test_the_variance_of_a_gain_is_that_of_its_counts_and_of_steps_that_differ() -> None:
    stream = np.random.default_rng(1)
    before, after = stream.binomial(700, 0.4, 100_000) / 700, stream.binomial(100, 0.43, 100_000)
    simulated = np.var((after / 100 - before) / 0.1)
    found = variance_of_gain(0.5, (280, 700), (43, 100))
    assert found == pytest.approx(simulated + 0.25, rel=0.02)
    assert variance_of_gain(0.4, (280, 700), (43, 100)) == inf
    assert variance_of_gain(0.5, (0, 0), (0, 0)) > 0.25

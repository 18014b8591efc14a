from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.funnels import steps
from workshop.analysis.conversion import rate_interval
from workshop.analysis.maturity import (
    FollowUp,
    Incidence,
    Truth,
    disagreement,
    effective_size,
    expected_before,
    incidence,
    rows_that_count,
    truncation,
    truth,
    variance,
)
from workshop.domain.funnel import Step

ENDS = ("advanced", "lost", "open")
Lead = tuple[int, str]

lead = st.tuples(st.integers(0, 40), st.sampled_from(ENDS))
leads = st.lists(lead, max_size=60)
decided = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(ENDS[:2])), max_size=60)


def grouped(leads: Iterable[Lead]) -> FollowUp:
    counts = Counter(leads)
    hours = sorted({hour for hour, _ in counts})
    return FollowUp(hours, *([counts[hour, end] for hour in hours] for end in ENDS))


def swapped(followed: FollowUp) -> FollowUp:
    return FollowUp(followed.hours, followed.lost, followed.advanced, followed.open)


def example() -> FollowUp:
    """The worked example of docs/method.md."""
    return FollowUp([24, 48, 72, 96], [2, 1, 1, 0], [1, 0, 1, 0], [0, 2, 0, 2])


# -- known answers -------------------------------------------------------------------------------


def test_the_worked_example_has_the_figures_of_the_method_page() -> None:
    followed = example()
    assert followed.at_risk.tolist() == [10, 7, 4, 2]
    assert followed.remaining == pytest.approx([1, 0.7, 0.6, 0.3])
    assert incidence(followed).cumulative == pytest.approx([0.2, 0.3, 0.45, 0.45])
    assert variance(followed) == pytest.approx(0.030375)
    assert effective_size(followed) == pytest.approx(8.148, abs=5e-4)
    told = truth(followed)
    assert (told.naive, told.closed_only, told.corrected) == pytest.approx((0.4, 4 / 6, 0.45))
    assert (told.naive_low, told.naive_high) == pytest.approx((0.185, 0.653), abs=5e-4)
    assert (told.closed_low, told.closed_high) == pytest.approx((0.341, 0.896), abs=5e-4)
    assert (told.low, told.high) == pytest.approx((0.204, 0.719), abs=5e-4)
    assert (told.open_share, told.horizon_days) == (0.4, 4)


@pytest.mark.parametrize(
    ("cause", "share", "error"),
    [(1, 0.17037037, 0.08976251), (2, 0.20740741, 0.10610391), (3, 0.26666667, 0.12787781)],
)
def test_three_causes_have_the_shares_of_r_and_the_errors_of_stata(
    cause: int, share: float, error: float
) -> None:
    """The check of statsmodels (tests/test_survfunc.py, test_incidence): shares from R's cmprsk,
    standard errors from Stata's stcompet, which uses the variance of Marubini & Valsecchi."""
    hours = [1, 1, 2, 4, 4, 4, 6, 6, 7, 8, 9, 9, 9, 1, 2, 2, 4, 4]
    causes = [1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    ends = {0: "open", cause: "advanced"}
    followed = grouped((h, ends.get(c, "lost")) for h, c in zip(hours, causes, strict=True))
    assert incidence(followed).cumulative[-1] == pytest.approx(share, abs=1e-8)
    assert np.sqrt(variance(followed)) == pytest.approx(error, abs=1e-8)


def redistributed(leads: list[Lead]) -> Fraction:
    """The same share by another road: an open lead passes its weight on to those still followed
    (Efron 1967, "redistribution to the right"); weight that nobody can take is not advanced."""
    in_order = sorted(leads, key=lambda one: (one[0], one[1] == "open"))
    weights = [Fraction(1, len(leads))] * len(leads)
    for k, (_, end) in enumerate(in_order):
        heirs = len(leads) - k - 1
        if end == "open" and heirs:
            for heir in range(k + 1, len(leads)):
                weights[heir] += weights[k] / heirs
    return sum(
        (w for w, (_, end) in zip(weights, in_order, strict=True) if end == "advanced"), Fraction()
    )


@given(st.lists(lead, min_size=1, max_size=40))
def test_the_incidence_is_what_redistributing_the_open_ones_gives(leads: list[Lead]) -> None:
    share = incidence(grouped(leads)).cumulative[-1]
    assert share == pytest.approx(float(redistributed(leads)), abs=1e-9)


# -- properties ----------------------------------------------------------------------------------


def rates_and_intervals(told: Truth) -> list[tuple[float, float, float]]:
    return [
        (told.naive_low, told.naive, told.naive_high),
        (told.closed_low, told.closed_only, told.closed_high),
        (told.low, told.corrected, told.high),
    ]


def said_of(step: Step) -> tuple[float, float, float]:
    low, high = rate_interval(step)
    return low, step.rate, high


@given(leads)
def test_every_rate_lies_in_its_interval_and_between_0_and_1(leads: list[Lead]) -> None:
    told = truth(grouped(leads))
    for low, rate, high in rates_and_intervals(told):
        assert 0 <= low <= rate <= high <= 1
    assert 0 <= told.open_share <= 1
    assert told.horizon_days >= 0


@given(decided)
def test_where_nobody_is_open_the_three_agree_exactly(leads: list[Lead]) -> None:
    followed = grouped(leads)
    told = truth(followed)
    step = Step("A", "B", followed.entered, int(followed.advanced.sum()))
    for rate_and_interval in rates_and_intervals(told):
        assert rate_and_interval == pytest.approx(said_of(step))
    assert disagreement(told) is None


@given(steps(0), st.integers(0, 10_000))
def test_a_decided_step_has_the_rate_and_the_interval_of_the_funnel(step: Step, hour: int) -> None:
    told = truth(FollowUp([hour], [step.advanced], [step.lost], [0]))
    assert rates_and_intervals(told) == [pytest.approx(said_of(step))] * 3


@given(st.lists(lead, min_size=1, max_size=60), st.integers(1, 50))
def test_who_entered_in_the_hour_of_the_export_changes_only_the_open_share(
    leads: list[Lead], new: int
) -> None:
    later = [(hour + 1, end) for hour, end in leads]
    before, after = truth(grouped(later)), truth(grouped([*later, *[(0, "open")] * new]))
    for name in ("corrected", "low", "high", "closed_only", "horizon_days"):
        assert getattr(after, name) == pytest.approx(getattr(before, name)), name
    assert after.open_share > before.open_share or before.open_share == 1


@given(leads)
def test_the_shares_that_advance_and_are_lost_are_at_most_all(leads: list[Lead]) -> None:
    followed = grouped(leads)
    both = incidence(followed).cumulative + incidence(swapped(followed)).cumulative
    assert np.all(both <= 1 + 1e-9)


@given(leads)
def test_correcting_never_gives_less_than_counting_the_open_ones_as_lost(
    leads: list[Lead],
) -> None:
    followed = grouped(leads)
    if followed.entered:
        naive = truth(followed).naive
        assert incidence(followed).cumulative[-1] >= naive - 1e-9


@given(
    st.lists(lead, min_size=1, max_size=40).flatmap(
        lambda a: st.tuples(st.just(a), st.permutations(a))
    )
)
def test_the_order_of_the_leads_does_not_matter(both: tuple[list[Lead], list[Lead]]) -> None:
    one, other = both
    assert truth(grouped(one)) == truth(grouped(other))


@given(st.lists(lead, min_size=1, max_size=60), st.integers(2, 1000))
def test_more_of_the_same_leads_change_the_certainty_and_not_the_curve(
    leads: list[Lead], factor: int
) -> None:
    one = grouped(leads)
    many = FollowUp(one.hours, one.advanced * factor, one.lost * factor, one.open * factor)
    assert incidence(many).cumulative == pytest.approx(incidence(one).cumulative)
    assert variance(many) == pytest.approx(variance(one) / factor)
    assert truth(many).naive == pytest.approx(truth(one).naive)


@given(st.lists(lead, min_size=1, max_size=60))
def test_no_lead_stands_for_more_than_its_share_at_the_horizon(leads: list[Lead]) -> None:
    followed = grouped(leads)
    entered = sum((hour, end) != (0, "open") for hour, end in leads)
    rows = rows_that_count(followed)
    weights = (entered * followed.remaining / followed.at_risk)[:rows]
    assert rows >= 1
    assert np.all(weights <= max(2, entered / 10) + 1e-6)


# -- edges ---------------------------------------------------------------------------------------


def test_where_nobody_entered_nothing_is_known() -> None:
    told = truth(grouped([]))
    assert rates_and_intervals(told) == [(0, 0, 1)] * 3
    assert (told.entered, told.open_share, told.horizon_days) == (0, 0, 0)


def test_where_everybody_has_just_entered_nothing_is_known() -> None:
    told = truth(grouped([(0, "open")] * 50))
    assert (told.low, told.corrected, told.high) == (0, 0, 1)
    assert (told.closed_low, told.closed_only, told.closed_high) == (0, 0, 1)
    assert told.open_share == 1


def test_none_of_many_open_leads_is_weaker_evidence_than_none_of_many_lost_ones() -> None:
    waiting = truth(grouped((hour, "open") for hour in range(1, 101)))
    lost = truth(grouped((hour, "lost") for hour in range(1, 101)))
    assert waiting.low == lost.low == 0
    assert waiting.high > 3 * lost.high
    assert waiting.horizon_days == pytest.approx(91 / 24)


def test_where_no_loss_is_recorded_the_closed_ones_are_all_won_and_it_is_said() -> None:
    told = truth(FollowUp([24, 48, 2400], [50, 50, 0], [0, 0, 0], [0, 0, 900]))
    assert (told.closed_only, told.corrected) == pytest.approx((1, 0.1))
    warning = disagreement(told)
    assert warning is not None
    assert "leaving them out gives 100 %" in warning
    assert warning.endswith("No loss is recorded.")


def test_two_old_leads_do_not_decide_the_rate() -> None:
    quick = [(24, "advanced")] * 30 + [(24, "lost")] * 170 + [(25, "open")] * 298
    told = truth(grouped([*quick, (5000, "advanced"), (6000, "advanced")]))
    assert told.corrected == pytest.approx(30 / 500)
    assert told.horizon_days == pytest.approx(25 / 24)
    assert incidence(grouped([*quick, (5000, "advanced")])).cumulative[-1] > 0.6


def test_an_event_in_the_hour_of_an_export_comes_first() -> None:
    same = incidence(grouped([(5, "advanced"), (5, "open")])).cumulative
    assert same.tolist() == [0.5]


def test_a_warning_names_only_the_rates_outside_the_interval() -> None:
    told = truth(FollowUp([24, 48, 2400], [100, 100, 0], [50, 50, 0], [0, 0, 100]))
    warning = disagreement(told)
    assert warning is not None
    assert "counting them as lost" not in warning
    assert "leaving them out gives 67 %" in warning


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (([-1], [1], [1], [1]), "an hour is -1; it must be 0 or more"),
        (([float("nan")], [1], [1], [1]), "an hour is nan; it must be 0 or more"),
        (([5, 5], [1, 1], [1, 1], [1, 1]), "hour 5 follows hour 5; hours must increase"),
        (([5], [-2], [1], [1]), "the number advanced is -2; it must be a whole number from 0 on"),
        (([5], [1], [0.5], [1]), "the number lost is 0.5; it must be a whole number from 0 on"),
        (([5], [1], [1], [float("inf")]), "the number open is inf; it must be a whole number"),
        (([5], [1], [1], [1, 2]), "the number open has 2 entries; it must have 1, one an hour"),
    ],
)
def test_nonsense_is_refused(columns: tuple[list[float], ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        FollowUp(*columns)


@pytest.mark.parametrize(
    ("hours", "shares", "says"),
    [
        ([1, 2], [0.5, 0.4], "share 0.4 follows 0.5; it cannot fall"),
        ([1], [1.5], "a share is 1.5; it must lie between 0 and 1"),
        ([1], [], "there are 0 shares; it must be 1, one an hour"),
    ],
)
def test_an_impossible_curve_is_refused(hours: list[float], shares: list[float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Incidence(hours, shares)


# -- simulated years -----------------------------------------------------------------------------

HOURS_OF_A_YEAR = 365 * 24


def a_year_of_leads(stream: np.random.Generator, rate: float) -> FollowUp:
    """1,000 leads, entering all the year; wins take 45 days on average, losses 120."""
    wins = stream.random(1000) < rate
    takes = stream.exponential(np.where(wins, 45, 120) * 24)
    followed = HOURS_OF_A_YEAR * stream.random(1000)
    ends = np.where(takes > followed, "open", np.where(wins, "advanced", "lost"))
    hours = np.floor(np.minimum(takes, followed)).astype(int)
    return grouped(zip(hours.tolist(), ends.tolist(), strict=True))


def test_the_corrected_interval_holds_the_true_rate_and_the_simple_ones_do_not() -> None:
    stream = np.random.default_rng(4)
    years = [truth(a_year_of_leads(stream, 0.30)) for _ in range(100)]
    assert sum(told.low <= 0.30 <= told.high for told in years) >= 80
    assert sum(told.naive_low <= 0.30 <= told.naive_high for told in years) <= 20
    assert sum(told.closed_low <= 0.30 <= told.closed_high for told in years) <= 20
    assert np.mean([told.corrected for told in years]) == pytest.approx(0.30, abs=0.01)
    assert all(300 < told.horizon_days < 365 for told in years)


# -- cohorts cut off at their start --------------------------------------------------------------


def test_wins_that_a_record_should_hold_are_counted_by_how_long_the_leads_had() -> None:
    curve = Incidence([24, 48], [0.2, 0.3])
    assert expected_before([0, 23, 24, 47, 48, 9000], [1000, 1000, 10, 10, 10, 10], curve) == (
        pytest.approx(0.2 * 20 + 0.3 * 20)
    )
    assert expected_before([], [], curve) == 0
    assert expected_before([5], [3], Incidence([], [])) == 0


def test_a_missing_start_is_told_from_five_expected_wins_on() -> None:
    assert truncation(4.99, date(2017, 12, 5)) is None
    said = truncation(5, date(2017, 12, 5), "Customer")
    assert said is not None
    assert said.startswith("Nobody is recorded as Customer before 5 December 2017, though about 5")

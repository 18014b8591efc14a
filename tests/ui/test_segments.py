"""Ideas aimed at a segment: what they are worth, alone, together and in a plan, and who says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import numpy as np
import pytest
from hypothesis import given

from tests.examples import examples
from tests.funnels import fractions, funnels_with_ideas, segmented_steps
from tests.unit.test_gains import enumerated, worth
from workshop import exports
from workshop.analysis.conversion import revenue
from workshop.analysis.explanation import Standing, arithmetic, explanation
from workshop.analysis.gains import attribution, gain, gains_alone, improved_rate, joint_gain
from workshop.analysis.information import worth_knowing
from workshop.analysis.overlap import groups, overlaps
from workshop.analysis.portfolio import choose, shrunk
from workshop.analysis.portfolio.log_revenue import LogRevenue
from workshop.analysis.ranking import aim, as_estimated, goes_after, ranking, target_rate
from workshop.analysis.scenario import supposed
from workshop.analysis.uncertainty import rank, simulate, simulate_together
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import (
    Candidate,
    Effect,
    Estimate,
    EstimateRequest,
    Idea,
    IdeaDraft,
    Lever,
)
from workshop.domain.scenario import Scenario

MQL = Step(
    "MQL",
    "SQL",
    700,
    280,
    {"No follow-up": 210, "No budget": 126},
    segments={
        "Paid search": {"No follow-up": 120, "No budget": 40, "": 20},
        "Events": {"No follow-up": 60, "No budget": 60},
    },
)
SEGMENTED = funnels_with_ideas(segmented=True)


@pytest.fixture
def segmented(funnel: Funnel) -> Funnel:
    """The worked example, with the channels of those lost at MQL → SQL."""
    return replace(funnel, steps=(funnel.steps[0], MQL, *funnel.steps[2:]))


def certain(value: float) -> Estimate:
    return Estimate(value, value, value)


def on(segment: str | None, reason: str | None = None, share: float = 0.2) -> Effect:
    return Effect(1, certain(share), reason, segment=segment)


def an_idea(name: str, segment: str | None, reason: str | None = None, share: float = 0.2) -> Idea:
    draft = IdeaDraft(name, certain(share), reason=reason, segment=segment)
    return Idea(name, 1, "", "", draft, datetime.now(UTC))


# -- what a step knows -----------------------------------------------------------------------------


def test_a_step_knows_what_it_loses_for_a_reason_in_a_segment() -> None:
    assert MQL.lost_to("No follow-up", "Paid search") == 120
    assert MQL.lost_to(None, "Paid search") == 180
    assert MQL.lost_to("No follow-up") == 210
    assert replace(MQL, segments={"Fair": {}}).lost_to("No budget", "Fair") == 0


@pytest.mark.parametrize(
    ("segments", "message"),
    [
        ({"Fair": {"Price": 1}}, "'Price' in 'Fair' is no loss reason at MQL → SQL"),
        ({"Fair": {"No budget": -1}}, "the loss of 'Fair' at MQL → SQL is -1"),
        ({" ": {"No budget": 1}}, "a segment at MQL → SQL is empty"),
        (
            {"Fair": {"No budget": 100}, "Web": {"No budget": 27}},
            "lose 127 to 'No budget'; only 126",
        ),
        ({"Fair": {"": 85}}, "lose 85 to no known reason; only 84"),
    ],
)
def test_segments_that_lose_more_than_the_step_are_refused(
    segments: dict[str, dict[str, int]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        replace(MQL, segments=segments)


def test_an_idea_on_an_unknown_segment_is_refused(segmented: Funnel) -> None:
    known = "'Radio' is not a segment at MQL → SQL; known there: 'Paid search', 'Events'"
    with pytest.raises(ValueError, match=known):
        gain(segmented, on("Radio"))
    with pytest.raises(ValueError, match="known there: none"):
        joint_gain(segmented, [Effect(0, certain(0.1), segment="Events")])
    with pytest.raises(ValueError, match="has no step, no reason and no segment"):
        Effect(None, certain(0.1), lever=Lever.VOLUME, segment="Events")


# -- what ideas are worth --------------------------------------------------------------------------


def test_an_idea_wins_back_a_share_of_what_is_lost_in_its_segment(segmented: Funnel) -> None:
    # Each of the 420 is worth 600: 252,000 leak there.
    assert gain(segmented, on("Paid search", "No follow-up")) == pytest.approx(600 * 0.2 * 120)
    assert gain(segmented, on("Events")) == pytest.approx(600 * 0.2 * 120)


def test_the_worked_example_of_the_method_has_its_cells(segmented: Funnel) -> None:
    everywhere = on(None, "No follow-up", 0.3)
    both = [on("Paid search", share=0.2), everywhere]
    assert [gain(segmented, one) for one in both] == pytest.approx([21_600, 37_800])
    assert joint_gain(segmented, both) == pytest.approx(600 * (120 * 0.44 + 60 * 0.2 + 90 * 0.3))
    assert joint_gain(segmented, both) == pytest.approx(55_080)
    assert attribution(segmented, both) == pytest.approx([19_440, 35_640])


@examples(50)
@given(SEGMENTED)
def test_the_joint_gain_is_what_counting_every_prospect_gives(
    case: tuple[Funnel, list[Effect]],
) -> None:
    f, effects = case
    assert joint_gain(f, effects) == pytest.approx(enumerated(f, effects), abs=1e-9 * worth(f))


@given(SEGMENTED)
def test_gain_is_the_joint_gain_of_one(case: tuple[Funnel, list[Effect]]) -> None:
    f, effects = case
    for one, alone in zip(effects, gains_alone(f, effects), strict=True):
        assert alone == pytest.approx(joint_gain(f, [one]), abs=1e-12 * worth(f))


@given(segmented_steps(0), fractions, fractions)
def test_the_same_idea_in_every_segment_is_the_idea_on_everybody(
    step: Step, share: float, quality: float
) -> None:
    rest = dict.fromkeys(step.segments["fair"], 0)
    for cause, lost in {**step.losses, "": step.unexplained}.items():
        rest[cause] = lost - sum(within[cause] for within in step.segments.values())
    covered = replace(step, segments={**step.segments, "elsewhere": rest})
    for reason in (None, *step.losses):
        everybody = Effect(0, certain(share), reason, quality)
        each = [replace(everybody, segment=segment) for segment in covered.segments]
        assert improved_rate(covered, each, 1.0) == pytest.approx(
            improved_rate(covered, [everybody], 1.0), abs=1e-12
        )


@given(segmented_steps(0), fractions, fractions)
def test_different_segments_of_a_reason_simply_add_up(step: Step, one: float, other: float) -> None:
    for reason in (None, *step.losses):
        search = Effect(0, certain(one), reason, segment="search")
        fair = Effect(0, certain(other), reason, segment="fair")
        both, alone = (improved_rate(step, ideas, 1.0) for ideas in ([search, fair], [search]))
        assert both - alone == pytest.approx(
            improved_rate(step, [fair], 1.0) - step.rate, abs=1e-12
        )


@given(SEGMENTED)
def test_together_on_one_cell_ideas_bring_at_most_their_sum(
    case: tuple[Funnel, list[Effect]],
) -> None:
    f, effects = case
    for one in (e for e in effects if e.step is not None):
        aim_of_one = (one.step, one.reason, one.segment)
        cell = [e for e in effects if (e.step, e.reason, e.segment) == aim_of_one]
        total = sum(gain(f, each) for each in cell)
        assert joint_gain(f, cell) <= total + 1e-10 * worth(f)


@given(SEGMENTED)
def test_credits_add_up_and_the_order_never_matters(case: tuple[Funnel, list[Effect]]) -> None:
    f, effects = case
    close = 1e-10 * worth(f)
    credits, turned = attribution(f, effects), effects[::-1]
    assert credits.sum() == pytest.approx(joint_gain(f, effects), abs=close)
    assert np.all(credits >= -close)
    assert joint_gain(f, turned) == pytest.approx(joint_gain(f, effects), abs=close)
    assert attribution(f, turned) == pytest.approx(credits[::-1], abs=close)


# -- draws, plans, scenarios -----------------------------------------------------------------------


def test_draws_depend_on_the_segment_and_nothing_else_changes_them(segmented: Funnel) -> None:
    estimate = Estimate(0.1, 0.2, 0.4)
    search = Effect(1, estimate, "No follow-up", segment="Paid search")
    everybody = replace(search, segment=None)
    alone = simulate(segmented, [search], 500, 0)
    among = simulate(segmented, [everybody, search, replace(search, segment="Events")], 500, 0)
    assert np.array_equal(among[1], alone[0])
    assert not np.allclose(among[0] * 120 / 210, among[1])
    assert np.allclose(simulate_together(segmented, [search], 500), alone[0], rtol=1e-5)
    table = rank(segmented, [search, replace(search)])
    assert table["gain"].tolist() == pytest.approx([600 * 120 * 13 / 60] * 2)
    assert table["p50"].nunique() == 1


def test_a_segment_is_never_taken_for_part_of_a_reason(segmented: Funnel) -> None:
    odd = replace(
        MQL,
        losses={"x": 9, "x in y": 9},
        segments={"y": {"x": 9}, "z": {}},
    )
    f = replace(segmented, steps=(segmented.steps[0], odd, *segmented.steps[2:]))
    estimate = Estimate(0, 0.2, 0.4)
    one, other = simulate(
        f, [Effect(1, estimate, "x in y"), Effect(1, estimate, "x", segment="y")], 100, 0
    )
    assert not np.allclose(one, other)


@examples(10)
@given(SEGMENTED)
def test_the_log_revenue_of_every_set_is_that_of_its_joint_gain(
    case: tuple[Funnel, list[Effect]],
) -> None:
    f, effects = case
    curve = LogRevenue.of(f, effects)
    for chosen in product([0, 1], repeat=len(effects)):
        taken = [one for one, k in zip(effects, chosen, strict=True) if k]
        earned = np.exp(curve.values(np.array(chosen, dtype=float)))
        assert earned == pytest.approx(
            revenue(f) + joint_gain(f, taken), rel=1e-9, abs=1e-9 * worth(f)
        )


@pytest.mark.parametrize("seed", range(12))
def test_the_best_plan_is_the_best_of_all_sets(segmented: Funnel, seed: int) -> None:
    stream = np.random.default_rng(seed)
    ideas = [
        Candidate(
            f"idea {k}",
            Effect(
                step := int(stream.choice([1, 1, 1, 3])),
                certain(float(stream.random())),
                [None, *segmented.steps[step].losses][
                    stream.integers(1 + len(segmented.steps[step].losses))
                ],
                float(stream.choice([1.0, 0.6])),
                segment=[None, *segmented.steps[step].segments][
                    stream.integers(1 + len(segmented.steps[step].segments))
                ],
            ),
            {"sales": float(stream.integers(1, 9))},
        )
        for k in range(9)
    ]
    sets = (
        [one for one, taken in zip(ideas, chosen, strict=True) if taken]
        for chosen in product([False, True], repeat=len(ideas))
    )
    best = max(
        joint_gain(segmented, [one.effect for one in chosen])
        for chosen in sets
        if sum(one.effort["sales"] for one in chosen) <= 15
    )
    plan = choose(segmented, ideas, {"sales": 15})
    assert plan.proven_optimal
    assert plan.gain == pytest.approx(best, rel=1e-6)


def test_fractions_of_a_segment_are_not_shrunk_toward_those_of_a_whole_step() -> None:
    wide, narrow = Estimate(0, 0.5, 1), certain(0.1)
    whole = Candidate("whole", Effect(1, narrow), {})
    search = Candidate("search", Effect(1, wide, segment="Paid search"), {})
    reason = Candidate("reason", Effect(1, narrow, "No budget"), {})
    assert shrunk([whole, search])[1].effect.recovers.likely == pytest.approx(0.5)
    assert shrunk([reason, search])[1].effect.recovers.likely < 0.5


def test_a_supposed_funnel_loses_in_the_same_segments(segmented: Funnel) -> None:
    seen = supposed(segmented, Scenario("Better", 2000, (0.35, 0.6, 0.3, 0.25), 8000))
    search = on("Paid search", "No follow-up")
    # Of 280 lost instead of 420, the same 120 of 420 are lost there.
    assert gain(seen, search) == pytest.approx(600 * 0.2 * 80)


def test_knowing_more_about_a_segment_is_worth_what_that_segment_is(segmented: Funnel) -> None:
    def told(segment: str | None) -> float:
        bold = Candidate("bold", Effect(1, Estimate(0, 0.1, 0.9), segment=segment), {})
        sure = Candidate("sure", Effect(3, certain(0.06)), {})
        return worth_knowing(segmented, [bold, sure], draws=200).estimates[0]

    assert 0 < told("Events") < told(None)


# -- overlaps and words ----------------------------------------------------------------------------


def test_only_ideas_that_share_prospects_overlap(segmented: Funnel) -> None:
    search, events = on("Paid search"), on("Events")
    budget, budget_at_events = on(None, "No budget"), on("Events", "No budget")
    assert groups([search, events]) == []
    assert groups([search, budget_at_events]) == []
    assert groups([search, budget]) == [[0, 1]]
    [found] = overlaps(segmented, [search, events, budget_at_events])
    assert found.ideas == (1, 2)
    assert found.twice == pytest.approx(600 * 60 * 0.2 * 0.2)


def test_the_explanation_goes_from_the_step_to_the_segment(segmented: Funnel) -> None:
    idea = an_idea("A", "Paid search", "No follow-up")
    told = arithmetic(segmented, as_estimated(idea, Assumptions()), idea)
    assert told == (
        "420 of 700 at MQL drop out, 210 of them for 'No follow-up'; 120 of these are in "
        "'Paid search'.",
        "The idea wins back 20 % of these: 24.",
        "At today's later conversion rates 24 more at SQL become 1.8 won deals, "
        "worth $14,400 a year.",
    )
    idea = an_idea("B", "Events")
    assert arithmetic(segmented, as_estimated(idea, Assumptions()), idea)[0] == (
        "420 of 700 at MQL drop out, 120 of them in 'Events'."
    )


def test_the_explanation_names_ideas_of_the_same_segment_only(segmented: Funnel) -> None:
    own, same, other = (
        an_idea(name, segment)
        for name, segment in (("A", "Events"), ("B", "Events"), ("C", "Paid search"))
    )
    told = explanation(segmented, Assumptions(), own, Standing(0, 1, 0.5), [own, same, other])
    assert [sentence[:3] for sentence in told if "same losses" in sentence] == ["'B'"]


def test_a_reason_that_a_segment_does_not_have_shares_nobody_with_it(segmented: Funnel) -> None:
    empty = replace(MQL, segments={"Fair": {"No budget": 126}})
    seen = replace(segmented, steps=(segmented.steps[0], empty, *segmented.steps[2:]))
    own, other = an_idea("A", "Fair"), an_idea("B", None, "No follow-up")
    assert len(explanation(seen, Assumptions(), own, Standing(0, 1, 0.5), [other])) == 5


def test_everybody_says_whom_an_idea_goes_after() -> None:
    draft = an_idea("A", "Paid search", "No follow-up").draft
    assert goes_after(draft) == "No follow-up in Paid search"
    assert goes_after(EstimateRequest.about(an_idea("A", "Events"))) == "all losses in Events"
    assert goes_after(replace(draft, segment=None)) == "No follow-up"
    assert goes_after(replace(draft, reason=None, segment=None)) == "all losses"
    assert aim(MQL, draft) == ("At MQL → SQL, 120 are lost to “No follow-up” in “Paid search”")


def test_the_target_of_the_kpi_counts_the_segment_alone(segmented: Funnel) -> None:
    assert target_rate(segmented, an_idea("A", "Events")) == pytest.approx((280 + 24) / 700)


def test_the_exports_have_the_segment_beside_the_reason(segmented: Funnel) -> None:
    ideas = [an_idea("A", "Paid search", "No follow-up"), an_idea("B", None)]
    assert as_estimated(ideas[0], Assumptions()).segment == "Paid search"
    table = ranking(segmented, Assumptions(), ideas, {})
    lines = exports.ideas_csv(table, [], "USD").decode("utf-8-sig").splitlines()
    heading, *rows = (line.split(",") for line in lines)
    column = heading.index("Only in this segment")
    assert {row[heading.index("Idea")]: row[column] for row in rows} == {
        "A": "Paid search",
        "B": "",
    }

"""Arbitrary funnels and ideas for property tests, degenerate ones included."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Effect, Estimate, Lever

# How long an example takes says something about the machine, nothing about the mathematics.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

fractions = st.floats(0, 1)


@st.composite
def steps(draw: st.DrawFn, number: int) -> Step:
    entered = draw(st.integers(0, 500))
    advanced = draw(st.integers(0, entered))
    first = draw(st.integers(0, entered - advanced))
    second = draw(st.integers(0, entered - advanced - first))
    losses = draw(st.sampled_from([{}, {"price": first}, {"price": first, "no answer": second}]))
    benchmark = draw(st.none() | fractions)
    return Step(
        f"stage {number}",
        f"stage {number + 1}",
        entered,
        advanced,
        losses,
        benchmark=benchmark,
    )


@st.composite
def segmented_steps(draw: st.DrawFn, number: int) -> Step:
    """A step that knows its losses by segment: of some of the lost, or of all of them."""
    step = draw(steps(number))
    segments: dict[str, dict[str, int]] = {"search": {}, "fair": {}}
    for reason, lost in {**step.losses, "": step.unexplained}.items():
        first = draw(st.integers(0, lost))
        segments["search"][reason] = first
        segments["fair"][reason] = draw(st.sampled_from([lost - first, (lost - first) // 2]))
    return replace(step, segments=segments)


@st.composite
def funnels(draw: st.DrawFn, segmented: bool = False) -> Funnel:
    count = draw(st.integers(1, 4))
    deal_value = draw(st.sampled_from([0, 1, 8000, 1e6]))
    kind = segmented_steps if segmented else steps
    return Funnel(tuple(draw(kind(i)) for i in range(count)), deal_value, "EUR", 90)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    return Estimate(*sorted(draw(st.tuples(fractions, fractions, fractions))))


@st.composite
def effects(draw: st.DrawFn, f: Funnel, full_quality: bool = False) -> Effect:
    """Any effect that fits the funnel."""
    quality = 1.0 if full_quality else draw(fractions)
    success = draw(fractions)
    lever = draw(st.sampled_from([Lever.CONVERSION, *Lever]))
    if lever is not Lever.CONVERSION:
        return Effect(None, draw(estimates()), quality=quality, success=success, lever=lever)
    step = draw(st.integers(0, len(f.steps) - 1))
    reason = draw(st.sampled_from([None, *f.steps[step].losses]))
    segment = draw(st.sampled_from([None, *f.steps[step].segments]))
    return Effect(step, draw(estimates()), reason, quality, success, segment=segment)


@st.composite
def funnels_with_ideas(
    draw: st.DrawFn, most: int = 5, full_quality: bool = False, segmented: bool = False
) -> tuple[Funnel, list[Effect]]:
    f = draw(funnels(segmented))
    return f, draw(st.lists(effects(f, full_quality), max_size=most))

"""The workshop's ideas as a ranked list: records in, one table out, money a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf, nan

import pandas as pd

from workshop.analysis import pert, sensitivity, uncertainty
from workshop.analysis.belief import chance_of_success, probable
from workshop.analysis.gains import gains_alone, improved_rate
from workshop.analysis.sensitivity import Improvement
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Effect, Estimate, EstimateRequest, Idea, IdeaDraft
from workshop.domain.lens import Lens
from workshop.domain.people import Side
from workshop.wording.figures import a_year, count

LEAST_REALISED = 0.001
MONEY = ["gain", "p10", "p50", "p90", "as_estimated"]


def assumed(funnel: Funnel, assumptions: Assumptions) -> Funnel:
    """The funnel as management sees it: its own deal value, period and benchmarks.

    >>> from workshop.domain.funnel import Step
    >>> measured = Funnel((Step("Lead", "Won", 100, 10),), 8000, "EUR", 365)
    >>> assumed(measured, Assumptions(deal_value=9000)).deal_value
    9000
    """
    benchmarks = assumptions.benchmarks or tuple(step.benchmark for step in funnel.steps)
    return replace(
        funnel,
        steps=tuple(
            replace(step, benchmark=benchmark)
            for step, benchmark in zip(funnel.steps, benchmarks, strict=True)
        ),
        deal_value=funnel.deal_value if assumptions.deal_value is None else assumptions.deal_value,
        period_days=funnel.period_days
        if assumptions.period_days is None
        else assumptions.period_days,
    )


def expected(idea: Idea) -> Estimate:
    """What an idea is expected to win back: one side's estimate, or the pool of them."""
    return pert.pooled(idea.beliefs)


def as_estimated(idea: Idea, assumptions: Assumptions) -> Effect:
    """What an idea does if it works as its mini-team estimates."""
    return Effect(
        idea.step,
        expected(idea),
        idea.draft.reason,
        assumptions.quality,
        segment=idea.draft.segment,
    )


def effects(ideas: Sequence[Idea], assumptions: Assumptions) -> list[Effect]:
    """What ideas that stand beside each other will probably do, in their order.

    The money of every ranking and plan is of these. Until management has said how many of such
    ideas work, they are `as_estimated`; where it reckons with this company's own record, that
    record says it.
    """
    told = [as_estimated(idea, assumptions) for idea in ideas]
    if assumptions.turned_out is not None:
        return as_turned_out(told, assumptions.turned_out)
    if assumptions.success is None:
        return told
    success = chance_of_success(10 * assumptions.success)
    return probable([replace(each, success=success) for each in told])


def as_turned_out(told: Sequence[Effect], factor: float) -> list[Effect]:
    """What effects will probably do where so much of the earlier ones has come true.

    A record at or below 0 lets nothing be expected.
    """
    if factor < LEAST_REALISED:
        nothing = Estimate(0.0, 0.0, 0.0)
        return [replace(each, recovers=nothing, estimated=each.recovers) for each in told]
    return probable(told, realised=factor)


def aim(step: Step, draft: IdeaDraft) -> str:
    """Whom an idea goes after, in words.

    >>> draft = IdeaDraft("Call back", Estimate(.2, .2, .2), reason="No follow-up")
    >>> aim(Step("MQL", "SQL", 700, 280, {"No follow-up": 210}), draft)
    'At MQL → SQL, 210 are lost to “No follow-up”'
    """
    losses = f"At {step.name}, {count(step.lost_to(draft.reason, draft.segment))} are lost"
    to = "" if draft.reason is None else f" to “{draft.reason}”"
    within = "" if draft.segment is None else f" in “{draft.segment}”"
    return losses + to + within


def goes_after(said: IdeaDraft | EstimateRequest) -> str:
    """The losses that an idea goes after, in a few words.

    >>> goes_after(IdeaDraft("Call back", Estimate(.2, .2, .2), segment="Paid search"))
    'all losses in Paid search'
    """
    losses = said.reason or "all losses"
    return losses if said.segment is None else f"{losses} in {said.segment}"


def target_rate(funnel: Funnel, idea: Idea) -> float:
    """The conversion rate of the idea's step once the idea works, 0..1: the target of its KPI.

    Everybody who is won back counts in full: the quality and the chance of success discount
    the money, not the rate that will be measured.

    >>> from datetime import UTC, datetime
    >>> from workshop.domain.idea import Estimate, IdeaDraft
    >>> from workshop.domain.funnel import Step
    >>> measured = Funnel((Step("MQL", "SQL", 700, 280, {"No follow-up": 210}),), 8e3, "EUR", 365)
    >>> draft = IdeaDraft("Call back", Estimate(.2, .2, .2), reason="No follow-up")
    >>> round(target_rate(measured, Idea("a", 0, "", "", draft, datetime.now(UTC))), 6)
    0.46
    """
    return improved_rate(funnel.steps[idea.step], [as_estimated(idea, Assumptions())], 1.0)


def ranking(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea], teams: Mapping[str, str]
) -> pd.DataFrame:
    """Every idea with its place, best first; withdrawn and merged ones last, without a place.

    `teams` maps team ids to names. Columns: `id, place, title, step, reason, segment` (blank for
    all), `plan, low, likely, high` (fractions, pooled), `said_sales, said_marketing, said_other`
    (what each side holds likely, blank where it said nothing), `gain, p10, p50, p90` (money a
    year), `p_top3` (probability), `days_sales, days_marketing, days, gain_per_day, department,
    owner, team, author, state`.
    """
    seen = assumed(funnel, assumptions)
    counted = [idea for idea in ideas if idea.counts]
    values = uncertainty.rank(seen, effects(counted, assumptions))
    values["as_estimated"] = gains_alone(seen, [as_estimated(one, assumptions) for one in counted])
    values[MONEY] = a_year(values[MONEY], seen.period_days)
    values["id"] = pd.Series([idea.id for idea in counted], dtype=object)
    words = pd.DataFrame([_words(idea, seen, ideas, teams) for idea in ideas], columns=WORD_COLUMNS)
    table = words.merge(values, on="id", how="left")
    per_day = table["gain"] / table["days"]
    table["gain_per_day"] = per_day.where(per_day < inf)  # of no days, nothing can be said
    table = table.sort_values("gain", ascending=False, kind="stable", ignore_index=True)
    table["place"] = pd.Series(range(1, len(table) + 1), dtype="Int64").where(table["gain"].notna())
    return table


def worth(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea]
) -> dict[str, dict[str, float]]:
    """What each of these ideas brings alone if it works as estimated, by its id.

    `gain, p10, p50, p90`, money a year.
    """
    seen = assumed(funnel, assumptions)
    columns = uncertainty.alone(seen, [as_estimated(idea, assumptions) for idea in ideas])
    a_year_each = {name: a_year(column, seen.period_days) for name, column in columns.items()}
    return {
        idea.id: {name: float(column[row]) for name, column in a_year_each.items()}
        for row, idea in enumerate(ideas)
    }


def improvements_a_year(funnel: Funnel) -> tuple[Improvement, ...]:
    """The `sensitivity.improvements`, money a year."""
    days = funnel.period_days
    return tuple(
        replace(each, today=a_year(each.today, days), slope=a_year(each.slope, days))
        for each in sensitivity.improvements(funnel)
    )


def lenses_a_year(funnel: Funnel) -> pd.DataFrame:
    """The lenses of `sensitivity.lenses` and `pushed`, money a year.

    Where no benchmark is known, nobody can say what reaching it is worth: NaN.
    """
    lenses = sensitivity.lenses(funnel)
    lenses[Lens.PUSH.value] = sensitivity.pushed(funnel)
    unknown = [step.benchmark is None for step in funnel.steps]
    lenses.loc[unknown, Lens.TO_BENCHMARK.value] = nan
    money = [lens.value for lens in Lens]
    lenses[money] = a_year(lenses[money], funnel.period_days)
    return lenses


WORD_COLUMNS = [
    "id",
    "title",
    "step",
    "reason",
    "segment",
    "plan",
    "low",
    "likely",
    "high",
    *(f"said_{side}" for side in Side),
    "days_sales",
    "days_marketing",
    "days",
    "department",
    "owner",
    "team",
    "author",
    "state",
]


def _words(
    idea: Idea, funnel: Funnel, ideas: Sequence[Idea], teams: Mapping[str, str]
) -> tuple[object, ...]:
    draft, recovers, said = idea.draft, expected(idea), dict(idea.estimates)
    return (
        idea.id,
        draft.title,
        funnel.steps[idea.step].name,
        draft.reason or "all losses",
        draft.segment or "",
        draft.plan,
        recovers.low,
        recovers.likely,
        recovers.high,
        *(said[side].likely if side in said else nan for side in Side),
        draft.days_sales,
        draft.days_marketing,
        draft.days,
        draft.department.value,
        draft.owner,
        teams.get(idea.team_id, ""),
        idea.author,
        _state(idea, ideas),
    )


def _state(idea: Idea, ideas: Sequence[Idea]) -> str:
    if idea.withdrawn:
        return "withdrawn"
    if idea.merged_into is not None:
        titles = {other.id: other.draft.title for other in ideas}
        # Who looks may not be let read the one that stays.
        return f"merged into {titles.get(idea.merged_into, 'another idea')}"
    return "counts"

"""The rows of the exported tables: values under the names of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf, isfinite
from typing import Any

import pandas as pd

from workshop.analysis import scenario
from workshop.analysis.conversion import leak, revenue, share_of_entered
from workshop.analysis.planning import BestPlan
from workshop.domain.assumptions import Assumptions
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel, Step
from workshop.domain.people import Side
from workshop.domain.scenario import Scenario
from workshop.exports.columns import AGREED, SCENARIO_NUMBER, Column, Kind
from workshop.wording.commitments import KINDS, RHYTHMS, STATUSES
from workshop.wording.figures import a_year
from workshop.wording.gains import how_sure

Row = Mapping[str, Any]

OF_RECOVERED = "How well recovered prospects close (%)"
CHANCE = "Chance of success (%)"
OF_REVENUE = "What the measured rates bring in at this deal value."
OF_QUALITY = (
    "What a prospect won back is worth further down, against an ordinary one. It scales every gain."
)
OF_SUCCESS = (
    "How many of such ideas really work here, as management said. Empty where it has not: gains "
    "are then as the teams estimate them."
)
HOW_TO_READ = (
    (
        "Expected gain",
        "Extra revenue a year if this idea alone is carried out: the mean of all that may come of "
        "it. It is expected, not promised.",
    ),
    (
        "10 % point and 90 % point",
        "The range of the gain: one time in ten it is less than the 10 % point, one time in ten "
        "more than the 90 % point.",
    ),
    (
        "Gain as the team estimates",
        "What the idea brings if it works as its mini-team estimates. The expected gain is less "
        "once management has said how many of ten ideas work.",
    ),
    (
        "Chance of the top 3",
        "How often the idea is among the three that bring most when everything uncertain is drawn "
        "anew many times.",
    ),
    (
        "Low, likely, high",
        "How much of the losses it goes after the idea wins back, as its mini-team estimates. "
        "Where its sides differ: from the lowest low to the highest high, at the mean of their "
        "means.",
    ),
    (
        "Several ideas",
        "Their gains do not simply add up: two ideas cannot win back the same prospect, and a "
        "better step makes the others worth more.",
    ),
    (
        "Leak",
        "What all who are lost at a step would bring in a year, at today's later conversion rates.",
    ),
)


def records(ideas: pd.DataFrame) -> list[Row]:
    """The rows of a table, as IDEAS takes them."""
    return [{str(name): value for name, value in row.items()} for row in ideas.to_dict("records")]


def prioritised(actions: Sequence[Commitment], ideas: Sequence[Row]) -> list[Row]:
    """The rows of ACTIONS, the largest expected gain first.

    An idea that counts no more has no gain; its action comes last.
    """
    whys = {idea["id"]: idea for idea in ideas}
    gains = {id_: -inf if pd.isna(why["gain"]) else why["gain"] for id_, why in whys.items()}
    ordered = sorted(actions, key=lambda action: gains[action.idea_id], reverse=True)
    return [
        {
            "priority": priority,
            "idea_id": action.idea_id,
            "title": action.title,
            **{name: whys[action.idea_id][name] for name in ("step", "reason", "segment", "gain")},
            "owner": action.owner,
            "co_owner": action.co_owner,
            "kpi": action.kpi,
            "baseline": action.baseline,
            "target": action.target,
            "first_step": action.first_step,
            "due": action.due,
            "status": STATUSES[action.status],
        }
        for priority, action in enumerate(ordered, start=1)
    ]


def promises(commitments: Iterable[Commitment]) -> list[Row]:
    """The rows of COMMITMENTS, of any kind, in their order."""
    return [
        {
            "kind_name": KINDS[one.kind],
            "title": one.title,
            "owner": one.owner,
            "co_owner": one.co_owner,
            "due": one.due,
            "rhythm": RHYTHMS[one.rhythm],
            "kpi": one.kpi,
            "baseline": one.baseline,
            "target": one.target,
            "first_step": one.first_step,
            "status": STATUSES[one.status],
        }
        for one in commitments
    ]


def with_agreements(ideas: Sequence[Row], actions: Sequence[Commitment]) -> list[Row]:
    """The rows of IDEAS and AGREED; nothing was agreed where there is no action."""
    agreed = {row["idea_id"]: row for row in prioritised(actions, ideas)}
    names = [column.name for column in AGREED]
    return [
        {**idea, **{name: agreed.get(idea["id"], {}).get(name[len("agreed_") :]) for name in names}}
        for idea in ideas
    ]


def steps(funnel: Funnel) -> list[Row]:
    """The rows of STEPS."""
    leaks = a_year(leak(funnel), funnel.period_days)
    return [
        {
            "step": step.name,
            "entered": step.entered,
            "advanced": step.advanced,
            "rate": step.rate,
            "benchmark": step.benchmark,
            "lost": step.lost,
            "lost_share": share_of_entered(step, step.lost),
            "leak": leaked,
            "owner": step.owner.value,
        }
        for step, leaked in zip(funnel.steps, leaks, strict=True)
    ]


def losses(funnel: Funnel) -> list[Row]:
    """The rows of LOSSES, the unexplained rest of each step last."""
    leaks = a_year(leak(funnel), funnel.period_days)
    return [
        {
            "step": step.name,
            "reason": reason,
            "lost": lost,
            "lost_share": lost / step.lost,
            "leak": leaked * lost / step.lost,
        }
        for step, leaked in zip(funnel.steps, leaks, strict=True)
        if step.lost
        for reason, lost in [*_most_frequent(step), ("unexplained", step.unexplained)]
    ]


def _most_frequent(step: Step) -> list[tuple[str, int]]:
    return sorted(step.losses.items(), key=lambda loss: -loss[1])


def planned(ideas: Sequence[Row], plan: BestPlan) -> list[Row]:
    """The rows of PLAN: the ideas of the plan, the largest contribution first, then the others."""
    rows = [
        {
            **{name: idea[name] for name in ("title", "step", "reason", "segment", "gain")},
            "in_plan": "yes" if idea["id"] in plan.chosen else "no",
            "contribution": plan.credit.get(idea["id"]),
            # Where nobody has said any, nothing is known of either.
            **{
                name: idea[name] if idea["days"] else None
                for name in ("days_sales", "days_marketing")
            },
        }
        for idea in ideas
        if idea["state"] == "counts"
    ]
    return sorted(rows, key=lambda row: (row["in_plan"] == "no", -(row["contribution"] or 0.0)))


def plan_figures(plan: BestPlan, currency: str) -> list[Row]:
    """The rows of PLAN_FIGURES."""
    days = [
        (f"{words} of {side.value} (person-days)", held[side.value], Kind.DAYS)
        for side in (Side.SALES, Side.MARKETING)
        for words, held in (("Effort", plan.effort), ("Capacity", plan.capacity))
    ]
    figures = [
        (f"Brings ({currency} a year)", plan.gain, Kind.MONEY),
        (f"10 % point ({currency} a year)", plan.p10, Kind.MONEY),
        (f"90 % point ({currency} a year)", plan.p90, Kind.MONEY),
        (f"As the teams estimate ({currency} a year)", plan.as_estimated, Kind.MONEY),
        *((words, number if isfinite(number) else None, kind) for words, number, kind in days),
    ]
    return [{"number": words, "value": value, "kind": kind} for words, value, kind in figures]


def brought(
    funnel: Funnel, assumptions: Assumptions, agreed: float, plan: BestPlan | None
) -> list[Row]:
    """The rows of BRINGS, in the words of the screens; `agreed` is money a year."""
    sure = how_sure(assumptions)
    rows = [
        ("Revenue today a year", a_year(revenue(funnel), funnel.period_days)),
        (f"Agreed actions together a year, {sure}", agreed),
    ]
    if plan is not None:
        rows.append((f"The best plan brings a year, {sure}", plan.gain))
        if assumptions.success is not None:
            rows.append(("The best plan a year, if all worked as estimated", plan.as_estimated))
    return [{"what": what, "worth": worth} for what, worth in rows]


def compared(
    funnel: Funnel, assumptions: Assumptions, scenarios: Sequence[Scenario]
) -> tuple[list[Column], list[Row]]:
    """Today and the scenarios side by side: a column each, a row a number.

    `funnel` is the one that management assumes. A scenario of another number of steps is left out.
    """
    today = scenario.today(funnel, assumptions, "Today")
    sets = [today, *(one for one in scenarios if len(one.rates) == len(funnel.steps))]
    columns = [SCENARIO_NUMBER]
    for place, one in enumerate(sets):
        # A heading is a template.
        heading = one.name.replace("{", "{{").replace("}", "}}")
        columns.append(Column(heading, str(place), None, 18))
    numbers: list[tuple[str, Kind, Sequence[float | None]]] = [
        (
            f"Revenue ({funnel.currency} a year)",
            Kind.MONEY,
            [a_year(scenario.revenue(one), funnel.period_days) for one in sets],
        ),
        (f"{funnel.stages[0]} (count)", Kind.WHOLE, [one.entrants for one in sets]),
        *(
            (f"{step.name} (%)", Kind.SHARE, [one.rates[place] for one in sets])
            for place, step in enumerate(funnel.steps)
        ),
        (f"Deal value ({funnel.currency})", Kind.MONEY, [one.deal_value for one in sets]),
        (OF_RECOVERED, Kind.SHARE, [one.quality for one in sets]),
        (CHANCE, Kind.SHARE, [one.success for one in sets]),
    ]
    rows: list[Row] = [
        {"number": words, "kind": kind, **{str(k): value for k, value in enumerate(values)}}
        for words, kind, values in numbers
    ]
    return columns, rows


def explanations(workshop_name: str, funnel: Funnel, assumptions: Assumptions) -> list[Row]:
    """The rows of EXPLANATIONS; `funnel` is the one that management assumes."""
    currency = funnel.currency
    today = a_year(revenue(funnel), funnel.period_days)
    of_deal_value = f"Mean value of a won deal, {_source(assumptions.deal_value)}."
    of_period = (
        f"The funnel counts this many days, {_source(assumptions.period_days)}. Counts are of this "
        "period; all money is of a year of 365 days."
    )
    of_benchmark = f"The rate that comparable companies reach, {_source(assumptions.benchmarks)}."
    numbers = [
        ("Workshop", workshop_name, Kind.TEXT, "A Funnel Reality Check."),
        (f"Deal value ({currency})", funnel.deal_value, Kind.MONEY, of_deal_value),
        ("Period (days)", funnel.period_days, Kind.WHOLE, of_period),
        (f"Revenue today ({currency} a year)", today, Kind.MONEY, OF_REVENUE),
        *(
            (f"Benchmark of {step.name} (%)", step.benchmark, Kind.SHARE, of_benchmark)
            for step in funnel.steps
            if step.benchmark is not None
        ),
        (OF_RECOVERED, assumptions.quality, Kind.SHARE, OF_QUALITY),
        (CHANCE, assumptions.success, Kind.SHARE, OF_SUCCESS),
        *((words, None, Kind.TEXT, meaning) for words, meaning in HOW_TO_READ),
    ]
    return [
        {"number": words, "value": value, "kind": kind, "meaning": meaning}
        for words, value, kind, meaning in numbers
    ]


def _source(assumed_value: object) -> str:
    return "from the funnel's file" if assumed_value is None else "as management assumes"

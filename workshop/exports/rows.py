"""The rows of the exported tables: values under the names of their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from types import MappingProxyType
from typing import Any

import pandas as pd

from workshop.analysis.conversion import leak, revenue, share_of_entered
from workshop.domain.action import Action, Status
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step
from workshop.exports.columns import AGREED, Kind
from workshop.wording.figures import a_year

Row = Mapping[str, Any]

STATUSES: Mapping[Status, str] = MappingProxyType(
    {
        Status.OPEN: "open",
        Status.UNDER_WAY: "under way",
        Status.DONE: "done",
        Status.DROPPED: "dropped",
    }
)

OF_REVENUE = "What the measured rates bring in at this deal value."
OF_QUALITY = (
    "What a prospect won back is worth further down, against an ordinary one. It scales every gain."
)
OF_SUCCESS = (
    "Of a hundred such ideas, how many really work here. Empty where management has not said it: "
    "gains are then as the teams estimate them."
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


def prioritised(actions: Sequence[Action], ideas: Sequence[Row]) -> list[Row]:
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


def with_agreements(ideas: Sequence[Row], actions: Sequence[Action]) -> list[Row]:
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
        ("How well recovered prospects close (%)", assumptions.quality, Kind.SHARE, OF_QUALITY),
        ("Chance of success (%)", assumptions.success, Kind.SHARE, OF_SUCCESS),
        *((words, None, Kind.TEXT, meaning) for words, meaning in HOW_TO_READ),
    ]
    return [
        {"number": words, "value": value, "kind": kind, "meaning": meaning}
        for words, value, kind, meaning in numbers
    ]


def _source(assumed_value: object) -> str:
    return "from the funnel's file" if assumed_value is None else "as management assumes"

"""The form for what management assumes about the funnel and the ideas."""

from __future__ import annotations

from dataclasses import replace

from workshop.analysis.ranking import assumed
from workshop.domain.access import Visitor
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step
from workshop.forms.form import Field, Form, Group, Kind, Submission
from workshop.forms.number import DAYS, MONEY, PERCENT, in_percent, written
from workshop.forms.success import of_ten, share, success_field
from workshop.store import Store
from workshop.wording import figures

NAME = "assumptions"


def assumptions_form(measured: Funnel, assumptions: Assumptions) -> Form:
    """The form with what is assumed now; where nothing is, with what the file says."""
    beliefs = Group(
        "Money and ideas",
        (
            Field(
                "deal_value",
                Kind.NUMBER,
                f"Deal value, {measured.currency}",
                "What a won deal brings on average. The workshop began with "
                f"{figures.exact_money(measured.deal_value, measured.currency)}.",
                required="Write the deal value.",
                limits=MONEY,
            ),
            Field(
                "period",
                Kind.NUMBER,
                "Period, days",
                "How many days the counts cover; money is spoken of by the year. "
                f"The workshop began with {written(measured.period_days)}.",
                required="Write the period.",
                limits=DAYS,
            ),
            Field(
                "quality",
                Kind.NUMBER,
                "How well recovered prospects close, %",
                "Compared with ordinary prospects, who are 100 %.",
                required="Write how well recovered prospects close.",
                limits=PERCENT,
            ),
            success_field(),
        ),
    )
    benchmarks = Group(
        "Benchmarks",
        tuple(_benchmark(place, step) for place, step in enumerate(measured.steps)),
        "What comparable companies convert: it counts under Sensitivity.",
    )
    return Form(
        NAME,
        {},
        (beliefs, benchmarks),
        "Save assumptions",
        values=_values(assumed(measured, assumptions), assumptions),
    )


def _benchmark(place: int, step: Step) -> Field:
    return Field(
        f"benchmark_{place}",
        Kind.NUMBER,
        f"{step.name}, %",
        f"Today {figures.percent(step.rate)}.",
        placeholder="Not known",
        limits=PERCENT,
    )


def _values(funnel: Funnel, assumptions: Assumptions) -> dict[str, str]:
    benchmarks = {
        f"benchmark_{place}": in_percent(step.benchmark) for place, step in enumerate(funnel.steps)
    }
    return {
        "deal_value": written(round(funnel.deal_value, 2)),
        "period": written(funnel.period_days),
        "quality": in_percent(assumptions.quality),
        "success": of_ten(assumptions.success),
        **benchmarks,
    }


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep what management assumes; what equals the file is left to the file. Raises Problems."""
    measured = store.funnels.current(who)
    read = assumptions_form(measured, Assumptions()).read(submission)
    benchmarks = tuple(
        None if read[key] is None else read[key] / 100
        for key in (f"benchmark_{place}" for place in range(len(measured.steps)))
    )
    # As the form shows them: a benchmark of the file may have more decimals.
    is_measured = [in_percent(one) for one in benchmarks] == [
        in_percent(step.benchmark) for step in measured.steps
    ]
    deal_value, period = read["deal_value"], int(read["period"])
    assumptions = replace(
        store.assumptions.current(who),
        deal_value=None if deal_value == round(measured.deal_value, 2) else deal_value,
        period_days=None if period == measured.period_days else period,
        benchmarks=None if is_measured else benchmarks,
        quality=read["quality"] / 100,
        success=None if read["success"] is None else share(read["success"]),
    )
    store.assumptions.save(who, assumptions, submission_id=submission.id)
    return "Saved. All screens use it now."

"""The form by which an idea becomes an action: who signs for it, and what shall be true by when."""

from __future__ import annotations

from datetime import date, timedelta

from workshop.analysis.follow_up import days_to_show, needed
from workshop.analysis.ranking import target_rate
from workshop.domain.access import Visitor
from workshop.domain.checks import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from workshop.domain.commitment import Commitment, Status
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Idea
from workshop.forms.form import Field, Form, Group, Kind, Problems, Sentences, Submission
from workshop.forms.number import PERCENT, in_percent
from workshop.store import Store
from workshop.wording import second_look

NAME = "commitment"
DAYS_TO_ACT = 42


def commitment_form(
    idea: Idea,
    funnel: Funnel,
    action: Commitment | None,
    co_owners: str = "",
    step_days: float | None = None,
) -> Form:
    """The form with the action that an idea is, or with the one that it could become.

    `co_owners` says who could sign from the other side. Under the target stands when it can show,
    with the days that the step itself takes where they are known.
    """
    owners = (
        Field(
            "owner",
            Kind.TEXT,
            "Owner",
            required="Name the owner.",
            longest=NAME_LENGTH,
        ),
        Field(
            "co_owner",
            Kind.TEXT,
            "Co-owner from the other side",
            placeholder=co_owners,
            required="Name the co-owner from the other side.",
            longest=NAME_LENGTH,
        ),
    )
    rates = (
        Field(
            "baseline", Kind.NUMBER, "Today", required="Write the rate of today.", limits=PERCENT
        ),
        Field(
            "target",
            Kind.NUMBER,
            "Target, if it works",
            required="Write the rate to reach.",
            limits=PERCENT,
        ),
    )
    return Form(
        NAME,
        {"idea": idea.id},
        (
            Field(
                "title",
                Kind.TEXT,
                "Action",
                required="Write what will be done.",
                longest=TITLE_LENGTH,
            ),
            Group("Who signs for it?", owners),
            Field(
                "kpi",
                Kind.TEXT,
                "KPI",
                required="Write which figure it moves.",
                longest=TITLE_LENGTH,
            ),
            Group("The rate, in percent", rates),
            Field("due", Kind.DATE, "Due", required="Choose the day when it is due."),
            Field(
                "first_step",
                Kind.LONG_TEXT,
                "First step",
                placeholder="What happens this week, and who starts it?",
                required="Write the first step: what happens this week?",
                longest=TEXT_LENGTH,
            ),
        ),
        "Save changes" if action else "Commit",
        values=_values(action) if action else proposed(idea, funnel),
        line=_when_it_shows(funnel, idea.step, step_days),
        line_after="target",
    )


def _when_it_shows(funnel: Funnel, step: int, step_days: float | None) -> Sentences:
    """When a rate can be told from that of today, by the target in percent."""
    return Sentences(
        "target",
        tuple(
            (percent, can_show(funnel, step, percent / 100, step_days)) for percent in range(101)
        ),
    )


def can_show(funnel: Funnel, step: int, target: float, step_days: float | None = None) -> str:
    """When a step's rate at this target can be told from today's, or what to measure instead."""
    seen = funnel.steps[step]
    before = (seen.advanced, seen.entered)
    cases = needed(before, target)
    if cases is None and target > seen.rate:
        rise = target - seen.rate
        earlier = _earlier_that_shows(funnel, step, rise)
        return f"{second_look.never(before)} {second_look.better_measure(earlier)}"
    days = days_to_show(cases or 0, seen.entered / funnel.period_days, step_days or 0.0)
    knows = step_days is not None
    return second_look.can_show(before, target, cases, days, seen.source, knows_step_days=knows)


def _earlier_that_shows(funnel: Funnel, step: int, rise: float) -> str | None:
    """The nearest earlier step whose rate would show the same rise in points, if one would."""
    for one in reversed(funnel.steps[:step]):
        if needed((one.advanced, one.entered), min(1.0, one.rate + rise)) is not None:
            return one.name
    return None


def _values(action: Commitment) -> dict[str, str]:
    return {
        "title": action.title,
        "owner": action.owner,
        "co_owner": action.co_owner,
        "kpi": action.kpi,
        "baseline": in_percent(action.baseline),
        "target": in_percent(action.target),
        "due": action.due.isoformat(),
        "first_step": action.first_step,
    }


def proposed(idea: Idea, funnel: Funnel) -> dict[str, str]:
    """What the form says before anybody has written in it."""
    baseline, target = rates(funnel, idea)
    return {
        "title": idea.draft.title,
        "owner": idea.draft.owner,
        "kpi": kpi(funnel, idea),
        "baseline": in_percent(baseline),
        "target": in_percent(target),
        "due": proposed_day(),
    }


def kpi(funnel: Funnel, idea: Idea) -> str:
    """What an idea is measured by."""
    return f"Conversion rate {funnel.steps[idea.step].name}"[:TITLE_LENGTH]


def rates(funnel: Funnel, idea: Idea) -> tuple[float, float]:
    """The rate of today and the one to reach, fractions, rounded as a form shows them."""
    return round(funnel.steps[idea.step].rate, 3), round(target_rate(funnel, idea), 3)


def proposed_day() -> str:
    """When an action is due, if nobody says otherwise."""
    return (date.today() + timedelta(days=DAYS_TO_ACT)).isoformat()


def action_of(store: Store, who: Visitor, idea_id: str) -> Commitment | None:
    """The action that an idea has become, if it has."""
    return next(
        (action for action in store.commitments.all(who) if action.idea_id == idea_id), None
    )


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Turn an idea into an action, or change the one that it is. Raises Problems."""
    idea_id = submission.about.get("idea", "")
    idea = next((idea for idea in store.ideas.readable(who) if idea.id == idea_id), None)
    if idea is None:
        raise Problems({"": "This idea is not in the records. Copy your words."})
    known = action_of(store, who, idea_id)
    read = commitment_form(idea, store.funnels.current(who), known).read(submission)
    action = Commitment(
        # An idea becomes one action: two managers who commit it at once do not make two.
        id=known.id if known else idea_id,
        idea_id=idea_id,
        title=read["title"],
        owner=read["owner"],
        co_owner=read["co_owner"],
        kpi=read["kpi"],
        baseline=read["baseline"] / 100,
        target=read["target"] / 100,
        due=read["due"],
        first_step=read["first_step"],
        status=known.status if known else Status.OPEN,
        funnel_version=known.funnel_version if known else store.funnels.version(who),
    )
    store.commitments.save(who, action, submission_id=submission.id)
    return "Agreed. It is on the list of actions."

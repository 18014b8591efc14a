"""The form for an idea: what a mini-team writes down, and what is made of it."""

from __future__ import annotations

from workshop.analysis.ranking import assumed
from workshop.domain.access import Visitor
from workshop.domain.checks import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from workshop.domain.funnel import Step
from workshop.domain.idea import Idea, IdeaDraft
from workshop.domain.people import Side
from workshop.forms.estimate import MARKS, estimate_of, percent_fields, percent_values
from workshop.forms.form import (
    Field,
    Form,
    Group,
    Kind,
    LiveLine,
    Option,
    Problems,
    Submission,
    Term,
)
from workshop.forms.number import PERSON_DAYS, written
from workshop.store import Store
from workshop.wording import figures

NAME = "idea"
ALL_LOSSES = ""
SAVED = "Idea saved."


def new_idea(step: Step, place: int) -> Form:
    """The empty form of a step."""
    return _form(step, {"step": str(place)}, "Write down an idea", "Save idea")


def change_of(idea: Idea, step: Step, side: Side, submission_id: str) -> Form:
    """The form with a saved idea in it, with the estimate of one's own side."""
    return _form(
        step,
        {"step": str(idea.step), "idea": idea.id},
        "Change your idea",
        "Save changes",
        values=_values(idea, side),
        submission_id=submission_id,
        leave="Leave it as it was",
    )


def _form(
    step: Step,
    about: dict[str, str],
    title: str,
    submit: str,
    values: dict[str, str] | None = None,
    submission_id: str = "",
    leave: str = "",
) -> Form:
    days = Group(
        "What would it take? In person-days.",
        tuple(
            Field(f"days_{side}", Kind.NUMBER, side.capitalize(), limits=PERSON_DAYS)
            for side in (Side.SALES, Side.MARKETING)
        ),
    )
    return Form(
        NAME,
        about,
        (
            Field(
                "title",
                Kind.TEXT,
                "What would you change?",
                placeholder="A few words that the room will recognise",
                required="Give the idea a title: a few words the room will recognise.",
                longest=TITLE_LENGTH,
            ),
            Field("plan", Kind.LONG_TEXT, "How? (a few lines, if you like)", longest=TEXT_LENGTH),
            *_targets(step),
            percent_fields("How many of these could it win back? In percent of those lost."),
            days,
            Field("owner", Kind.TEXT, "Who should own it?", longest=NAME_LENGTH),
        ),
        submit,
        title,
        values or {},
        _points(step),
        line_after=MARKS[-1],
        submission_id=submission_id,
        leave=leave,
    )


def _targets(step: Step) -> list[Field]:
    """Which losses, and in which channel where channels are known."""
    reasons = Field(
        "reason",
        Kind.CHOICE,
        "Which losses does it go after?",
        options=tuple(
            Option(reason, reason or "All of them", figures.count(step.lost_to(reason or None)))
            for reason in (ALL_LOSSES, *step.losses)
        ),
    )
    if not step.segments:
        return [reasons]
    channels = Field(
        "segment",
        Kind.CHOICE,
        "In which channel?",
        options=tuple(
            Option(name, name or "All of them", figures.count(step.lost_to(None, name or None)))
            for name in (ALL_LOSSES, *step.segments)
        ),
    )
    return [reasons, channels]


def _points(step: Step) -> LiveLine:
    """What an estimate means in points of conversion."""
    low, likely, high = MARKS
    entered = step.entered or 1  # of nobody, nobody is lost
    return LiveLine(
        f"= {{points}} points of conversion{{span}}: of {figures.count(step.entered)}, about "
        f"{{more}} more go on to {step.target}.",
        " ({lowest} to {highest})",
        "Enter low, likely and high to see what they mean in points of conversion.",
        {
            "points": Term(likely, entered, 1),
            "more": Term(likely, 100, 0),
            "lowest": Term(low, entered, 1),
            "highest": Term(high, entered, 1),
        },
        ("reason", "segment"),
        {
            (reason, segment): step.lost_to(reason or None, segment or None)
            for reason in (ALL_LOSSES, *step.losses)
            for segment in (ALL_LOSSES, *step.segments)
        },
    )


def _values(idea: Idea, side: Side) -> dict[str, str]:
    draft = idea.draft
    said = dict(idea.estimates) if idea.estimates else {side: draft.recovers}
    return {
        "title": draft.title,
        "plan": draft.plan,
        "reason": draft.reason or ALL_LOSSES,
        "segment": draft.segment or ALL_LOSSES,
        "days_sales": written(draft.days_sales or None),
        "days_marketing": written(draft.days_marketing or None),
        "owner": draft.owner,
        **percent_values(said.get(side)),
    }


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Save a new idea or a changed one; returns what to say. Raises Problems."""
    funnel = assumed(store.funnels.current(who), store.assumptions.current(who))
    step = submission.about.get("step", "")
    if step not in {str(place) for place in range(len(funnel.steps))}:
        raise Problems({"": "The numbers have changed, and this step is gone. Copy your words."})
    place = int(step)
    read = new_idea(funnel.steps[place], place).read(submission)
    draft = IdeaDraft(
        read["title"],
        estimate_of(read),
        read["plan"],
        read["reason"] or None,
        read["days_sales"] or 0.0,
        read["days_marketing"] or 0.0,
        read["owner"],
        read.get("segment") or None,
    )
    idea_id = submission.about.get("idea") or submission.id
    store.ideas.save(who, idea_id, place, draft, submission_id=submission.id)
    return SAVED

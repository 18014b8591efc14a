"""The form by which the ideas of a plan become actions at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from workshop.analysis.agreed import wanted
from workshop.domain.access import Visitor
from workshop.domain.checks import NAME_LENGTH, TEXT_LENGTH
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Idea
from workshop.forms.commitment import kpi, proposed_day, rates
from workshop.forms.form import Field, Form, Group, Kind, Problems, Submission
from workshop.store import Store

NAME = "commitments"
OWNER, CO_OWNER, FIRST_STEP = "owner", "co_owner", "first_step"
NEEDED = {
    OWNER: "Name the owner.",
    CO_OWNER: "Name the co-owner from the other side.",
    FIRST_STEP: "Write the first step: what happens this week?",
}
NOTHING = "Name a co-owner and a first step for at least one idea."


def commitments_form(ideas: Sequence[Idea]) -> Form:
    """The form for these ideas; one that is left without co-owner and first step waits."""
    content: list[Field | Group] = []
    for idea in ideas:
        content += [
            Group(
                idea.draft.title,
                (
                    Field(_key(OWNER, idea), Kind.TEXT, "Owner", longest=NAME_LENGTH),
                    Field(
                        _key(CO_OWNER, idea),
                        Kind.TEXT,
                        "Co-owner from the other side",
                        longest=NAME_LENGTH,
                    ),
                ),
            ),
            Field(
                _key(FIRST_STEP, idea),
                Kind.TEXT,
                "First step",
                placeholder="What happens this week, and who starts it?",
                longest=TEXT_LENGTH,
            ),
        ]
    due = Field("due", Kind.DATE, "All due", required="Choose the day when they are due.")
    return Form(
        NAME,
        {"ideas": " ".join(idea.id for idea in ideas)},
        (*content, due),
        "Commit these" if len(ideas) > 1 else "Commit this",
        values={
            "due": proposed_day(),
            **{_key(OWNER, idea): idea.draft.owner for idea in ideas},
        },
    )


def _key(part: str, idea: Idea) -> str:
    return f"{part}_{idea.id}"


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Make actions of the ideas that somebody signs for. Raises Problems."""
    asked = submission.about.get("ideas", "").split()
    readable = {idea.id: idea for idea in store.ideas.readable(who)}
    if not asked or not set(asked) <= set(readable):
        raise Problems({"": "An idea is not in the records any more. Copy your words."})
    known = {action.idea_id: action for action in store.commitments.all(who)}
    agreed = {action.idea_id for action in wanted(known.values())}
    ideas = [readable[idea_id] for idea_id in asked]
    read = commitments_form(ideas).read(submission)
    signed = [
        idea for idea in ideas if any(read[_key(part, idea)] for part in (CO_OWNER, FIRST_STEP))
    ]
    _refuse_unfinished(ideas, signed, read)
    funnel = store.funnels.current(who)
    # Two managers who commit the same ideas at once do not make two actions of one.
    fresh = [
        _action(idea, funnel, read, known.get(idea.id)) for idea in signed if idea.id not in agreed
    ]
    store.commitments.save(who, *fresh, submission_id=submission.id)
    return "Agreed. They are on the list of actions."


def _refuse_unfinished(
    asked: Sequence[Idea], signed: Sequence[Idea], read: Mapping[str, Any]
) -> None:
    if not signed:
        raise Problems({_key(CO_OWNER, asked[0]): NOTHING})
    problems = {
        _key(part, idea): sentence
        for idea in signed
        for part, sentence in NEEDED.items()
        if not read[_key(part, idea)]
    }
    if problems:
        raise Problems(problems)


def _action(
    idea: Idea, funnel: Funnel, read: Mapping[str, Any], dropped: Commitment | None
) -> Commitment:
    baseline, target = rates(funnel, idea)
    due: date = read["due"]
    return Commitment(
        # An idea becomes one action: one that was dropped is taken up again.
        id=dropped.id if dropped else idea.id,
        idea_id=idea.id,
        title=idea.draft.title,
        owner=read[_key(OWNER, idea)],
        co_owner=read[_key(CO_OWNER, idea)],
        kpi=kpi(funnel, idea),
        baseline=baseline,
        target=target,
        due=due,
        first_step=read[_key(FIRST_STEP, idea)],
    )

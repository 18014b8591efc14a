"""The form by which two people promise what comes from no idea: a habit, a hand-off, a clause."""

from __future__ import annotations

from uuid import uuid4

from workshop.domain.access import Visitor
from workshop.domain.checks import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from workshop.domain.commitment import Commitment, CommitmentKind, Rhythm
from workshop.forms.commitment import proposed_day
from workshop.forms.form import Field, Form, Group, Kind, Option, Submission
from workshop.store import Store
from workshop.wording.commitments import KINDS, RHYTHMS

NAME = "promise"
FROM_NO_IDEA = tuple(kind for kind in KINDS if kind is not CommitmentKind.IMPROVEMENT)


def promise_form() -> Form:
    """The form, empty."""
    owners = (
        Field("owner", Kind.TEXT, "Owner", required="Name the owner.", longest=NAME_LENGTH),
        Field(
            "co_owner",
            Kind.TEXT,
            "Co-owner from the other side",
            required="Name the co-owner from the other side.",
            longest=NAME_LENGTH,
        ),
    )
    return Form(
        NAME,
        {},
        (
            Field(
                "kind",
                Kind.CHOICE,
                "What is it?",
                options=tuple(Option(kind, KINDS[kind]) for kind in FROM_NO_IDEA),
            ),
            Field(
                "title",
                Kind.TEXT,
                "What will be done?",
                placeholder="Every salesperson takes a marketer along to one call",
                required="Write what will be done.",
                longest=TITLE_LENGTH,
            ),
            Group("Who signs for it?", owners),
            Field(
                "rhythm",
                Kind.CHOICE,
                "How often?",
                options=tuple(Option(rhythm, RHYTHMS[rhythm]) for rhythm in Rhythm),
            ),
            Field("due", Kind.DATE, "From, or by", required="Choose a day."),
            Field("first_step", Kind.LONG_TEXT, "First step", longest=TEXT_LENGTH),
        ),
        "Promise this",
        values={
            "kind": CommitmentKind.PLAY,
            "rhythm": Rhythm.WEEKLY,
            "due": proposed_day(),
        },
    )


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep what two people promise. Raises Problems."""
    read = promise_form().read(submission)
    promised = Commitment(
        id=uuid4().hex,
        idea_id="",
        title=read["title"],
        owner=read["owner"],
        co_owner=read["co_owner"],
        kpi="",
        baseline=None,
        target=None,
        due=read["due"],
        first_step=read["first_step"],
        kind=CommitmentKind(read["kind"]),
        rhythm=Rhythm(read["rhythm"]),
        funnel_version=store.funnels.version(who),
    )
    store.commitments.save(who, promised, submission_id=submission.id)
    return "Promised. It is on the list of actions."

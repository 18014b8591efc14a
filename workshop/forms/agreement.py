"""The form in which management drafts the agreement, clause by clause."""

from __future__ import annotations

from workshop.domain.access import Visitor
from workshop.domain.agreement import LONGEST_CLAUSE, Agreement, ClauseKind, clauses_of
from workshop.forms.form import Field, Form, Kind, Problems, Submission
from workshop.store import Store
from workshop.wording.agreement import CLAUSES

NAME = "agreement"
NOTHING = "Write at least one clause."
EXAMPLES = {
    ClauseKind.MANAGEMENT: "Such as: we free both teams one day a week until June.",
    ClauseKind.BOTH: "Such as: sales answers every lead within a day, marketing hears why not.",
    ClauseKind.INCENTIVE: "Such as: a pot of 5 % of the gain that is verified, in equal shares.",
    ClauseKind.OTHERWISE: "Such as: we meet within a week and change the plan, not the people.",
    ClauseKind.COACHING: "Such as: Amina and Ben, two hours a week, with recorded calls.",
    ClauseKind.NEXT_LOOK: "Such as: on 14 March, with new numbers.",
}


def agreement_form(held: Agreement | None, earlier: Agreement | None = None) -> Form:
    """The six clauses, as the current version has them; an empty one is left out.

    Before there is any, they begin as the company has agreed `earlier`.
    """
    known = held or earlier
    texts = dict(known.clauses) if known else {}
    return Form(
        NAME,
        {},
        tuple(
            Field(
                kind,
                Kind.LONG_TEXT,
                CLAUSES[kind],
                placeholder=EXAMPLES[kind],
                longest=LONGEST_CLAUSE,
            )
            for kind in ClauseKind
        ),
        f"Save as version {held.version + 1}" if held else "Save the agreement",
        values={kind: texts.get(kind, "") for kind in ClauseKind} if known else {},
    )


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep a draft as the next version. Raises Problems."""
    held = store.agreements.current(who)
    read = agreement_form(None).read(submission)
    clauses = clauses_of({kind: read[kind] for kind in ClauseKind})
    if not clauses:
        raise Problems({"": NOTHING})
    saved = store.agreements.save(who, clauses, submission_id=submission.id)
    if held is not None and saved.version == held.version:
        return f"This is version {saved.version} already."
    return f"Saved as version {saved.version}. Both sides can read and sign it."

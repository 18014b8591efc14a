"""The forms by which people sign the agreement: on their own screen, or on that of who leads."""

from __future__ import annotations

from workshop.domain.access import Visitor
from workshop.domain.checks import NAME_LENGTH
from workshop.domain.people import Person, Side
from workshop.forms.form import Field, Form, Kind, Option, Problems, Submission
from workshop.store import Store
from workshop.store.agreements import NOT_CURRENT
from workshop.wording.sides import NAMES

NAME, FOR = "signature", "signature_for"
SIDES = tuple(Option(side, NAMES[side].capitalize()) for side in Side)


def signature_form(version: int, person: Person) -> Form:
    """One press: somebody signs by the name under which they sit here."""
    return Form(
        NAME,
        {"version": str(version)},
        (),
        f"I sign this as {person.name}",
        title="I stand for this agreement. It is no employment contract.",
    )


def signature_for_form(version: int) -> Form:
    """The name and the side of somebody who signs on this screen."""
    return Form(
        FOR,
        {"version": str(version)},
        (
            Field(
                "name",
                Kind.TEXT,
                "Name of who signs on this screen",
                required="Write the name of who signs.",
                longest=NAME_LENGTH,
            ),
            Field("side", Kind.CHOICE, "Side", options=SIDES),
        ),
        "Sign",
        enter_sends=True,
    )


def version_of(store: Store, who: Visitor, submission: Submission) -> int:
    """The version that a form is about. Raises Problems where it is not the current one."""
    current = store.agreements.current(who)
    if current is None or submission.about.get("version") != str(current.version):
        raise Problems({"": NOT_CURRENT})
    return current.version


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Sign the current version under one's own name. Raises Problems."""
    version = version_of(store, who, submission)
    store.agreements.sign(who, version, submission_id=submission.id)
    return "Signed. Thank you."


def take_for(store: Store, who: Visitor, submission: Submission) -> str:
    """Enter who signs on this screen. Raises Problems."""
    version = version_of(store, who, submission)
    read = signature_for_form(version).read(submission)
    side = Side(read["side"])
    store.agreements.sign_for(who, version, read["name"], side, submission_id=submission.id)
    return f"Signed by {read['name']}."

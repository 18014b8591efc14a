"""What a mini-team's buttons send: forms without a field, whose `about` says what is meant."""

from __future__ import annotations

from workshop.domain.access import Visitor
from workshop.forms.form import Problems, Submission
from workshop.store import Store

WITHDRAW, BRING_BACK = "withdraw", "bring_back"
DONE, REOPEN = "done", "reopen"
SHOW_IDEAS = "show_ideas"
SHARE_SEAT, TURN_DEVICE_AWAY = "share_seat", "turn_device_away"
UNSIGN = "unsign"
SAID = "Done."
NOT_UNDERSTOOD = "This button belongs to an older page. Load the page again."


def withdraw(store: Store, who: Visitor, submission: Submission) -> str:
    """Withdraw an idea of the own mini-team."""
    store.ideas.withdraw(who, _about(submission, "idea"), submission_id=submission.id)
    return SAID


def bring_back(store: Store, who: Visitor, submission: Submission) -> str:
    """Take back that an idea was withdrawn."""
    store.ideas.withdraw(who, _about(submission, "idea"), False, submission_id=submission.id)
    return SAID


def done(store: Store, who: Visitor, submission: Submission) -> str:
    """The mini-team is done with a step."""
    store.seats.set_done(who, _step(store, who, submission), True, submission_id=submission.id)
    return SAID


def reopen(store: Store, who: Visitor, submission: Submission) -> str:
    """The mini-team is not done with a step after all."""
    store.seats.set_done(who, _step(store, who, submission), False, submission_id=submission.id)
    return SAID


def show_ideas(store: Store, who: Visitor, submission: Submission) -> str:
    """Let a latecomer read what the mini-team wrote before."""
    store.ideas.let_read(who, _about(submission, "person"), submission_id=submission.id)
    return SAID


def share_seat(store: Store, who: Visitor, submission: Submission) -> str:
    """Let a second device into the own seat."""
    store.devices.share_seat(who, _about(submission, "device"), submission_id=submission.id)
    return SAID


def turn_device_away(store: Store, who: Visitor, submission: Submission) -> str:
    """Do not let a second device into the own seat."""
    store.devices.turn_away(who, _about(submission, "device"), submission_id=submission.id)
    return SAID


def unsign(store: Store, who: Visitor, submission: Submission) -> str:
    """Take the own signature under a version of the agreement back."""
    store.agreements.take_back_own(who, _number(submission, "version"), submission_id=submission.id)
    return SAID


def _about(submission: Submission, key: str) -> str:
    """What the button is about. Raises Problems where it does not say so."""
    about = submission.about.get(key, "")
    if not about:
        raise Problems({"": NOT_UNDERSTOOD})
    return about


def _number(submission: Submission, key: str) -> int:
    about = _about(submission, key)
    if not (about.isascii() and about.isdigit() and len(about) < 6):
        raise Problems({"": NOT_UNDERSTOOD})
    return int(about)


def _step(store: Store, who: Visitor, submission: Submission) -> int:
    step = _number(submission, "step")
    if step >= len(store.funnels.current(who).steps):
        raise Problems({"": NOT_UNDERSTOOD})
    return step

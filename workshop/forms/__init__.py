"""The forms that people fill in, and what is made of the answers.

A browser sends an answer with the form's name (`workshop.server.submissions`);
`FORMS` says who takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workshop.domain.access import Visitor
from workshop.forms import (
    agreement,
    answers,
    assumptions,
    capacity,
    case,
    commitment,
    commitments,
    company_name,
    consent,
    estimate,
    hand_off,
    idea,
    outcome,
    presses,
    promise,
    reading,
    roster,
    settlement,
    signature,
    success,
    team_name,
)
from workshop.forms.form import Submission
from workshop.store import Store

Take = Callable[[Store, Visitor, Submission], str]

FORMS: Mapping[str, Take] = {
    agreement.NAME: agreement.take,
    answers.NAME: answers.take,
    assumptions.NAME: assumptions.take,
    capacity.NAME: capacity.take,
    case.NAME: case.take,
    commitment.NAME: commitment.take,
    commitments.NAME: commitments.take,
    consent.NAME: consent.take,
    company_name.NAME: company_name.take,
    estimate.NAME: estimate.take,
    estimate.AGAIN: estimate.take_again,
    hand_off.NAME: hand_off.take,
    idea.NAME: idea.take,
    outcome.NAME: outcome.take,
    promise.NAME: promise.take,
    reading.NAME: reading.take,
    roster.NAME: roster.take,
    settlement.NAME: settlement.take,
    signature.NAME: signature.take,
    signature.FOR: signature.take_for,
    success.NAME: success.take,
    team_name.NAME: team_name.take,
    presses.WITHDRAW: presses.withdraw,
    presses.BRING_BACK: presses.bring_back,
    presses.DONE: presses.done,
    presses.REOPEN: presses.reopen,
    presses.SHOW_IDEAS: presses.show_ideas,
    presses.SHARE_SEAT: presses.share_seat,
    presses.TURN_DEVICE_AWAY: presses.turn_device_away,
    presses.UNSIGN: presses.unsign,
}

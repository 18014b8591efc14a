"""The example three months later: its commitments, what their owners said, and new numbers."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from workshop import intake
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.agenda_lines import USUAL_MINUTES, Agenda, AgendaLine
from workshop.domain.commitment import Commitment, CommitmentKind, Reading, Rhythm
from workshop.domain.idea import Idea
from workshop.forms.commitment import kpi
from workshop.server.demo import FOLDER, rows
from workshop.store import Store

NAME = "Example: second look"
BUYERS_ASK = "Buyers ask for the price in the first minute."
OF_LEADS_IN_TIME = ((31, 80), (58, 82))
"""Of so many leads answered within eight hours: when it was promised, and three months later."""


def fill(store: Store, facilitator: Visitor) -> Visitor:
    """Fill a second look at an example workshop; returns its facilitator."""
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    first = store.funnels.current(manager)
    ideas = {idea.draft.title: idea for idea in store.ideas.readable(facilitator)}
    known = {one.idea_id: one.id for one in store.commitments.all(manager)}
    for row in rows("commitments"):
        idea = ideas[row["idea"]]
        promised = commitment(store, manager, idea, row, known.get(idea.id, uuid4().hex))
        store.commitments.save(manager, promised)
        check_in(store, manager, promised, row["kept"] == "yes", row["said"])
    check_in(store, manager, ride_along(store, manager), True, BUYERS_ASK)
    in_time = answered_in_time(store, manager)
    for (advanced, entered), day in zip(OF_LEADS_IN_TIME, (-90, 0), strict=True):
        on = date.today() + timedelta(days=day)
        store.commitments.save_reading(manager, Reading(in_time.id, on, advanced, entered))
    funnel = intake.read_counts(
        FOLDER / "second_look.csv",
        losses=FOLDER / "second_look_losses.csv",
        deal_value=first.deal_value,
    )
    looking = store.companies.plan_second_look(manager, NAME, agenda())
    store.funnels.replace(looking, funnel, None)
    store.agenda.move_to(looking, Position(Phase.READINGS))
    return looking


def agenda() -> Agenda:
    """What a second look does."""
    phases = (  # as the template of a second look, without the step that is opened again
        Phase.LOBBY,
        Phase.READINGS,
        Phase.ESTIMATES,
        Phase.RELATIONSHIP,
        Phase.COMMIT,
        Phase.CLOSED,
    )
    return Agenda(tuple(AgendaLine(phase, None, USUAL_MINUTES[phase]) for phase in phases))


def commitment(
    store: Store, manager: Visitor, idea: Idea, row: dict[str, str], id_: str
) -> Commitment:
    """An idea that two people have signed for."""
    funnel = store.funnels.current(manager)
    return Commitment(
        id=id_,
        idea_id=idea.id,
        title=idea.draft.title,
        owner=row["owner"],
        co_owner=row["co_owner"],
        kpi=kpi(funnel, idea),
        baseline=funnel.steps[idea.step].rate,
        target=float(row["target"]),
        due=date.today(),
        first_step=row["first_step"],
    )


def ride_along(store: Store, manager: Visitor) -> Commitment:
    """A habit of both teams."""
    return promise(
        store, manager, "Ride along on a sales call", CommitmentKind.PLAY, "Hugo", "Elif"
    )


def answered_in_time(store: Store, manager: Visitor) -> Commitment:
    """A hand-off that somebody counts by hand."""
    title = "Answer every MQL within eight hours"
    return promise(store, manager, title, CommitmentKind.HAND_OFF, "Chiara", "David")


def promise(
    store: Store, manager: Visitor, title: str, kind: CommitmentKind, owner: str, co_owner: str
) -> Commitment:
    promised = Commitment(
        id=uuid4().hex,
        idea_id="",
        title=title,
        owner=owner,
        co_owner=co_owner,
        kpi="",
        baseline=None,
        target=None,
        due=date.today(),
        first_step="",
        kind=kind,
        rhythm=Rhythm.WEEKLY,
    )
    store.commitments.save(manager, promised)
    return promised


def check_in(
    store: Store, manager: Visitor, promised: Commitment, is_kept: bool, sentence: str
) -> None:
    """What the co-owner says, by a link of their own."""
    token = store.check_in_links.issue(manager, promised.co_owner)
    store.check_in_links.check_in(token, promised.id, is_kept, sentence)

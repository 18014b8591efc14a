"""What a mini-team writes: the form for an idea, its own ideas, and what its sides are asked."""

from __future__ import annotations

from collections.abc import Collection
from uuid import uuid4

import streamlit as st

from workshop.analysis.ranking import goes_after
from workshop.domain.agenda import Phase
from workshop.domain.funnel import Funnel
from workshop.domain.idea import EstimateRequest, Idea
from workshop.domain.people import Side, Team
from workshop.forms.form import Form
from workshop.forms.idea import change_of, new_idea
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import arrivals, estimates
from workshop.wording import figures


def own_team(seen: Snapshot) -> Team:
    """The mini-team of the person who is looking."""
    person = services.store().seats.person(seen.who)
    return next(team for team in seen.teams if team.id == person.team_id)


def _sides_of(team: Team) -> list[Side]:
    return [person.side for person in team.people]


def _ideas_of(seen: Snapshot, team: Team, place: int) -> list[Idea]:
    return [idea for idea in seen.ideas if idea.team_id == team.id and idea.step == place]


def _is_revealed(seen: Snapshot, place: int) -> bool:
    return place in seen.workshop.revealed_steps(len(seen.funnel.steps))


# -- the form --------------------------------------------------------------------------------------


def edit(idea_id: str) -> None:
    """Put a saved idea into the form; the id of the answer says later whether it has come."""
    st.session_state.editing = idea_id, uuid4().hex


def stop_editing() -> None:
    st.session_state.pop("editing", None)


def idea_form(seen: Snapshot) -> Form | None:
    """The form of a step: empty, or with the idea that is being changed.

    None while the other side holds this laptop.
    """
    if estimates.handed_to() is not None:
        return None
    store, place = services.store(), seen.workshop.position.its_step
    step = seen.funnel.steps[place]
    idea_id, submission_id = st.session_state.get("editing", ("", ""))
    edited = next((idea for idea in seen.ideas if idea.id == idea_id), None)
    if edited is None or edited.step != place or store.has_taken(seen.who, submission_id):
        stop_editing()
        return new_idea(step, place)
    return change_of(edited, step, store.seats.person(seen.who).side, submission_id)


# -- the side to whom the laptop was handed over ---------------------------------------------------


def hand_back_when_answered(seen: Snapshot) -> None:
    """The laptop is its owner's again once the other side has nothing left to answer."""
    side = estimates.handed_to()
    asked = side and (_asked_of(seen, side) or asked_again(seen, side))
    if side is not None and not asked:
        estimates.hand_back()


def asked_again(seen: Snapshot, side: Side) -> list[Idea]:
    """The ideas on this step that a side of the own team is asked to estimate a second time."""
    position = seen.workshop.position
    if position.phase != Phase.REPORT:
        return []
    again = services.store().ideas.asked_again(seen.who, side)
    return [idea for idea in again if idea.step == position.step]


def _asked_of(seen: Snapshot, side: Side) -> list[EstimateRequest]:
    """What a side of the own team has not answered yet; nothing once all may read the ideas."""
    position, team = seen.workshop.position, own_team(seen)
    if position.step is None or _is_revealed(seen, position.step):
        return []
    return [
        EstimateRequest.about(idea)
        for idea in _ideas_of(seen, team, position.step)
        if idea.counts and side in estimates.unanswered(idea, _sides_of(team))
    ]


def ask_the_other_side(seen: Snapshot) -> None:
    """What the side that holds the laptop is asked, if it was handed over."""
    side = estimates.handed_to()
    if side is not None:
        estimates.ask_the_other_side(seen.who, side, _asked_of(seen, side))


# -- above the form --------------------------------------------------------------------------------


def asked_of_me(seen: Snapshot) -> None:
    """What the other side has estimated and one's own side has not: it waits for somebody."""
    if estimates.handed_to() is not None:
        return
    place = seen.workshop.position.its_step
    asked = [q for q in services.store().ideas.estimate_requests(seen.who) if q.step == place]
    if asked:
        estimates.ask_in_turn(seen.who, asked, services.store().seats.person(seen.who).side)


# -- below the form --------------------------------------------------------------------------------


def below_form(seen: Snapshot) -> None:
    """What the team has written on this step, and what is left to do."""
    latecomers(seen)
    own_ideas(seen)
    done_button(seen)


def latecomers(seen: Snapshot) -> None:
    """Before the report back, what was written is shown to nobody who came later, unless asked."""
    if services.store().ideas.is_late(seen.who):
        st.info(
            "Your team had written ideas before you came. You read them at the report back, or as "
            "soon as one of your team, or the facilitator, shows them to you."
        )
    arrivals.show_to(
        seen.who, lambda person: f"{person.name} came after you had written. Do they sit with you?"
    )


def own_ideas(seen: Snapshot, asked_again: Collection[str] = ()) -> None:
    """The ideas of the own team that one may read.

    Without any figure those whose ids are in `asked_again`: they would sway the second estimate.
    """
    place, team = seen.workshop.position.its_step, own_team(seen)
    mine = _ideas_of(seen, team, place)
    standing = [idea for idea in mine if not idea.withdrawn]
    if standing:
        st.header("Your team's ideas", anchor=False)
    told = _is_revealed(seen, place)
    worth = seen.worth(tuple(standing))
    for idea in standing:
        shown = None if idea.id in asked_again else worth[idea.id]
        _card(seen, idea, shown, [] if told else _sides_of(team))
    for idea in mine:
        if idea.withdrawn:
            _withdrawn(seen, idea)


def _card(seen: Snapshot, idea: Idea, worth: dict[str, float] | None, asked: list[Side]) -> None:
    """An idea of one's own team, the sides' figures, and which of these sides are still asked."""
    with st.container(border=True, key=f"own_{idea.id}"):
        st.text(idea.draft.title)
        if idea.merged_into:
            st.caption("The facilitator has merged it with another idea.")
            return
        if worth is not None:
            # What it is worth would tell the rates of later steps, as long as these are guessed.
            if not seen.is_masked():
                _worth_words(seen.funnel, idea, worth)
            estimates.answers(idea)
        estimates.hand_over(idea, asked)
        with st.container(horizontal=True):
            st.button(
                "Edit",
                key=f"edit_{idea.id}",
                type="tertiary",
                icon=":material/edit:",
                on_click=edit,
                args=(idea.id,),
            )
            st.button(
                "Withdraw",
                key=f"withdraw_{idea.id}",
                type="tertiary",
                icon=":material/close:",
                on_click=services.store().ideas.withdraw,
                args=(seen.who, idea.id),
            )


def _worth_words(funnel: Funnel, idea: Idea, worth: dict[str, float]) -> None:
    st.text(f"about {figures.money(worth['gain'], funnel.currency)} a year")
    spread = figures.range_of_money(worth["p10"], worth["p90"], funnel.currency)
    st.text(f"8 times in 10: {spread} · goes after {goes_after(idea.draft)}")


def _withdrawn(seen: Snapshot, idea: Idea) -> None:
    with st.container(key=f"withdrawn_{idea.id}"):
        st.text(f"Withdrawn: {idea.draft.title}")
        st.button(
            "Bring it back",
            key=f"restore_{idea.id}",
            type="tertiary",
            icon=":material/undo:",
            on_click=services.store().ideas.withdraw,
            args=(seen.who, idea.id, False),
        )


def done_button(seen: Snapshot) -> None:
    place = seen.workshop.position.its_step
    done = place in own_team(seen).done
    with st.container(key="team_done"):
        st.button(
            "Reopen this step" if done else "We are done with this step",
            # A button for each way: pressed twice, the first is not taken back.
            key=f"done_at_{place}_{done}",
            icon=":material/undo:" if done else ":material/check:",
            on_click=services.store().seats.set_done,
            args=(seen.who, place, not done),
            width="stretch",
        )

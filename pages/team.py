"""A mini-team's laptop or phone: this step's facts, the idea form, the team's own ideas."""

from __future__ import annotations

from typing import assert_never
from uuid import uuid4

import streamlit as st

from workshop.analysis.conversion import leak
from workshop.analysis.ranking import assumed, goes_after
from workshop.domain import agenda
from workshop.domain.access import Role
from workshop.domain.agenda import Phase
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Idea, Question
from workshop.domain.people import Side, Team
from workshop.domain.workshop import Workshop
from workshop.forms.form import Form
from workshop.forms.idea import change_of, new_idea
from workshop.live import services, snapshot
from workshop.ui import arrivals, forms, questions
from workshop.ui.identity import require
from workshop.ui.stage import countdown, draw_stage, live_line
from workshop.ui.text import seat
from workshop.wording import figures

who = require(Role.PARTICIPANT)
store = services.store()
state = st.session_state


def edit(idea_id: str) -> None:
    """Put a saved idea into the form; the id of the answer says later whether it has come."""
    state.editing = idea_id, uuid4().hex


def leave() -> None:
    state.pop("editing", None)


# -- what is drawn -----------------------------------------------------------------------------


def facts(funnel: Funnel, place: int) -> None:
    """The step in three lines."""
    step = funnel.steps[place]
    worth = figures.a_year(leak(funnel)[place], funnel.period_days)
    with st.container(key="facts", border=True):
        st.text(f"At {step.name}")
        st.text(f"we lose {figures.percent(1 - step.rate)}")
        st.text(
            f"Of {figures.count(step.entered)} {step.source}, {figures.count(step.lost)} are lost: "
            f"worth {figures.money(worth, funnel.currency)} a year at today's rates further down."
        )
        st.text("Why: " + why(step))


def why(step: Step) -> str:
    known = sorted(step.losses.items(), key=lambda loss: -loss[1])
    words = [f"{reason} {figures.count(lost)}" for reason, lost in known if lost]
    if step.unexplained:
        words.append(f"unexplained {figures.count(step.unexplained)}")
    return " · ".join(words) if words else "nobody was lost here."


def idea_form(funnel: Funnel, place: int) -> Form:
    """The form of a step: empty, or with the idea that is being changed."""
    step = funnel.steps[place]
    idea_id, submission_id = state.get("editing", ("", ""))
    edited = next((idea for idea in store.ideas.readable(who) if idea.id == idea_id), None)
    if edited is None or edited.step != place or store.has_taken(who, submission_id):
        leave()
        return new_idea(step, place)
    return change_of(edited, step, store.seats.person(who).side, submission_id)


def own_ideas(workshop: Workshop, funnel: Funnel, place: int, team: Team) -> None:
    mine = ideas_of(team, place)
    asked = [question for question in store.ideas.questions(who) if question.step == place]
    standing = [idea for idea in mine if not idea.withdrawn]
    if standing or asked:
        st.subheader("Your team's ideas", anchor=False)
    if asked:
        questions.ask_in_turn(who, asked, store.seats.person(who).side)
    told = agenda.revealed(workshop.position, place)
    worth = snapshot.worth(who, tuple(standing))
    for idea in standing:
        idea_card(funnel, idea, worth[idea.id], [] if told else sides_of(team))
    for idea in mine:
        if idea.withdrawn:
            with st.container(key=f"withdrawn_{idea.id}"):
                st.text(f"Withdrawn: {idea.draft.title}")
                st.button(
                    "Bring it back",
                    key=f"restore_{idea.id}",
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=store.ideas.withdraw,
                    args=(who, idea.id, False),
                )


def latecomers() -> None:
    """Before the report back, what was written is shown to nobody who came later, unless asked."""
    if store.ideas.is_late(who):
        st.info(
            "Your team had written ideas before you came. You read them at the report back, or as "
            "soon as one of your team, or the facilitator, shows them to you."
        )
    arrivals.show_to(
        who, lambda person: f"{person.name} came after you had written. Do they sit with you?"
    )


def ideas_of(team: Team, place: int) -> list[Idea]:
    return [
        idea for idea in store.ideas.readable(who) if idea.team_id == team.id and idea.step == place
    ]


def sides_of(team: Team) -> list[Side]:
    return [person.side for person in team.people]


def asked_on_this_laptop(team: Team, place: int, side: Side) -> list[Question]:
    """What the other side, to whom this laptop was handed over, is asked."""
    return [
        Question.about(idea)
        for idea in ideas_of(team, place)
        if idea.counts and side in questions.unanswered(idea, sides_of(team))
    ]


def idea_card(funnel: Funnel, idea: Idea, worth: dict[str, float], asked: list[Side]) -> None:
    """An idea of one's own team, the sides' figures, and which of these sides are still asked."""
    with st.container(border=True, key=f"own_{idea.id}"):
        st.text(idea.draft.title)
        if idea.merged_into:
            st.text("Merged with another team's idea by the facilitator.")
            return
        st.text(f"about {figures.money(worth['gain'], funnel.currency)} a year")
        spread = figures.range_of_money(worth["p10"], worth["p90"], funnel.currency)
        st.text(f"8 times in 10: {spread} · goes after {goes_after(idea.draft)}")
        questions.answers(idea)
        questions.hand_over(idea, asked)
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
                on_click=store.ideas.withdraw,
                args=(who, idea.id),
            )


def done_button(place: int, done: bool) -> None:
    label = "Not done yet after all" if done else "We are done with this step"
    with st.container(key="team_done"):
        st.button(
            label,
            # A button for each way: pressed twice, the first is not taken back.
            key=f"done_at_{place}_{done}",
            icon=":material/undo:" if done else ":material/check:",
            on_click=store.seats.set_done,
            args=(who, place, not done),
            width="stretch",
        )


def others(workshop: Workshop, funnel: Funnel, own_team: str) -> None:
    """Once a step is reported back, everybody may read everybody's ideas."""
    names = {team.id: team.name for team in store.seats.teams(who)}
    shown = [
        idea
        for idea in store.ideas.readable(who)
        if idea.team_id != own_team and idea.step == workshop.position.step
    ]
    if shown:
        st.subheader("What the others would do", anchor=False)
    for idea in shown:
        with st.container(border=True, key=f"others_{idea.id}"):
            st.text(idea.draft.title)
            st.text(f"{names.get(idea.team_id, '')} · goes after {goes_after(idea.draft)}")


def closing(workshop: Workshop, funnel: Funnel) -> None:
    """After the last step: the room looks at the projector; here, the whole list stays."""
    st.subheader(agenda.label(workshop.position, funnel), anchor=False)
    table = snapshot.ranking(who)
    counted = table[table["state"] == "counts"]
    if counted.empty:
        st.write("Look at the projector. No idea was written down.")
        return
    st.write("Look at the projector. All ideas, best first:")
    for row in counted.itertuples():
        with st.container(border=True, key=f"others_{row.id}"):
            st.text(f"{row.place}. {row.title}")
            st.text(f"{row.step} · about {figures.money(row.gain, funnel.currency)} a year")


def at_door() -> None:
    """Who is not let in yet sees nothing of the workshop."""
    with st.container(key="team_lobby"):
        st.title("You are at the door.", anchor=False)
        st.write(
            "The facilitator has been told, and will let you in. Keep this page open: it goes on "
            "by itself."
        )


def header(workshop: Workshop) -> Team:
    """Who you are and where the room is; returns the team."""
    person = store.seats.person(who)
    team = next(team for team in store.seats.teams(who) if team.id == person.team_id)
    with st.container(key="team_head", horizontal=True, vertical_alignment="center"):
        st.text(team.name)
        for mate in team.people:
            seat(mate)
        if workshop.timer.ends_at:
            countdown("timer", workshop.timer.ends_at)
    return team


def stage() -> None:
    if store.door.is_waiting(who):
        at_door()
        return
    with st.container(key="second_devices"):  # always there: what follows keeps its place
        arrivals.own_second_devices(who)
    workshop = store.workshops.get(who)
    funnel = assumed(store.funnels.current(who), store.assumptions.current(who))
    team = header(workshop)
    asked = asked_of_the_other_side(workshop, team)
    is_writing = workshop.position.phase in (Phase.IDEAS, Phase.REPORT) and not asked
    # The step that this laptop writes for; None while it does not.
    place = workshop.position.step if is_writing else None
    # The form at one place of the page whatever stands above: what is typed stays.
    with st.container(key="above_form"):
        above_form(workshop, funnel, asked)
    form = None if place is None else idea_form(funnel, place)
    forms.show(who, "idea_form", form, keeps_outbox=True, on_left=leave)
    if place is not None:
        below_form(workshop, funnel, place, team)


def asked_of_the_other_side(workshop: Workshop, team: Team) -> list[Question]:
    """The questions to the side to whom this laptop was handed over; none while it was not."""
    place, side = workshop.position.step, questions.handed_to()
    if side is None or place is None or agenda.revealed(workshop.position, place):
        questions.hand_back()
        return []
    asked = asked_on_this_laptop(team, place, side)
    if not asked:
        questions.hand_back()
    return asked


def above_form(workshop: Workshop, funnel: Funnel, asked: list[Question]) -> None:
    """Where the room is, in words, or what the side that holds the laptop is asked."""
    position = workshop.position
    match position.phase:
        case Phase.LOBBY:
            seated()
        case Phase.FACTS:
            facts(funnel, position.its_step)
            st.info("Talk about it: what do you see that the other side does not?")
        case Phase.IDEAS | Phase.REPORT:
            facts(funnel, position.its_step)
            side = questions.handed_to()
            if asked and side is not None:
                questions.ask_the_other_side(who, side, asked)
        case Phase.RANK | Phase.COMMIT | Phase.CLOSED:
            closing(workshop, funnel)
        case _:
            assert_never(position.phase)


def seated() -> None:
    """Before the first step."""
    with st.container(key="team_lobby"):
        st.title("You are in.", anchor=False)
        st.write(
            "Sit down with your mini-team: their names are above. One laptop a team is enough, "
            "more are welcome. The facilitator will start soon, and this screen follows."
        )


def below_form(workshop: Workshop, funnel: Funnel, place: int, team: Team) -> None:
    """What the team has written on this step, and what is left to do."""
    latecomers()
    own_ideas(workshop, funnel, place, team)
    if workshop.position.phase is Phase.REPORT:
        others(workshop, funnel, team.id)
    done_button(place, place in team.done)


with st.container(key="team_page"):
    with st.container(key="team_line"):
        live_line(who)
    draw_stage(who, stage)

"""A mini-team's laptop or phone: this step's facts, the idea form, the team's own ideas."""

from __future__ import annotations

from time import monotonic
from uuid import uuid4

import streamlit as st

from workshop import agenda, arrivals, figures, questions, screen
from workshop.access import Role
from workshop.funnel import leak
from workshop.model import (
    Funnel,
    Idea,
    IdeaDraft,
    Phase,
    Question,
    Side,
    Step,
    Team,
    Workshop,
)
from workshop.number_field import PERSON_DAYS, number_field, typed, written
from workshop.ranking import assumed, goes_after
from workshop.store import StoreError

ALL_LOSSES = ""
BEFORE_COUNT = " · "
BLANK = {
    "idea_title": "",
    "idea_plan": "",
    "idea_reason": ALL_LOSSES,
    "idea_segment": ALL_LOSSES,
    "idea_low": "",
    "idea_likely": "",
    "idea_high": "",
    "idea_days_sales": "",
    "idea_days_marketing": "",
    "idea_owner": "",
}
MARKS = ["idea_low", "idea_likely", "idea_high"]

EMPTIED_SECONDS = 0.5

who = screen.require(Role.PARTICIPANT)
store = screen.store()
state = st.session_state


# -- the form: what it holds, and what happens when it is sent ---------------------------------


def put(values: dict[str, str]) -> None:
    """Set the fields of the form. A browser that overlooks it asks for them (`keep_draft`)."""
    state.update(values)
    state.form_holds = values


def blank(step: int) -> None:
    """A fresh form for a step. Its id is the idea's: sent twice, it is still one idea."""
    put(BLANK)
    state.emptied_until = monotonic() + EMPTIED_SECONDS
    state.form = {"id": uuid4().hex, "step": step, "edits": False}
    state.idea_problem = ""


def fill(idea: Idea) -> None:
    """Put a saved idea back into the form, with the numbers of one's own side."""
    draft = idea.draft
    said = dict(idea.estimates) if idea.estimates else {store.person(who).side: draft.recovers}
    own = said.get(store.person(who).side)
    state.form = {"id": idea.id, "step": idea.step, "edits": True}
    state.idea_problem = ""
    put(
        {
            "idea_title": draft.title,
            "idea_plan": draft.plan,
            "idea_reason": draft.reason or ALL_LOSSES,
            "idea_segment": draft.segment or ALL_LOSSES,
            "idea_low": written(100 * own.low if own else None),
            "idea_likely": written(100 * own.likely if own else None),
            "idea_high": written(100 * own.high if own else None),
            "idea_days_sales": written(draft.days_sales or None),
            "idea_days_marketing": written(draft.days_marketing or None),
            "idea_owner": draft.owner,
        }
    )


def restore(place: int, step: Step) -> None:
    """Take back what this device had kept of an unsaved form."""
    draft = f"draft_{place}"
    if draft not in state or place != state.form["step"]:
        return  # the room has moved on meanwhile; the device still has it
    kept = state[draft].restore
    form, values = str(kept["form"]), kept["values"]
    saved = {idea.id: idea.draft.title for idea in store.ideas(who)}
    is_sent = form in saved and not state.form["edits"]
    if is_sent and saved[form] == (values.get("idea_title") or "").strip():
        state.setdefault("saved", []).append(form)  # it had arrived after all
        return
    put(
        {
            field: read_field(step, field, text or "")
            for field, text in values.items()
            if field in BLANK
        }
    )
    # What was typed after the form had been sent is an idea of its own.
    if not is_sent:
        state.form |= {"id": form}


def read_field(step: Step, field: str, text: str) -> str:
    """What the browser kept of a field: a text, a channel, or the place of a reason."""
    if field == "idea_reason":
        reasons = [ALL_LOSSES, *step.losses]
        return reasons[int(text)] if text.isdigit() and int(text) < len(reasons) else ALL_LOSSES
    if field == "idea_segment":
        segment, _, _ = text.rpartition(BEFORE_COUNT)
        return segment if segment in step.segments else ALL_LOSSES
    return text


def drafted() -> IdeaDraft:
    """The form as a draft; ValueError says what is missing."""
    if not state.idea_title.strip():
        raise ValueError("Give the idea a title: a few words the room will recognise.")
    return IdeaDraft(
        state.idea_title,
        questions.read_estimate(questions.marks(MARKS)),
        state.idea_plan,
        state.idea_reason or None,
        typed("idea_days_sales", PERSON_DAYS, "Sales") or 0.0,
        typed("idea_days_marketing", PERSON_DAYS, "Marketing") or 0.0,
        state.idea_owner,
        state.get("idea_segment") or None,
    )


def save() -> None:
    if not state.idea_title.strip() and monotonic() < state.emptied_until:
        return  # a second press, when the browser had drawn the empty form
    step, form_id = state.form["step"], state.form["id"]
    try:
        draft = drafted()
        is_new = not state.form["edits"]
        idea_id = store.save_idea(who, id_of(draft), step, draft, is_new=is_new)
    except (ValueError, StoreError) as problem:
        state.idea_problem = str(problem)
        return
    state.last_saved = idea_id, step, draft
    state.setdefault("saved", []).extend([form_id, idea_id])
    blank(step)
    state.just_saved = True


def id_of(draft: IdeaDraft) -> str:
    """The id of the form; on a second press, before the browser drew the empty form, the first's.

    The same words on the same step are a second press, unless that idea counts no longer.
    """
    form = state.form
    last_id, *last = state.get("last_saved", (None,))
    if not form["edits"] and last == [form["step"], draft]:
        for idea in store.ideas(who):
            if idea.id == last_id and idea.counts:
                return idea.id
    own: str = form["id"]
    return own


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


def idea_form(funnel: Funnel, place: int) -> None:
    step = funnel.steps[place]
    if "form" not in state or state.form["step"] != place:
        blank(place)
    edits = state.form["edits"]
    st.subheader("Change your idea" if edits else "Write down an idea", anchor=False)
    with st.container(key="idea_form"), st.form("idea", enter_to_submit=False):
        st.text_input(
            "What would you change?",
            key="idea_title",
            placeholder="Call every new SQL within a day",
        )
        st.text_area("How? (a few lines, if you like)", key="idea_plan", height=100)
        st.radio(
            "Which losses does it go after?",
            [ALL_LOSSES, *step.losses],
            format_func=lambda reason: reason_words(step, reason),
            key="idea_reason",
        )
        if step.segments:
            st.selectbox(
                "In which channel?",
                [ALL_LOSSES, *step.segments],
                format_func=lambda segment: segment_words(step, segment),
                key="idea_segment",
            )
        screen.line(
            "idea_estimate", "How many of these could it win back? In percent of those lost."
        )
        questions.percent_fields(MARKS)
        say_points(step)
        screen.line("idea_effort", "What would it take? In person-days.")
        days = st.columns(2, wrap=False)
        with days[0]:
            number_field("Sales", "idea_days_sales", PERSON_DAYS)
        with days[1]:
            number_field("Marketing", "idea_days_marketing", PERSON_DAYS)
        st.text_input("Who should own it?", key="idea_owner")
        if state.idea_problem:
            st.error(screen.plain(state.idea_problem), icon=":material/error:")
        st.form_submit_button(
            "Save changes" if edits else "Save idea",
            key="idea_submit",
            type="primary",
            on_click=save,
            width="stretch",
        )
    keep_draft(step)
    if edits:
        st.button("Leave it as it was", key="idea_leave", on_click=blank, args=(place,))


def reason_words(step: Step, reason: str) -> str:
    lost = figures.count(step.lost_to(reason or None))
    return f"{screen.plain(reason) or 'All of them'}{BEFORE_COUNT}{lost}"


def segment_words(step: Step, segment: str) -> str:
    lost = figures.count(step.lost_to(None, segment or None))
    return f"{segment or 'All of them'}{BEFORE_COUNT}{lost}"


def keep_draft(step: Step) -> None:
    """What is typed is kept on this device; outside the form, where a part may call back."""
    form, place = state.form, state.form["step"]
    fields = [field for field in BLANK if field != "idea_segment" or step.segments]
    purpose = form["id"] if form["edits"] else "new"
    screen.draft(
        key=f"draft_{place}",
        data={
            "shelf": f"{store.workshop(who).code}:{who.person_id}:{place}:{purpose}",
            "form": form["id"],
            "saved": state.get("saved", []),
            "fields": fields,
            "holds": {field: as_shown(step, field, state.form_holds[field]) for field in fields},
        },
        on_restore_change=lambda: restore(place, step),
    )


def as_shown(step: Step, field: str, value: str) -> str:
    """What the browser shows of a field; `read_field` reads it."""
    match field:
        case "idea_reason":
            return str([ALL_LOSSES, *step.losses].index(value) if value in step.losses else 0)
        case "idea_segment":
            return segment_words(step, value)
    return value


def say_points(step: Step) -> None:
    screen.points(
        key=f"points_{state.form['step']}",
        data={
            "entered": step.entered,
            "lost": [
                [step.lost_to(reason, segment) for reason in (None, *step.losses)]
                for segment in (None, *step.segments)
            ],
            "segments": [segment_words(step, segment) for segment in (ALL_LOSSES, *step.segments)],
            "target": step.target,
        },
    )


def own_ideas(workshop: Workshop, funnel: Funnel, place: int, team: Team) -> None:
    mine = ideas_of(team, place)
    asked = [question for question in store.questions(who) if question.step == place]
    standing = [idea for idea in mine if not idea.withdrawn]
    if standing or asked:
        st.subheader("Your team's ideas", anchor=False)
    if asked:
        questions.ask_in_turn(who, asked, store.person(who).side)
    told = agenda.revealed(workshop.position, place)
    worth = screen.worth(who, tuple(standing))
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
                    on_click=store.withdraw,
                    args=(who, idea.id, False),
                )


def latecomers() -> None:
    """Before the report back, what was written is shown to nobody who came later, unless asked."""
    if store.is_late(who):
        st.info(
            "Your team had written ideas before you came. You read them at the report back, or as "
            "soon as one of your team, or the facilitator, shows them to you."
        )
    arrivals.show_to(
        who, lambda person: f"{person.name} came after you had written. Do they sit with you?"
    )


def ideas_of(team: Team, place: int) -> list[Idea]:
    return [idea for idea in store.ideas(who) if idea.team_id == team.id and idea.step == place]


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
                on_click=fill,
                args=(idea,),
            )
            st.button(
                "Withdraw",
                key=f"withdraw_{idea.id}",
                type="tertiary",
                icon=":material/close:",
                on_click=store.withdraw,
                args=(who, idea.id),
            )


def warm_up() -> None:
    """Nothing that is seen: the browser fetches the code of the form while there is time.

    Three hundred laptops would otherwise all fetch it at the moment the ideas begin.
    """
    with st.container(key="warm_up"):
        st.text_input("Title", key="warm_title", disabled=True)
        st.text_area("Plan", key="warm_plan", disabled=True)
        st.radio("Reason", ["All"], key="warm_reason", disabled=True)


def done_button(place: int, done: bool) -> None:
    label = "Not done yet after all" if done else "We are done with this step"
    with st.container(key="team_done"):
        st.button(
            label,
            # A button for each way: pressed twice, the first is not taken back.
            key=f"done_at_{place}_{done}",
            icon=":material/undo:" if done else ":material/check:",
            on_click=store.set_done,
            args=(who, place, not done),
            width="stretch",
        )


def others(workshop: Workshop, funnel: Funnel, own_team: str) -> None:
    """Once a step is reported back, everybody may read everybody's ideas."""
    names = {team.id: team.name for team in store.teams(who)}
    shown = [
        idea
        for idea in store.ideas(who)
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
    table = screen.ranking(who)
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
    person = store.person(who)
    team = next(team for team in store.teams(who) if team.id == person.team_id)
    with st.container(key="team_head", horizontal=True, vertical_alignment="center"):
        st.text(team.name)
        for mate in team.people:
            screen.seat(mate)
        if workshop.timer.ends_at:
            screen.clock("timer", workshop.timer.ends_at)
    return team


def writing(workshop: Workshop, funnel: Funnel, place: int, team: Team) -> None:
    """The team's own ideas of a step; while the other side holds the laptop, its questions."""
    handed_to = questions.handed_to()
    asked = asked_on_this_laptop(team, place, handed_to) if handed_to else []
    if handed_to and asked and not agenda.revealed(workshop.position, place):
        questions.ask_the_other_side(who, handed_to, asked)
        return
    questions.hand_back()
    idea_form(funnel, place)
    latecomers()
    own_ideas(workshop, funnel, place, team)
    if workshop.position.phase is Phase.REPORT:
        others(workshop, funnel, team.id)
    done_button(place, place in team.done)


def stage() -> None:
    if state.pop("just_saved", False):
        st.toast("Saved. It counts.", icon=":material/check_circle:")
    if store.is_waiting(who):
        at_door()
        return
    with st.container(key="second_devices"):  # always there: what follows keeps its place
        arrivals.own_second_devices(who)
    workshop = store.workshop(who)
    funnel = assumed(store.funnel(who), store.assumptions(who))
    team = header(workshop)
    place = workshop.position.step
    if workshop.position.phase is Phase.LOBBY:
        with st.container(key="team_lobby"):
            st.title("You are in.", anchor=False)
            st.write(
                "Sit down with your mini-team: their names are above. One laptop a team is enough, "
                "more are welcome. The facilitator will start soon, and this screen follows."
            )
        warm_up()
    elif place is None:
        closing(workshop, funnel)
    else:
        facts(funnel, place)
        if workshop.position.phase is Phase.FACTS:
            st.info("Talk about it: what do you see that the other side does not?")
            warm_up()
        else:
            writing(workshop, funnel, place, team)


with st.container(key="team_page"):
    with st.container(key="team_line"):
        screen.live(who)
    screen.stage(who, stage)

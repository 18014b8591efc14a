"""The company: what was promised in all of its workshops, what came of it, and the next look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from workshop.activities.readings import drawn
from workshop.activities.templates import SECOND_LOOK, agenda_from
from workshop.analysis.company_agreed import current_agreement
from workshop.analysis.second_look import Look, kept, same_step
from workshop.analysis.verdicts import verdict_words
from workshop.charts import (
    Counting,
    history_alt,
    history_chart,
    history_table,
    second_look_alt,
    second_look_chart,
    second_look_table,
)
from workshop.domain.access import Role
from workshop.domain.checks import TITLE_LENGTH
from workshop.domain.company import CompanyRecord
from workshop.exports.settled import hand_offs, words
from workshop.forms.company_name import company_name_form
from workshop.forms.reading import reading_form
from workshop.live import services, snapshot
from workshop.live.company_downloads import COMPANY_DOWNLOADS, second_look_day, settled
from workshop.live.snapshot import Snapshot
from workshop.server import entrance
from workshop.server.gate import TooMany
from workshop.ui import forms, navigation, signing
from workshop.ui.charts import draw_chart
from workshop.ui.downloads import download_buttons
from workshop.ui.identity import require
from workshop.ui.stage import draw_stage, live_line
from workshop.ui.text import escape_markdown, keyed_text
from workshop.wording import figures
from workshop.wording import second_look as said
from workshop.wording.agreement import NOT_WRITTEN, signed_by
from workshop.wording.commitments import KINDS, RHYTHMS, STATUSES

HISTORIES_IN_A_ROW = 3

who = require(Role.MANAGER, Role.FACILITATOR)
store = services.store()
state = st.session_state


def head() -> None:
    workshop, company = store.workshops.get(who), store.companies.of(who)
    with st.container(key="numbers_head"):
        if who.role is Role.FACILITATOR:
            navigation.back_to_workshop(workshop.code)
        else:
            navigation.back_to_management(workshop.code)
        st.title(escape_markdown(company.name), anchor=False)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text("What you promised each other, and what came of it", width="content")
            live_line(who)
        with st.container(key="company_moves", horizontal=True):
            if st.button(
                "Plan a second look",
                key="second_look",
                type="primary",
                icon=":material/event_repeat:",
                help="A workshop made from this record; you lead it.",
            ):
                plan_second_look()
            with st.popover("Rename", key="rename"):
                forms.show(who, "company_name_form", company_name_form(company), keeps_outbox=True)


def plan_second_look() -> None:
    """A new workshop of the company, which this browser leads from now on."""
    if not entrance.is_host(st.context.cookies.to_dict()):
        st.error("You need the host key to start a workshop. Open the start page and show it.")
        return
    agenda = agenda_from(SECOND_LOOK, store.funnels.current(who))
    try:
        with entrance.starting():
            name = f"Second look: {store.companies.of(who).name}"[:TITLE_LENGTH]
            facilitator = store.companies.plan_second_look(who, name, agenda)
    except TooMany as problem:
        st.error(str(problem))
        return
    navigation.go_to(navigation.way_in(facilitator))


# -- what came of it -------------------------------------------------------------------------------


def promised(looks: Sequence[Look], currency: str) -> None:
    """Every commitment: its rates and verdict, who signed, what they said, what it brought."""
    st.header(said.kept(*kept(looks)), anchor=False)
    rows = [drawn(look) for look in looks]
    draw_chart(
        "company_readings",
        second_look_chart(rows),
        second_look_alt(rows),
        second_look_table(rows),
        height="content",
    )
    with st.container(key="promised"):
        for look in looks:
            promise(look, currency)


def promise(look: Look, currency: str) -> None:
    commitment, spoken = look.followed.commitment, look.followed.last_said
    with st.container(border=True, key=f"promise_{commitment.id}"):
        st.text(f"{commitment.title}: {verdict_words(look)}")
        st.caption(
            escape_markdown(
                f"{KINDS[commitment.kind]}, {RHYTHMS[commitment.rhythm]}. {commitment.owner} with "
                f"{commitment.co_owner}, due {figures.day(commitment.due)}, "
                f"{STATUSES[commitment.status]}."
            )
        )
        if spoken:
            word = "kept" if spoken.is_kept else "not kept"
            st.text(f"{spoken.name}, {figures.day(spoken.at.date())}: {word}. {spoken.sentence}")
        for sentence in numbers(look, currency):
            st.text(sentence)


def numbers(look: Look, currency: str) -> list[str]:
    """What the numbers say of it, in sentences."""
    told = []
    if look.after:
        commitment = look.followed.commitment
        told.append(f"{said.change(look.before, commitment.target, look.after)}.")
    if look.verdict:
        told.append(said.chances(look.verdict.p_up, look.verdict.p_target))
    if look.worth:
        worth = look.worth
        told.append(said.worth(worth.low, worth.likely, worth.high, currency))
    if look.baseline != look.before:
        told.append("Judged by its older numbers too: it was chosen because it lost most.")
    if look.holds_older:
        told.append("The new numbers begin before this was agreed: part of them is from before.")
    return told


# -- over time -------------------------------------------------------------------------------------


def history(record: CompanyRecord) -> None:
    """Each step of the newest numbers, as the workshops counted it."""
    steps = record.workshops[-1].funnel.steps
    st.header("How the rates have gone", anchor=False)
    for place, step in enumerate(steps):
        if place % HISTORIES_IN_A_ROW == 0:
            # A row at a time: on a phone the columns of one row stand below each other.
            columns = st.columns(HISTORIES_IN_A_ROW)
        counted = []
        for workshop in record.workshops:
            same = same_step(workshop.funnel, step)
            if same is not None:
                on = workshop.last_day or workshop.created_at.date()
                counted.append(Counting(on, same.advanced, same.entered))
        with columns[place % HISTORIES_IN_A_ROW]:
            st.text(step.name)
            draw_chart(
                f"history_{place}",
                history_chart(counted),
                history_alt(step.name, counted),
                history_table(counted),
                height="content",
            )


# -- checking in -----------------------------------------------------------------------------------


def links(looks: Sequence[Look]) -> None:
    """A link for each person who signed; it is shown once, when it is made."""
    st.header("Check-in links", anchor=False)
    st.write(
        "Send each person their own. It opens on a phone, shows what they signed for, and takes "
        "half a minute."
    )
    signed = {
        name: None
        for look in looks
        for name in (look.followed.commitment.owner, look.followed.commitment.co_owner)
    }
    held = {name.casefold() for name in store.check_in_links.names(who)}
    made: dict[str, str] = state.setdefault("check_in_links", {})
    with st.container(key="check_in_links"):
        for place, name in enumerate(signed):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(name, width="stretch")
                st.button(
                    "New link" if name.casefold() in held else "Make a link",
                    key=f"link_{place}",
                    icon=":material/link:",
                    on_click=make_link,
                    args=(name,),
                )
                if name.casefold() in held:
                    st.button(
                        "Withdraw",
                        key=f"withdraw_{place}",
                        type="tertiary",
                        on_click=withdraw_link,
                        args=(name,),
                    )
            if name in made and name.casefold() in held:
                st.code(navigation.address() + made[name], language=None, wrap_lines=True)


def make_link(name: str) -> None:
    state.check_in_links[name] = f"/check-in/{store.check_in_links.issue(who, name)}"


def withdraw_link(name: str) -> None:
    store.check_in_links.withdraw(who, name)
    state.check_in_links.pop(name, None)


def count_by_hand(seen: Snapshot) -> None:
    """What no file of numbers says: a form for management."""
    own = [one for one in seen.commitments if not one.is_improvement]
    if who.role is Role.MANAGER and own:
        st.header("Count by hand", anchor=False)
        st.write("For a hand-off with hours: of 50 leads, how many were answered in time?")
        forms.show(who, "reading_form", reading_form(own))


# -- what holds ------------------------------------------------------------------------------------


def take_home(seen: Snapshot) -> None:
    """The files, and which day the calendar says that we look again."""
    with st.container(key="company_files"):
        download_buttons(who, COMPANY_DOWNLOADS)
        promised_here = tuple(look.followed.commitment for look in seen.looks)
        day = second_look_day(promised_here, date.today())
        if day is not None:
            keyed_text(
                "second_look_day",
                f"The calendar has the second look on {figures.day(day)}, when the last of what is "
                "promised is due.",
            )


def held(seen: Snapshot) -> None:
    """The words and the duties that hold, whichever workshop settled them."""
    st.header("What we call things, and who does what", anchor=False)
    valid = settled(who)
    terms, duties = words(seen.measured, valid), hand_offs(seen.measured, valid)
    if not terms and not duties:
        st.text("Nothing is settled yet.")
    for place, row in enumerate(terms):
        keyed_text(f"held_term_{place}", f"{row['word']}: {row['meaning']}")
    for place, row in enumerate(duties):
        how = f", {row['rule']}" if row["rule"] else ""
        keyed_text(f"held_duty_{place}", f"{row['step']}: {row['doer']} {row['duty']}{how}")


def agreement() -> None:
    """The newest version with who signed it, and how many signed each one before."""
    st.header("The agreement", anchor=False)
    agreed = store.companies.agreed(who)
    found = current_agreement(agreed)
    if found is None:
        st.text(NOT_WRITTEN)
        return
    where, current = found
    signing.clauses(current)
    signing.names("company", [one for one in where.signatures if one.version == current.version])
    versions = [(one, version) for one in agreed for version in one.agreements]
    for place, (one, version) in enumerate(reversed(versions)):
        signed = sum(name.version == version.version for name in one.signatures)
        keyed_text(
            f"agreement_{place}",
            f"{one.workshop_name}, version {version.version}, "
            f"{figures.day(version.created_at.date())}: {signed_by(signed).rstrip('.')}",
        )


def workshops(record: CompanyRecord) -> None:
    st.header("Workshops", anchor=False)
    for workshop in reversed(record.workshops):
        keyed_text(
            f"workshop_{workshop.id}",
            f"{figures.day(workshop.created_at.date())}: {workshop.name}",
        )


def stage() -> None:
    seen = snapshot.take(who)
    record, looks = seen.record, seen.looks
    if record is None:
        st.info("The room is still guessing. This page opens once the numbers are revealed.")
        return
    take_home(seen)
    left, right = st.columns([7, 4], gap="large")
    with left:
        if looks:
            promised(looks, seen.measured.currency)
        else:
            st.info(
                "Nothing is promised yet. Commit to an action, and it is followed here: who keeps "
                "it, and whether its rate has moved.",
                icon=":material/handshake:",
            )
        history(record)
    with right:
        if looks:
            links(looks)
        count_by_hand(seen)
        held(seen)
        agreement()
        workshops(record)


head()
draw_stage(who, stage)

"""Who is behind a browser's cookies, which page is theirs, and what it must follow."""

from __future__ import annotations

from collections.abc import Mapping

from workshop.domain.access import Role, Visitor, cookie_name
from workshop.live import services
from workshop.store import (
    AGENDA,
    ANSWERS,
    IDEAS,
    PLAN,
    QUESTIONS,
    SEATS,
    StoreError,
    person_topic,
    team_topic,
)

PAGES = {
    Role.FACILITATOR: "facilitate",
    Role.MANAGER: "manage",
    Role.PROJECTOR: "board",
    Role.PARTICIPANT: "team",
}


def admitted(cookies: Mapping[str, str], role: Role, code: str) -> Visitor | None:
    """The visitor these cookies prove, or None: right role, right workshop, known token."""
    store = services.store()
    found = store.tokens.admit(cookies.get(cookie_name(role, code), ""))
    if found is None or found.role is not role or found.workshop_id != store.workshops.find(code):
        return None
    return found


def topics(who: Visitor) -> tuple[str, ...]:
    """What this visitor's screen must follow. A laptop does not follow other teams' ideas."""
    if who.role is Role.PARTICIPANT:
        try:
            team_id = services.store().seats.person(who).team_id
        except StoreError:  # taken off the list: all that this screen will hear
            return (AGENDA,)
        return AGENDA, PLAN, QUESTIONS, team_topic(team_id), person_topic(who.person_id)
    return AGENDA, SEATS, IDEAS, PLAN, QUESTIONS, ANSWERS

"""Which ideas somebody may read: others' stay hidden until they are reported back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workshop.domain import agenda
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.idea import Idea
from workshop.domain.people import Person, Side
from workshop.store.database import Source
from workshop.store.funnels import funnel_of
from workshop.store.idea_rows import ideas_of
from workshop.store.people import person_of, teams_of
from workshop.store.topics import AGENDA
from workshop.store.workshops import workshop_of


def readable(source: Source, visitor: Visitor) -> tuple[Idea, ...]:
    """The ideas this visitor may read, oldest first: see `Ideas.readable`."""
    ideas = ideas_of(source, visitor.workshop_id)
    if visitor.role in (Role.FACILITATOR, Role.MANAGER):
        return ideas
    position = workshop_of(source, visitor.workshop_id).position
    opened = _opened(source, visitor.workshop_id)
    over = opened - {position.step if position.phase == Phase.REPORT else None}
    is_in_team = visitor.role is Role.PARTICIPANT
    own = _known_in_team(source, visitor, ideas) if is_in_team else set()
    person = person_of(source, visitor) if is_in_team else None
    return tuple(
        idea if _reads_second_round(over, person, idea) else idea.without_second_round()
        for idea in ideas
        if idea.id in own or (idea.counts and idea.step in opened)
    )


def _opened(source: Source, workshop_id: str) -> frozenset[int]:
    """The steps whose ideas the room may read now."""
    steps = len(funnel_of(source, workshop_id).steps)
    return source.cached(
        workshop_id,
        AGENDA,
        f"opened of {steps}",
        lambda _: workshop_of(source, workshop_id).revealed_steps(steps),
    )


def _reads_second_round(over: Collection[int], person: Person | None, idea: Idea) -> bool:
    """Whether somebody may read what sides say of an idea once it has been reported back.

    As with the first round, who has said it for their own side may, and everybody once sales and
    marketing both have; and where the report back is `over`, nobody is asked any more.
    """
    has_said = (
        person is not None and person.team_id == idea.team_id and person.side in dict(idea.first)
    )
    return has_said or idea.is_estimated_anew or idea.step in over


def is_reported(source: Source, workshop_id: str, idea: Idea) -> bool:
    """Whether the mini-team of an idea has reported it back, or is doing so."""
    workshop = workshop_of(source, workshop_id)
    if workshop.position != Position(Phase.REPORT, idea.step):
        return idea.step in _opened(source, workshop_id)
    teams = agenda.reporting(
        teams_of(source, workshop_id), ideas_of(source, workshop_id), idea.step
    )
    return any(team.id == idea.team_id for team in teams[: workshop.team_shown + 1])


def _known_in_team(source: Source, visitor: Visitor, ideas: Sequence[Idea]) -> set[str]:
    """The ideas of their mini-team whose figures a participant may read before the report.

    They may once their own side has said its own, or sales and marketing both have, as far
    as they sit in the mini-team.
    """
    person = person_of(source, visitor)
    asked = sides_of(source, visitor.workshop_id, person.team_id) - {Side.OTHER}
    known = set()
    for idea in ideas:
        said = {side for side, _ in idea.estimates}
        is_theirs = idea.team_id == person.team_id and person.reads(idea.created_at)
        if is_theirs and (not said or person.side in said or asked <= said):
            known.add(idea.id)
    return known


def sides_of(source: Source, workshop_id: str, team_id: str) -> set[Side]:
    """The sides that sit in a mini-team."""
    return {
        person.side
        for team in teams_of(source, workshop_id)
        if team.id == team_id
        for person in team.people
    }


def hidden(source: Source, workshop_id: str) -> list[Idea]:
    """The ideas that are not reported back yet, oldest first."""
    opened = _opened(source, workshop_id)
    return [idea for idea in ideas_of(source, workshop_id) if idea.step not in opened]


def late(source: Source, visitor: Visitor) -> tuple[Person, ...]:
    """Who came after their mini-team had written, and does not read that yet.

    For the facilitator all of them, for a participant those of their own mini-team to whom
    they can show more.
    """
    visitor.must_be(Role.FACILITATOR, Role.PARTICIPANT)
    own = person_of(source, visitor) if visitor.role is Role.PARTICIPANT else None
    first = {
        idea.team_id: idea.created_at
        for idea in reversed(hidden(source, visitor.workshop_id))
        if own is None or (idea.team_id == own.team_id and own.reads(idea.created_at))
    }
    return tuple(
        person
        for team in teams_of(source, visitor.workshop_id)
        if team.id in first
        for person in team.people
        if not person.reads(first[team.id])
    )

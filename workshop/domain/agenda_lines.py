"""The lines of the agenda: what the room does, in which order, and for how many minutes.

Every change returns a new agenda; what makes no sense is refused with a sentence for people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from workshop.domain.agenda import Phase, Position
from workshop.domain.checks import refuse_outside

MOST_LINES = 300
LONGEST_LINE = 240  # minutes

AT_A_STEP = (Phase.FACTS, Phase.IDEAS, Phase.REPORT)
"""What is done at a step, in this order."""
AT_NO_STEP = (Phase.LOBBY, Phase.RANK, Phase.COMMIT, Phase.CLOSED)
FIRST, LAST = Position(Phase.LOBBY), Position(Phase.CLOSED)
# Where everybody may read everything: a step that does not report back is read here.
ABOUT_ALL_IDEAS = (Phase.RANK, Phase.COMMIT, Phase.CLOSED)

USUAL_MINUTES: Mapping[str, int] = {
    Phase.LOBBY: 12,
    Phase.FACTS: 7,
    Phase.IDEAS: 8,
    Phase.REPORT: 13,
    Phase.BREAK: 15,
    Phase.RELATIONSHIP: 10,
    Phase.OBSTACLES: 15,
    Phase.HAND_OFFS: 15,
    Phase.WORDS: 10,
    Phase.OUTCOME: 5,
    Phase.AGREEMENT: 12,
    Phase.READINGS: 20,
    Phase.ESTIMATES: 10,
    Phase.RANK: 17,
    Phase.COMMIT: 25,
    Phase.CLOSED: 10,
}


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """An activity by its code, at a step by its index or at none, for so many minutes or untimed.

    A break carries the step that it stands before. A locked line is not moved, changed or removed.
    """

    activity: str
    step: int | None = None
    minutes: int | None = None
    is_locked: bool = False

    def __post_init__(self) -> None:
        _ = self.position  # refuses what is no code and no step
        if self.activity in AT_A_STEP and self.step is None:
            raise ValueError(f"'{self.activity}' needs a step.")
        if self.activity in AT_NO_STEP and self.step is not None:
            raise ValueError(f"'{self.activity}' is at no step.")
        if self.minutes is not None:
            refuse_outside("the minutes of a line", self.minutes, 1, LONGEST_LINE)
            if type(self.minutes) is not int:
                raise ValueError("A line takes whole minutes.")

    @property
    def position(self) -> Position:
        """The place of the walk that this line is; no other line has the same."""
        return Position(self.activity, self.step)


@dataclass(frozen=True)
class Agenda:
    """What the room does, in order: from the lobby to the closing."""

    lines: tuple[AgendaLine, ...]

    def __post_init__(self) -> None:
        places = self.places
        if len(places) < 2 or (places[0], places[-1]) != (FIRST, LAST):
            raise ValueError("The agenda begins in the lobby and ends with the closing.")
        if len(places) > MOST_LINES:
            raise ValueError(f"The agenda has room for {MOST_LINES} lines.")
        before: set[Position] = set()
        for place in places:
            if place in before:
                raise ValueError("This is on the agenda already.")
            if place.phase in AT_A_STEP:
                _refuse_disorder(place, before)
            before.add(place)

    @cached_property
    def places(self) -> tuple[Position, ...]:
        """The places of the walk, in order."""
        return tuple(line.position for line in self.lines)

    @property
    def chosen_steps(self) -> tuple[int, ...]:
        """The indexes of the steps that the room works on: those with ideas."""
        return tuple(sorted(one.its_step for one in self.places if one.phase == Phase.IDEAS))

    @property
    def minutes(self) -> int:
        """How long all lines with minutes take together."""
        return sum(line.minutes or 0 for line in self.lines)

    @property
    def is_timed(self) -> bool:
        """Whether any line has minutes."""
        return any(line.minutes is not None for line in self.lines)

    def line(self, position: Position) -> AgendaLine:
        """The line at this place; ValueError where there is none."""
        return self.lines[self.number(position)]

    def number(self, position: Position) -> int:
        """Which line this place is, from 0; ValueError where it is not on the agenda."""
        if position not in self.places:
            raise ValueError("This is not on the agenda any more.")
        return self.places.index(position)


def _refuse_disorder(place: Position, before: Collection[Position]) -> None:
    if place.phase != Phase.FACTS and Position(Phase.FACTS, place.step) not in before:
        raise ValueError("Ideas need the facts of their step before them.")
    if place.phase == Phase.IDEAS and Position(Phase.REPORT, place.step) in before:
        raise ValueError("A step reports back after its ideas.")


def usual(steps: int, chosen: Collection[int] | None = None) -> Agenda:
    """The agenda of a workshop on that many steps where nobody has said otherwise.

    The room works on the steps that are `chosen`, on all where that is None; of the others it sees
    the facts. Raises ValueError below one step.

    >>> [line.activity.value for line in usual(1).lines]
    ['lobby', 'facts', 'ideas', 'report_back', 'rank', 'commit', 'closed']
    """
    if steps < 1:
        raise ValueError(f"the walk has {steps} steps; it needs at least 1")
    at_steps = (
        Position(phase, step)
        for step in range(steps)
        for phase in (AT_A_STEP if chosen is None or step in chosen else AT_A_STEP[:1])
    )
    places = (FIRST, *at_steps, Position(Phase.RANK), Position(Phase.COMMIT), LAST)
    return Agenda(
        tuple(AgendaLine(one.phase, one.step, USUAL_MINUTES[one.phase]) for one in places)
    )


def revealed(agenda: Agenda, position: Position, step: int) -> bool:
    """Whether the room may read the ideas on a step: from its report back on.

    One that does not report back is read at the first place after its ideas that is about all.

    >>> revealed(usual(2), Position(Phase.IDEAS, 1), 0), revealed(usual(2), LAST, 0)
    (True, True)
    >>> revealed(usual(2), Position(Phase.IDEAS, 1), 1)
    False
    """
    places = including(agenda, position).places
    report, ideas = Position(Phase.REPORT, step), Position(Phase.IDEAS, step)
    if report in places:
        opens = places.index(report)
    else:
        written = places.index(ideas) if ideas in places else 0
        opens = next(
            at for at, place in enumerate(places) if at > written and place.phase in ABOUT_ALL_IDEAS
        )
    return places.index(position) >= opens


# -- changes -------------------------------------------------------------------------------------


def add(agenda: Agenda, line: AgendaLine, before: Position | None = None) -> Agenda:
    """With one more line: before the one at that place, else where its step is.

    >>> add(usual(1), AgendaLine("words", None, 25), Position(Phase.RANK)).lines[4].activity
    'words'
    """
    at = _usual_number(agenda, line.position) if before is None else agenda.number(before)
    return Agenda((*agenda.lines[:at], line, *agenda.lines[at:]))


def _usual_number(agenda: Agenda, new: Position) -> int:
    """Where a new line belongs if nobody says: among those of its step, else after the steps."""
    if new.step is None:
        after = ABOUT_ALL_IDEAS[-1:] if new.phase == Phase.COMMIT else ABOUT_ALL_IDEAS
        return next(at for at, place in enumerate(agenda.places) if place.phase in after)
    numbered = list(enumerate(agenda.places))
    at_step = [(number, _order(place)) for number, place in numbered if place.step == new.step]
    if earlier := [number for number, order in at_step if order < _order(new)]:
        return earlier[-1] + 1
    if later := [number for number, order in at_step if order > _order(new)]:
        return later[0]
    before = [number for number, one in numbered if one.step is not None and one.step < new.step]
    return before[-1] + 1 if before else 1


def _order(place: Position) -> int:
    """What comes first at a step: a break, then the facts and so on, then all else."""
    if place.phase == Phase.BREAK:
        return -1
    return AT_A_STEP.index(Phase(place.phase)) if place.phase in AT_A_STEP else len(AT_A_STEP)


def remove(agenda: Agenda, position: Position) -> Agenda:
    """Without the line at this place; the lobby and the closing always stay.

    >>> len(remove(usual(1), Position(Phase.RANK)).lines)
    6
    >>> remove(usual(1), Position(Phase.FACTS, 0))
    Traceback (most recent call last):
        ...
    ValueError: Ideas need the facts of their step before them.
    """
    number = _free(agenda, position)
    return Agenda((*agenda.lines[:number], *agenda.lines[number + 1 :]))


def move_up(agenda: Agenda, position: Position) -> Agenda:
    """With the line at this place one place earlier; nothing passes a locked line.

    >>> move_up(usual(1), Position(Phase.COMMIT)).lines[4].activity.value
    'commit'
    """
    return _exchanged(agenda, position, -1)


def move_down(agenda: Agenda, position: Position) -> Agenda:
    """With the line at this place one place later; nothing passes a locked line."""
    return _exchanged(agenda, position, 1)


def _exchanged(agenda: Agenda, position: Position, by: int) -> Agenda:
    number = _free(agenda, position)
    other = number + by
    if not 0 <= other < len(agenda.lines):
        raise ValueError("The agenda begins in the lobby and ends with the closing.")
    if agenda.lines[other].is_locked:
        raise ValueError("Nothing passes a locked line. Unlock that first.")
    lines = list(agenda.lines)
    lines[number], lines[other] = lines[other], lines[number]
    return Agenda(tuple(lines))


def with_minutes(agenda: Agenda, position: Position, minutes: int | None) -> Agenda:
    """With so many minutes for the line at this place, or without any.

    >>> with_minutes(usual(1), FIRST, 20).lines[0].minutes
    20
    """
    number = _free(agenda, position)
    return _with_line(agenda, number, replace(agenda.lines[number], minutes=minutes))


def with_lock(agenda: Agenda, position: Position, is_locked: bool) -> Agenda:
    """With the line at this place locked, or free again.

    >>> remove(with_lock(usual(1), Position(Phase.RANK), True), Position(Phase.RANK))
    Traceback (most recent call last):
        ...
    ValueError: This line is locked. Unlock it first.
    """
    number = agenda.number(position)
    return _with_line(agenda, number, replace(agenda.lines[number], is_locked=is_locked))


def _with_line(agenda: Agenda, number: int, line: AgendaLine) -> Agenda:
    return Agenda((*agenda.lines[:number], line, *agenda.lines[number + 1 :]))


def _free(agenda: Agenda, position: Position) -> int:
    """Which line this is; ValueError where it is locked."""
    number = agenda.number(position)
    if agenda.lines[number].is_locked:
        raise ValueError("This line is locked. Unlock it first.")
    return number


def choose_steps(agenda: Agenda, chosen: Collection[int]) -> Agenda:
    """With ideas and report back at these steps only; the facts of the others stay as they are.

    >>> choose_steps(usual(3), [1]).chosen_steps, choose_steps(usual(3, [1]), [0, 2]).chosen_steps
    ((1,), (0, 2))
    """
    if not chosen:
        raise ValueError("Choose at least one step to work on.")
    for place in agenda.places:
        if place.phase in (Phase.IDEAS, Phase.REPORT) and place.step not in chosen:
            agenda = remove(agenda, place)
    for step in sorted(set(chosen) - set(agenda.chosen_steps)):
        agenda = _with_places(agenda, [Position(phase, step) for phase in AT_A_STEP])
    return agenda


def _with_places(agenda: Agenda, places: Collection[Position]) -> Agenda:
    """With these places, each for as long as another line of its activity."""
    for place in places:
        if place not in agenda.places:
            agenda = add(
                agenda, AgendaLine(place.phase, place.step, minutes_like(agenda, place.phase))
            )
    return agenda


def minutes_like(agenda: Agenda, activity: str, usually: int | None = None) -> int | None:
    """How long a new line takes: as another one of its activity, else as long as usual.

    None where the agenda is without minutes.

    >>> minutes_like(with_minutes(usual(2), Position(Phase.IDEAS, 0), 12), Phase.IDEAS)
    12
    """
    if not agenda.is_timed:
        return None
    alike = [line.minutes for line in agenda.lines if line.activity == activity]
    return alike[0] if alike else USUAL_MINUTES.get(activity, usually)


# -- what there is of it -------------------------------------------------------------------------


def for_steps(agenda: Agenda, steps: int) -> Agenda:
    """As far as a funnel of so many steps goes: lines at others are left out.

    >>> for_steps(usual(3), 2) == usual(2)
    True
    """
    lines = tuple(line for line in agenda.lines if line.step is None or line.step < steps)
    return agenda if len(lines) == len(agenda.lines) else Agenda(lines)


def including(agenda: Agenda, position: Position) -> Agenda:
    """With a line for where the room is, if it was taken off: its whole step, where it is at work.

    >>> including(usual(2, [0]), Position(Phase.IDEAS, 1)) == usual(2)
    True
    """
    if position in agenda.places:
        return agenda
    at_work = position.phase in (Phase.IDEAS, Phase.REPORT)
    whole = [Position(phase, position.step) for phase in AT_A_STEP] if at_work else [position]
    return _with_places(agenda, whole)


def starts(agenda: Agenda, begins_at: datetime) -> tuple[datetime | None, ...]:
    """When each line begins; None after one without minutes, since nobody knows how long it takes.

    >>> [at.minute for at in starts(usual(1), datetime(2026, 3, 14, 14, 0))]
    [0, 12, 19, 27, 40, 57, 22]
    """
    return _starts(agenda.lines, begins_at)


def starts_from(
    agenda: Agenda, here: Position, now: datetime, since: datetime | None, until: datetime | None
) -> tuple[datetime | None, ...]:
    """When each line begins, as things stand; None where that is past, or nobody knows.

    The room is at `here` since then, or has yet to begin; its timer runs `until` then, if it runs.
    A line that takes longer than planned moves all that come after it.

    >>> noon = datetime(2026, 3, 14, 12)
    >>> late = noon + timedelta(minutes=30)
    >>> [at and at.minute for at in starts_from(usual(1), Position(Phase.RANK), late, noon, None)]
    [None, None, None, None, 0, 30, 55]
    """
    number = agenda.number(here)
    begun, minutes = since or now, agenda.lines[number].minutes
    ends_at = begun + timedelta(minutes=minutes) if until is None and minutes else until
    coming = agenda.lines[number + 1 :]
    following = [None] * len(coming) if ends_at is None else _starts(coming, max(ends_at, now))
    return (*[None] * number, begun, *following)


def _starts(lines: Iterable[AgendaLine], begins_at: datetime) -> tuple[datetime | None, ...]:
    moment: datetime | None = begins_at
    moments = []
    for line in lines:
        moments.append(moment)
        if moment is None or line.minutes is None:
            moment = None
        else:
            moment += timedelta(minutes=line.minutes)
    return tuple(moments)

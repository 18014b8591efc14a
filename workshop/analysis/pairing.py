"""Pairing: people into mixed mini-teams, all at once or one arrival at a time.

A team is mixed if somebody from sales and somebody from marketing sit in it. Teams have two to
four people. Three is the aim; a fourth seat is taken where that mixes all teams, or as many as
there are people for, or where nobody may be moved any more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil
from random import Random
from typing import NamedTuple, Protocol, TypeVar

from workshop.domain.checks import NAME_LENGTH
from workshop.domain.people import Side

AIM = 3
MOST = 4
ROSTER_LENGTH = 1000
SIDES_AS_WRITTEN = {word: side for side in Side for word in (side.value, side.value[0])}
NAME_AND_SIDE = re.compile(r"(.*)[,;\t](.*)")
BLANKS = ", ;\t"
HEADING = re.compile(r"\s*name\s*[,;\t]\s*side\s*", re.IGNORECASE)


class Sided(Protocol):
    """Somebody of whom only the side matters here."""

    @property
    def side(self) -> Side: ...


P = TypeVar("P", bound=Sided)
Teams = tuple[tuple[P, ...], ...]


class Guest(NamedTuple):
    """Somebody the roster expects."""

    name: str
    side: Side


def missing(team: Sequence[Sided]) -> int:
    """From how many of the two departments nobody is in the team; 0 where it is mixed.

    >>> missing([Guest("Ada", Side.SALES), Guest("Bo", Side.OTHER)])
    1
    """
    present = {person.side for person in team}
    return (Side.SALES not in present) + (Side.MARKETING not in present)


def mix(people: Sequence[P], seed: int = 0) -> Teams[P]:
    """Everybody into teams anew; the same people, order and seed always sit the same way.

    Of n people, s from sales and m from marketing, min(s, m, k) of the k teams are mixed, and
    their sizes differ by at most one. k is ⌈n/3⌉, or min(s, m) where teams of up to four are
    all mixed by that.

    >>> ada, bo = Guest("Ada", Side.SALES), Guest("Bo", Side.SALES)
    >>> cy, di = Guest("Cy", Side.MARKETING), Guest("Di", Side.MARKETING)
    >>> [missing(team) for team in mix([ada, bo, cy, di])]
    [0, 0]
    """
    shuffled = Random(seed).sample(people, len(people))
    sales, marketing, others = ([p for p in shuffled if p.side is side] for side in Side)
    fewest, usual = ceil(len(people) / MOST), ceil(len(people) / AIM)
    pairs = min(len(sales), len(marketing))
    teams: list[list[P]] = [[] for _ in range(pairs if fewest <= pairs < usual else usual)]
    for team, *pair in zip(teams, sales, marketing, strict=False):
        team.extend(pair)
    paired = min(pairs, len(teams))
    for person in [*sales[paired:], *marketing[paired:], *others]:
        min(teams, key=lambda team: (len(team), _like(person, team))).append(person)
    return tuple(tuple(team) for team in teams)


def seat(teams: Sequence[Sequence[P]], newcomer: P, settled: bool = False) -> Teams[P]:
    """The teams after one more person has come; they keep their order, a new one comes last.

    In the lobby at most one other person changes teams, to sit with the newcomer in a new one,
    and the seating with the fewest flaws is taken. From the second arrival on every team has two
    to four people, and mixed teams never become fewer. While s people from sales and m from
    marketing arrive, in any order, min(s, m, k) of the k teams are mixed; with people from
    elsewhere among them nearly always, since now and then only a second move would do it.

    Settled, nobody moves: the newcomer takes the smallest team with a seat (a fourth at most)
    that misses their side, else the smallest with a seat, else founds a team.

    >>> ada, bo, cy = (Guest(name, Side.SALES) for name in ("Ada", "Bo", "Cy"))
    >>> di = Guest("Di", Side.MARKETING)
    >>> [[guest.name for guest in team] for team in seat([[ada, di, bo]], cy)]
    [['Ada', 'Di', 'Bo', 'Cy']]
    >>> [[guest.name for guest in team] for team in seat([[ada, bo]], cy, settled=True)]
    [['Ada', 'Bo', 'Cy']]
    """
    seated = tuple(tuple(team) for team in teams)
    if settled:
        return _sit_late(seated, newcomer)
    return min(_arrivals(seated, newcomer), key=_flaws)


def _like(person: Sided, team: Sequence[Sided]) -> int:
    """How many of the person's side are in the team."""
    return sum(other.side is person.side for other in team)


def _sit_late(teams: Teams[P], newcomer: P) -> Teams[P]:
    with_a_seat = [place for place, team in enumerate(teams) if len(team) < MOST]
    if not with_a_seat:
        return (*teams, (newcomer,))

    def preference(place: int) -> tuple[bool, int]:
        team = teams[place]
        return missing((*team, newcomer)) == missing(team), len(team)

    return _join(teams, min(with_a_seat, key=preference), newcomer)


def _join(teams: Teams[P], place: int, newcomer: P) -> Teams[P]:
    return (*teams[:place], (*teams[place], newcomer), *teams[place + 1 :])


def _arrivals(teams: Teams[P], newcomer: P) -> Iterator[Teams[P]]:
    """Ways to seat the newcomer that move at most one other; those that move none come first.

    Of teams with the same sides in them, only the first is tried: the others are no better.
    """
    alike = {
        tuple(sorted(p.side for p in teams[place])): place for place in range(len(teams))[::-1]
    }
    distinct = [(place, teams[place]) for place in sorted(alike.values())]
    for place, team in distinct:
        if len(team) < MOST:
            yield _join(teams, place, newcomer)
    for place, team in distinct:
        if len(team) >= AIM:
            last_of_each_side = {person.side: person for person in team}.values()
            for mover in sorted(last_of_each_side, key=lambda p: -_like(p, team)):
                stayed = tuple(person for person in team if person is not mover)
                yield (*teams[:place], stayed, *teams[place + 1 :], (mover, newcomer))
    if not teams:
        yield ((newcomer,),)


def _flaws(teams: Teams[P]) -> tuple[int, bool, int, int, int, int]:
    """What is wrong with a seating, the worst first: the one with the least flaws is the best."""
    sizes = [len(team) for team in teams]
    gaps = [missing(team) for team in teams]
    sides = Counter(person.side for team in teams for person in team)
    could_be_mixed = min(sides[Side.SALES], sides[Side.MARKETING], len(teams))
    return (
        sizes.count(1),
        any(gaps),
        could_be_mixed - gaps.count(0),
        sum(size > AIM for size in sizes),
        sum(size < AIM for size in sizes),
        sum(gaps),  # whoever is still to come can close them
    )


def read_roster(text: str) -> tuple[tuple[Guest, ...], tuple[str, ...]]:
    """Who is expected, from lines such as "Ada Lovelace, sales"; and what is wrong, line by line.

    The side comes after the last comma, semicolon or tab: sales, marketing, other, or a first
    letter. Blank lines and a heading "name, side" are passed over. At most 1,000 lines are read.

    >>> read_roster("Ada Lovelace, sales\\nGrace Hopper; m")[0][1]
    Guest(name='Grace Hopper', side=<Side.MARKETING: 'marketing'>)
    >>> read_roster("Ada Lovelace")[1]
    ('Line 1 has no side. Write: name, sales (or marketing, or other).',)
    """
    lines = text.splitlines()
    if len(lines) > ROSTER_LENGTH:
        return (), (f"The roster has {len(lines):,} lines; at most {ROSTER_LENGTH:,} are read.",)
    first_line: dict[tuple[str, Side], int] = {}
    people: list[Guest] = []
    problems: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or HEADING.fullmatch(line):
            continue
        try:
            guest = _read_guest(line)
            first = first_line.setdefault((guest.name.casefold(), guest.side), number)
            if first < number:
                raise ValueError(f"repeats line {first}. Add something that tells the two apart.")
            people.append(guest)
        except ValueError as problem:
            problems.append(f"Line {number} {problem}")
    return tuple(people), tuple(problems)


def _read_guest(line: str) -> Guest:
    """Raises ValueError with the rest of a sentence that begins with the line's number."""
    parts = NAME_AND_SIDE.fullmatch(line.rstrip(BLANKS))
    if parts is None:
        raise ValueError("has no side. Write: name, sales (or marketing, or other).")
    name, side = parts[1].strip(BLANKS), parts[2].strip()
    if not name:
        raise ValueError("has no name. Write: name, side.")
    if len(name) > NAME_LENGTH:
        raise ValueError(
            f"has a name of {len(name):,} characters; at most {NAME_LENGTH} are kept. Shorten it."
        )
    if side.casefold() not in SIDES_AS_WRITTEN:
        shown = side if len(side) <= 30 else f"{side[:30]}…"
        raise ValueError(f"has '{shown}' for a side. Write sales, marketing or other.")
    return Guest(name, SIDES_AS_WRITTEN[side.casefold()])

from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.pairing import Guest, mix, read_roster, seat
from workshop.domain.people import Person, Side

SALES, MARKETING, OTHER = Side
SIDES = {"s": SALES, "m": MARKETING, "o": OTHER}


@dataclass(frozen=True)
class Somebody:
    number: int
    side: Side


def crowd(letters: str) -> list[Somebody]:
    return [Somebody(number, SIDES[letter]) for number, letter in enumerate(letters)]


def tables(*teams: str) -> tuple[tuple[Somebody, ...], ...]:
    people = iter(crowd("".join(teams)))
    return tuple(tuple(next(people) for _ in team) for team in teams)


def letters(teams: tuple[tuple[Somebody, ...], ...]) -> list[str]:
    return ["".join(person.side.value[0] for person in team) for team in teams]


def arrive(letters: str) -> tuple[tuple[Somebody, ...], ...]:
    teams: tuple[tuple[Somebody, ...], ...] = ()
    for person in crowd(letters):
        teams = seat(teams, person)
    return teams


def is_mixed(team: tuple[Somebody, ...]) -> bool:
    return {SALES, MARKETING} <= {person.side for person in team}


def can_be_mixed(people: str, teams: int) -> int:
    return min(people.count("s"), people.count("m"), teams)


CROWDS = st.text("smo", min_size=1, max_size=40)
TWO_SIDES = st.text("sm", min_size=1, max_size=40)


@given(CROWDS, st.integers(0, 1000))
def test_mixing_loses_and_doubles_nobody(people: str, seed: int) -> None:
    seated = [person for team in mix(crowd(people), seed) for person in team]
    assert Counter(seated) == Counter(crowd(people))


@given(CROWDS, st.integers(0, 1000))
def test_mixing_makes_as_many_mixed_teams_as_there_are_people_for(people: str, seed: int) -> None:
    teams = mix(crowd(people), seed)
    assert sum(map(is_mixed, teams)) == can_be_mixed(people, len(teams))


@given(CROWDS, st.integers(0, 1000))
def test_mixing_makes_teams_of_two_to_four_of_like_sizes(people: str, seed: int) -> None:
    sizes = [len(team) for team in mix(crowd(people), seed)]
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) <= 4
    assert min(sizes) >= min(2, len(people))


@given(CROWDS)
def test_mixing_seats_four_together_only_where_all_teams_are_mixed_by_it(people: str) -> None:
    teams = mix(crowd(people))
    if max(map(len, teams)) == 4:
        assert all(map(is_mixed, teams))


@given(TWO_SIDES)
def test_mixing_mixes_every_team_wherever_teams_of_four_could(people: str) -> None:
    if min(people.count("s"), people.count("m")) >= ceil(len(people) / 4):
        assert all(map(is_mixed, mix(crowd(people))))


@given(CROWDS, st.integers(0, 1000))
def test_one_seed_always_seats_alike(people: str, seed: int) -> None:
    assert mix(crowd(people), seed) == mix(crowd(people), seed)


def test_another_seed_brings_other_people_together() -> None:
    people = crowd("sssmmmsssmmm")
    assert len({mix(people, seed) for seed in range(10)}) > 5


def test_nobody_makes_no_team_and_one_person_sits_alone() -> None:
    assert mix([]) == ()
    assert letters(mix(crowd("s"))) == ["s"]


def test_people_of_the_records_can_be_mixed() -> None:
    ada = Person("1", "Ada", SALES, "")
    bo = Person("2", "Bo", MARKETING, "")
    assert {person.name for person in mix([ada, bo])[0]} == {"Ada", "Bo"}


@given(CROWDS)
def test_in_the_lobby_nobody_is_lost_or_doubled(people: str) -> None:
    seated = [person for team in arrive(people) for person in team]
    assert Counter(seated) == Counter(crowd(people))


@given(TWO_SIDES)
def test_in_the_lobby_as_many_teams_are_mixed_as_there_are_people_for(people: str) -> None:
    teams = arrive(people)
    assert sum(map(is_mixed, teams)) == can_be_mixed(people, len(teams))


@given(CROWDS)
def test_in_the_lobby_an_arrival_never_leaves_fewer_mixed_teams(people: str) -> None:
    before = arrive(people[:-1])
    after = seat(before, crowd(people)[-1])
    assert sum(map(is_mixed, after)) >= sum(map(is_mixed, before))


@given(CROWDS)
def test_in_the_lobby_teams_have_two_to_four_people(people: str) -> None:
    sizes = [len(team) for team in arrive(people)]
    assert max(sizes) <= 4
    assert min(sizes) >= min(2, len(people))


@given(st.text("s", min_size=1, max_size=40))
def test_a_lobby_of_one_side_sits_in_teams_of_at_most_three(people: str) -> None:
    sizes = [len(team) for team in arrive(people)]
    assert len(sizes) == ceil(len(people) / 3)
    assert max(sizes) - min(sizes) <= 1 or len(people) == 2


@given(CROWDS)
def test_an_arrival_in_the_lobby_moves_at_most_one_person_and_keeps_the_order_of_teams(
    people: str,
) -> None:
    newcomer = crowd(people)[-1]
    before = arrive(people[:-1])
    after = seat(before, newcomer)
    assert len(after) - len(before) in (0, 1)
    moved = [
        person
        for was, now in zip_longest(before, after, fillvalue=())
        for person in now
        if person not in was
    ]
    assert newcomer in moved
    assert len(moved) <= 2


@pytest.mark.parametrize(
    ("before", "newcomer", "after"),
    [
        ((), "s", ["s"]),
        (("s",), "m", ["sm"]),
        (("ss",), "s", ["sss"]),
        (("sm", "smm"), "s", ["sms", "smm"]),
        (("ss", "smm"), "m", ["ssm", "smm"]),
        (("mmm", "mm"), "s", ["mmm", "mms"]),
        (("ssm",), "m", ["sm", "sm"]),
        (("ssm",), "s", ["ssms"]),
        (("sss",), "s", ["ss", "ss"]),
        (("smm", "smm"), "s", ["sm", "smm", "ms"]),
        (("soo", "oo"), "m", ["oo", "oo", "sm"]),
        (("smmm", "smmm"), "m", ["smm", "smmm", "mm"]),
        (("oos", "oo"), "s", ["oos", "oos"]),
        (("s", "mm"), "s", ["ss", "mm"]),
    ],
)
def test_the_lobby_seats_an_arrival_where_it_mixes_most(
    before: tuple[str, ...], newcomer: str, after: list[str]
) -> None:
    assert letters(seat(tables(*before), Somebody(99, SIDES[newcomer]))) == after


@given(st.lists(st.text("smo", min_size=1, max_size=5), max_size=8), st.sampled_from("smo"))
def test_once_settled_nobody_moves(teams: list[str], newcomer: str) -> None:
    before = tables(*teams)
    late = Somebody(99, SIDES[newcomer])
    after = seat(before, late, settled=True)
    for was, now in zip_longest(before, after, fillvalue=()):
        assert now in (was, (*was, late))
    assert sum(map(len, after)) == sum(map(len, before)) + 1


@pytest.mark.parametrize(
    ("before", "newcomer", "after"),
    [
        (("smm", "mm", "mmm"), "s", ["smm", "mms", "mmm"]),
        (("sm", "mmm"), "s", ["sm", "mmms"]),
        (("ssm", "sm", "sm"), "m", ["ssm", "smm", "sm"]),
        (("sm", "smm"), "o", ["smo", "smm"]),
        (("mmmm", "ssm"), "s", ["mmmm", "ssms"]),
        (("ssmm", "ssmm"), "s", ["ssmm", "ssmm", "s"]),
        (("ssmm", "s"), "m", ["ssmm", "sm"]),
        ((), "m", ["m"]),
    ],
)
def test_a_late_joiner_lands_in_the_smallest_team_that_needs_their_side(
    before: tuple[str, ...], newcomer: str, after: list[str]
) -> None:
    assert letters(seat(tables(*before), Somebody(99, SIDES[newcomer]), settled=True)) == after


def test_a_roster_is_read_line_by_line() -> None:
    people, problems = read_roster(
        "Name, Side\nAda Lovelace, sales\n\n  Grace Hopper ;\tM \nBabbage, Charles\tOther,\n"
    )
    assert people == (
        ("Ada Lovelace", SALES),
        ("Grace Hopper", MARKETING),
        ("Babbage, Charles", OTHER),
    )
    assert problems == ()


def test_a_roster_can_be_mixed_as_it_is_read() -> None:
    people, _ = read_roster("Ada, s\nBo, m\nCy, s\nDi, m")
    assert all(len({guest.side for guest in team}) == 2 for team in mix(people))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Ada", "Line 2 has no side. Write: name, sales (or marketing, or other)."),
        ("Ada,", "Line 2 has no side. Write: name, sales (or marketing, or other)."),
        (", sales", "Line 2 has no name. Write: name, side."),
        ("Ada, sails", "Line 2 has 'sails' for a side. Write sales, marketing or other."),
        ("Ada, " + "x" * 99, f"Line 2 has '{'x' * 30}…' for a side."),
        ("a" * 81 + ", s", "Line 2 has a name of 81 characters; at most 80 are kept. Shorten it."),
        ("CY, s", "Line 2 repeats line 1. Add something that tells the two apart."),
    ],
)
def test_a_wrong_line_of_a_roster_says_where_and_how_to_mend_it(line: str, problem: str) -> None:
    people, problems = read_roster(f"Cy, sales\n{line}\nDi, marketing")
    assert [name for name, _ in people] == ["Cy", "Di"]
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_all_wrong_lines_of_a_roster_are_reported() -> None:
    _, problems = read_roster("Ada\nBo, s\n, m\nDi, x")
    assert [problem[:6] for problem in problems] == ["Line 1", "Line 3", "Line 4"]


def test_people_of_one_name_on_two_sides_are_two_people() -> None:
    assert read_roster("Cy, s\nCy, m") == (
        (Guest("Cy", SALES), Guest("Cy", MARKETING)),
        (),
    )


def test_a_roster_of_a_thousand_lines_is_read_and_a_longer_one_refused() -> None:
    lines = [f"Guest {number}, s" for number in range(1001)]
    assert len(read_roster("\n".join(lines[:1000]))[0]) == 1000
    people, problems = read_roster("\n".join(lines))
    assert people == ()
    assert problems == ("The roster has 1,001 lines; at most 1,000 are read.",)


def test_an_empty_roster_expects_nobody() -> None:
    assert read_roster(" \n\n") == ((), ())


@given(st.text(max_size=300))
def test_any_text_can_be_pasted_as_a_roster(text: str) -> None:
    people, problems = read_roster(text)
    assert len(people) + len(problems) <= len(text.splitlines())
    assert all(0 < len(guest.name) <= 80 for guest in people)

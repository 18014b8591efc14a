"""The records: kept at once, changed only by those who may, never lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from tests.ids import ONE, TWO, named_id
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agenda import BoardView, Phase, Position, Timer
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Condition, Demand
from workshop.domain.commitment import Commitment, Status
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.scenario import Scenario
from workshop.domain.workshop import POINTS
from workshop.store import IDEAS, SEATS, Repeated, Store, StoreError, team_topic

RECORDS = Path(__file__).parents[1] / "records"

DRAFT = IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4), "A rota.", "No follow-up", 3, 1)


def joined(store: Store, facilitator: Visitor, name: str, side: Side = Side.SALES) -> Visitor:
    visitor = store.tokens.admit(
        store.seats.join(store.workshops.get(facilitator).code, name, side)
    )
    assert visitor is not None
    return visitor


def manager_of(store: Store, facilitator: Visitor) -> Visitor:
    visitor = store.tokens.admit(store.tokens.issue(facilitator, Role.MANAGER))
    assert visitor is not None
    return visitor


def a_commitment(idea_id: str) -> Commitment:
    return Commitment(
        uuid4().hex, idea_id, "Call", "Ada", "Bo", "Rate", 0.4, 0.5, date(2027, 1, 4), "Ask Bo"
    )


def test_a_started_workshop_is_in_its_lobby_with_the_funnel_as_read(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.workshops.start("Spring off-site", funnel)
    workshop = store.workshops.get(facilitator)
    assert workshop.position == Position(Phase.LOBBY)
    assert store.workshops.find(workshop.code) == facilitator.workshop_id
    assert store.funnels.current(facilitator) == funnel


def test_everything_is_there_again_after_the_file_is_opened_anew(
    tmp_path: Path, funnel: Funnel
) -> None:
    path = tmp_path / "workshop.duckdb"
    before = Store(path)
    facilitator = before.workshops.start("Spring", funnel)
    ada = joined(before, facilitator, "Ada")
    before.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    ends_at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    before.agenda.set_timer(facilitator, Timer(ends_at))
    before.ideas.save(ada, ONE, 1, DRAFT)
    before.close()
    after = Store(path)
    assert after.workshops.get(facilitator).position == Position(Phase.IDEAS, 1)
    assert after.workshops.get(facilitator).timer == Timer(ends_at)
    assert [idea.draft for idea in after.ideas.readable(ada)] == [DRAFT]
    assert after.seats.person(ada).name == "Ada"
    after.close()


def test_a_token_opens_its_own_door_only(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    token = store.tokens.issue(facilitator, Role.PROJECTOR)
    assert store.tokens.admit(token) == Visitor(Role.PROJECTOR, facilitator.workshop_id)
    assert store.tokens.admit(token + "x") is None
    assert store.tokens.admit("") is None


def test_tokens_are_kept_hashed(store: Store, funnel: Funnel) -> None:
    token = store.tokens.issue(store.workshops.start("Spring", funnel), Role.MANAGER)
    kept = store.database.read("SELECT * FROM token")
    assert token not in str(kept)
    assert kept


def test_a_wrong_code_is_answered_with_a_sentence(store: Store) -> None:
    with pytest.raises(StoreError, match="No workshop has the code AAAAAA"):
        store.seats.join("AAAAAA", "Ada", Side.SALES)


def test_the_roster_keeps_a_seat_for_whom_it_names(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    store.seats.import_roster(facilitator, [("Ada", Side.SALES), ("Bo", Side.MARKETING)])
    seat = next(
        p for team in store.seats.teams(facilitator) for p in team.people if p.name == "Ada"
    )
    ada = joined(store, facilitator, " ada ")
    assert ada.person_id == seat.id
    assert store.seats.person(ada).joined
    assert joined(store, facilitator, "Ada").person_id != seat.id


def test_teams_mix_themselves_as_people_come(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    for place in range(10):
        joined(store, facilitator, f"P{place}", [Side.SALES, Side.MARKETING][place % 2])
    for team in store.seats.teams(facilitator):
        sides = {person.side for person in team.people}
        assert {Side.SALES, Side.MARKETING} <= sides
        assert 2 <= len(team.people) <= 4


def test_a_late_joiner_moves_nobody(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    for place in range(6):
        joined(store, facilitator, f"P{place}", [Side.SALES, Side.MARKETING][place % 2])
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 0))
    before = {p.id: team.id for team in store.seats.teams(facilitator) for p in team.people}
    joined(store, facilitator, "Late", Side.OTHER)
    after = {p.id: team.id for team in store.seats.teams(facilitator) for p in team.people}
    assert before.items() <= after.items()
    assert len(after) == 7


def test_a_person_can_be_moved_and_a_team_renamed(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(4)]
    teams = store.seats.teams(facilitator)
    store.seats.move(facilitator, people[0].person_id, teams[1].id)
    store.seats.rename(facilitator, teams[1].id, "The Bridge")
    assert store.seats.person(people[0]).team_id == teams[1].id
    assert store.seats.teams(facilitator)[1].name == "The Bridge"


def test_a_mini_team_that_nobody_is_left_of_stays_with_its_ideas_and_takes_no_newcomer(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(4)]
    wrote = store.seats.person(people[0]).team_id
    store.ideas.save(people[0], ONE, 1, DRAFT)
    before = store.seats.teams(facilitator)
    for person in people:
        store.door.remove(facilitator, person.person_id)
    [left] = store.seats.teams(facilitator)
    assert (left.id, left.people) == (wrote, ())
    assert store.seats.person(joined(store, facilitator, "Late")).team_id != wrote
    for person in people:
        store.door.restore(facilitator, person.person_id)
    assert store.seats.teams(facilitator)[:2] == before


def test_the_same_form_sent_twice_is_one_idea(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    store.ideas.save(ada, ONE, 1, DRAFT)
    store.ideas.save(ada, ONE, 1, DRAFT)
    assert len(store.ideas.readable(ada)) == 1


def test_an_answer_that_arrives_again_changes_nothing_again(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    assert store.ideas.save(ada, ONE, 1, DRAFT, submission_id=ONE) == ONE
    assert store.has_taken(ada, ONE)
    changed = replace(DRAFT, title="Ask for a phone number")
    store.ideas.save(ada, ONE, 1, changed, submission_id=TWO)
    rows = len(store.activity.all(facilitator))
    for submission, draft in ((ONE, DRAFT), (TWO, changed)):
        with pytest.raises(Repeated):
            store.ideas.save(ada, ONE, 1, draft, submission_id=submission)
    with pytest.raises(Repeated):
        store.ideas.estimate(ada, ONE, Estimate(0.5, 0.6, 0.7), submission_id=ONE)
    assert [idea.draft for idea in store.ideas.readable(ada)] == [changed]
    assert len(store.activity.all(facilitator)) == rows


def test_an_answer_that_was_refused_can_be_given_again(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    with pytest.raises(ValueError, match="no loss reason"):
        store.ideas.save(ada, ONE, 1, replace(DRAFT, reason="Nobody knows"), submission_id=ONE)
    assert not store.has_taken(ada, ONE)
    store.ideas.save(ada, ONE, 1, DRAFT, submission_id=ONE)
    assert len(store.ideas.readable(ada)) == 1


def test_the_words_of_one_draft_sent_from_two_tabs_are_one_idea_while_it_counts(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    store.ideas.save(ada, ONE, 1, DRAFT, submission_id=ONE)
    assert store.ideas.save(ada, TWO, 1, DRAFT, submission_id=TWO) == ONE
    store.ideas.withdraw(ada, ONE)
    three = named_id("3")
    assert store.ideas.save(ada, three, 1, DRAFT, submission_id=three) == three
    assert [idea.counts for idea in store.ideas.readable(ada)] == [False, True]


def test_records_of_version_4_know_no_answers_yet_and_take_the_next(
    tmp_path: Path, funnel: Funnel
) -> None:
    path = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((RECORDS / "version-4.sql").read_text(encoding="utf-8"))
    store = Store(path)
    ada = joined(store, store.workshops.start("Spring", funnel), "Ada")
    store.ideas.save(ada, ONE, 1, DRAFT, submission_id=ONE)
    assert store.has_taken(ada, ONE)
    store.close()


def test_an_idea_can_be_edited_withdrawn_and_brought_back(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    store.ideas.save(ada, ONE, 1, DRAFT)
    store.ideas.save(ada, ONE, 1, IdeaDraft("Call at once", Estimate(0, 0.1, 0.2)))
    assert store.ideas.readable(ada)[0].draft.title == "Call at once"
    store.ideas.withdraw(ada, ONE)
    assert not store.ideas.readable(ada)[0].counts
    store.ideas.withdraw(ada, ONE, False)
    assert store.ideas.readable(ada)[0].counts


def test_other_teams_ideas_stay_hidden_until_they_are_reported_back(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(4)]
    first = people[0]
    other = next(
        p for p in people if store.seats.person(p).team_id != store.seats.person(first).team_id
    )
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    store.ideas.save(first, ONE, 1, DRAFT)
    room = Visitor(Role.PROJECTOR, facilitator.workshop_id)
    assert store.ideas.readable(other) == ()
    assert store.ideas.readable(room) == ()
    assert store.ideas.counts(room, 1)[store.seats.person(first).team_id] == 1
    assert [idea.id for idea in store.ideas.readable(facilitator)] == [ONE]
    store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    assert [idea.id for idea in store.ideas.readable(other)] == [ONE]
    assert [idea.id for idea in store.ideas.readable(room)] == [ONE]


def test_a_merged_idea_no_longer_counts_until_the_merge_is_undone(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    store.ideas.save(ada, ONE, 1, DRAFT)
    store.ideas.save(ada, TWO, 1, DRAFT)
    store.ideas.merge(facilitator, TWO, ONE)
    assert [idea.counts for idea in store.ideas.readable(facilitator)] == [True, False]
    with pytest.raises(ValueError, match="stands for itself"):
        store.ideas.merge(facilitator, ONE, TWO)
    store.ideas.merge(facilitator, TWO, None)
    assert all(idea.counts for idea in store.ideas.readable(facilitator))


def test_a_reason_the_step_does_not_have_is_refused(store: Store, funnel: Funnel) -> None:
    ada = joined(store, store.workshops.start("Spring", funnel), "Ada")
    with pytest.raises(ValueError, match="no loss reason of Lead → MQL"):
        store.ideas.save(ada, ONE, 0, DRAFT)
    with pytest.raises(ValueError, match="between 0 and 3"):
        store.ideas.save(ada, ONE, 9, IdeaDraft("x", Estimate(0, 0, 0)))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PROJECTOR, Role.PARTICIPANT])
def test_only_the_facilitator_leads(store: Store, funnel: Funnel, role: Role) -> None:
    workshop_id = store.workshops.start("Spring", funnel).workshop_id
    visitor = Visitor(role, workshop_id, "somebody")
    for attempt in (
        lambda: store.agenda.move_to(visitor, Position(Phase.RANK)),
        lambda: store.agenda.set_timer(visitor, Timer()),
        lambda: store.agenda.show_team(visitor, 1),
        lambda: store.tokens.issue(visitor, Role.FACILITATOR),
        lambda: store.seats.reshuffle(visitor),
        lambda: store.seats.import_roster(visitor, []),
        lambda: store.seats.move(visitor, "a", "b"),
        lambda: store.seats.rename(visitor, "a", "b"),
        lambda: store.ideas.merge(visitor, "a", "b"),
    ):
        with pytest.raises(Forbidden):
            attempt()


@pytest.mark.parametrize("role", [Role.PROJECTOR, Role.PARTICIPANT])
def test_only_management_assumes_and_commits(store: Store, funnel: Funnel, role: Role) -> None:
    visitor = Visitor(role, store.workshops.start("Spring", funnel).workshop_id, "somebody")
    with pytest.raises(Forbidden):
        store.assumptions.save(visitor, Assumptions())
    with pytest.raises(Forbidden):
        store.commitments.save(visitor, a_commitment(ONE))


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.MANAGER])
def test_facilitator_and_management_choose_what_the_board_shows(
    store: Store, funnel: Funnel, role: Role
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    assert store.workshops.get(facilitator).board_view is BoardView.IDEAS
    store.agenda.show_view(Visitor(role, facilitator.workshop_id), BoardView.UNKNOWN)
    assert store.workshops.get(facilitator).board_view is BoardView.UNKNOWN
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    assert store.workshops.get(facilitator).board_view is BoardView.UNKNOWN


@pytest.mark.parametrize("role", [Role.PROJECTOR, Role.PARTICIPANT])
def test_nobody_else_chooses_what_the_board_shows(store: Store, funnel: Funnel, role: Role) -> None:
    visitor = Visitor(role, store.workshops.start("Spring", funnel).workshop_id, "somebody")
    with pytest.raises(Forbidden):
        store.agenda.show_view(visitor, BoardView.STEPS)


def test_the_improvement_at_which_all_compare_the_steps_is_kept(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    assert store.workshops.get(facilitator).points == POINTS
    store.agenda.show_points(Visitor(Role.MANAGER, facilitator.workshop_id), 2.5)
    assert store.workshops.get(facilitator).points == 2.5
    with pytest.raises(ValueError, match="between 0 and 20"):
        store.agenda.show_points(facilitator, 21)


def test_the_facilitator_chooses_the_steps_that_the_room_works_on(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    assert store.workshops.get(facilitator).chosen_steps(4) == (0, 1, 2, 3)
    store.agenda.choose_steps(facilitator, [3, 1, 3])
    assert store.workshops.get(facilitator).chosen_steps(4) == (1, 3)
    with pytest.raises(StoreError, match="at least one step"):
        store.agenda.choose_steps(facilitator, [])
    with pytest.raises(ValueError, match="not in the funnel"):
        store.agenda.choose_steps(facilitator, [4])
    assert store.workshops.get(facilitator).chosen_steps(4) == (1, 3)


def test_nobody_reaches_into_another_teams_idea(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(4)]
    other = next(
        p for p in people if store.seats.person(p).team_id != store.seats.person(people[0]).team_id
    )
    store.ideas.save(people[0], ONE, 1, DRAFT)
    with pytest.raises(Forbidden):
        store.ideas.save(other, ONE, 1, DRAFT)
    with pytest.raises(Forbidden):
        store.ideas.withdraw(other, ONE)


def test_nobody_reaches_into_another_workshop(store: Store, funnel: Funnel) -> None:
    here, there = store.workshops.start("Here", funnel), store.workshops.start("There", funnel)
    ada, eve = joined(store, here, "Ada"), joined(store, there, "Eve")
    store.ideas.save(ada, ONE, 1, DRAFT)
    with pytest.raises(StoreError):
        store.ideas.save(eve, ONE, 1, IdeaDraft("Mine now", Estimate(0, 0, 0)))
    assert [idea.draft.title for idea in store.ideas.readable(here)] == ["Call within a day"]
    assert store.ideas.readable(there) == ()
    with pytest.raises(StoreError):
        store.ideas.withdraw(there, ONE)


def test_an_idea_becomes_an_action_and_its_status_moves(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    manager = manager_of(store, facilitator)
    store.ideas.save(joined(store, facilitator, "Ada"), ONE, 1, DRAFT)
    action = a_commitment(ONE)
    store.commitments.save(manager, action)
    assert store.commitments.all(manager) == (action,)
    done = Commitment(**{**as_dict(action), "status": Status.DONE})
    store.commitments.save(manager, done)
    assert store.commitments.all(manager) == (done,)


def as_dict(action: Commitment) -> dict[str, object]:
    return {name: getattr(action, name) for name in Commitment.__slots__}


def test_assumptions_are_kept_with_their_benchmarks(store: Store, funnel: Funnel) -> None:
    manager = manager_of(store, store.workshops.start("Spring", funnel))
    assumed = Assumptions(9000, 91, (0.4, None, 0.35, 0.27), 0.8, 0.9)
    store.assumptions.save(manager, assumed)
    assert store.assumptions.current(manager) == assumed


def test_every_change_leaves_a_trail_with_before_and_after(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    store.ideas.save(ada, ONE, 1, DRAFT)
    store.ideas.save(ada, ONE, 1, IdeaDraft("Call at once", Estimate(0, 0.1, 0.2)))
    verbs = [row[3] for row in store.activity.all(facilitator)]
    assert verbs == ["idea_edited", "idea_written", "person_joined", "workshop_started"]
    _, role, person, _, subject, before, after = store.activity.all(facilitator)[0]
    assert (role, person, subject) == ("participant", ada.person_id, ONE)
    assert "Call within a day" in before
    assert "Call at once" in after


def test_screens_are_told_after_the_commit_and_only_of_their_topics(funnel: Funnel) -> None:
    told: list[tuple[tuple[str, ...], int]] = []
    store = Store(
        ":memory:",
        lambda _, topics: told.append(
            (topics, len(store.ideas.readable(facilitator)) if told else 0)
        ),
    )
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    told.append(((), 0))
    store.ideas.save(ada, ONE, 1, DRAFT)
    team = store.seats.person(ada).team_id
    assert told[-1] == ((IDEAS, team_topic(team)), 1)
    assert told[1][0] == (SEATS, team_topic(team))
    store.close()


def test_a_change_that_fails_half_way_changes_nothing(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    trail, before = store.activity.all(facilitator), store.workshops.get(facilitator)
    with pytest.raises(duckdb.Error):
        store.agenda.show_team(facilitator, "no number")  # type: ignore[arg-type]
    assert store.workshops.get(facilitator) == before
    assert store.activity.all(facilitator) == trail


def test_a_hundred_ideas_from_ten_threads_are_all_kept(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(10)]

    def write(visitor: Visitor) -> None:
        for _ in range(10):
            store.ideas.save(visitor, uuid4().hex, 1, DRAFT)

    threads = [threading.Thread(target=write, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.ideas.readable(facilitator)) == 100


def test_records_of_a_newer_app_are_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "workshop.duckdb"
    Store(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(StoreError, match="version 99"):
        Store(path)


def test_records_of_an_older_app_are_brought_up_to_date_and_a_copy_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((RECORDS / "version-1.sql").read_text(encoding="utf-8"))
    old = path.read_bytes()
    store = Store(path)
    visitor = Visitor(Role.FACILITATOR, "w")
    assert store.workshops.get(visitor).name == "Autumn off-site"
    assert store.workshops.get(visitor).board_view is BoardView.IDEAS
    assert store.funnels.current(visitor).counts == (100, 10)
    assert [idea.draft.title for idea in store.ideas.readable(visitor)] == ["Call back"]
    store.agenda.move_to(visitor, Position(Phase.LOBBY))
    store.close()
    assert (tmp_path / "workshop.version-1.duckdb").read_bytes() == old
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE workshop SET board_view = NULL")
    again = Store(path)
    assert again.workshops.get(visitor).board_view is BoardView.IDEAS
    again.close()


def test_whoever_started_a_workshop_of_version_2_keeps_that_right_and_can_make_a_code(
    tmp_path: Path,
) -> None:
    path = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((RECORDS / "version-2.sql").read_text(encoding="utf-8"))
    store = Store(path)
    admitted = {
        who: store.tokens.admit(f"{who}'s") for who in ("the starter", "the manager", "Ada")
    }
    assert {who: visitor and visitor.is_starter for who, visitor in admitted.items()} == {
        "the starter": True,
        "the manager": False,
        "Ada": False,
    }
    starter = admitted["the starter"]
    assert starter is not None
    assert store.workshops.get(starter).board_view is BoardView.STEPS
    assert not store.tokens.has_recovery_code(starter)
    code = store.tokens.renew_recovery_code(starter)
    store.close()
    again = Store(path)
    assert again.tokens.admit(again.tokens.recover(code)) == starter
    again.close()


def test_rows_of_version_3_keep_their_order_and_new_ones_follow(tmp_path: Path) -> None:
    path = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((RECORDS / "version-3.sql").read_text(encoding="utf-8"))
    store = Store(path)
    facilitator, manager = Visitor(Role.FACILITATOR, "w"), Visitor(Role.MANAGER, "w")
    cy = joined(store, facilitator, "Cy", Side.MARKETING)
    store.ideas.save(cy, ONE, 0, IdeaDraft("Call soon", Estimate(0.1, 0.2, 0.3)))
    store.scenarios.save(manager, Scenario("Now", 100, (0.1,), 8000))
    store.constraints.add(manager, Condition(Demand.MUST, ONE))
    names = [person.name for team in store.seats.teams(facilitator) for person in team.people]
    assert names == ["Ada", "Bo", "Cy"]
    ideas = store.ideas.readable(facilitator)
    assert [idea.draft.title for idea in ideas] == ["Call back", "Call at once", "Call soon"]
    assert [side for side, _ in ideas[0].estimates] == [Side.SALES, Side.MARKETING]
    assert [action.id for action in store.commitments.all(manager)] == ["i", "j"]
    assert [kept.name for kept in store.scenarios.all(manager)] == ["Earlier", "Later", "Now"]
    asked = [condition.idea_id for condition in store.constraints.current(manager).conditions]
    assert asked == ["i", "j", ONE]
    store.close()


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_an_upgrade_leads_to_the_same_tables_as_a_fresh_start(tmp_path: Path, version: int) -> None:
    def columns(path: Path) -> set[tuple[str, ...]]:
        with duckdb.connect(str(path)) as connection:
            return set(
                connection.execute(
                    "SELECT table_name, column_name, data_type FROM information_schema.columns"
                ).fetchall()
            )

    old, fresh = tmp_path / "old.duckdb", tmp_path / "fresh.duckdb"
    with duckdb.connect(str(old)) as connection:
        connection.execute((RECORDS / f"version-{version}.sql").read_text(encoding="utf-8"))
    Store(old).close()
    Store(fresh).close()
    assert columns(old) == columns(fresh)


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "workshop.duckdb"
    path.write_bytes(b"this is not a database" * 1000)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(path)
    assert path.read_bytes().startswith(b"this is not")


def test_who_is_seated_one_by_one_sits_where_all_of_them_read_anew_sit(
    tmp_path: Path, funnel: Funnel
) -> None:
    store = Store(tmp_path / "workshop.duckdb")
    facilitator = store.workshops.start("Spring", funnel)
    sides = [Side.SALES, Side.SALES, Side.MARKETING, Side.OTHER, Side.SALES, Side.MARKETING]
    seatings = []
    for number, side in enumerate(3 * sides):
        joined(store, facilitator, f"Person {number}", side)
        seatings.append(store.seats.teams(facilitator))
    store.close()
    reopened = Store(tmp_path / "workshop.duckdb")
    assert seatings[-1] == reopened.seats.teams(facilitator)
    assert len({len(teams) for teams in seatings}) < len(seatings)  # most founded no team
    reopened.close()


def test_what_is_renewed_idea_by_idea_is_what_all_of_them_read_anew_are(
    tmp_path: Path, funnel: Funnel
) -> None:
    store = Store(tmp_path / "workshop.duckdb")
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    zoe = joined(store, facilitator, "Zoe", Side.MARKETING)
    for number, who in enumerate([ada, zoe, ada, zoe]):
        store.ideas.readable(facilitator)
        store.ideas.save(who, named_id(str(number)), 1, DRAFT)
    store.ideas.save(ada, named_id("0"), 1, replace(DRAFT, title=" Anew "))
    store.ideas.estimate(zoe, named_id("0"), Estimate(0.1, 0.1, 0.4))
    store.ideas.withdraw(facilitator, named_id("1"))
    store.ideas.merge(facilitator, named_id("2"), named_id("0"))
    renewed = store.ideas.readable(facilitator)
    store.close()
    reopened = Store(tmp_path / "workshop.duckdb")
    assert renewed == reopened.ideas.readable(facilitator)
    reopened.close()


@pytest.mark.parametrize(
    "wrong", ["", "Y", "title_Y", "A" * 32, "a" * 31, "a" * 2_500_000, "é" * 32]
)
def test_an_id_that_this_app_does_not_give_is_refused_and_nothing_is_kept(
    store: Store, funnel: Funnel, wrong: str
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada, manager = joined(store, facilitator, "Ada"), manager_of(store, facilitator)
    store.ideas.save(ada, ONE, 1, DRAFT)
    trail = store.activity.all(facilitator)
    with pytest.raises(ValueError, match="has an id that this app does not give"):
        store.ideas.save(ada, wrong, 1, DRAFT)
    with pytest.raises(ValueError, match="has an id that this app does not give"):
        store.commitments.save(manager, replace(a_commitment(ONE), id=wrong))
    for attempt in (
        lambda: store.ideas.withdraw(ada, wrong),
        lambda: store.ideas.estimate(ada, wrong, DRAFT.recovers),
        lambda: store.ideas.merge(facilitator, wrong, ONE),
        lambda: store.commitments.save(manager, a_commitment(wrong)),
        lambda: store.seats.move(facilitator, wrong, wrong),
        lambda: store.door.remove(facilitator, wrong),
        lambda: store.door.restore(facilitator, wrong),
        lambda: store.seats.rename(facilitator, wrong, "The Bridge"),
        lambda: store.constraints.add(manager, Condition(Demand.MUST, wrong)),
    ):
        with pytest.raises((StoreError, ValueError)):
            attempt()
    assert store.activity.all(facilitator) == trail

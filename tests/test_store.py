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
from workshop.domain.action import Action, Status
from workshop.domain.agenda import BoardView, Phase, Position, Timer
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Condition, Demand
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.scenario import Scenario
from workshop.store import IDEAS, SEATS, Repeated, Store, StoreError, team_topic

RECORDS = Path(__file__).with_name("records")

DRAFT = IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4), "A rota.", "No follow-up", 3, 1)


def joined(store: Store, facilitator: Visitor, name: str, side: Side = Side.SALES) -> Visitor:
    visitor = store.admit(store.join(store.workshop(facilitator).code, name, side))
    assert visitor is not None
    return visitor


def manager_of(store: Store, facilitator: Visitor) -> Visitor:
    visitor = store.admit(store.issue(facilitator, Role.MANAGER))
    assert visitor is not None
    return visitor


def an_action(idea_id: str) -> Action:
    return Action(
        uuid4().hex, idea_id, "Call", "Ada", "Bo", "Rate", 0.4, 0.5, date(2027, 1, 4), "Ask Bo"
    )


def test_a_started_workshop_is_in_its_lobby_with_the_funnel_as_read(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.start("Spring off-site", funnel)
    workshop = store.workshop(facilitator)
    assert workshop.position == Position(Phase.LOBBY)
    assert store.find(workshop.code) == facilitator.workshop_id
    assert store.funnel(facilitator) == funnel


def test_everything_is_there_again_after_the_file_is_opened_anew(
    tmp_path: Path, funnel: Funnel
) -> None:
    path = tmp_path / "workshop.duckdb"
    before = Store(path)
    facilitator = before.start("Spring", funnel)
    ada = joined(before, facilitator, "Ada")
    before.go(facilitator, Position(Phase.IDEAS, 1))
    ends_at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    before.set_timer(facilitator, Timer(ends_at))
    before.save_idea(ada, ONE, 1, DRAFT)
    before.close()
    after = Store(path)
    assert after.workshop(facilitator).position == Position(Phase.IDEAS, 1)
    assert after.workshop(facilitator).timer == Timer(ends_at)
    assert [idea.draft for idea in after.ideas(ada)] == [DRAFT]
    assert after.person(ada).name == "Ada"
    after.close()


def test_a_token_opens_its_own_door_only(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    token = store.issue(facilitator, Role.ROOM)
    assert store.admit(token) == Visitor(Role.ROOM, facilitator.workshop_id)
    assert store.admit(token + "x") is None
    assert store.admit("") is None


def test_tokens_are_kept_hashed(store: Store, funnel: Funnel) -> None:
    token = store.issue(store.start("Spring", funnel), Role.MANAGER)
    kept = store._read("SELECT * FROM token")
    assert token not in str(kept)
    assert kept


def test_a_wrong_code_is_answered_with_a_sentence(store: Store) -> None:
    with pytest.raises(StoreError, match="No workshop has the code AAAAAA"):
        store.join("AAAAAA", "Ada", Side.SALES)


def test_the_roster_keeps_a_seat_for_whom_it_names(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    store.expect(facilitator, [("Ada", Side.SALES), ("Bo", Side.MARKETING)])
    seat = next(p for team in store.teams(facilitator) for p in team.people if p.name == "Ada")
    ada = joined(store, facilitator, " ada ")
    assert ada.person_id == seat.id
    assert store.person(ada).joined
    assert joined(store, facilitator, "Ada").person_id != seat.id


def test_teams_mix_themselves_as_people_come(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    for place in range(10):
        joined(store, facilitator, f"P{place}", [Side.SALES, Side.MARKETING][place % 2])
    for team in store.teams(facilitator):
        sides = {person.side for person in team.people}
        assert {Side.SALES, Side.MARKETING} <= sides
        assert 2 <= len(team.people) <= 4


def test_a_late_joiner_moves_nobody(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    for place in range(6):
        joined(store, facilitator, f"P{place}", [Side.SALES, Side.MARKETING][place % 2])
    store.go(facilitator, Position(Phase.IDEAS, 0))
    before = {p.id: team.id for team in store.teams(facilitator) for p in team.people}
    joined(store, facilitator, "Late", Side.OTHER)
    after = {p.id: team.id for team in store.teams(facilitator) for p in team.people}
    assert before.items() <= after.items()
    assert len(after) == 7


def test_a_person_can_be_moved_and_a_team_renamed(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(4)]
    teams = store.teams(facilitator)
    store.move(facilitator, people[0].person_id, teams[1].id)
    store.rename(facilitator, teams[1].id, "The Bridge")
    assert store.person(people[0]).team_id == teams[1].id
    assert store.teams(facilitator)[1].name == "The Bridge"


def test_a_mini_team_that_nobody_is_left_of_stays_with_its_ideas_and_takes_no_newcomer(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.start("Spring", funnel)
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(4)]
    wrote = store.person(people[0]).team_id
    store.save_idea(people[0], ONE, 1, DRAFT)
    before = store.teams(facilitator)
    for person in people:
        store.remove(facilitator, person.person_id)
    [left] = store.teams(facilitator)
    assert (left.id, left.people) == (wrote, ())
    assert store.person(joined(store, facilitator, "Late")).team_id != wrote
    for person in people:
        store.restore(facilitator, person.person_id)
    assert store.teams(facilitator)[:2] == before


def test_the_same_form_sent_twice_is_one_idea(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    store.save_idea(ada, ONE, 1, DRAFT)
    store.save_idea(ada, ONE, 1, DRAFT)
    assert len(store.ideas(ada)) == 1


def test_an_answer_that_arrives_again_changes_nothing_again(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    assert store.save_idea(ada, ONE, 1, DRAFT, submission_id=ONE) == ONE
    assert store.has_taken(ada, ONE)
    changed = replace(DRAFT, title="Ask for a phone number")
    store.save_idea(ada, ONE, 1, changed, submission_id=TWO)
    rows = len(store.activity(facilitator))
    for submission, draft in ((ONE, DRAFT), (TWO, changed)):
        with pytest.raises(Repeated):
            store.save_idea(ada, ONE, 1, draft, submission_id=submission)
    with pytest.raises(Repeated):
        store.estimate(ada, ONE, Estimate(0.5, 0.6, 0.7), submission_id=ONE)
    assert [idea.draft for idea in store.ideas(ada)] == [changed]
    assert len(store.activity(facilitator)) == rows


def test_an_answer_that_was_refused_can_be_given_again(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    with pytest.raises(ValueError, match="no loss reason"):
        store.save_idea(ada, ONE, 1, replace(DRAFT, reason="Nobody knows"), submission_id=ONE)
    assert not store.has_taken(ada, ONE)
    store.save_idea(ada, ONE, 1, DRAFT, submission_id=ONE)
    assert len(store.ideas(ada)) == 1


def test_the_words_of_one_draft_sent_from_two_tabs_are_one_idea_while_it_counts(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    store.save_idea(ada, ONE, 1, DRAFT, submission_id=ONE)
    assert store.save_idea(ada, TWO, 1, DRAFT, submission_id=TWO) == ONE
    store.withdraw(ada, ONE)
    three = named_id("3")
    assert store.save_idea(ada, three, 1, DRAFT, submission_id=three) == three
    assert [idea.counts for idea in store.ideas(ada)] == [False, True]


def test_records_of_version_4_know_no_answers_yet_and_take_the_next(
    tmp_path: Path, funnel: Funnel
) -> None:
    path = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((RECORDS / "version-4.sql").read_text(encoding="utf-8"))
    store = Store(path)
    ada = joined(store, store.start("Spring", funnel), "Ada")
    store.save_idea(ada, ONE, 1, DRAFT, submission_id=ONE)
    assert store.has_taken(ada, ONE)
    store.close()


def test_an_idea_can_be_edited_withdrawn_and_brought_back(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    store.save_idea(ada, ONE, 1, DRAFT)
    store.save_idea(ada, ONE, 1, IdeaDraft("Call at once", Estimate(0, 0.1, 0.2)))
    assert store.ideas(ada)[0].draft.title == "Call at once"
    store.withdraw(ada, ONE)
    assert not store.ideas(ada)[0].counts
    store.withdraw(ada, ONE, False)
    assert store.ideas(ada)[0].counts


def test_other_teams_ideas_stay_hidden_until_they_are_reported_back(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.start("Spring", funnel)
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(4)]
    first = people[0]
    other = next(p for p in people if store.person(p).team_id != store.person(first).team_id)
    store.go(facilitator, Position(Phase.IDEAS, 1))
    store.save_idea(first, ONE, 1, DRAFT)
    room = Visitor(Role.ROOM, facilitator.workshop_id)
    assert store.ideas(other) == ()
    assert store.ideas(room) == ()
    assert store.idea_counts(room, 1)[store.person(first).team_id] == 1
    assert [idea.id for idea in store.ideas(facilitator)] == [ONE]
    store.go(facilitator, Position(Phase.REPORT, 1))
    assert [idea.id for idea in store.ideas(other)] == [ONE]
    assert [idea.id for idea in store.ideas(room)] == [ONE]


def test_a_merged_idea_no_longer_counts_until_the_merge_is_undone(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    store.save_idea(ada, ONE, 1, DRAFT)
    store.save_idea(ada, TWO, 1, DRAFT)
    store.merge(facilitator, TWO, ONE)
    assert [idea.counts for idea in store.ideas(facilitator)] == [True, False]
    with pytest.raises(ValueError, match="stands for itself"):
        store.merge(facilitator, ONE, TWO)
    store.merge(facilitator, TWO, None)
    assert all(idea.counts for idea in store.ideas(facilitator))


def test_a_reason_the_step_does_not_have_is_refused(store: Store, funnel: Funnel) -> None:
    ada = joined(store, store.start("Spring", funnel), "Ada")
    with pytest.raises(ValueError, match="no loss reason of Lead → MQL"):
        store.save_idea(ada, ONE, 0, DRAFT)
    with pytest.raises(ValueError, match="between 0 and 3"):
        store.save_idea(ada, ONE, 9, IdeaDraft("x", Estimate(0, 0, 0)))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ROOM, Role.PARTICIPANT])
def test_only_the_facilitator_leads(store: Store, funnel: Funnel, role: Role) -> None:
    workshop_id = store.start("Spring", funnel).workshop_id
    visitor = Visitor(role, workshop_id, "somebody")
    for attempt in (
        lambda: store.go(visitor, Position(Phase.RANK)),
        lambda: store.set_timer(visitor, Timer()),
        lambda: store.show_team(visitor, 1),
        lambda: store.issue(visitor, Role.FACILITATOR),
        lambda: store.reshuffle(visitor),
        lambda: store.expect(visitor, []),
        lambda: store.move(visitor, "a", "b"),
        lambda: store.rename(visitor, "a", "b"),
        lambda: store.merge(visitor, "a", "b"),
    ):
        with pytest.raises(Forbidden):
            attempt()


@pytest.mark.parametrize("role", [Role.ROOM, Role.PARTICIPANT])
def test_only_management_assumes_and_commits(store: Store, funnel: Funnel, role: Role) -> None:
    visitor = Visitor(role, store.start("Spring", funnel).workshop_id, "somebody")
    with pytest.raises(Forbidden):
        store.assume(visitor, Assumptions())
    with pytest.raises(Forbidden):
        store.commit(visitor, an_action(ONE))


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.MANAGER])
def test_facilitator_and_management_choose_what_the_board_shows(
    store: Store, funnel: Funnel, role: Role
) -> None:
    facilitator = store.start("Spring", funnel)
    assert store.workshop(facilitator).board_view is BoardView.IDEAS
    store.show_view(Visitor(role, facilitator.workshop_id), BoardView.UNKNOWN)
    assert store.workshop(facilitator).board_view is BoardView.UNKNOWN
    store.go(facilitator, Position(Phase.RANK))
    assert store.workshop(facilitator).board_view is BoardView.UNKNOWN


@pytest.mark.parametrize("role", [Role.ROOM, Role.PARTICIPANT])
def test_nobody_else_chooses_what_the_board_shows(store: Store, funnel: Funnel, role: Role) -> None:
    visitor = Visitor(role, store.start("Spring", funnel).workshop_id, "somebody")
    with pytest.raises(Forbidden):
        store.show_view(visitor, BoardView.STEPS)


def test_nobody_reaches_into_another_teams_idea(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(4)]
    other = next(p for p in people if store.person(p).team_id != store.person(people[0]).team_id)
    store.save_idea(people[0], ONE, 1, DRAFT)
    with pytest.raises(Forbidden):
        store.save_idea(other, ONE, 1, DRAFT)
    with pytest.raises(Forbidden):
        store.withdraw(other, ONE)


def test_nobody_reaches_into_another_workshop(store: Store, funnel: Funnel) -> None:
    here, there = store.start("Here", funnel), store.start("There", funnel)
    ada, eve = joined(store, here, "Ada"), joined(store, there, "Eve")
    store.save_idea(ada, ONE, 1, DRAFT)
    with pytest.raises(StoreError):
        store.save_idea(eve, ONE, 1, IdeaDraft("Mine now", Estimate(0, 0, 0)))
    assert [idea.draft.title for idea in store.ideas(here)] == ["Call within a day"]
    assert store.ideas(there) == ()
    with pytest.raises(StoreError):
        store.withdraw(there, ONE)


def test_an_idea_becomes_an_action_and_its_status_moves(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    manager = manager_of(store, facilitator)
    store.save_idea(joined(store, facilitator, "Ada"), ONE, 1, DRAFT)
    action = an_action(ONE)
    store.commit(manager, action)
    assert store.actions(manager) == (action,)
    done = Action(**{**as_dict(action), "status": Status.DONE})
    store.commit(manager, done)
    assert store.actions(manager) == (done,)


def as_dict(action: Action) -> dict[str, object]:
    return {name: getattr(action, name) for name in Action.__slots__}


def test_assumptions_are_kept_with_their_benchmarks(store: Store, funnel: Funnel) -> None:
    manager = manager_of(store, store.start("Spring", funnel))
    assumed = Assumptions(9000, 91, (0.4, None, 0.35, 0.27), 0.8, 0.9)
    store.assume(manager, assumed)
    assert store.assumptions(manager) == assumed


def test_every_change_leaves_a_trail_with_before_and_after(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    store.save_idea(ada, ONE, 1, DRAFT)
    store.save_idea(ada, ONE, 1, IdeaDraft("Call at once", Estimate(0, 0.1, 0.2)))
    verbs = [row[3] for row in store.activity(facilitator)]
    assert verbs == ["idea_edited", "idea_written", "person_joined", "workshop_started"]
    _, role, person, _, subject, before, after = store.activity(facilitator)[0]
    assert (role, person, subject) == ("participant", ada.person_id, ONE)
    assert "Call within a day" in before
    assert "Call at once" in after


def test_screens_are_told_after_the_commit_and_only_of_their_topics(funnel: Funnel) -> None:
    told: list[tuple[tuple[str, ...], int]] = []
    store = Store(
        ":memory:",
        lambda _, topics: told.append((topics, len(store.ideas(facilitator)) if told else 0)),
    )
    facilitator = store.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    told.append(((), 0))
    store.save_idea(ada, ONE, 1, DRAFT)
    team = store.person(ada).team_id
    assert told[-1] == ((IDEAS, team_topic(team)), 1)
    assert told[1][0] == (SEATS, team_topic(team))
    store.close()


def test_a_change_that_fails_half_way_changes_nothing(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    trail, before = store.activity(facilitator), store.workshop(facilitator)
    with pytest.raises(duckdb.Error):
        store.show_team(facilitator, "no number")  # type: ignore[arg-type]
    assert store.workshop(facilitator) == before
    assert store.activity(facilitator) == trail


def test_a_hundred_ideas_from_ten_threads_are_all_kept(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(10)]

    def write(visitor: Visitor) -> None:
        for _ in range(10):
            store.save_idea(visitor, uuid4().hex, 1, DRAFT)

    threads = [threading.Thread(target=write, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.ideas(facilitator)) == 100


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
    assert store.workshop(visitor).name == "Autumn off-site"
    assert store.workshop(visitor).board_view is BoardView.IDEAS
    assert store.funnel(visitor).counts == (100, 10)
    assert [idea.draft.title for idea in store.ideas(visitor)] == ["Call back"]
    store.go(visitor, Position(Phase.LOBBY))
    store.close()
    assert (tmp_path / "workshop.version-1.duckdb").read_bytes() == old
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE workshop SET board_view = NULL")
    again = Store(path)
    assert again.workshop(visitor).board_view is BoardView.IDEAS
    again.close()


def test_whoever_started_a_workshop_of_version_2_keeps_that_right_and_can_make_a_code(
    tmp_path: Path,
) -> None:
    path = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((RECORDS / "version-2.sql").read_text(encoding="utf-8"))
    store = Store(path)
    admitted = {who: store.admit(f"{who}'s") for who in ("the starter", "the manager", "Ada")}
    assert {who: visitor and visitor.is_starter for who, visitor in admitted.items()} == {
        "the starter": True,
        "the manager": False,
        "Ada": False,
    }
    starter = admitted["the starter"]
    assert starter is not None
    assert store.workshop(starter).board_view is BoardView.STEPS
    assert not store.has_recovery_code(starter)
    code = store.renew_recovery_code(starter)
    store.close()
    again = Store(path)
    assert again.admit(again.recover(code)) == starter
    again.close()


def test_rows_of_version_3_keep_their_order_and_new_ones_follow(tmp_path: Path) -> None:
    path = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((RECORDS / "version-3.sql").read_text(encoding="utf-8"))
    store = Store(path)
    facilitator, manager = Visitor(Role.FACILITATOR, "w"), Visitor(Role.MANAGER, "w")
    cy = joined(store, facilitator, "Cy", Side.MARKETING)
    store.save_idea(cy, ONE, 0, IdeaDraft("Call soon", Estimate(0.1, 0.2, 0.3)))
    store.keep_scenario(manager, Scenario("Now", 100, (0.1,), 8000))
    store.demand(manager, Condition(Demand.MUST, ONE))
    names = [person.name for team in store.teams(facilitator) for person in team.people]
    assert names == ["Ada", "Bo", "Cy"]
    ideas = store.ideas(facilitator)
    assert [idea.draft.title for idea in ideas] == ["Call back", "Call at once", "Call soon"]
    assert [side for side, _ in ideas[0].estimates] == [Side.SALES, Side.MARKETING]
    assert [action.id for action in store.actions(manager)] == ["i", "j"]
    assert [kept.name for kept in store.scenarios(manager)] == ["Earlier", "Later", "Now"]
    asked = [condition.idea_id for condition in store.choice(manager).conditions]
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
    facilitator = store.start("Spring", funnel)
    sides = [Side.SALES, Side.SALES, Side.MARKETING, Side.OTHER, Side.SALES, Side.MARKETING]
    seatings = []
    for number, side in enumerate(3 * sides):
        joined(store, facilitator, f"Person {number}", side)
        seatings.append(store.teams(facilitator))
    store.close()
    reopened = Store(tmp_path / "workshop.duckdb")
    assert seatings[-1] == reopened.teams(facilitator)
    assert len({len(teams) for teams in seatings}) < len(seatings)  # most founded no team
    reopened.close()


def test_what_is_renewed_idea_by_idea_is_what_all_of_them_read_anew_are(
    tmp_path: Path, funnel: Funnel
) -> None:
    store = Store(tmp_path / "workshop.duckdb")
    facilitator = store.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    zoe = joined(store, facilitator, "Zoe", Side.MARKETING)
    for number, who in enumerate([ada, zoe, ada, zoe]):
        store.ideas(facilitator)
        store.save_idea(who, named_id(str(number)), 1, DRAFT)
    store.save_idea(ada, named_id("0"), 1, replace(DRAFT, title=" Anew "))
    store.estimate(zoe, named_id("0"), Estimate(0.1, 0.1, 0.4))
    store.withdraw(facilitator, named_id("1"))
    store.merge(facilitator, named_id("2"), named_id("0"))
    renewed = store.ideas(facilitator)
    store.close()
    reopened = Store(tmp_path / "workshop.duckdb")
    assert renewed == reopened.ideas(facilitator)
    reopened.close()


@pytest.mark.parametrize(
    "wrong", ["", "Y", "title_Y", "A" * 32, "a" * 31, "a" * 2_500_000, "é" * 32]
)
def test_an_id_that_this_app_does_not_give_is_refused_and_nothing_is_kept(
    store: Store, funnel: Funnel, wrong: str
) -> None:
    facilitator = store.start("Spring", funnel)
    ada, manager = joined(store, facilitator, "Ada"), manager_of(store, facilitator)
    store.save_idea(ada, ONE, 1, DRAFT)
    trail = store.activity(facilitator)
    with pytest.raises(ValueError, match="has an id that this app does not give"):
        store.save_idea(ada, wrong, 1, DRAFT)
    with pytest.raises(ValueError, match="has an id that this app does not give"):
        store.commit(manager, replace(an_action(ONE), id=wrong))
    for attempt in (
        lambda: store.withdraw(ada, wrong),
        lambda: store.estimate(ada, wrong, DRAFT.recovers),
        lambda: store.merge(facilitator, wrong, ONE),
        lambda: store.commit(manager, an_action(wrong)),
        lambda: store.move(facilitator, wrong, wrong),
        lambda: store.remove(facilitator, wrong),
        lambda: store.restore(facilitator, wrong),
        lambda: store.rename(facilitator, wrong, "The Bridge"),
        lambda: store.demand(manager, Condition(Demand.MUST, wrong)),
    ):
        with pytest.raises((StoreError, ValueError)):
            attempt()
    assert store.activity(facilitator) == trail

"""Who does what, one language and the outcome: asked, revealed, settled, on every screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from tests.answers import answer
from tests.forms import drawn_form
from tests.screens import screen
from tests.store.test_store import joined
from tests.team_page import TeamPage
from workshop import activities
from workshop.activities import activity_of, guess, hand_offs, outcome, words
from workshop.activities.activity import Activity
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel
from workshop.domain.hand_off import Duty, key_of
from workshop.domain.people import Side
from workshop.domain.question import Answer, Guess, Question, QuestionKey, Subject
from workshop.domain.term import term_key
from workshop.forms import FORMS
from workshop.forms.assumptions import assumptions_form
from workshop.forms.form import Problems, Submission
from workshop.forms.hand_off import hand_off_form
from workshop.forms.outcome import outcome_form
from workshop.live import snapshot
from workshop.store import Store
from workshop.ui import identity

NEW = (hand_offs.HAND_OFFS, words.WORDS, outcome.OUTCOME)
PAGES = {"board.py": Role.PROJECTOR, "facilitate.py": Role.FACILITATOR}
FINDS = key_of(0, Duty.FINDS)
MQL = term_key("MQL")


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an app that has all of them, whether or not it lists them already."""
    others = [one for one in activities.ACTIVITIES if one not in NEW]
    monkeypatch.setattr(activities, "ACTIVITIES", [*others, *NEW])


@dataclass
class Room:
    """A facilitator, three of sales and three of marketing, and what their screens say."""

    store: Store
    facilitator: Visitor
    people: list[Visitor]
    patched: pytest.MonkeyPatch

    @property
    def sales(self) -> list[Visitor]:
        return self.people[::2]

    @property
    def marketing(self) -> list[Visitor]:
        return self.people[1::2]

    def app(self, who: Visitor, page: str) -> AppTest:
        self.patched.setattr(identity, "visitor", lambda role, code: replace(who, role=role))
        return screen(page, self.store.workshops.get(self.facilitator).code)

    def says(self, page: str, who: Visitor | None = None) -> str:
        """All words of a page; that of a mini-team is called "team"."""
        if page == "team":
            return TeamPage(who or self.people[0]).says
        app = self.app(who or self.facilitator, page)
        kinds = (app.text, app.title, app.info, app.caption)
        said = [one.value for kind in kinds for one in kind]
        charts = [one.proto.spec + one.proto.alt for one in app.get("vega_lite_chart")]
        forms = [one.proto.json for one in app.get("bidi_component")]
        tables = [one.value.to_csv() for one in app.table]
        labels = [button.label for button in app.button]
        return "\n".join([*said, *charts, *forms, *tables, *labels])

    def at(self, activity: Activity) -> None:
        self.store.agenda.move_to(self.facilitator, Position(activity.code))

    def open(self, *questions: Question) -> None:
        self.store.questions.open(self.facilitator, *questions)

    def answer(self, by: Mapping[Side, list[str | int | None]], key: QuestionKey) -> None:
        for side, people in ((Side.SALES, self.sales), (Side.MARKETING, self.marketing)):
            for who, value in zip(people, by.get(side, []), strict=False):
                self.store.questions.answer(who, {key: Answer(value, "" if value else "No idea")})

    def reveal(self, *keys: QuestionKey) -> None:
        self.store.questions.reveal(self.facilitator, *keys)

    def seen(self) -> snapshot.Snapshot:
        return snapshot.take(self.facilitator)


@pytest.fixture
def room(records: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch) -> Room:
    facilitator = records.workshops.start("Spring", funnel)
    sides = [Side.SALES, Side.MARKETING] * 3
    people = [joined(records, facilitator, f"P{place}", side) for place, side in enumerate(sides)]
    return Room(records, facilitator, people, monkeypatch)


Ask = Callable[[Room], QuestionKey]


def ask_who_finds(room: Room) -> QuestionKey:
    room.at(hand_offs.HAND_OFFS)
    room.open(hand_offs.question_of(room.seen().measured, 0, Duty.FINDS).question)
    return FINDS


def ask_for_mql(room: Room) -> QuestionKey:
    room.at(words.WORDS)
    room.open(words.question_of("Lead").question)
    return term_key("Lead")


def ask_what_stops_us(room: Room) -> QuestionKey:
    room.at(outcome.OUTCOME)
    room.open(outcome.question_of(room.seen()).question)
    return QuestionKey(Subject.LIMIT)


# What each is asked, what is answered, and by which words the answer would be known.
ASKED: dict[str, tuple[Ask, dict[Side, list[str | int | None]], str]] = {
    "hand_offs": (
        ask_who_finds,
        {Side.SALES: ["sales"], Side.MARKETING: ["marketing"]},
        "Sales left",
    ),
    "words": (
        ask_for_mql,
        {Side.SALES: ["has a budget of mauve"], Side.MARKETING: ["read the mauve paper"]},
        "mauve",
    ),
    "outcome": (
        ask_what_stops_us,
        {Side.SALES: ["price", "price", "step_2"], Side.MARKETING: ["delivery"] * 3},
        "Sales left",
    ),
}


@pytest.mark.parametrize("code", ASKED)
def test_answers_are_on_no_screen_before_the_reveal_and_on_the_board_after_it(
    room: Room, code: str
) -> None:
    ask, given, words_of_it = ASKED[code]
    key = ask(room)
    room.answer(given, key)
    bystander = joined(room.store, room.facilitator, "Late", Side.OTHER)
    for page, who in (
        ("board.py", None),
        ("facilitate.py", None),
        ("team", bystander),
        ("manage.py", None),
    ):
        said = room.says(page, who)
        assert words_of_it not in said, page
        assert page != "board.py" or "Nobody sees it before" in said
    room.reveal(key)
    assert words_of_it in room.says("board.py")
    room.store.questions.hide(room.facilitator, key)
    assert words_of_it not in room.says("board.py")


@pytest.mark.parametrize("code", ASKED)
def test_a_phone_is_asked_once_it_is_open_and_no_more_once_it_is_revealed(
    room: Room, code: str
) -> None:
    ask, given, _ = ASKED[code]
    key = ask(room)
    field = f"{key.subject}_{key.about}"
    asked = TeamPage(room.sales[0]).forms["idea_form"]
    assert field in str(asked)
    value = str(given[Side.SALES][0])
    sent = Submission(uuid4().hex, asked["about"], {field: value}, ".")
    assert FORMS["answers"](room.store, room.sales[0], sent).startswith("Saved.")
    assert room.store.questions.own(room.sales[0], key.subject)[key].value == value
    room.reveal(key)
    assert TeamPage(room.sales[0]).forms["idea_form"] is None


@pytest.mark.parametrize("code", ASKED)
def test_the_facilitator_asks_reveals_and_asks_again_by_one_press_each(
    room: Room, code: str
) -> None:
    room.at(activity_of(code))
    app = room.app(room.facilitator, "facilitate.py")
    app.button(key="question_open_at_0").click().run()
    app.button(key="question_reveal_at_0").click().run()
    app.button(key="question_again_at_0").click().run()
    [question] = room.store.questions.all(room.facilitator).values()
    assert (question.round, question.state) == (2, "open")
    app.button(key="question_close_at_0").click().run()
    [question] = room.store.questions.all(room.facilitator).values()
    assert (question.round, question.state) == (1, "revealed")


# -- who does what ---------------------------------------------------------------------------------


def test_the_duties_of_a_step_are_asked_together(room: Room) -> None:
    room.store.agenda.choose_steps(room.facilitator, [1, 2])
    room.at(hand_offs.HAND_OFFS)
    app = room.app(room.facilitator, "facilitate.py")
    app.button(key="questions_open").click().run()
    asked = set(room.store.questions.all(room.facilitator))
    assert asked == {key_of(1, duty) for duty in Duty}
    app.button(key="questions_reveal").click().run()
    assert {one.state for one in room.store.questions.all(room.facilitator).values()} == {
        "revealed"
    }


def test_the_board_says_how_far_the_sides_agree_and_marks_where_least(room: Room) -> None:
    room.at(hand_offs.HAND_OFFS)
    funnel = room.seen().measured
    asked = [hand_offs.question_of(funnel, 0, duty).question for duty in Duty]
    room.open(*asked)
    for question in asked:
        room.answer({Side.SALES: ["sales"] * 3, Side.MARKETING: ["sales"] * 3}, question.key)
    room.answer({Side.MARKETING: ["nobody"] * 3}, key_of(0, Duty.TELLS))
    room.reveal(*(question.key for question in asked))
    said = room.says("board.py")
    assert "Sales and marketing say the same." in said
    assert "▶ tells the refused back" in said
    assert said.count("▶ ") == 1
    room.store.agenda.show_team(room.facilitator, 3)
    assert "Nobody in sales says what anybody in marketing says." in room.says("board.py")
    room.store.agenda.show_team(room.facilitator, 0)
    app = room.app(room.facilitator, "facilitate.py")
    assert any(
        one.value.startswith("You agree least here: Lead → MQL: who tells the refused back")
        for one in app.text
    )
    app.button(key="least_agreed_show").click().run()
    assert room.store.workshops.get(room.facilitator).team_shown == 3


def test_where_one_side_is_silent_nothing_is_said_of_agreement(room: Room) -> None:
    ask_who_finds(room)
    room.answer({Side.SALES: ["sales", "both", None]}, FINDS)
    room.reveal(FINDS)
    said = room.says("board.py")
    assert "say the same" not in said
    assert "agree" not in said


@pytest.mark.parametrize(
    ("duty", "typed", "says"),
    [
        (Duty.FINDS, {"owner": "marketing", "value": ""}, "Settled: Marketing"),
        (
            Duty.DECIDES,
            {"owner": "sales", "value": "they asked"},
            "Settled: Sales · passes when they asked",
        ),
        (Duty.ACTS, {"owner": "both", "hours": "4"}, "Settled: Both · answered within 4 hours"),
        (
            Duty.TELLS,
            {"owner": "other", "value": "Bo"},
            "Settled: Another department · refused with a reason to Bo",
        ),
    ],
)
def test_who_has_a_duty_is_settled_and_taken_back(
    room: Room, duty: Duty, typed: dict[str, str], says: str
) -> None:
    room.at(hand_offs.HAND_OFFS)
    key = key_of(0, duty)
    room.open(hand_offs.question_of(room.seen().measured, 0, duty).question)
    room.reveal(key)
    room.store.agenda.show_team(room.facilitator, list(Duty).index(duty))
    app = room.app(room.facilitator, "facilitate.py")
    assert drawn_form(app, "settle")["name"] == "hand_off"
    sent = answer(hand_off_form(key, None), **typed, sales="Ada", marketing="Bo")
    FORMS["hand_off"](room.store, room.facilitator, sent)
    held = room.store.settlements.valid(room.facilitator)[key]
    assert says in room.says("board.py")
    assert says.removeprefix("Settled: ") in room.says("team", room.sales[0])
    shown = hand_off_form(key, held).values
    assert {name: shown[name] for name in typed} == typed
    app.run()
    app.button(key=f"unsettle_{key.about}").click().run()
    assert not room.store.settlements.valid(room.facilitator)


@pytest.mark.parametrize(
    ("duty", "typed", "field"),
    [
        (Duty.FINDS, {"owner": ""}, "owner"),
        (Duty.FINDS, {"owner": "nobody"}, "owner"),
        (Duty.DECIDES, {"owner": "sales", "value": " "}, "value"),
        (Duty.ACTS, {"owner": "sales", "hours": "0"}, "hours"),
        (Duty.ACTS, {"owner": "sales", "hours": "9000"}, "hours"),
        (Duty.TELLS, {"owner": "sales", "value": "Bo", "sales": ""}, "sales"),
    ],
)
def test_what_settles_no_duty_is_refused(
    room: Room, duty: Duty, typed: dict[str, str], field: str
) -> None:
    room.open(hand_offs.question_of(room.seen().measured, 0, duty).question)
    named = {"sales": "Ada", "marketing": "Bo"} | typed
    sent = answer(hand_off_form(key_of(0, duty), None), **named)
    with pytest.raises(Problems) as refused:
        FORMS["hand_off"](room.store, room.facilitator, sent)
    assert set(refused.value.by_field) == {field}


@pytest.mark.parametrize("about", ["", "term/mql", "hand_off/finds", "hand_off/0_eats"])
def test_a_form_about_no_duty_is_refused(room: Room, about: str) -> None:
    sent = Submission(uuid4().hex, {"question": about}, {}, ".")
    with pytest.raises(Problems, match="not known"):
        FORMS["hand_off"](room.store, room.facilitator, sent)


# -- one language ----------------------------------------------------------------------------------


def test_the_words_of_the_chosen_steps_come_first(room: Room) -> None:
    room.store.agenda.choose_steps(room.facilitator, [1])
    asked = [one.words for one in words.sheet(room.seen()).asked]
    assert [line.split("“")[1].split("”")[0] for line in asked] == [
        "MQL",
        "SQL",
        "qualified",
        "lost",
    ]


def test_the_board_shows_the_lines_of_both_sides_and_counts_what_does_not_fit(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MOST_LINES", 1)
    key = ask_for_mql(room)
    room.answer({Side.SALES: ["has a budget"] * 3, Side.MARKETING: [None]}, key)
    room.reveal(key)
    said = room.says("board.py")
    assert said.count("has a budget") == 1
    teams = {room.store.seats.person(who).team_id for who in room.sales}
    assert ("more line" in said) == (len(teams) > 1)
    assert "1 person cannot say." in said


def test_the_settled_line_stands_alone_until_the_word_is_asked_again(room: Room) -> None:
    key = ask_for_mql(room)
    room.answer({Side.SALES: ["has a budget"]}, key)
    room.reveal(key)
    settle = room.store.settlements.settle
    settle(room.facilitator, key, "asked for a price", "Ada", "Bo")
    said = room.says("board.py")
    assert "asked for a price" in said
    assert "Ada for sales · Bo for marketing" in said
    assert "has a budget" not in said
    room.store.questions.ask_again(room.facilitator, key)
    room.answer({Side.MARKETING: ["asked twice"]}, key)
    assert "asked twice" not in room.says("board.py")
    room.reveal(key)
    assert "asked twice" in room.says("board.py")


def test_a_settled_word_stands_on_its_step_on_phones(room: Room) -> None:
    room.open(words.question_of("MQL").question)
    room.store.settlements.settle(room.facilitator, MQL, "asked *once*", "Ada", "Bo")
    for step, is_said in ((0, True), (1, True), (2, False)):
        room.store.agenda.move_to(room.facilitator, Position(Phase.FACTS, step))
        assert ("MQL: asked *once*" in TeamPage(room.sales[0]).texts) == is_said


# -- the outcome -----------------------------------------------------------------------------------


def wanted(room: Room, **typed: str) -> None:
    seen = room.seen()
    sent = answer(outcome_form(seen.funnel, seen.assumptions), **typed)
    FORMS["outcome"](room.store, replace(room.facilitator, role=Role.MANAGER), sent)


def test_the_board_says_what_the_revenue_takes_and_what_stops_us(room: Room) -> None:
    room.at(outcome.OUTCOME)
    assert "Management has not said yet" in room.says("board.py")
    wanted(room, revenue="250,000", capacity_2="200")
    said = room.says("board.py")
    assert "For $250k a year we need\n2,976" in said
    assert (
        "to reach Lead in a year, at today's rates. Today it is 2,000, and they bring $168k."
        in said
    )
    for rates in ("35 % → 38.5 %", "40 % → 43.7 %", "30 % → 33.3 %", "25 % → 27.9 %"):
        assert rates in said
    assert "SQL stops us first: we can serve 200 a year there. That wins 15" in said
    phone = room.says("team", room.sales[0])
    assert "we need 2,976 to reach Lead" in phone
    assert "SQL stops us first" in phone


def test_a_capacity_that_suffices_stops_nobody(room: Room) -> None:
    room.at(outcome.OUTCOME)
    wanted(room, revenue="250,000", capacity_2="2,000")
    assert "We can serve that many at every stage" in room.says("board.py")


def test_what_no_push_reaches_is_still_said_in_leads(room: Room) -> None:
    room.at(outcome.OUTCOME)
    wanted(room, revenue="20,000,000")
    said = room.says("board.py")
    assert "238,095" in said
    assert "pushed alike" not in said


def test_the_numbers_come_back_while_people_are_asked(room: Room) -> None:
    wanted(room, revenue="250,000")
    ask_what_stops_us(room)
    assert "2,976" not in room.says("board.py")
    app = room.app(room.facilitator, "facilitate.py")
    app.button(key="outcome_turn_numbers").click().run()
    assert "2,976" in room.says("board.py")
    app.button(key="outcome_turn_question").click().run()
    assert "2,976" not in room.says("board.py")


def test_few_answers_of_a_side_are_counted_together(room: Room) -> None:
    key = ask_what_stops_us(room)
    room.answer({Side.SALES: ["price", "price", "step_2"], Side.MARKETING: ["price"]}, key)
    room.reveal(key)
    said = room.says("board.py")
    assert "3\nThe price\n1\nSQL → Opportunity" in said
    assert "Sales left" not in said


def test_nothing_of_the_outcome_is_shown_while_guesses_hide_the_numbers(room: Room) -> None:
    """Neither what is wanted, nor what it takes, on the board or on a phone."""
    wanted(room, revenue="250,000", capacity_2="200")
    guesses = guess.sheet(room.seen().measured)
    room.open(*(one.question for one in guesses.asked))
    key = ask_what_stops_us(room)
    room.store.agenda.show_team(room.facilitator, outcome.NUMBERS)
    for page, who in (("board.py", None), ("team", room.sales[0])):
        said = room.says(page, who)
        assert not any(told in said for told in ("250", "2,976", "stops us first", "38.5 %", "168"))
    for who in room.people:
        room.store.questions.answer(who, {guesses.asked[0].question.key: Answer(Guess(0.5))})
    room.reveal(*(one.question.key for one in guesses.asked))
    assert "2,976" in room.says("board.py")
    assert str(key) == "limit/all"


def test_what_management_wants_is_kept_beside_its_other_assumptions(room: Room) -> None:
    manager = replace(room.facilitator, role=Role.MANAGER)
    room.store.assumptions.save(
        manager, replace(room.store.assumptions.current(manager), success=0.4)
    )
    wanted(room, revenue="250,000", capacity_0="", capacity_4="30")
    kept = room.store.assumptions.current(manager)
    assert (kept.success, kept.revenue, kept.capacities) == (0.4, 250_000, (("Won", 30),))
    said = room.app(room.facilitator, "assumptions.py")
    held = drawn_form(said, "outcome_form")["values"]
    assert (held["revenue"], held["capacity_4"], held["capacity_0"]) == ("250,000", "30", "")
    sent = answer(assumptions_form(room.seen().measured, kept), success="5")
    FORMS["assumptions"](room.store, manager, sent)
    assert room.store.assumptions.current(manager) == replace(kept, success=0.5)


def test_only_management_says_what_it_wants(room: Room) -> None:
    seen = room.seen()
    sent = answer(outcome_form(seen.funnel, seen.assumptions), revenue="1")
    for who in (room.facilitator, room.sales[0]):
        with pytest.raises(Forbidden):
            FORMS["outcome"](room.store, who, sent)
    assert room.store.assumptions.current(room.facilitator).revenue is None

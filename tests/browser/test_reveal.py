"""A room guesses, sees the truth, asks again and settles, on all its screens at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Response, WebSocket, expect

from tests.browser.people import (
    Laptop,
    admitted,
    asked,
    key,
    pick,
    press,
    says,
    sees,
    sees_not,
    send,
    turn_to,
)
from tests.server_process import ReachableServer
from workshop.activities.obstacles import QUESTION
from workshop.activities.relationship import BY_CODE, NOT_COMPARED
from workshop.activities.templates import HALF_DAY, TOWN_HALL, Template, agenda_from
from workshop.domain import agenda_lines
from workshop.domain.access import Role
from workshop.domain.agenda_lines import Agenda, AgendaLine
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step
from workshop.domain.hand_off import Doer, Duty, key_of
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.question import Answer, Guess, QuestionKey, Subject
from workshop.domain.term import term_key
from workshop.store import Store

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Numbers that stand nowhere by chance: frames are full of random ids, in which four or five digits
# in a row come up.
COUNTS = (98_761_133, 43_217_291, 17_353_477, 5_419_733)
FUNNEL = Funnel(
    tuple(
        Step(source, target, entered, advanced, {"Too late": (entered - advanced) // 2 + 1})
        for source, target, entered, advanced in zip(
            ("Lead", "MQL", "SQL"), ("MQL", "SQL", "Won"), COUNTS[:-1], COUNTS[1:], strict=True
        )
    ),
    8,
    "EUR",
    365,
)
# By which a mini-team's page learns what it shows.
ANSWERS = ("/team", "/team/stage")
PHONES = ("Ada", "Bo")
Answers = dict[QuestionKey, Answer]
OBSTACLE, PROMISE = QuestionKey(Subject.OBSTACLE), QuestionKey(Subject.PROMISE)
PEOPLE = {"Ada": Side.SALES, "Cy": Side.SALES, "Bo": Side.MARKETING, "Di": Side.MARKETING}


@dataclass
class Screen:
    """A page of the room, and all that has come to it: over its lines, and as answers."""

    page: Page
    heard: list[bytes] = field(default_factory=list)
    unread: list[Response] = field(default_factory=list)

    def listen(self, line: WebSocket) -> None:
        line.on("framereceived", lambda frame: self.heard.append(_bytes(frame)))

    def answered(self, answer: Response) -> None:
        if urlsplit(answer.url).path in ANSWERS:
            self.unread.append(answer)

    def has_heard(self, step: int) -> set[str]:
        """Which numbers of a step have come, in whatever way they are written."""
        while self.unread:
            self.heard.append(self.unread.pop(0).body())
        received = b" ".join(self.heard) + self.page.content().encode()
        return {words for words in numbers_of(FUNNEL.steps[step]) if words.encode() in received}


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def numbers_of(step: Step) -> Iterator[str]:
    """The counts that tell the rate of a step, as digits and as people read them."""
    for count in (step.advanced, step.lost, *step.losses.values()):
        yield from (str(count), f"{count:,}")


def a_room(store: Store, template: Template, added: tuple[str, ...]) -> dict[str, str]:
    """The ways in by role, and by name; activities are added to the agenda of the template."""
    facilitator = store.workshops.start("Spring", FUNNEL)
    store.agenda.use_template(facilitator, template.code, with_lines(template, added))
    code = store.workshops.get(facilitator).code
    roles = (Role.FACILITATOR, Role.PROJECTOR, Role.MANAGER)
    ways = {str(role): store.tokens.issue(facilitator, role) for role in roles}
    ways |= {name: store.seats.join(code, name, side) for name, side in PEOPLE.items()}
    return {who: f"/enter/{token}" for who, token in ways.items()}


def answer(store: Store, given: dict[str, dict[QuestionKey, Answer]]) -> None:
    """What people answer, by their ways in."""
    for way, answers in given.items():
        store.questions.answer(admitted(store, way), answers)


def with_lines(template: Template, added: tuple[str, ...]) -> Agenda:
    agenda = agenda_from(template, FUNNEL)
    for activity in added:
        agenda = agenda_lines.add(agenda, AgendaLine(activity, None, 10))
    return agenda


@dataclass
class Room:
    """The screens of a room by role and by name, and its ways in.

    The phones of Ada and Bo are here; Cy and Di are in the room all the same, and answer.
    """

    server: ReachableServer
    ways: dict[str, str]
    screens: dict[str, Screen]

    def page(self, who: str) -> Page:
        return self.screens[who].page

    def answer(self, given: dict[str, Answers]) -> None:
        """What people answer without a screen, by their names."""
        self.server.records(answer, {self.ways[name]: said for name, said in given.items()})


Enter = Callable[..., Room]


@pytest.fixture
def enter(server: ReachableServer, laptop: Laptop) -> Enter:
    def open_all(template: Template, *added: str, roles: tuple[Role, ...]) -> Room:
        room = Room(server, server.records(a_room, template, added), {})
        for who in (*roles, *PHONES):
            screen = Screen(laptop(**PHONE) if who in PEOPLE else laptop())
            screen.page.on("websocket", screen.listen)
            screen.page.on("response", screen.answered)
            screen.page.goto(server.address + room.ways[who])
            room.screens[who] = screen
        return room

    return open_all


def nobody_has_heard(room: Room, *steps: int) -> None:
    """Neither the phones nor the board."""
    for who in (*PHONES, Role.PROJECTOR):
        screen = room.screens[who]
        assert not set().union(*(screen.has_heard(step) for step in steps))


def go_to(facilitator: Page, activity: str) -> None:
    """Jump to a line of the walk, and be there."""
    facilitator.get_by_role("button", name=re.compile(f"^{activity}")).click()
    expect(facilitator.get_by_role("heading", name=activity)).to_be_visible()


def guesses(place: int) -> Answers:
    return {
        QuestionKey(Subject.GUESS, str(step)): Answer(Guess((20 + 10 * place) / 100))
        for step in range(3)
    }


def all_guess(room: Room) -> None:
    """Every step, by everybody; nobody has seen a number by then."""
    press(room.page(Role.FACILITATOR), "guesses_open")
    for place, name in enumerate(PEOPLE):
        if name not in PHONES:
            room.answer({name: guesses(place)})
            continue
        phone = room.page(name)
        for step in range(3):
            turn_to(phone, f"guess_{step}_likely")
            asked(phone, f"guess_{step}_likely").fill(str(20 + 10 * place))
        send(phone)
        says(phone, "idea_form", re.compile("Saved"))
    sees(room.page(Role.PROJECTOR), "2 of 2 sales · 2 of 2 marketing have answered.")
    nobody_has_heard(room, 0, 1, 2)


def all_answer(room: Room, fill: Callable[[Page, str], None], others: dict[str, Answers]) -> None:
    """What is asked is filled in on each phone and sent; the board counts everybody."""
    counts(room, 0)  # before it is open, no answer is taken
    room.answer(others)
    for name in PHONES:
        fill(room.page(name), name)
        send(room.page(name))
        says(room.page(name), "idea_form", re.compile("Saved"))
    counts(room, 2)


def counts(room: Room, answered: int) -> None:
    for side in ("sales", "marketing"):
        expect(room.page(Role.PROJECTOR).locator(key(f"side_{side}_answered"))).to_contain_text(
            f"{answered} of 2 {side}"
        )


def settle(facilitator: Page, **fields: str) -> None:
    for name, words in fields.items():
        asked(facilitator, name, "settlement_form").fill(words)
    asked(facilitator, "sales", "settlement_form").fill("Ada")
    asked(facilitator, "marketing", "settlement_form").fill("Bo")
    send(facilitator, "settlement_form")
    says(facilitator, "settlement_form", re.compile("Settled"))


def framed(board: Page, place: str, *words: str) -> None:
    """A place of the board that has a line around it, and these words in it."""
    for each in words:
        expect(board.locator(key(place))).to_contain_text(each)
    expect(board.locator(key(place))).to_have_css("border-style", "solid")


# -- half a day ------------------------------------------------------------------------------------


def test_half_a_day_from_the_guesses_to_the_outcome(enter: Enter) -> None:
    roles = (Role.FACILITATOR, Role.PROJECTOR)
    added = ("relationship", "obstacles", "words", "hand_offs", "outcome")
    room = enter(HALF_DAY, *added, roles=roles)
    guess_and_reveal(room)
    an_idea(room)
    relationship_check(room)
    obstacles_asked_again_and_hidden(room)
    a_definition(room)
    a_hand_off(room)
    the_outcome(room)
    go_to(room.page(Role.FACILITATOR), "Closed")
    sees(room.page(Role.PROJECTOR), "What we agreed", "The ideas are kept.")


def guess_and_reveal(room: Room) -> None:
    facilitator, board = room.page(Role.FACILITATOR), room.page(Role.PROJECTOR)
    all_guess(room)
    press(facilitator, "phase_next")
    sees(board, "Of 100 at Lead, how many go on to MQL?")
    nobody_has_heard(room, 0, 1, 2)
    press(facilitator, "question_buttons")
    # Two of a side are too few to be shown as theirs.
    sees(board, "Both sides together thought 35. It is 44.")
    expect(board.locator(f"{key('board_guesses')} svg.marks").first).to_be_visible()
    sees(room.page("Ada"), "Both sides together thought 35. It is 44.", "we lose 56 %")
    press(facilitator, "facts_turn_facts")
    sees(board, "At Lead → MQL we lose", "The funnel so far")
    assert {"55,543,842", "43,217,291"} <= room.screens[Role.PROJECTOR].has_heard(0)
    assert "55,543,842" in room.screens["Ada"].has_heard(0)
    assert b"55,543,842" in b" ".join(room.screens["Ada"].heard)
    # What has come in says nothing of what is still guessed: the stage after this one is its own
    # count, and all that follows is not there.
    nobody_has_heard(room, 1, 2)


def estimated(store: Store, ways: dict[str, str]) -> None:
    """An idea for the first step, which both sides of Ada's mini-team have estimated."""
    ada = admitted(store, ways["Ada"])
    others = (admitted(store, ways[name]) for name in PEOPLE if PEOPLE[name] is Side.MARKETING)
    team = store.seats.person(ada).team_id
    mate = next(other for other in others if store.seats.person(other).team_id == team)
    idea_id = uuid4().hex
    draft = IdeaDraft("Call within a day", Estimate(0.07, 0.13, 0.29))
    store.ideas.save(ada, idea_id, 0, draft)
    store.ideas.estimate(mate, idea_id, Estimate(0.17, 0.37, 0.59))


def an_idea(room: Room) -> None:
    """What an idea could bring at the step that is revealed tells nothing of the others."""
    facilitator, board = room.page(Role.FACILITATOR), room.page(Role.PROJECTOR)
    press(facilitator, "phase_next")
    expect(facilitator.get_by_role("heading", name=re.compile("^Ideas for"))).to_be_visible()
    room.server.records(estimated, room.ways)
    sees(facilitator, "Call within a day")
    sees_not(board, "Call within a day")
    press(facilitator, "phase_next")
    sees(board, "Call within a day")
    nobody_has_heard(room, 1, 2)


def relationship_check(room: Room) -> None:
    facilitator, board = room.page(Role.FACILITATOR), room.page(Role.PROJECTOR)
    go_to(facilitator, "Relationship check")
    press(facilitator, "question_open_at_0")

    def mark(phone: Page, name: str) -> None:
        for code in BY_CODE:
            turn_to(phone, f"relationship_{code}")
            pick(phone, f"relationship_{code}", "4" if PEOPLE[name] is Side.SALES else "2")

    keys = [QuestionKey(Subject.RELATIONSHIP, code) for code in BY_CODE]
    all_answer(
        room, mark, {"Cy": dict.fromkeys(keys, Answer(4)), "Di": dict.fromkeys(keys, Answer(2))}
    )
    expect(board.locator(key("board_stages"))).to_have_count(0)
    press(facilitator, "question_reveal_at_0")
    sees(board, NOT_COMPARED)
    expect(board.locator(f"{key('board_stages')} svg.marks")).to_be_visible()
    expect(room.page("Bo").locator(key("relationship"))).to_contain_text("3.0 of 5")


def obstacles_asked_again_and_hidden(room: Room) -> None:
    """The second round is read out, one sentence at a time, and taken back once."""
    facilitator, board = room.page(Role.FACILITATOR), room.page(Role.PROJECTOR)
    read = board.locator(f"{key('board_stage')} {key('board_obstacle')}")
    go_to(facilitator, "What gets in our way")
    press(facilitator, "question_open_at_0")
    write_obstacles(room, "{} waits for an answer")
    press(facilitator, "question_reveal_at_0")
    expect(read).to_contain_text("waits for an answer")
    sees(board, "1 read · 3 still unread")

    press(facilitator, "question_again_at_0")
    expect(board.locator(key("side_sales_answered"))).to_contain_text("0 of 2")
    expect(read).to_have_count(0)
    sees(board, QUESTION)
    all_answer(
        room,
        lambda phone, name: asked(phone, "obstacle_all").fill(f"{name} has no list of prices"),
        {name: {OBSTACLE: Answer(f"{name} has no list of prices")} for name in ("Cy", "Di")},
    )
    press(facilitator, "question_reveal_at_0")
    expect(read).to_contain_text("has no list of prices")

    press(facilitator, "question_hide_at_0")
    expect(board.locator(key("side_sales_answered"))).to_contain_text("2 of 2")
    expect(read).to_have_count(0)
    press(facilitator, "question_reveal_at_0")
    expect(read).to_contain_text("has no list of prices")


def write_obstacles(room: Room, words: str) -> None:
    """By everybody, while the board counts them."""
    counts(room, 0)  # before it is open, no answer is taken
    sees(room.page(Role.PROJECTOR), QUESTION)
    room.answer({name: {OBSTACLE: Answer(words.format(name))} for name in PEOPLE})
    counts(room, 2)


def a_definition(room: Room) -> None:
    facilitator, board = room.page(Role.FACILITATOR), room.page(Role.PROJECTOR)
    go_to(facilitator, "One language")
    press(facilitator, "question_open_at_0")
    field = f"term_{term_key('Lead').about}"
    others = {
        name: {term_key("Lead"): Answer(f"{name} says: has an address")} for name in ("Cy", "Di")
    }
    all_answer(
        room, lambda phone, name: asked(phone, field).fill(f"{name} says: has an address"), others
    )
    sees_not(board, "Bo says: has an address")
    press(facilitator, "question_reveal_at_0")
    sees(board, "Ada says: has an address", "Bo says: has an address")
    a_case(room)
    settle(facilitator, value="Somebody who left a work address")
    words = "Somebody who left a work address", "Ada for sales · Bo for marketing"
    framed(board, "board_definition", *words)


def case_of(store: Store, facilitator: str) -> QuestionKey:
    """The question of the only case."""
    asked = store.questions.all(admitted(store, facilitator))
    [case] = [key for key in asked if key.subject is Subject.CASE]
    return case


def a_case(room: Room) -> None:
    """Typed by the facilitator, judged on each phone; the board shows how it splits the sides."""
    facilitator, board = room.page(Role.FACILITATOR), room.page(Role.PROJECTOR)
    asked(facilitator, "words", "case_form").fill("A student asks for the price list")
    send(facilitator, "case_form")
    press(facilitator, "case_open_at_0")
    sees(board, "“Lead” or not? Judge 1 case.")

    def judge(phone: Page, name: str) -> None:
        said = "Yes" if PEOPLE[name] is Side.SALES else "No"
        labels = phone.locator(f"{key('idea_form')} label")
        labels.filter(has_text=re.compile(f"^{said}$")).click()

    case = room.server.records(case_of, room.ways[Role.FACILITATOR])
    all_answer(room, judge, {"Cy": {case: Answer("yes")}, "Di": {case: Answer("no")}})
    sees_not(board, "splits you most")
    press(facilitator, "case_reveal_at_0")
    sees(board, "This case splits you most:", "A student asks for the price list")
    sees(board, "Sales 2 of 2 yes, marketing 0 of 2.", "Bo says: has an address")
    sees(room.page("Ada"), "Sales 2 of 2 yes, marketing 0 of 2.")


def a_hand_off(room: Room) -> None:
    facilitator, board = room.page(Role.FACILITATOR), room.page(Role.PROJECTOR)
    go_to(facilitator, "Who does what")
    press(facilitator, "question_open_at_0")

    def choose(phone: Page, _: str) -> None:
        pick(phone, "hand_off_0_finds", "Marketing")

    finds = key_of(0, Duty.FINDS)
    others = {"Cy": {finds: Answer(Doer.BOTH)}, "Di": {finds: Answer(Doer.MARKETING)}}
    all_answer(room, choose, others)
    press(facilitator, "question_reveal_at_0")
    expect(board.locator(f"{key('board_choices')} svg.marks")).to_be_visible()
    pick(facilitator, "owner", "Marketing", "settlement_form")
    settle(facilitator)
    framed(board, "board_settled", "Marketing", "Ada for sales · Bo for marketing")


def wants(store: Store, manager: str, revenue: float) -> None:
    store.assumptions.save(admitted(store, manager), Assumptions(revenue=revenue))


def the_outcome(room: Room) -> None:
    """What it takes says the rates: it waits until the room has guessed and seen all of them."""
    facilitator, board = room.page(Role.FACILITATOR), room.page(Role.PROJECTOR)
    room.server.records(wants, room.ways[Role.MANAGER], 60_000_000)
    go_to(facilitator, "Outcome backward")
    sees(board, "The guesses come first.")
    nobody_has_heard(room, 1, 2)
    facilitator.get_by_role("button", name=re.compile("^Facts")).nth(2).click()
    sees(board, "Of 100 at SQL, how many go on to Won?")
    press(facilitator, "question_buttons")
    sees(board, "Both sides together thought 35. It is 31.")
    go_to(facilitator, "Outcome backward")
    sees(board, "For €60M a year we need", "at today's rates")
    press(facilitator, "question_open_at_0")
    price = {QuestionKey(Subject.LIMIT): Answer("price")}
    all_answer(
        room, lambda phone, _: pick(phone, "limit_all", "The price"), {"Cy": price, "Di": price}
    )
    press(facilitator, "question_reveal_at_0")
    expect(board.locator(key("board_pooled"))).to_contain_text("The price")


# -- a town hall -----------------------------------------------------------------------------------


def test_a_town_hall_without_a_clock_from_its_start_to_it_is_over(enter: Enter) -> None:
    room = enter(TOWN_HALL, roles=(Role.FACILITATOR, Role.PROJECTOR, Role.MANAGER))
    facilitator, board = room.page(Role.FACILITATOR), room.page(Role.PROJECTOR)
    no_minutes(room)
    press(facilitator, "guesses_open")
    sees(board, "0 of 2 sales · 0 of 2 marketing have answered.")
    room.answer({name: guesses(place) for place, name in enumerate(PEOPLE)})
    sees(board, "2 of 2 sales · 2 of 2 marketing have answered.")
    for step, (source, target) in enumerate((("Lead", "MQL"), ("MQL", "SQL"), ("SQL", "Won"))):
        press(facilitator, "phase_next")
        sees(board, f"Of 100 at {source}, how many go on to {target}?")
        nobody_has_heard(room, *range(step, 3))
        press(facilitator, "question_buttons")
        sees(board, "Both sides together thought 35.")
    no_minutes(room)
    press(facilitator, "phase_next")
    sees(board, "Management has not said yet which revenue it wants.")
    press(facilitator, "phase_next")
    press(facilitator, "question_open_at_0")
    write_obstacles(room, "{} waits for an answer")
    press(facilitator, "question_reveal_at_0")
    assert read_one_by_one(facilitator, board) == {f"{name} waits for an answer" for name in PEOPLE}
    no_minutes(room)
    press(facilitator, "phase_next")
    sees(board, "What will I do?")
    press(facilitator, "question_open_at_0")
    all_answer(
        room,
        lambda phone, name: asked(phone, "promise_all").fill(f"{name} answers within a day"),
        {name: {PROMISE: Answer(f"{name} answers within a day")} for name in ("Cy", "Di")},
    )
    sees(board, "2 of 2 sales")
    reveal, ahead = (
        facilitator.locator(f"[class*=st-key-{name}] button")
        for name in ("question_reveal_at_0", "phase_next_at")
    )
    expect(ahead).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(reveal).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(ahead.locator("p")).to_have_css("color", "rgb(16, 22, 29)")
    assert height_of(reveal) >= height_of(ahead)
    assert "within a day" not in board.inner_text("body")
    press(facilitator, "question_reveal_at_0")
    sees(board, "answers within a day")
    sees(board, "1 read · 3 still unread")
    expect(ahead).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    no_minutes(room)
    press(facilitator, "phase_next")
    sees(board, "It is over")
    sees(facilitator, "The walk ends here.")
    no_minutes(room)


def height_of(button: Locator) -> float:
    box = button.bounding_box()
    assert box is not None
    return box["height"]


def read_one_by_one(facilitator: Page, board: Page) -> set[str]:
    """Every sentence that was on the board until none is unread."""
    read = set()
    for place, left in enumerate(("3 still unread", "2 still unread", "1 still unread", "none")):
        if place:
            press(facilitator, f"question_next_at_{place - 1}")
        # The page before is hidden, and there for a moment more.
        stage = board.locator(key("board_stage"))
        expect(stage.locator(key("board_read"))).to_contain_text(f"{place + 1} read · {left}")
        read.add(stage.locator(key("board_obstacle")).inner_text().strip())
    return read


def no_minutes(room: Room) -> None:
    """No clock runs, and no minutes are named, on any screen."""
    for who, screen in room.screens.items():
        expect(screen.page.get_by_role("timer")).to_have_count(0)
        told = re.search(r"\b(min|minutes?)\b", screen.page.inner_text("body"), re.IGNORECASE)
        assert told is None, f"{who}: {told}"

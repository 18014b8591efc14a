"""The filled example: the example funnel with the invented people and ideas of data/example."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import uuid4

from workshop import intake
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.agenda_lines import USUAL_MINUTES, Agenda, AgendaLine, add, usual
from workshop.domain.agreement import ClauseKind, clauses_of, consent_question
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel
from workshop.domain.hand_off import Doer, Duty, key_of
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.question import (
    Answer,
    AnswerKind,
    Guess,
    Question,
    QuestionKey,
    Subject,
    Value,
)
from workshop.domain.term import term_key
from workshop.store import Store

FOLDER = intake.DATA / "example"
Given = dict[Question, dict[str, Value]]
"""What was answered to each question, by the names of those who answered."""


def fill(store: Store) -> Visitor:
    """Fill an example workshop up to its ranking; returns its facilitator."""
    funnel = intake.example()
    facilitator = store.workshops.start(
        "Example: Spring off-site", funnel, agenda=agenda(len(funnel.steps)), is_demo=True
    )
    code = store.workshops.get(facilitator).code
    tokens = {
        row["name"]: store.seats.join(code, row["name"], Side(row["side"]))
        for row in rows("people")
    }
    people = {name: admitted(store, token) for name, token in tokens.items()}
    ids = {row["title"]: uuid4().hex for row in rows("ideas")}
    for row in rows("ideas"):
        step = step_of(funnel, row["stage"])
        store.ideas.save(people[row["author"]], ids[row["title"]], step, draft(row))
    for row in rows("estimates"):
        store.ideas.estimate(people[row["person"]], ids[row["idea"]], estimate(row))
    # All at once: a submission takes hardly longer for many answers than for one.
    sheets = [guesses(funnel), marks(), obstacles(), words(), hand_offs(funnel)]
    sheets.append(cases(store, facilitator))
    given = {question: said for sheet in sheets for question, said in sheet.items()}
    ask_and_reveal(store, facilitator, people, given)
    settle(store, facilitator)
    agree(store, facilitator, people)
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    store.commitments.save(manager, first_action(store, facilitator))
    return facilitator


def agenda(steps: int) -> Agenda:
    """Half a day on so many steps, a break halfway; then how the sides live and work together."""
    halfway, lines = steps // 2, usual(steps)
    for phase in (Phase.RELATIONSHIP, Phase.OBSTACLES, Phase.HAND_OFFS, Phase.WORDS):
        line = AgendaLine(phase, None, USUAL_MINUTES[phase])
        lines = add(lines, line, Position(Phase.RANK))
    promises = AgendaLine(Phase.AGREEMENT, None, USUAL_MINUTES[Phase.AGREEMENT])
    lines = add(lines, promises, Position(Phase.CLOSED))
    return add(lines, AgendaLine(Phase.BREAK, halfway, 15), Position(Phase.FACTS, halfway))


def guesses(funnel: Funnel) -> Given:
    """What everybody has guessed of every step."""
    given: Given = defaultdict(dict)
    for row in rows("guesses"):
        key = QuestionKey(Subject.GUESS, str(step_of(funnel, row["stage"])))
        ends = (float(row[end]) if row[end] else None for end in ("low", "high"))
        given[Question(key, AnswerKind.PERCENT)][row["person"]] = Guess(float(row["likely"]), *ends)
    return given


def marks() -> Given:
    """How true everybody finds each statement of the relationship check."""
    given: Given = {}
    for row in rows("relationship"):
        key = QuestionKey(Subject.RELATIONSHIP, row.pop("statement"))
        given[Question(key, AnswerKind.SCALE)] = {name: int(mark) for name, mark in row.items()}
    return given


def obstacles() -> Given:
    """What gets in the way of everybody."""
    question = Question(QuestionKey(Subject.OBSTACLE), AnswerKind.TEXT)
    return {question: {row["person"]: row["sentence"] for row in rows("obstacles")}}


def words() -> Given:
    """What two words mean to each side."""
    given: Given = defaultdict(dict)
    for row in rows("words"):
        key = term_key(row["word"])
        asked = Question(key, AnswerKind.TEXT, is_named=True, asked_of_sides=True)
        given[asked][row["person"]] = row["line"]
    return given


def cases(store: Store, facilitator: Visitor) -> Given:
    """The cases of a word, and how everybody has judged them."""
    judged = {row.pop("case"): row for row in rows("cases")}
    for words, row in judged.items():
        store.cases.add(facilitator, term_key(row.pop("word")), words)
    held = store.cases.all(facilitator).values()
    return {case.question: dict(judged[case.words]) for case in held}


def hand_offs(funnel: Funnel) -> Given:
    """Who does what at one step, as each side sees it."""
    given: Given = defaultdict(dict)
    for row in rows("hand_offs"):
        key = key_of(step_of(funnel, row["stage"]), Duty(row["duty"]))
        asked = Question(key, AnswerKind.CHOICE, tuple(Doer), is_named=True, asked_of_sides=True)
        given[asked][row["person"]] = row["doer"]
    return given


def settle(store: Store, facilitator: Visitor) -> None:
    """A word and a hand-off that the room has settled on."""
    settled = "Somebody of a target industry who has asked for a price, a demo or a call"
    store.settlements.settle(facilitator, term_key("MQL"), settled, "Amina", "Ben")
    store.settlements.settle(
        facilitator,
        key_of(1, Duty.ACTS),
        "Passes when the five-line note is filled in. Refused with a reason to marketing.",
        "Chiara",
        "David",
        owner=Doer.SALES,
        hours=8,
    )


def agree(store: Store, facilitator: Visitor, people: Mapping[str, Visitor]) -> None:
    """The agreement, whether everybody can live with it, and who has signed."""
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    clauses = clauses_of({ClauseKind(row["clause"]): row["text"] for row in rows("agreement")})
    version = store.agreements.save(manager, clauses).version
    question = consent_question(version)
    store.questions.open(facilitator, question)
    for row in rows("consent"):
        answer = Answer(int(row["mark"]), row["missing"])
        store.questions.answer(people[row["person"]], {question.key: answer})
    store.questions.reveal(facilitator, question.key)
    for name in ("Amina", "Ben", "Chiara", "Hugo"):
        store.agreements.sign(people[name], version)


def ask_and_reveal(
    store: Store, facilitator: Visitor, people: Mapping[str, Visitor], given: Given
) -> None:
    store.questions.open(facilitator, *given)
    for name, visitor in people.items():
        own = {asked.key: Answer(said[name]) for asked, said in given.items() if name in said}
        store.questions.answer(visitor, own)
    store.questions.reveal(facilitator, *(question.key for question in given))


def rows(name: str) -> list[dict[str, str]]:
    with open(FOLDER / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def admitted(store: Store, token: str) -> Visitor:
    visitor = store.tokens.admit(token)
    assert visitor is not None, "a token just given is known"
    return visitor


def step_of(funnel: Funnel, stage: str) -> int:
    """The step that leaves this stage."""
    return funnel.stages.index(stage)


def draft(row: dict[str, str]) -> IdeaDraft:
    return IdeaDraft(
        row["title"],
        estimate(row),
        row["plan"],
        row["reason"],
        float(row["days_sales"]),
        float(row["days_marketing"]),
        row["owner"],
    )


def estimate(row: dict[str, str]) -> Estimate:
    return Estimate(*(float(row[mark]) for mark in ("low", "likely", "high")))


def first_action(store: Store, facilitator: Visitor) -> Commitment:
    """One idea that the room has already agreed on."""
    idea = next(
        idea for idea in store.ideas.readable(facilitator) if idea.draft.reason == "No follow-up"
    )
    return Commitment(
        id=uuid4().hex,
        idea_id=idea.id,
        title=idea.draft.title,
        owner="Amina",
        co_owner="Ben",
        kpi="Conversion rate MQL → SQL",
        baseline=0.40,
        target=0.475,
        due=date.today() + timedelta(days=42),
        first_step="Set up the shared inbox and publish the rota by Friday.",
    )

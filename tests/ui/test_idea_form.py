"""The form for an idea and for an estimate: what they ask, and what comes of an answer."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ids import ONE, TWO
from tests.store.test_store import DRAFT, joined
from tests.team_page import TeamPage
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate
from workshop.domain.people import Side
from workshop.forms import FORMS
from workshop.forms.estimate import estimate_form
from workshop.forms.form import NOT_OFFERED, Field, Form, Kind, Option, Problems, Submission
from workshop.forms.idea import change_of, new_idea
from workshop.forms.number import PERSON_DAYS
from workshop.store import Repeated, Store

MARKS = {"low": "10", "likely": "20", "high": "30"}
IDEA = {"title": "Call back", "reason": "No follow-up", "days_sales": "2,5", **MARKS}


@pytest.fixture
def ada(store: Store, facilitator: Visitor) -> Visitor:
    """Sales, alone in her mini-team until somebody joins; the room writes for the second step."""
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    return joined(store, facilitator, "Ada", Side.SALES)


def answer(values: dict[str, str], id_: str = "", **about: str) -> Submission:
    return Submission(id_ or uuid4().hex, {"step": "1"} | about, values, ",")


def problems(store: Store, who: Visitor, form: str, submission: Submission) -> dict[str, str]:
    with pytest.raises(Problems) as said:
        FORMS[form](store, who, submission)
    return said.value.by_field


def test_an_idea_is_saved_as_it_was_typed(store: Store, ada: Visitor) -> None:
    assert FORMS["idea"](store, ada, answer(IDEA | {"plan": " A rota. ", "owner": "Bo"}))
    [idea] = store.ideas.readable(ada)
    draft = idea.draft
    assert (draft.title, draft.plan, draft.reason) == ("Call back", "A rota.", "No follow-up")
    assert draft.recovers == Estimate(0.1, 0.2, 0.3)
    assert (draft.days_sales, draft.days_marketing, draft.owner) == (2.5, 0, "Bo")


def test_what_is_wrong_is_said_at_each_field_at_once(store: Store, ada: Visitor) -> None:
    wrong = {"title": " ", "reason": "Nobody", "low": "x", "likely": "120", "days_sales": "-1"}
    said = problems(store, ada, "idea", answer(wrong))
    assert set(said) == {"title", "reason", "low", "likely", "high", "days_sales"}
    assert said["reason"] == NOT_OFFERED
    assert said["likely"] == "Write a number from 0 to 100."
    assert not store.ideas.readable(ada)


def test_estimates_out_of_order_are_refused_with_a_sentence(store: Store, ada: Visitor) -> None:
    for marks in ({"low": "25"}, {"likely": "31"}):
        said = problems(store, ada, "idea", answer(IDEA | marks))
        assert said == {"low": "The three estimates are out of order: low ≤ likely ≤ high."}


def test_a_nought_is_an_estimate_too(store: Store, ada: Visitor) -> None:
    FORMS["idea"](store, ada, answer(IDEA | {"low": "0", "likely": "0", "high": "7"}))
    assert store.ideas.readable(ada)[0].draft.recovers == Estimate(0, 0, 0.07)


@pytest.mark.parametrize(
    ("field", "length", "says"),
    [
        ("title", 230, "This has 230 characters and is limited to 200; take 30 away"),
        ("owner", 81, "This has 81 characters and is limited to 80; take 1 away"),
    ],
)
def test_a_text_that_is_too_long_is_refused_and_not_cut(
    store: Store, ada: Visitor, field: str, length: int, says: str
) -> None:
    assert problems(store, ada, "idea", answer(IDEA | {field: "x" * length})) == {field: says}
    assert not store.ideas.readable(ada)


@pytest.mark.parametrize("step", ["", "4", "-1", "1.0", "²", "x"])
def test_a_step_that_is_gone_is_said(store: Store, ada: Visitor, step: str) -> None:
    assert "this step is gone" in problems(store, ada, "idea", answer(IDEA, step=step))[""]


def test_an_answer_that_arrives_twice_is_one_idea_also_after_it_was_changed(
    store: Store, ada: Visitor
) -> None:
    FORMS["idea"](store, ada, answer(IDEA, ONE))
    FORMS["idea"](store, ada, answer(IDEA | {"title": "Call at once"}, TWO, idea=ONE))
    with pytest.raises(Repeated):
        FORMS["idea"](store, ada, answer(IDEA, ONE))
    assert [idea.draft.title for idea in store.ideas.readable(ada)] == ["Call at once"]


@pytest.mark.parametrize("id_", ["x", "A" * 32, "0" * 31, "title_1"])
def test_an_id_that_no_form_of_ours_makes_is_refused(store: Store, ada: Visitor, id_: str) -> None:
    with pytest.raises(ValueError, match="an id that this app does not give"):
        FORMS["idea"](store, ada, answer(IDEA, id_))
    with pytest.raises(ValueError, match="an id that this app does not give"):
        FORMS["idea"](store, ada, answer(IDEA, idea=id_))
    assert not store.ideas.readable(ada)


def test_nobody_changes_the_idea_of_another_mini_team(
    store: Store, facilitator: Visitor, ada: Visitor
) -> None:
    FORMS["idea"](store, ada, answer(IDEA, ONE))
    others = [joined(store, facilitator, name) for name in "BCDEFG"]
    own = store.seats.person(ada).team_id
    stranger = next(other for other in others if store.seats.person(other).team_id != own)
    with pytest.raises(Forbidden):
        FORMS["idea"](store, stranger, answer(IDEA | {"title": "Mine"}, idea=ONE))


def test_only_a_mini_team_writes(store: Store, facilitator: Visitor) -> None:
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    for who in (facilitator, Visitor(Role.MANAGER, facilitator.workshop_id)):
        with pytest.raises(Forbidden):
            FORMS["idea"](store, who, answer(IDEA))


def test_a_saved_idea_is_in_the_form_as_it_would_be_typed(store: Store, ada: Visitor) -> None:
    FORMS["idea"](store, ada, answer(IDEA, ONE))
    [idea] = store.ideas.readable(ada)
    form = change_of(idea, store.funnels.current(ada).steps[1], Side.SALES, TWO)
    assert {key: form.values[key] for key in IDEA} == IDEA | {"days_sales": "2.5"}
    assert form.read(Submission(TWO, form.about, form.values))["title"] == "Call back"
    # The other side has not said its own figures, and must not read these.
    other = change_of(idea, store.funnels.current(ada).steps[1], Side.MARKETING, TWO)
    assert (other.values["low"], other.values["high"]) == ("", "")


def test_a_side_estimates_and_the_wrong_side_is_refused(
    store: Store, facilitator: Visitor, ada: Visitor
) -> None:
    bo = joined(store, facilitator, "Bo", Side.MARKETING)
    store.ideas.save(ada, ONE, 1, DRAFT)
    side = {"idea": ONE, "side": "marketing"}
    assert FORMS["estimate"](store, bo, answer(MARKS, **side))
    assert dict(store.ideas.readable(bo)[0].estimates)[Side.MARKETING] == Estimate(0.1, 0.2, 0.3)
    with pytest.raises(Forbidden):
        FORMS["estimate"](store, ada, answer(MARKS, **side))
    assert problems(store, bo, "estimate", answer(MARKS, idea=ONE, side="legal"))[""]
    assert set(problems(store, bo, "estimate", answer({}, **side))) == set(MARKS)


# -- what the page asks ---------------------------------------------------------------------------


def test_an_idea_that_is_edited_stands_in_the_form_until_its_answer_has_come(
    records: Store, ada: Visitor
) -> None:
    records.ideas.save(ada, ONE, 1, DRAFT)
    page = TeamPage(ada)
    page.press(f"edit_{ONE}")
    form = page.forms["idea_form"]
    assert (form["title"], form["values"]["title"]) == ("Change your idea", DRAFT.title)
    page.look()
    assert page.forms["idea_form"] == form  # the same form, however often it is drawn
    assert (page.laptop["editing"], page.laptop["submission_id"]) == (ONE, form["submission_id"])
    page.send("idea_form", **form["values"] | {"title": "Changed"})
    page.look()
    form = page.forms["idea_form"]
    assert (form["title"], form["values"]) == ("Write down an idea", {})
    assert page.laptop == {"editing": "", "submission_id": "", "handed_to": ""}
    assert [idea.draft.title for idea in records.ideas.readable(ada)] == ["Changed"]


def test_who_leaves_a_step_changes_nothing_of_it_any_more(
    records: Store, facilitator: Visitor, ada: Visitor
) -> None:
    records.ideas.save(ada, ONE, 1, DRAFT)
    page = TeamPage(ada)
    page.press(f"edit_{ONE}")
    records.agenda.move_to(facilitator, Position(Phase.IDEAS, 2))
    page.look()
    assert page.forms["idea_form"]["title"] == "Write down an idea"
    assert page.laptop["editing"] == ""


def test_what_the_other_side_waits_for_stands_before_the_empty_form(
    records: Store, facilitator: Visitor, ada: Visitor
) -> None:
    bo = joined(records, facilitator, "Bo", Side.MARKETING)
    records.ideas.save(bo, ONE, 1, DRAFT)
    page = TeamPage(ada)
    assert list(page.forms) == ["estimate", "idea_form"]
    assert "Marketing has estimated: your turn" in page.texts
    page.send("estimate", **MARKS)
    page.look()
    assert list(page.forms) == ["idea_form"]


@pytest.mark.parametrize(
    ("position", "is_asked"),
    [
        (Position(Phase.LOBBY), False),
        (Position(Phase.FACTS, 1), False),
        (Position(Phase.IDEAS, 1), True),
        (Position(Phase.REPORT, 1), True),
        (Position(Phase.RANK), False),
    ],
)
def test_an_idea_is_asked_for_while_a_step_is_written_and_reported(
    records: Store, facilitator: Visitor, ada: Visitor, position: Position, is_asked: bool
) -> None:
    records.agenda.move_to(facilitator, position)
    assert (TeamPage(ada).forms["idea_form"] is not None) == is_asked


def test_the_line_that_is_said_while_one_types_counts_as_the_funnel_does(funnel: Funnel) -> None:
    step = funnel.steps[1]
    line = new_idea(step, 1).line
    assert line is not None
    assert set(line.choices) <= {field.key for field in new_idea(step, 1).fields()} | {"segment"}
    likely = line.terms["more"]
    # 20 % of the 210 lost to no follow-up are 42 of 700: 6 points.
    lost = line.coefficients["No follow-up", ""]
    assert 20 * lost / likely.divisor == pytest.approx(42)
    assert 20 * lost / line.terms["points"].divisor == pytest.approx(6)


# -- any form -------------------------------------------------------------------------------------

ASKED = Form(
    "any",
    {},
    (
        Field("text", Kind.TEXT, "Text", longest=20),
        Field("number", Kind.NUMBER, "Days", limits=PERSON_DAYS),
        Field("scale", Kind.SCALE, "Scale"),
        Field("date", Kind.DATE, "Date", required="When?"),
        Field("choice", Kind.CHOICE, "Choice", options=(Option("a", "A"), Option("b", "B"))),
    ),
    "Send",
)


@given(
    values=st.dictionaries(
        st.sampled_from(["text", "number", "scale", "date", "choice", "other"]),
        st.one_of(st.text(max_size=30), st.sampled_from(["a", "5", "1.000", "2027-03-31"])),
    ),
    decimal_mark=st.sampled_from(["", ".", ",", "٫"]),
)
def test_whatever_is_sent_is_read_or_answered_field_by_field(
    values: dict[str, str], decimal_mark: str
) -> None:
    known = {field.key for field in ASKED.fields()}
    read, said = outcome(Submission(ONE, {}, values, decimal_mark))
    if said is not None:
        assert said
        assert set(said) <= known
        assert all(words and words[0] == words[0].upper() for words in said.values())
    else:
        assert set(read) == known
        assert read["choice"] in {"a", "b"}
        assert len(read["text"]) <= 20


def outcome(submission: Submission) -> tuple[dict[str, Any], dict[str, str] | None]:
    """What is read, or what is wrong."""
    try:
        return ASKED.read(submission), None
    except Problems as problem:
        return {}, problem.by_field


def test_a_field_refuses_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="a number has limits"):
        Field("days", Kind.NUMBER, "Days")
    with pytest.raises(ValueError, match="a choice has options"):
        Field("choice", Kind.CHOICE, "Choice")


def test_the_form_of_a_side_asks_nothing_but_three_numbers() -> None:
    drawn = estimate_form(ONE, Side.SALES).drawn()
    [group] = drawn["content"]
    assert [field["key"] for field in group["fields"]] == list(MARKS)
    assert drawn["values"] == {}

"""A form: its fields, what a browser needs to draw it, and how an answer to it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, assert_never

from workshop.domain.checks import refuse_long
from workshop.domain.text import cleaned
from workshop.forms.number import NO_NUMBER, NOT_WHOLE, WHICH_ONE, Limits, out_of, read

NOT_OFFERED = "This choice is no longer offered. Choose again."
NO_DATE = "Write a date as year, month and day, such as 2027-03-31."
SCALE = Limits(1, 5, whole=True)


class Kind(StrEnum):
    """What a field asks for."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    NUMBER = "number"
    SCALE = "scale"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Option:
    """One of several things to choose from; `count` is shown beside it."""

    code: str
    label: str
    count: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked for.

    `required` is the sentence that is said while it is empty; "" where it may stay so. `longest`
    counts characters. A number needs `limits`, a choice `options`; with one that is no option a
    choice may stay open.
    """

    key: str
    kind: Kind
    label: str
    help: str = ""
    placeholder: str = ""
    required: str = ""
    longest: int = 0
    limits: Limits | None = None
    options: tuple[Option, ...] = ()

    def __post_init__(self) -> None:
        if (self.kind is Kind.NUMBER) != (self.limits is not None):
            raise ValueError(f"{self.key}: a number has limits, and nothing else has")
        if (self.kind is Kind.CHOICE) != bool(self.options):
            raise ValueError(f"{self.key}: a choice has options, and nothing else has")

    def read(self, text: str, decimal_mark: str) -> Any:
        """What was filled in, as this field's kind; ValueError says what to write instead.

        Texts are str, numbers float, scales int, dates date, choices a code; numbers, scales and
        dates that were left empty None.
        """
        text = cleaned(text).strip()
        if self.required and not text:
            raise ValueError(self.required)
        match self.kind:
            case Kind.TEXT | Kind.LONG_TEXT:
                if self.longest:
                    refuse_long("this", text, self.longest)
                return text
            case Kind.CHOICE:
                if text not in {option.code for option in self.options}:
                    raise ValueError(NOT_OFFERED)
                return text
            case Kind.NUMBER:
                assert self.limits is not None
                return read(text, self.limits, decimal_mark)
            case Kind.SCALE:
                value = read(text, SCALE)
                return None if value is None else int(value)
            case Kind.DATE:
                return _date(text)
            case _:
                assert_never(self.kind)

    def drawn(self) -> dict[str, Any]:
        """What the browser needs to draw it, and to say at once what it can know by itself."""
        said = {
            "key": self.key,
            "kind": self.kind,
            "label": self.label,
            "help": self.help,
            "placeholder": self.placeholder,
            "required": self.required,
            "longest": self.longest,
            "options": [[one.code, one.label, one.count] for one in self.options],
        }
        if self.limits is not None:
            low, high, whole = self.limits.low, self.limits.high, self.limits.whole
            says = {
                "no_number": NO_NUMBER,
                "out_of": out_of(self.limits),
                "not_whole": NOT_WHOLE,
                "which_one": WHICH_ONE,
            }
            said["limits"] = {"low": low, "high": high, "whole": whole, "says": says}
        return said


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(NO_DATE) from None


@dataclass(frozen=True, slots=True)
class Group:
    """Fields side by side under one heading; `ordered` where each is at least the one before."""

    label: str
    fields: tuple[Field, ...]
    help: str = ""
    ordered: str = ""
    """The sentence that is said where they are out of order; "" where they need none."""

    def drawn(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "help": self.help,
            "ordered": self.ordered,
            "fields": [one.drawn() for one in self.fields],
        }


@dataclass(frozen=True, slots=True)
class Term:
    """A number in a live line: a field, times what the choices say, divided by a number."""

    field: str
    divisor: float
    digits: int


@dataclass(frozen=True, slots=True)
class LiveLine:
    """What the numbers mean, said while they are typed; the browser fills in and multiplies.

    `coefficients` are by the codes of the choices in `choices`, in their order. `span` is added
    where its fields are in order; `empty` is said as long as a field of `words` has no number.
    """

    words: str
    span: str
    empty: str
    terms: Mapping[str, Term]
    choices: tuple[str, ...]
    coefficients: Mapping[tuple[str, ...], float]

    def drawn(self) -> dict[str, Any]:
        terms = {name: [term.field, term.divisor, term.digits] for name, term in self.terms.items()}
        return {
            "words": self.words,
            "span": self.span,
            "empty": self.empty,
            "terms": terms,
            "choices": self.choices,
            "coefficients": [[list(codes), worth] for codes, worth in self.coefficients.items()],
        }


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a number means, in the one of these sentences that it has reached; said while typed.

    `by` are the least numbers for which each sentence holds, in their order; `empty` is said as
    long as the field has no number.
    """

    field: str
    by: tuple[tuple[float, str], ...]
    empty: str = ""

    def drawn(self) -> dict[str, Any]:
        return {"field": self.field, "by": [list(one) for one in self.by], "empty": self.empty}


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that somebody has sent.

    `id` is its own, however often it arrives. `about` is what the form was about, such as a step;
    `values` are by the keys of its fields, as they were typed.
    """

    id: str
    about: Mapping[str, str]
    values: Mapping[str, str]
    decimal_mark: str = ""


class Problems(Exception):  # noqa: N818 — "raise Problems" says it
    """What is wrong with an answer, by the keys of the fields; under "" what is about no field."""

    def __init__(self, by_field: Mapping[str, str]) -> None:
        super().__init__(" ".join(by_field.values()))
        self.by_field = dict(by_field)


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is asked.

    `name` says which of `workshop.forms` reads it, and `about` what about; both together tell one
    form, and its draft, from another. `submission_id` is the id of its answer where the server
    has to know it before; else each answer gets one in the browser. `leave` is the label of the
    button that puts the form away; "" where it stays. What is asked `one_at_a_time` is so on a
    narrow screen; on a wide one it stands below each other. The field `below_each` goes with every
    one.
    """

    name: str
    about: Mapping[str, str]
    content: tuple[Field | Group, ...]
    submit: str
    title: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    line: LiveLine | Sentences | None = None
    line_after: str = ""
    submission_id: str = ""
    leave: str = ""
    enter_sends: bool = False
    one_at_a_time: bool = False
    below_each: str = ""

    def fields(self) -> Iterator[Field]:
        for part in self.content:
            yield from part.fields if isinstance(part, Group) else (part,)

    def read(self, submission: Submission) -> dict[str, Any]:
        """What was filled in, by the keys of the fields; Problems says all that is wrong."""
        read: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for one in self.fields():
            try:
                read[one.key] = one.read(
                    submission.values.get(one.key, ""), submission.decimal_mark
                )
            except ValueError as problem:
                problems[one.key] = _sentence(problem)
        for part in self.content:
            if isinstance(part, Group) and part.ordered and not _in_order(part.fields, read):
                problems.setdefault(part.fields[0].key, part.ordered)
        if problems:
            raise Problems(problems)
        return read

    def drawn(self) -> dict[str, Any]:
        """The form as the browser draws it."""
        return {
            "name": self.name,
            "about": dict(self.about),
            "title": self.title,
            "submit": self.submit,
            "leave": self.leave,
            "enter_sends": self.enter_sends,
            "one_at_a_time": self.one_at_a_time,
            "below_each": self.below_each,
            "submission_id": self.submission_id,
            "values": dict(self.values),
            "line": self.line.drawn() if self.line else None,
            "line_after": self.line_after,
            "content": [
                part.drawn() if isinstance(part, Group) else {"fields": [part.drawn()]}
                for part in self.content
            ],
        }


def _sentence(problem: ValueError) -> str:
    text = str(problem)
    return f"{text[:1].upper()}{text[1:]}"


def _in_order(fields: Sequence[Field], read: Mapping[str, Any]) -> bool:
    known = [read[one.key] for one in fields if read.get(one.key) is not None]
    return known == sorted(known)

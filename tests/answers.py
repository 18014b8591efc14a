"""Answers to forms, as a browser sends them."""

from __future__ import annotations

from uuid import uuid4

from workshop.forms.form import Form, Problems, Submission


def answer(form: Form, **typed: str) -> Submission:
    """A form that is sent with what stood in it; what is `typed` stands in its place."""
    first = {field.key: field.options[0].code for field in form.fields() if field.options}
    return Submission(uuid4().hex, form.about, {**first, **form.values, **typed}, ".")


def problems_of(form: Form, **typed: str) -> dict[str, str]:
    """What is wrong with such an answer, by field; {} where nothing is."""
    try:
        form.read(answer(form, **typed))
    except Problems as problems:
        return problems.by_field
    return {}

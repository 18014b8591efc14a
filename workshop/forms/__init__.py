"""The forms that people fill in, and what is made of the answers.

A browser sends an answer with the form's name (`workshop.submissions`); `FORMS` says who takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workshop.access import Visitor
from workshop.forms import estimate, idea
from workshop.forms.form import Submission
from workshop.store import Store

Take = Callable[[Store, Visitor, Submission], str]

FORMS: Mapping[str, Take] = {
    estimate.NAME: estimate.take,
    idea.NAME: idea.take,
}

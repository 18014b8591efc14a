"""The form that gives a mini-team another name."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.domain.access import Visitor
from workshop.domain.checks import NAME_LENGTH
from workshop.domain.people import Team
from workshop.forms.form import Field, Form, Kind, Option, Problems, Submission
from workshop.store import Store

NAME = "team_name"


def team_name_form(teams: Sequence[Team]) -> Form:
    """The empty form; there has to be a mini-team."""
    options = tuple(Option(team.id, team.name) for team in teams)
    return Form(
        NAME,
        {},
        (
            Field("team", Kind.CHOICE, "Rename", options=options),
            Field(
                "name",
                Kind.TEXT,
                "New name",
                required="Write the new name.",
                longest=NAME_LENGTH,
            ),
        ),
        "Rename",
        enter_sends=True,
    )


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Rename a mini-team. Raises Problems."""
    teams = store.seats.teams(who)
    if not teams:
        raise Problems({"": "There is no mini-team any more."})
    read = team_name_form(teams).read(submission)
    store.seats.rename(who, read["team"], read["name"], submission_id=submission.id)
    return "Renamed."

"""What the room does, one activity a module; the agenda of a workshop is made of them.

A new activity is a module here and a line in `ACTIVITIES`.
"""

from __future__ import annotations

from workshop.activities.activity import Activity
from workshop.activities.break_ import BREAK
from workshop.activities.closed import CLOSED
from workshop.activities.commit import COMMIT
from workshop.activities.estimates import ESTIMATES
from workshop.activities.facts import FACTS
from workshop.activities.hand_offs import HAND_OFFS
from workshop.activities.ideas import IDEAS
from workshop.activities.lobby import LOBBY
from workshop.activities.obstacles import OBSTACLES
from workshop.activities.outcome import OUTCOME
from workshop.activities.ranking import RANKING
from workshop.activities.readings import READINGS
from workshop.activities.relationship import RELATIONSHIP
from workshop.activities.report_back import REPORT_BACK
from workshop.activities.words import WORDS
from workshop.store import StoreError

ACTIVITIES: list[Activity] = [
    LOBBY,
    FACTS,
    IDEAS,
    REPORT_BACK,
    BREAK,
    RELATIONSHIP,
    OBSTACLES,
    HAND_OFFS,
    WORDS,
    OUTCOME,
    READINGS,
    ESTIMATES,
    RANKING,
    COMMIT,
    CLOSED,
]


class UnknownActivity(StoreError):  # noqa: N818 — "raise UnknownActivity" says it
    """The records name an activity that this app does not have."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"The room is at '{code}', which this app does not know. Install the newer app, or "
            "let the facilitator go to another place of the walk."
        )


def activity_of(code: str) -> Activity:
    """The activity with this code; raises UnknownActivity."""
    for activity in ACTIVITIES:
        if activity.code == code:
            return activity
    raise UnknownActivity(code)

"""Values that refuse nonsense: all that the app is about, without a file or a screen."""

from __future__ import annotations

from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agenda import BoardView, Phase, Position, Timer
from workshop.domain.agenda_lines import Agenda, AgendaLine
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Choice, Condition, Demand
from workshop.domain.commitment import Commitment, Status
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import (
    Candidate,
    Effect,
    Estimate,
    EstimateRequest,
    Idea,
    IdeaDraft,
    Lever,
)
from workshop.domain.import_codes import Basis, Cause, Counting, Field, Outcome, PeriodSource, Shape
from workshop.domain.lens import Lens
from workshop.domain.origin import Origin
from workshop.domain.people import Owner, Person, Side, Team
from workshop.domain.scenario import Scenario
from workshop.domain.workshop import Door, Workshop

__all__ = [
    "Agenda",
    "AgendaLine",
    "Assumptions",
    "Basis",
    "BoardView",
    "Candidate",
    "Cause",
    "Choice",
    "Commitment",
    "Condition",
    "Counting",
    "Demand",
    "Door",
    "Effect",
    "Estimate",
    "EstimateRequest",
    "Field",
    "Forbidden",
    "Funnel",
    "Idea",
    "IdeaDraft",
    "Lens",
    "Lever",
    "Origin",
    "Outcome",
    "Owner",
    "PeriodSource",
    "Person",
    "Phase",
    "Position",
    "Role",
    "Scenario",
    "Shape",
    "Side",
    "Status",
    "Step",
    "Team",
    "Timer",
    "Visitor",
    "Workshop",
]

"""The columns of the exported tables."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    MONEY = "money"
    SHARE = "share"
    DAYS = "days"
    DATE = "date"


class Column(NamedTuple):
    """A column: its heading with the unit, its name in the rows, its width in characters.

    Where the kind is None, each row names that of its own value under "kind".
    """

    heading: str
    name: str
    kind: Kind | None
    width: int


IDEAS = (
    Column("Place", "place", Kind.WHOLE, 7),
    Column("Idea", "title", Kind.TEXT, 36),
    Column("Step", "step", Kind.TEXT, 20),
    Column("Goes after these losses", "reason", Kind.TEXT, 20),
    Column("Only in this segment", "segment", Kind.TEXT, 18),
    Column("How", "plan", Kind.TEXT, 48),
    Column("Wins back, low (% of these losses)", "low", Kind.SHARE, 13),
    Column("Wins back, likely (% of these losses)", "likely", Kind.SHARE, 13),
    Column("Wins back, high (% of these losses)", "high", Kind.SHARE, 13),
    Column("Sales holds likely (% of these losses)", "said_sales", Kind.SHARE, 13),
    Column("Marketing holds likely (% of these losses)", "said_marketing", Kind.SHARE, 13),
    Column("Other departments hold likely (% of these losses)", "said_other", Kind.SHARE, 13),
    Column("Expected gain ({currency} a year)", "gain", Kind.MONEY, 15),
    Column("Gain as the team estimates ({currency} a year)", "as_estimated", Kind.MONEY, 15),
    Column("Gain, 10 % point ({currency} a year)", "p10", Kind.MONEY, 15),
    Column("Gain, 90 % point ({currency} a year)", "p90", Kind.MONEY, 15),
    Column("Chance of the top 3 (%)", "p_top3", Kind.SHARE, 11),
    Column("Effort of sales (person-days)", "days_sales", Kind.DAYS, 13),
    Column("Effort of marketing (person-days)", "days_marketing", Kind.DAYS, 13),
    Column("Gain per person-day ({currency} a year)", "gain_per_day", Kind.MONEY, 15),
    Column("Proposed owner", "owner", Kind.TEXT, 18),
    Column("Mini-team", "team", Kind.TEXT, 16),
    Column("Written by", "author", Kind.TEXT, 18),
    Column("State", "state", Kind.TEXT, 18),
)
ACTIONS = (
    Column("Priority", "priority", Kind.WHOLE, 9),
    Column("Action", "title", Kind.TEXT, 36),
    Column("Step", "step", Kind.TEXT, 20),
    Column("Goes after these losses", "reason", Kind.TEXT, 20),
    Column("Only in this segment", "segment", Kind.TEXT, 18),
    Column("Expected gain ({currency} a year)", "gain", Kind.MONEY, 15),
    Column("Owner", "owner", Kind.TEXT, 18),
    Column("Co-owner", "co_owner", Kind.TEXT, 18),
    Column("KPI", "kpi", Kind.TEXT, 24),
    Column("Baseline (%)", "baseline", Kind.SHARE, 10),
    Column("Target (%)", "target", Kind.SHARE, 10),
    Column("First step", "first_step", Kind.TEXT, 40),
    Column("Due", "due", Kind.DATE, 13),
    Column("Status", "status", Kind.TEXT, 12),
)
COMMITMENTS = (
    Column("Kind", "kind_name", Kind.TEXT, 24),
    Column("What", "title", Kind.TEXT, 36),
    Column("Owner", "owner", Kind.TEXT, 18),
    Column("Co-owner", "co_owner", Kind.TEXT, 18),
    Column("Due, or from when on", "due", Kind.DATE, 13),
    Column("How often", "rhythm", Kind.TEXT, 14),
    Column("KPI", "kpi", Kind.TEXT, 24),
    Column("Baseline (%)", "baseline", Kind.SHARE, 10),
    Column("Target (%)", "target", Kind.SHARE, 10),
    Column("First step", "first_step", Kind.TEXT, 40),
    Column("Status", "status", Kind.TEXT, 12),
)
# What was agreed on an idea, beside it in the one CSV that holds everything.
AGREED = tuple(
    Column(f"Agreed: {column.heading}", f"agreed_{column.name}", column.kind, column.width)
    for column in ACTIONS
    if column.name
    in {"owner", "co_owner", "kpi", "baseline", "target", "first_step", "due", "status"}
)
STEPS = (
    Column("Step", "step", Kind.TEXT, 26),
    Column("Came in (count)", "entered", Kind.WHOLE, 24),
    Column("Went on (count)", "advanced", Kind.WHOLE, 14),
    Column("Conversion rate (%)", "rate", Kind.SHARE, 14),
    Column("Benchmark (%)", "benchmark", Kind.SHARE, 15),
    Column("Lost (count)", "lost", Kind.WHOLE, 14),
    Column("Lost (% of those who came in)", "lost_share", Kind.SHARE, 14),
    Column("Leak ({currency} a year)", "leak", Kind.MONEY, 15),
    Column("Owner", "owner", Kind.TEXT, 14),
)
LOSSES = (
    Column("Step", "step", Kind.TEXT, 26),
    Column("Why they are lost", "reason", Kind.TEXT, 24),
    Column("Lost (count)", "lost", Kind.WHOLE, 14),
    Column("Lost (% of all lost here)", "lost_share", Kind.SHARE, 14),
    Column("Leak ({currency} a year)", "leak", Kind.MONEY, 15),
)
PLAN = (
    Column("Idea", "title", Kind.TEXT, 36),
    Column("Step", "step", Kind.TEXT, 26),
    Column("Goes after these losses", "reason", Kind.TEXT, 22),
    Column("Only in this segment", "segment", Kind.TEXT, 18),
    Column("In the plan", "in_plan", Kind.TEXT, 12),
    Column("Gain alone ({currency} a year)", "gain", Kind.MONEY, 15),
    Column("Contribution to the plan ({currency} a year)", "contribution", Kind.MONEY, 15),
    Column("Effort of sales (person-days)", "days_sales", Kind.DAYS, 13),
    Column("Effort of marketing (person-days)", "days_marketing", Kind.DAYS, 13),
)
# Below the plan's ideas, in the width of their columns.
PLAN_FIGURES = (
    Column("The plan as a whole", "number", Kind.TEXT, 36),
    Column("Value", "value", None, 26),
)
# The first column of the scenarios; one for each of them follows.
SCENARIO_NUMBER = Column("Number", "number", Kind.TEXT, 36)
# The first sheet, which prints on one page: its tables share these widths.
LEAKS = (
    Column("Step", "step", Kind.TEXT, 38),
    Column("Came in (count)", "entered", Kind.WHOLE, 18),
    Column("Lost (count)", "lost", Kind.WHOLE, 18),
    Column("Lost (% of those who came in)", "lost_share", Kind.SHARE, 14),
    Column("Worth ({currency} a year)", "leak", Kind.MONEY, 18),
)
AGREEMENTS = (
    Column("Action", "title", Kind.TEXT, 38),
    Column("Owner", "owner", Kind.TEXT, 18),
    Column("Co-owner", "co_owner", Kind.TEXT, 18),
    Column("Due", "due", Kind.DATE, 14),
    Column("Brings ({currency} a year)", "gain", Kind.MONEY, 18),
)
BRINGS = (
    Column("What", "what", Kind.TEXT, 38),
    Column("{currency} a year", "worth", Kind.MONEY, 18),
)
EXPLANATIONS = (
    Column("Number", "number", Kind.TEXT, 34),
    Column("Value", "value", None, 22),
    Column("What it means", "meaning", Kind.TEXT, 90),
)
ORIGIN = (
    Column("What was read or chosen", "what", Kind.TEXT, 44),
    Column("How", "says", Kind.TEXT, 90),
)
HAND_OFFS = (
    Column("Step", "step", Kind.TEXT, 26),
    Column("What", "duty", Kind.TEXT, 24),
    Column("Who", "doer", Kind.TEXT, 20),
    Column("How", "rule", Kind.TEXT, 48),
    Column("Stands for it in sales", "sales", Kind.TEXT, 20),
    Column("Stands for it in marketing", "marketing", Kind.TEXT, 20),
    Column("Settled", "day", Kind.DATE, 13),
)
# Below the hand-offs, in the width of their columns.
WORDS = (
    Column("Word", "word", Kind.TEXT, 26),
    Column("Stands for it in sales", "sales", Kind.TEXT, 24),
    Column("Stands for it in marketing", "marketing", Kind.TEXT, 20),
    Column("What it means here", "meaning", Kind.TEXT, 48),
)
# The rows of an upload that were not used.
ASIDES = (
    Column("File", "file", Kind.TEXT, 26),
    Column("Line", "line", Kind.WHOLE, 9),
    Column("Lead", "lead", Kind.TEXT, 26),
    Column("Why it was set aside", "cause", Kind.TEXT, 60),
    Column("What the row says", "says", Kind.TEXT, 36),
)

"""The statements of the relationship check, and the habit that helps where one is not true."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.analysis.relationship import Stage


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that is true of two sides from a `stage` on, and the `play` that makes it so.

    `code` is what the records keep.
    """

    code: str
    stage: Stage
    words: str
    play: str


STATEMENTS = (
    Statement(
        "talk",
        Stage.UNDEFINED,
        "We talk to each other, also when nothing has gone wrong.",
        "Five minutes a day, one of each side: what did a customer say yesterday?",
    ),
    Statement(
        "daily_work",
        Stage.UNDEFINED,
        "I know what the other side does all day.",
        "Spend a day at the other side's desk, and tell both sides within a week what you saw.",
    ),
    Statement(
        "good_faith",
        Stage.UNDEFINED,
        "When the other side misses a number, we ask why before we blame.",
        "Do something outside work as one team, with nobody from only one side.",
    ),
    Statement(
        "hand_over",
        Stage.DEFINED,
        "There is a rule for when a lead is handed over, and we keep it.",
        "Once a week, look at ten leads together: which were good, which were not, and why?",
    ),
    Statement(
        "expectations",
        Stage.DEFINED,
        "Each side has in writing what the other expects of it.",
        "Show each other the pipeline and the calendar of campaigns, every Monday.",
    ),
    Statement(
        "who_does_what",
        Stage.DEFINED,
        "It is clear who does what, from the first contact to the signature.",
        "Name one person on each side whom the other side may ask anything, any day.",
    ),
    Statement(
        "same_words",
        Stage.ALIGNED,
        "Words like lead and opportunity mean the same to both sides.",
        "When something is new, train both sides in one room, by one trainer.",
    ),
    Statement(
        "customers",
        Stage.ALIGNED,
        "Both sides hear for themselves what customers ask.",
        "Marketing rides along on two sales calls a month, and says what it heard.",
    ),
    Statement(
        "help",
        Stage.ALIGNED,
        "We help each other, also where it is not our job.",
        "Prepare and hold one customer call together, a marketer and a salesperson.",
    ),
    Statement(
        "shared_goals",
        Stage.INTEGRATED,
        "We have goals that both sides reach together or miss together.",
        "Agree on one number for the quarter that both heads of department answer for.",
    ),
    Statement(
        "one_place",
        Stage.INTEGRATED,
        "We sit together, or in each other's meetings, every week.",
        "Sit together on two days a week, or give each other a chair in the weekly meeting.",
    ),
    Statement(
        "one_team",
        Stage.INTEGRATED,
        "We win and lose as one team.",
        "When a deal is won, tell both sides how it came about: who found, warmed and closed it.",
    ),
)

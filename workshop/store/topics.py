"""What screens follow: each change names the topics that have to be looked at again."""

from __future__ import annotations

AGENDA = "agenda"
SEATS = "seats"
IDEAS = "ideas"
PLAN = "plan"
# What is asked, revealed and settled; and who has answered, which only the room's count follows.
QUESTIONS = "questions"
ANSWERS = "answers"
# Who is let in. No screen follows it: what shuts somebody out changes the agenda too, which
# wakes every screen of the workshop, and those that are shut out close.
TOKENS = "tokens"


def team_topic(team_id: str) -> str:
    """The topic of one mini-team's seats and ideas; only its own laptops look again."""
    return f"team {team_id}"


def person_topic(person_id: str) -> str:
    """The topic of what one person has answered; only their own screens look again."""
    return f"person {person_id}"

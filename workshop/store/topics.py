"""What screens follow: each change names the topics that have to be looked at again."""

from __future__ import annotations

AGENDA = "agenda"
SEATS = "seats"
IDEAS = "ideas"
PLAN = "plan"
# Who is let in. No screen follows it: what shuts somebody out changes the agenda too, which
# wakes every screen of the workshop, and those that are shut out close.
TOKENS = "tokens"


def team_topic(team_id: str) -> str:
    """The topic of one mini-team's seats and ideas; only its own laptops look again."""
    return f"team {team_id}"

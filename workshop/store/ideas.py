"""Ideas: written by mini-teams, hidden until they are reported back, never deleted."""

from __future__ import annotations

from workshop import agenda
from workshop.access import Forbidden, Role, Visitor
from workshop.model import Estimate, Idea, IdeaDraft
from workshop.store.plan import Plan
from workshop.store.records import Row, StoreError, now, plain
from workshop.store.seats import Seats

IDEAS = "ideas"


def team_topic(team_id: str) -> str:
    """The topic of what one mini-team wrote; only its own laptops look again."""
    return f"team {team_id}"


class Ideas(Seats, Plan):
    """What the mini-teams would do."""

    def ideas(self, visitor: Visitor) -> tuple[Idea, ...]:
        """The ideas this visitor may read, oldest first.

        Facilitator and management read all; a mini-team its own and, like the room, those of
        the steps that have been reported back.
        """
        ideas = self._all_ideas(visitor.workshop_id)
        if visitor.role in (Role.FACILITATOR, Role.MANAGER):
            return ideas
        position = self.workshop(visitor).position
        own = self.person(visitor).team_id if visitor.role is Role.PARTICIPANT else None
        return tuple(
            idea
            for idea in ideas
            if idea.team_id == own or (idea.counts and agenda.revealed(position, idea.step))
        )

    def idea_counts(self, visitor: Visitor, step: int) -> dict[str, int]:
        """Ideas per mini-team on a step: all that the room may know while it writes."""
        counts: dict[str, int] = {team.id: 0 for team in self.teams(visitor)}
        for idea in self._all_ideas(visitor.workshop_id):
            if idea.step == step and idea.counts:
                counts[idea.team_id] = counts.get(idea.team_id, 0) + 1
        return counts

    def _all_ideas(self, workshop_id: str) -> tuple[Idea, ...]:
        return self._cached(workshop_id, IDEAS, "ideas", lambda: self._load_ideas(workshop_id))

    def _load_ideas(self, workshop_id: str) -> tuple[Idea, ...]:
        rows = self._read(
            "SELECT id, step, team_id, author, created_at, withdrawn, merged_into, "
            "title, low, likely, high, plan, reason, days_sales, days_marketing, owner "
            "FROM idea WHERE workshop_id = $1 ORDER BY created_at, id",
            workshop_id,
        )
        return tuple(_read_idea(row) for row in rows)

    def _idea(self, visitor: Visitor, idea_id: str) -> Idea:
        for idea in self._all_ideas(visitor.workshop_id):
            if idea.id == idea_id:
                return idea
        raise StoreError("This idea is not in the records.")

    def save_idea(self, visitor: Visitor, idea_id: str, step: int, draft: IdeaDraft) -> None:
        """Keep an idea of the participant's mini-team; the same id again replaces what it said.

        The id is the caller's, so that a form that is sent twice does not become two ideas.
        """
        visitor.must_be(Role.PARTICIPANT)
        self._refuse_unknown(visitor, step, draft.reason)
        person = self.person(visitor)
        held = [idea for idea in self._all_ideas(visitor.workshop_id) if idea.id == idea_id]
        if held and held[0].team_id != person.team_id:
            raise Forbidden("this idea belongs to another mini-team")
        with self._change(visitor, IDEAS, team_topic(person.team_id)) as change:
            change.upsert(
                "idea",
                {
                    "id": idea_id,
                    "workshop_id": visitor.workshop_id,
                    "step": step,
                    "team_id": person.team_id,
                    "author": person.name,
                    "withdrawn": False,
                    "created_at": now(),
                },
                title=draft.title.strip(),
                plan=draft.plan,
                reason=draft.reason,
                low=draft.recovers.low,
                likely=draft.recovers.likely,
                high=draft.recovers.high,
                days_sales=draft.days_sales,
                days_marketing=draft.days_marketing,
                owner=draft.owner.strip(),
            )
            before = plain(held[0].draft) if held else None
            change.trail("edited" if held else "wrote", idea_id, before, plain(draft))

    def _refuse_unknown(self, visitor: Visitor, step: int, reason: str | None) -> None:
        steps = self.funnel(visitor).steps
        if not 0 <= step < len(steps):
            raise ValueError(f"the step is {step}; it must lie between 0 and {len(steps) - 1}")
        if reason is not None and reason not in steps[step].losses:
            raise ValueError(f"'{reason}' is no loss reason of {steps[step].name}")

    def withdraw(self, visitor: Visitor, idea_id: str, withdrawn: bool = True) -> None:
        """Withdraw an idea, or bring it back: its own team's right, and the facilitator's."""
        visitor.must_be(Role.PARTICIPANT, Role.FACILITATOR)
        idea = self._idea(visitor, idea_id)
        if visitor.role is Role.PARTICIPANT and idea.team_id != self.person(visitor).team_id:
            raise Forbidden("this idea belongs to another mini-team")
        with self._change(visitor, IDEAS, team_topic(idea.team_id)) as change:
            change.run("UPDATE idea SET withdrawn = $1 WHERE id = $2", withdrawn, idea_id)
            change.trail("withdrew" if withdrawn else "restored", idea_id)

    def merge(self, visitor: Visitor, idea_id: str, into: str | None) -> None:
        """Count an idea as part of another one; None takes that back."""
        visitor.must_be(Role.FACILITATOR)
        idea = self._idea(visitor, idea_id)
        if into is not None:
            target = self._idea(visitor, into)
            if into == idea_id or target.merged_into is not None:
                raise ValueError(
                    "an idea can only be merged into another one that stands for itself"
                )
        with self._change(visitor, IDEAS, team_topic(idea.team_id)) as change:
            change.run("UPDATE idea SET merged_into = $1 WHERE id = $2", into, idea_id)
            change.trail("merged" if into else "unmerged", idea_id, after={"into": into})


def _read_idea(row: Row) -> Idea:
    id_, step, team_id, author, created_at, withdrawn, merged_into, title, low, likely, high = row[
        :11
    ]
    draft = IdeaDraft(title, Estimate(low, likely, high), *row[11:])
    return Idea(id_, step, team_id, author, draft, created_at, withdrawn, merged_into)

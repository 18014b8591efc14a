"""Ideas: written by mini-teams, hidden until they are reported back, never deleted."""

from __future__ import annotations

from typing import Any

from workshop import agenda
from workshop.access import Forbidden, Role, Visitor
from workshop.model import Estimate, Idea, IdeaDraft, Question, Side
from workshop.store.plan import Plan
from workshop.store.records import Change, Row, StoreError, now, plain
from workshop.store.seats import Seats

IDEAS = "ideas"
# What a mini-team may write: more than a day of it, and less than would slow the room down.
MOST_IDEAS = 300


def team_topic(team_id: str) -> str:
    """The topic of what one mini-team wrote; only its own laptops look again."""
    return f"team {team_id}"


class Ideas(Seats, Plan):
    """What the mini-teams would do."""

    def ideas(self, visitor: Visitor) -> tuple[Idea, ...]:
        """The ideas this visitor may read, oldest first.

        Facilitator and management read all; the room those of the steps that have been reported
        back. A participant reads these and their own mini-team's, but one that their side has
        not estimated yet only as a question (`questions`): its place and money would tell the
        other side's figures.
        """
        ideas = self._all_ideas(visitor.workshop_id)
        if visitor.role in (Role.FACILITATOR, Role.MANAGER):
            return ideas
        position = self.workshop(visitor).position
        return tuple(
            idea
            for idea in ideas
            if (idea.counts and agenda.revealed(position, idea.step))
            or (visitor.role is Role.PARTICIPANT and self._may_know(visitor, idea))
        )

    def questions(self, visitor: Visitor) -> tuple[Question, ...]:
        """The ideas of the participant's mini-team that their side is asked to estimate."""
        visitor.must_be(Role.PARTICIPANT)
        team_id = self.person(visitor).team_id
        known = {idea.id for idea in self.ideas(visitor)}
        return tuple(
            Question.about(idea)
            for idea in self._all_ideas(visitor.workshop_id)
            if idea.team_id == team_id and idea.counts and idea.id not in known
        )

    def _may_know(self, visitor: Visitor, idea: Idea) -> bool:
        """Whether a participant may read the figures of an idea before it is reported back.

        They may once their own side has said its own, or sales and marketing both have, as far
        as they sit in the mini-team.
        """
        person = self.person(visitor)
        if idea.team_id != person.team_id:
            return False
        said = {side for side, _ in idea.estimates}
        asked = self._sides(visitor, idea.team_id) - {Side.OTHER}
        return not said or person.side in said or asked <= said

    def _sides(self, visitor: Visitor, team_id: str) -> set[Side]:
        return {
            person.side
            for team in self.teams(visitor)
            if team.id == team_id
            for person in team.people
        }

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
            "title, low, likely, high, plan, reason, days_sales, days_marketing, owner, segment "
            "FROM idea WHERE workshop_id = $1 ORDER BY created_at, id",
            workshop_id,
        )
        estimates: dict[str, list[tuple[Side, Estimate]]] = {}
        for idea_id, side, *marks in self._read(
            "SELECT idea_id, side, low, likely, high FROM estimate "
            "WHERE workshop_id = $1 ORDER BY created_at, side",
            workshop_id,
        ):
            estimates.setdefault(idea_id, []).append((Side(side), Estimate(*marks)))
        return tuple(_read_idea(row, tuple(estimates.get(row[0], ()))) for row in rows)

    def _idea(self, visitor: Visitor, idea_id: str) -> Idea:
        for idea in self._all_ideas(visitor.workshop_id):
            if idea.id == idea_id:
                return idea
        raise StoreError("This idea is not in the records.")

    def save_idea(self, visitor: Visitor, idea_id: str, step: int, draft: IdeaDraft) -> None:
        """Keep an idea of the participant's mini-team; the same id again replaces what it said.

        The id is the caller's, so that a form that is sent twice does not become two ideas. The
        estimate is that of the participant's side, whoever wrote the idea first.
        """
        visitor.must_be(Role.PARTICIPANT)
        self._refuse_unknown(visitor, step, draft)
        person = self.person(visitor)
        held = [idea for idea in self._all_ideas(visitor.workshop_id) if idea.id == idea_id]
        if held and held[0].team_id != person.team_id:
            raise Forbidden("this idea belongs to another mini-team")
        with self._change(visitor, IDEAS, team_topic(person.team_id)) as change:
            change.must_own("idea", idea_id, or_new=True)
            if not held:
                self._refuse_a_flood(change, person.team_id)
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
                segment=draft.segment,
                low=draft.recovers.low,
                likely=draft.recovers.likely,
                high=draft.recovers.high,
                days_sales=draft.days_sales,
                days_marketing=draft.days_marketing,
                owner=draft.owner.strip(),
            )
            _put_estimate(change, idea_id, person.side, draft.recovers)
            before = _told(held[0], person.side) if held else None
            change.trail("edited" if held else "wrote", idea_id, before, plain(draft))

    def estimate(
        self, visitor: Visitor, idea_id: str, estimate: Estimate, side: Side | None = None
    ) -> None:
        """Say what a side expects of an idea of its own mini-team; without `side`, one's own.

        What one's own side has said may be replaced. For another side of the team, to whom this
        laptop was handed over, only its first word is taken.
        """
        visitor.must_be(Role.PARTICIPANT)
        person = self.person(visitor)
        side = side or person.side
        with self._change(visitor, IDEAS, team_topic(person.team_id)) as change:
            # Read within the change: of two laptops that answer at once one is the first.
            idea = self._idea(visitor, idea_id)
            said = dict(idea.estimates)
            if idea.team_id != person.team_id:
                raise Forbidden("this idea belongs to another mini-team")
            if side is not person.side and side in said:
                raise Forbidden(f"{side} has estimated this idea; only {side} may change that")
            if side not in self._sides(visitor, idea.team_id):
                raise Forbidden(f"nobody in this mini-team is from {side}")
            _put_estimate(change, idea_id, side, estimate)
            before = {"side": side, **plain(said[side])} if side in said else None
            change.trail("estimated", idea_id, before, {"side": side, **plain(estimate)})

    def _refuse_a_flood(self, change: Change, team_id: str) -> None:
        [(written,)] = change.run("SELECT count(*) FROM idea WHERE team_id = $1", team_id)
        if written >= MOST_IDEAS:
            raise StoreError(
                f"A mini-team keeps {MOST_IDEAS} ideas at most. Change one that it has."
            )

    def _refuse_unknown(self, visitor: Visitor, step: int, draft: IdeaDraft) -> None:
        steps = self.funnel(visitor).steps
        if not 0 <= step < len(steps):
            raise ValueError(f"the step is {step}; it must lie between 0 and {len(steps) - 1}")
        if draft.reason is not None and draft.reason not in steps[step].losses:
            raise ValueError(f"'{draft.reason}' is no loss reason of {steps[step].name}")
        if draft.segment is not None and draft.segment not in steps[step].segments:
            raise ValueError(f"'{draft.segment}' is no segment of {steps[step].name}")

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


def _told(idea: Idea, side: Side) -> dict[str, Any]:
    """An idea's words for the trail, with what this side said; nothing where it had not yet."""
    recovers = dict(idea.estimates).get(side) if idea.estimates else idea.draft.recovers
    return plain(idea.draft) | {"recovers": None if recovers is None else plain(recovers)}


def _put_estimate(change: Change, idea_id: str, side: Side, estimate: Estimate) -> None:
    """Keep what a side expects of an idea; the moment it was first said stays."""
    change.run(
        "INSERT INTO estimate (idea_id, side, workshop_id, low, likely, high, created_at) "
        "SELECT id, $2, workshop_id, $4, $5, $6, $7 FROM idea WHERE id = $1 AND workshop_id = $3 "
        "ON CONFLICT (idea_id, side) DO UPDATE SET "
        "low = excluded.low, likely = excluded.likely, high = excluded.high",
        idea_id,
        side,
        change.visitor.workshop_id,
        estimate.low,
        estimate.likely,
        estimate.high,
        now(),
    )


def _read_idea(row: Row, estimates: tuple[tuple[Side, Estimate], ...]) -> Idea:
    """An idea as it is in the records; the first estimate of a side was its author's."""
    id_, step, team_id, author, created_at, withdrawn, merged_into, title, low, likely, high = row[
        :11
    ]
    recovers = estimates[0][1] if estimates else Estimate(low, likely, high)
    draft = IdeaDraft(title, recovers, *row[11:])
    return Idea(id_, step, team_id, author, draft, created_at, withdrawn, merged_into, estimates)

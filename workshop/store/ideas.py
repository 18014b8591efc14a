"""Ideas: written by mini-teams, hidden until they are reported back, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from workshop.domain import agenda
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.idea import Estimate, Idea, IdeaDraft, Question
from workshop.domain.people import Person, Side
from workshop.domain.text import refuse_id
from workshop.store.plan import Plan
from workshop.store.records import Change, Row, StoreError, now, plain
from workshop.store.seats import IDEAS, SEATS, team_topic
from workshop.store.second_devices import SecondDevices
from workshop.store.verbs import Verb

IDEA = (
    "SELECT id, step, team_id, author, created_at, withdrawn, merged_into, "
    "title, low, likely, high, plan, reason, days_sales, days_marketing, owner, segment FROM idea"
)
SAID = "side, low, likely, high FROM estimate"
# What a mini-team may write: more than a day of it, and less than would slow the room down.
MOST_IDEAS = 300
MOST_IDEAS_OF_ALL = 5_000
# In their titles and plans; a backup holds as much, in whatever script they are written.
MOST_CHARACTERS = 300_000
MOST_CHARACTERS_OF_ALL = 3_000_000


class Ideas(SecondDevices, Plan):
    """What the mini-teams would do."""

    def ideas(self, visitor: Visitor) -> tuple[Idea, ...]:
        """The ideas this visitor may read, oldest first.

        Facilitator and management read all; the room those of the steps that have been reported
        back. A participant reads these and their own mini-team's, but one that their side has
        not estimated yet only as a question (`questions`): its place and money would tell the
        other side's figures. Nor do they read what was written before they came (`late`).
        """
        ideas = self._all_ideas(visitor.workshop_id)
        if visitor.role in (Role.FACILITATOR, Role.MANAGER):
            return ideas
        position = self.workshop(visitor).position
        own = self._known_in_team(visitor, ideas) if visitor.role is Role.PARTICIPANT else set()
        return tuple(
            idea
            for idea in ideas
            if idea.id in own or (idea.counts and agenda.revealed(position, idea.step))
        )

    def questions(self, visitor: Visitor) -> tuple[Question, ...]:
        """The ideas of the participant's mini-team that their side is asked to estimate."""
        visitor.must_be(Role.PARTICIPANT)
        person = self.person(visitor)
        known = {idea.id for idea in self.ideas(visitor)}
        return tuple(
            Question.about(idea)
            for idea in self._all_ideas(visitor.workshop_id)
            if idea.team_id == person.team_id
            and person.reads(idea.created_at)
            and idea.counts
            and idea.id not in known
        )

    def late(self, visitor: Visitor) -> tuple[Person, ...]:
        """Who came after their mini-team had written, and does not read that yet.

        For the facilitator all of them, for a participant those of their own mini-team to whom
        they can show more (`let_read`).
        """
        visitor.must_be(Role.FACILITATOR, Role.PARTICIPANT)
        own = self.person(visitor) if visitor.role is Role.PARTICIPANT else None
        first = {
            idea.team_id: idea.created_at
            for idea in reversed(self._hidden(visitor))
            if own is None or (idea.team_id == own.team_id and own.reads(idea.created_at))
        }
        return tuple(
            person
            for team in self.teams(visitor)
            if team.id in first
            for person in team.people
            if not person.reads(first[team.id])
        )

    def is_late(self, visitor: Visitor) -> bool:
        """Whether the participant's mini-team wrote before they came what they do not read yet."""
        visitor.must_be(Role.PARTICIPANT)
        own = self.person(visitor)
        return any(
            idea.team_id == own.team_id and not own.reads(idea.created_at)
            for idea in self._hidden(visitor)
        )

    def _hidden(self, visitor: Visitor) -> list[Idea]:
        """The ideas that are not reported back yet, oldest first."""
        position = self.workshop(visitor).position
        return [
            idea
            for idea in self._all_ideas(visitor.workshop_id)
            if not agenda.revealed(position, idea.step)
        ]

    def let_read(self, visitor: Visitor, person_id: str) -> None:
        """Let a person read what their mini-team wrote before they came.

        The facilitator shows all of it, one of the mini-team what they read themselves.
        """
        visitor.must_be(Role.FACILITATOR, Role.PARTICIPANT)
        with self._change(visitor, SEATS) as change:
            people = {person.id: person for person in self.late(visitor)}
            if person_id not in people:
                raise StoreError("There is nothing that this person cannot read.")
            is_own = visitor.role is Role.PARTICIPANT
            reads_after = self.person(visitor).reads_after if is_own else None
            change.run("UPDATE person SET reads_after = $1 WHERE id = $2", reads_after, person_id)
            change.topics.append(team_topic(people[person_id].team_id))
            change.trail(Verb.READING_ALLOWED, person_id)

    def _known_in_team(self, visitor: Visitor, ideas: Sequence[Idea]) -> set[str]:
        """The ideas of their mini-team whose figures a participant may read before the report.

        They may once their own side has said its own, or sales and marketing both have, as far
        as they sit in the mini-team.
        """
        person = self.person(visitor)
        asked = self._sides(visitor, person.team_id) - {Side.OTHER}
        known = set()
        for idea in ideas:
            said = {side for side, _ in idea.estimates}
            is_theirs = idea.team_id == person.team_id and person.reads(idea.created_at)
            if is_theirs and (not said or person.side in said or asked <= said):
                known.add(idea.id)
        return known

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
        rows = self._read(f"{IDEA} WHERE workshop_id = $1 ORDER BY number", workshop_id)
        estimates: dict[str, list[Row]] = {}
        for idea_id, *said in self._read(
            f"SELECT idea_id, {SAID} WHERE workshop_id = $1 ORDER BY number", workshop_id
        ):
            estimates.setdefault(idea_id, []).append(tuple(said))
        return tuple(_read_idea(row, estimates.get(row[0], ())) for row in rows)

    def _idea(self, visitor: Visitor, idea_id: str) -> Idea:
        for idea in self._all_ideas(visitor.workshop_id):
            if idea.id == idea_id:
                return idea
        raise StoreError("This idea is not in the records.")

    def save_idea(
        self,
        visitor: Visitor,
        idea_id: str,
        step: int,
        draft: IdeaDraft,
        *,
        submission_id: str = "",
    ) -> str:
        """Keep an idea of the participant's mini-team; the same id again replaces what it said.

        The id is the caller's; one that is none raises ValueError. What a form submits in the very
        words of an idea that the mini-team has on that step is that one: two tabs may hold one
        draft. The estimate is that of the participant's side, whoever wrote the idea first.
        Returns the idea's id. Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.PARTICIPANT)
        refuse_id("this idea", idea_id)
        with self._change(visitor, IDEAS, submission_id=submission_id) as change:
            # Within the change: all records may just have been replaced.
            self._refuse_unknown(visitor, step, draft)
            person = self.person(visitor)
            change.topics.append(team_topic(person.team_id))
            ideas = self._all_ideas(visitor.workshop_id)
            kept = replace(draft, title=draft.title.strip(), owner=draft.owner.strip())
            held = next((idea for idea in ideas if idea.id == idea_id), None)
            if submission_id and held is None:
                held = _in_the_same_words(ideas, person.team_id, step, kept)
            _refuse_a_flood(ideas, held, person.team_id, kept)
            if held is None:
                idea = Idea(idea_id, step, person.team_id, person.name, kept, now())
                change.insert_new("idea", **_founded(visitor, idea), **_written(kept))
            elif held.team_id != person.team_id:
                raise Forbidden("this idea belongs to another mini-team")
            else:
                idea = replace(held, draft=kept)
                change.update("idea", held.id, **_written(kept))
            _put_estimate(change, idea, person.side, kept.recovers)
            before = _told(held, person.side) if held else None
            verb = Verb.IDEA_EDITED if held else Verb.IDEA_WRITTEN
            change.trail(verb, idea.id, before, plain(draft))
            _renew(change, _estimated(idea, person.side, kept.recovers))
        return idea.id

    def estimate(
        self,
        visitor: Visitor,
        idea_id: str,
        estimate: Estimate,
        side: Side | None = None,
        *,
        submission_id: str = "",
    ) -> None:
        """Say what a side expects of an idea of its own mini-team; without `side`, one's own.

        What one's own side has said may be replaced. For another side of the team, to whom this
        laptop was handed over, only its first word is taken. Raises Repeated where this submission
        was taken before.
        """
        visitor.must_be(Role.PARTICIPANT)
        with self._change(visitor, IDEAS, submission_id=submission_id) as change:
            # Read within the change: of two laptops that answer at once one is the first.
            person = self.person(visitor)
            side = side or person.side
            change.topics.append(team_topic(person.team_id))
            idea = self._idea(visitor, idea_id)
            said = dict(idea.estimates)
            if idea.team_id != person.team_id:
                raise Forbidden("this idea belongs to another mini-team")
            if side is not person.side and side in said:
                raise Forbidden(f"{side} has estimated this idea; only {side} may change that")
            if side not in self._sides(visitor, idea.team_id):
                raise Forbidden(f"nobody in this mini-team is from {side}")
            _put_estimate(change, idea, side, estimate)
            before = {"side": side, **plain(said[side])} if side in said else None
            change.trail(Verb.IDEA_ESTIMATED, idea_id, before, {"side": side, **plain(estimate)})
            _renew(change, _estimated(idea, side, estimate))

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
        with self._change(visitor, IDEAS) as change:
            idea = self._idea(visitor, idea_id)
            if visitor.role is Role.PARTICIPANT and idea.team_id != self.person(visitor).team_id:
                raise Forbidden("this idea belongs to another mini-team")
            change.topics.append(team_topic(idea.team_id))
            change.run("UPDATE idea SET withdrawn = $1 WHERE id = $2", withdrawn, idea_id)
            change.trail(Verb.IDEA_WITHDRAWN if withdrawn else Verb.IDEA_RESTORED, idea_id)
            _renew(change, replace(idea, withdrawn=withdrawn))

    def merge(self, visitor: Visitor, idea_id: str, into: str | None) -> None:
        """Count an idea as part of another one; None takes that back."""
        visitor.must_be(Role.FACILITATOR)
        with self._change(visitor, IDEAS) as change:
            idea = self._idea(visitor, idea_id)
            if into is not None and (into == idea_id or self._idea(visitor, into).merged_into):
                raise ValueError(
                    "an idea can only be merged into another one that stands for itself"
                )
            change.topics.append(team_topic(idea.team_id))
            change.run("UPDATE idea SET merged_into = $1 WHERE id = $2", into, idea_id)
            verb = Verb.IDEA_MERGED if into else Verb.IDEA_UNMERGED
            change.trail(verb, idea_id, after={"into": into})
            _renew(change, replace(idea, merged_into=into))


def _in_the_same_words(
    ideas: Sequence[Idea], team_id: str, step: int, draft: IdeaDraft
) -> Idea | None:
    own = (idea for idea in ideas if (idea.team_id, idea.step) == (team_id, step))
    return next((idea for idea in own if idea.counts and idea.draft == draft), None)


def _refuse_a_flood(
    ideas: Sequence[Idea], held: Idea | None, team_id: str, draft: IdeaDraft
) -> None:
    """Raise StoreError where one more idea, or longer words in one, would be too much."""
    own = [idea for idea in ideas if idea.team_id == team_id]
    if held is None and len(own) >= MOST_IDEAS:
        raise StoreError(f"A mini-team keeps {MOST_IDEAS} ideas at most. Change one that it has.")
    if held is None and len(ideas) >= MOST_IDEAS_OF_ALL:
        raise StoreError(
            f"A workshop keeps {MOST_IDEAS_OF_ALL:,} ideas at most. Change one that it has."
        )
    more = draft.characters - (held.draft.characters if held else 0)
    for written, who, most in (
        (own, "mini-team", MOST_CHARACTERS),
        (ideas, "workshop", MOST_CHARACTERS_OF_ALL),
    ):
        if more > 0 and sum(idea.draft.characters for idea in written) + more > most:
            raise StoreError(
                f"All ideas of a {who} may have {most:,} characters together. Shorten some of them."
            )


def _renew(change: Change, renewed: Idea) -> None:
    """Of all ideas that have been read, replace only the one that this change is about."""

    def amended(ideas: tuple[Idea, ...]) -> tuple[Idea, ...]:
        if all(idea.id != renewed.id for idea in ideas):
            return (*ideas, renewed)
        return tuple(renewed if idea.id == renewed.id else idea for idea in ideas)

    change.amend(IDEAS, "ideas", amended)


def _estimated(idea: Idea, side: Side, estimate: Estimate) -> Idea:
    """The idea with what a side expects of it; its own estimate is the first that was said."""
    said = dict(idea.estimates) | {side: estimate}
    first = next(iter(said.values()))
    return replace(idea, draft=replace(idea.draft, recovers=first), estimates=tuple(said.items()))


def _founded(visitor: Visitor, idea: Idea) -> dict[str, Any]:
    """What stays of an idea whatever is written into it, by column."""
    return {
        "id": idea.id,
        "workshop_id": visitor.workshop_id,
        "step": idea.step,
        "team_id": idea.team_id,
        "author": idea.author,
        "withdrawn": idea.withdrawn,
        "created_at": idea.created_at,
    }


def _written(draft: IdeaDraft) -> dict[str, Any]:
    """What a mini-team may write anew, by column."""
    return {
        "title": draft.title,
        "plan": draft.plan,
        "reason": draft.reason,
        "segment": draft.segment,
        "low": draft.recovers.low,
        "likely": draft.recovers.likely,
        "high": draft.recovers.high,
        "days_sales": draft.days_sales,
        "days_marketing": draft.days_marketing,
        "owner": draft.owner,
    }


def _told(idea: Idea, side: Side) -> dict[str, Any]:
    """An idea's words for the trail, with what this side said; nothing where it had not yet."""
    recovers = dict(idea.estimates).get(side) if idea.estimates else idea.draft.recovers
    return plain(idea.draft) | {"recovers": None if recovers is None else plain(recovers)}


def _put_estimate(change: Change, idea: Idea, side: Side, estimate: Estimate) -> None:
    """Keep what a side expects of an idea; the moment it was first said stays."""
    marks = {"low": estimate.low, "likely": estimate.likely, "high": estimate.high}
    if side in dict(idea.estimates):
        change.run(
            "UPDATE estimate SET low = $3, likely = $4, high = $5 WHERE idea_id = $1 AND side = $2",
            idea.id,
            side,
            *marks.values(),
        )
        return
    change.insert(
        "estimate",
        idea_id=idea.id,
        side=side,
        workshop_id=change.visitor.workshop_id,
        created_at=now(),
        **marks,
    )


def _read_idea(row: Row, said: Sequence[Row]) -> Idea:
    """An idea as it is in the records; the first estimate of a side was its author's."""
    estimates = tuple((Side(side), Estimate(*marks)) for side, *marks in said)
    id_, step, team_id, author, created_at, withdrawn, merged_into, title, low, likely, high = row[
        :11
    ]
    recovers = estimates[0][1] if estimates else Estimate(low, likely, high)
    draft = IdeaDraft(title, recovers, *row[11:])
    return Idea(id_, step, team_id, author, draft, created_at, withdrawn, merged_into, estimates)

"""Ideas: written by mini-teams, hidden until they are reported back, never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.idea import Estimate, EstimateRequest, Idea, IdeaDraft
from workshop.domain.people import Person, Side
from workshop.domain.text import refuse_id
from workshop.store import idea_access
from workshop.store.database import Change, Database, Source, as_values
from workshop.store.errors import StoreError
from workshop.store.idea_limits import in_the_same_words, refuse_a_flood, refuse_unknown
from workshop.store.idea_rows import (
    Round,
    estimated,
    idea_of,
    ideas_of,
    put_estimate,
    renew_idea,
    update_draft,
    words_of,
)
from workshop.store.people import person_of, teams_of
from workshop.store.together import Together
from workshop.store.topics import IDEAS, SEATS, team_topic
from workshop.store.verbs import Verb
from workshop.store.writing import IdeaBatch, SentIdea


class Ideas:
    """What the mini-teams would do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing = Together(database, IDEAS, IdeaBatch)

    def readable(self, visitor: Visitor) -> tuple[Idea, ...]:
        """The ideas this visitor may read, oldest first.

        Facilitator and management read all; the room those of the steps that have been reported
        back. A participant reads these and their own mini-team's, but one that their side has
        not estimated yet only as a request (`estimate_requests`): its place and money would tell
        the other side's figures. Nor do they read what was written before they came (`late`).
        """
        return idea_access.readable(self._database, visitor)

    def estimate_requests(self, visitor: Visitor) -> tuple[EstimateRequest, ...]:
        """The ideas of the participant's mini-team that their side is asked to estimate."""
        visitor.must_be(Role.PARTICIPANT)
        person = person_of(self._database, visitor)
        known = {idea.id for idea in self.readable(visitor)}
        return tuple(
            EstimateRequest.about(idea)
            for idea in ideas_of(self._database, visitor.workshop_id)
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
        return idea_access.late(self._database, visitor)

    def is_late(self, visitor: Visitor) -> bool:
        """Whether the participant's mini-team wrote before they came what they do not read yet."""
        visitor.must_be(Role.PARTICIPANT)
        own = person_of(self._database, visitor)
        return any(
            idea.team_id == own.team_id and not own.reads(idea.created_at)
            for idea in idea_access.hidden(self._database, visitor.workshop_id)
        )

    def let_read(self, visitor: Visitor, person_id: str, *, submission_id: str = "") -> None:
        """Let a person read what their mini-team wrote before they came.

        The facilitator shows all of it, one of the mini-team what they read themselves. Raises
        Repeated where this submission was taken before.
        """
        visitor.must_be(Role.FACILITATOR, Role.PARTICIPANT)
        with self._database.change(visitor, SEATS, submission_id=submission_id) as change:
            people = {person.id: person for person in idea_access.late(change, visitor)}
            if person_id not in people:
                raise StoreError("There is nothing that this person cannot read.")
            is_own = visitor.role is Role.PARTICIPANT
            reads_after = person_of(change, visitor).reads_after if is_own else None
            change.update("person", person_id, reads_after=reads_after)
            change.topics.append(team_topic(people[person_id].team_id))
            change.log_activity(Verb.READING_ALLOWED, person_id)

    def counts(self, visitor: Visitor, step: int) -> dict[str, int]:
        """Ideas per mini-team on a step: all that the room may know while it writes."""
        teams = teams_of(self._database, visitor.workshop_id)
        counts: dict[str, int] = {team.id: 0 for team in teams}
        for idea in ideas_of(self._database, visitor.workshop_id):
            if idea.step == step and idea.counts:
                counts[idea.team_id] = counts.get(idea.team_id, 0) + 1
        return counts

    def save(
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
        draft. The estimate is that of the participant's side, whoever wrote the idea first; changed
        after the report back it is the second one.
        Returns the idea's id. Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.PARTICIPANT)
        refuse_id("this idea", idea_id)
        if all(idea.id != idea_id for idea in ideas_of(self._database, visitor.workshop_id)):
            sent = SentIdea(
                visitor=visitor,
                submission_id=submission_id,
                idea_id=idea_id,
                step=step,
                draft=draft,
            )
            self._writing.take(sent)
            if not sent.is_change:
                return idea_id
        return self._change(visitor, idea_id, step, draft, submission_id)

    def _change(
        self, visitor: Visitor, idea_id: str, step: int, draft: IdeaDraft, submission_id: str
    ) -> str:
        """Keep what is said anew of an idea; by its id, or by the very words of it."""
        with self._database.change(visitor, IDEAS, submission_id=submission_id) as change:
            # Within the change: all records may just have been replaced.
            refuse_unknown(change, visitor.workshop_id, step, draft)
            person = person_of(change, visitor)
            change.topics.append(team_topic(person.team_id))
            ideas = ideas_of(change, visitor.workshop_id)
            kept = draft.stripped
            held = next((idea for idea in ideas if idea.id == idea_id), None)
            held = held or in_the_same_words(ideas, person.team_id, step, kept)
            if held is None:
                raise StoreError("This idea is not in the records any more. Send it again.")
            if held.team_id != person.team_id:
                raise Forbidden("this idea belongs to another mini-team")
            refuse_a_flood(ideas, held, person.team_id, kept)
            idea = replace(held, draft=kept)
            update_draft(change, idea)
            number = _round_of(change, visitor.workshop_id, held, person.side, kept.recovers)
            put_estimate(change, idea, person.side, kept.recovers, number)
            before = words_of(held, person.side)
            change.log_activity(Verb.IDEA_EDITED, idea.id, before, as_values(draft))
            renew_idea(change, estimated(idea, person.side, kept.recovers, number))
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
        with self._database.change(visitor, IDEAS, submission_id=submission_id) as change:
            # Read within the change: of two laptops that answer at once one is the first.
            person = person_of(change, visitor)
            side = side or person.side
            idea = idea_of(change, visitor.workshop_id, idea_id)
            said = idea.first_round
            _refuse_to_speak(change, person, idea, side, said)
            _keep(change, person, idea, said, side, estimate, Round.FIRST)

    def asked_again(self, visitor: Visitor, side: Side | None = None) -> tuple[Idea, ...]:
        """The ideas of the participant's mini-team that a side is asked to estimate anew, oldest
        first; without `side`, one's own.

        The mini-team has reported them back. They are as before anybody estimated them anew.
        """
        visitor.must_be(Role.PARTICIPANT)
        person = person_of(self._database, visitor)
        side = side or person.side
        return tuple(
            idea.without_second_round()
            for idea in ideas_of(self._database, visitor.workshop_id)
            if idea.team_id == person.team_id
            and idea.counts
            and side in dict(idea.estimates)
            and side not in dict(idea.first)
            and idea_access.is_reported(self._database, visitor.workshop_id, idea)
        )

    def estimate_again(
        self,
        visitor: Visitor,
        idea_id: str,
        estimate: Estimate,
        side: Side | None = None,
        *,
        submission_id: str = "",
    ) -> None:
        """Say what a side expects of an idea once its mini-team has reported it back.

        Both rounds are kept; the last one counts. Who may speak for which side is as in
        `estimate`. Raises StoreError where the side has not estimated it before, or it is not
        reported back, and Repeated where this submission was taken before.
        """
        visitor.must_be(Role.PARTICIPANT)
        with self._database.change(visitor, IDEAS, submission_id=submission_id) as change:
            person = person_of(change, visitor)
            side = side or person.side
            idea = idea_of(change, visitor.workshop_id, idea_id)
            anew = {each: dict(idea.estimates)[each] for each in dict(idea.first)}
            _refuse_to_speak(change, person, idea, side, anew)
            if side not in dict(idea.estimates):
                raise StoreError("Your side has not estimated this idea before the report back.")
            if not idea_access.is_reported(change, visitor.workshop_id, idea):
                raise StoreError("Your team has not reported back yet. Estimate again after that.")
            _keep(change, person, idea, anew, side, estimate, Round.SECOND)

    def withdraw(
        self, visitor: Visitor, idea_id: str, withdrawn: bool = True, *, submission_id: str = ""
    ) -> None:
        """Withdraw an idea, or bring it back: its own team's right, and the facilitator's.

        Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.PARTICIPANT, Role.FACILITATOR)
        with self._database.change(visitor, IDEAS, submission_id=submission_id) as change:
            idea = idea_of(change, visitor.workshop_id, idea_id)
            if (
                visitor.role is Role.PARTICIPANT
                and idea.team_id != person_of(change, visitor).team_id
            ):
                raise Forbidden("this idea belongs to another mini-team")
            change.topics.append(team_topic(idea.team_id))
            change.update("idea", idea_id, withdrawn=withdrawn)
            change.log_activity(Verb.IDEA_WITHDRAWN if withdrawn else Verb.IDEA_RESTORED, idea_id)
            renew_idea(change, replace(idea, withdrawn=withdrawn))

    def merge(self, visitor: Visitor, idea_id: str, into: str | None) -> None:
        """Count an idea as part of another one; None takes that back."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, IDEAS) as change:
            idea = idea_of(change, visitor.workshop_id, idea_id)
            target = idea_of(change, visitor.workshop_id, into) if into else None
            if target is not None and (target.id == idea_id or target.merged_into):
                raise ValueError(
                    "an idea can only be merged into another one that stands for itself"
                )
            change.topics.append(team_topic(idea.team_id))
            change.update("idea", idea_id, merged_into=into)
            verb = Verb.IDEA_MERGED if into else Verb.IDEA_UNMERGED
            change.log_activity(verb, idea_id, after={"into": into})
            renew_idea(change, replace(idea, merged_into=into))


def _round_of(
    source: Source, workshop_id: str, idea: Idea, side: Side, estimate: Estimate
) -> Round:
    """The round that a side's estimate in an edited idea is of: another one than before the report
    back is its second."""
    if side in dict(idea.first):
        return Round.SECOND
    is_changed = dict(idea.estimates).get(side, estimate) != estimate
    is_second = is_changed and idea_access.is_reported(source, workshop_id, idea)
    return Round.SECOND if is_second else Round.FIRST


def _refuse_to_speak(
    change: Change, person: Person, idea: Idea, side: Side, said: Mapping[Side, Estimate]
) -> None:
    """Raise Forbidden where a person may not speak for a side, of which `said` holds its word."""
    if idea.team_id != person.team_id:
        raise Forbidden("this idea belongs to another mini-team")
    if side is not person.side and side in said:
        raise Forbidden(f"{side} has estimated this idea; only {side} may change that")
    if side not in idea_access.sides_of(change, change.workshop_id, idea.team_id):
        raise Forbidden(f"nobody in this mini-team is from {side}")


def _keep(
    change: Change,
    person: Person,
    idea: Idea,
    said: Mapping[Side, Estimate],
    side: Side,
    estimate: Estimate,
    number: Round,
) -> None:
    """Keep what a side says in a round in which `said` was said, and tell its mini-team."""
    change.topics.append(team_topic(person.team_id))
    put_estimate(change, idea, side, estimate, number)
    before = {"side": side, **as_values(said[side])} if side in said else None
    verb = Verb.IDEA_ESTIMATED_AGAIN if number is Round.SECOND else Verb.IDEA_ESTIMATED
    change.log_activity(verb, idea.id, before, {"side": side, **as_values(estimate)})
    renew_idea(change, estimated(idea, side, estimate, number))

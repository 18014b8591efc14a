"""New ideas as they come: what a room sends at one moment is kept in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.domain.access import Forbidden
from workshop.domain.idea import Idea, IdeaDraft
from workshop.domain.people import Person
from workshop.domain.text import refuse_id
from workshop.store import clock
from workshop.store.database import WITHDRAWN, Change, Entry, as_values, foreign
from workshop.store.errors import Repeated, StoreError
from workshop.store.idea_limits import in_the_same_words, refuse_a_flood, refuse_unknown
from workshop.store.idea_rows import Round, estimated, ideas_of, insert_ideas, known_ids
from workshop.store.people import person_of
from workshop.store.submissions import take_all, taken_of
from workshop.store.together import Sent
from workshop.store.tokens import marks_that_hold
from workshop.store.topics import IDEAS, team_topic
from workshop.store.verbs import Verb


@dataclass(eq=False, kw_only=True)
class SentIdea(Sent):
    """An idea that one participant has sent; `is_change` where the records have it already."""

    idea_id: str
    step: int
    draft: IdeaDraft
    is_change: bool = False


class IdeaBatch:
    """New ideas about to be written. What turns out to be a change of one is not kept here."""

    def __init__(self, change: Change, sent: Sequence[SentIdea]) -> None:
        self._change = change
        self._marks = marks_that_hold(change, [one.visitor for one in sent])
        ids = [one.submission_id for one in sent if one.submission_id]
        self._taken = taken_of(change.read, change.workshop_id, ids)
        self._known = known_ids(change.read, [one.idea_id for one in sent])
        self._ideas = list(ideas_of(change, change.workshop_id))
        self._new: list[Idea] = []
        self._entries: list[Entry] = []
        self._submissions: list[str] = []

    def add(self, sent: SentIdea) -> None:
        """Take an idea in; raises what is wrong with it."""
        visitor = sent.visitor
        if visitor.mark and visitor.mark not in self._marks:
            raise Forbidden(WITHDRAWN)
        if sent.submission_id:
            refuse_id("this answer", sent.submission_id)
        if sent.submission_id in self._taken:
            raise Repeated
        # Within the change: all records may just have been replaced.
        refuse_unknown(self._change, visitor.workshop_id, sent.step, sent.draft)
        person = person_of(self._change, visitor)
        draft = sent.draft.stripped
        sent.is_change = self._has(sent, person, draft)
        if not sent.is_change:
            self._put(sent, person, draft)

    def _has(self, sent: SentIdea, person: Person, draft: IdeaDraft) -> bool:
        """Whether it is an idea already, by its id or, of a form, in the very same words."""
        if any(idea.id == sent.idea_id for idea in self._ideas):
            return True
        alike = in_the_same_words(self._ideas, person.team_id, sent.step, draft)
        return bool(sent.submission_id) and alike is not None

    def _put(self, sent: SentIdea, person: Person, draft: IdeaDraft) -> None:
        if sent.idea_id in self._known:
            raise StoreError(foreign("idea"))
        refuse_a_flood(self._ideas, None, person.team_id, draft)
        idea = Idea(sent.idea_id, sent.step, person.team_id, person.name, draft, clock.now())
        idea = estimated(idea, person.side, draft.recovers, Round.FIRST)
        self._ideas.append(idea)
        self._new.append(idea)
        self._entries.append(
            Entry(Verb.IDEA_WRITTEN, idea.id, after=as_values(sent.draft), by=sent.visitor)
        )
        self._change.topics.append(team_topic(person.team_id))
        if sent.submission_id:
            self._taken.add(sent.submission_id)
            self._submissions.append(sent.submission_id)

    def write(self) -> None:
        """Keep all of it."""
        if not self._new:
            return
        new = tuple(self._new)
        take_all(self._change.write, self._change.workshop_id, self._submissions)
        insert_ideas(self._change, new)
        self._change.log_together(self._entries)
        self._change.amend(IDEAS, "ideas", lambda ideas: (*ideas, *new))

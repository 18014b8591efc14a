"""What an idea must be to be kept: about what there is, and not too much of it."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.domain.idea import Idea, IdeaDraft
from workshop.store.database import Source
from workshop.store.errors import StoreError
from workshop.store.funnels import funnel_of

# What a mini-team may write: more than a day of it, and less than would slow the room down.
MOST_IDEAS = 300
MOST_IDEAS_OF_ALL = 5_000
# In their titles and plans; a backup holds as much, in whatever script they are written.
MOST_CHARACTERS = 300_000
MOST_CHARACTERS_OF_ALL = 3_000_000


def refuse_unknown(source: Source, workshop_id: str, step: int, draft: IdeaDraft) -> None:
    """Raise ValueError where the funnel has no such step, reason or segment."""
    steps = funnel_of(source, workshop_id).steps
    if not 0 <= step < len(steps):
        raise ValueError(f"the step is {step}; it must lie between 0 and {len(steps) - 1}")
    if draft.reason is not None and draft.reason not in steps[step].losses:
        raise ValueError(f"'{draft.reason}' is no loss reason of {steps[step].name}")
    if draft.segment is not None and draft.segment not in steps[step].segments:
        raise ValueError(f"'{draft.segment}' is no segment of {steps[step].name}")


def in_the_same_words(
    ideas: Sequence[Idea], team_id: str, step: int, draft: IdeaDraft
) -> Idea | None:
    """The idea of a mini-team on a step that says just this; None where there is none."""
    own = (idea for idea in ideas if (idea.team_id, idea.step) == (team_id, step))
    return next((idea for idea in own if idea.counts and idea.draft == draft), None)


def refuse_a_flood(
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

"""A first guess at how lead-level files are laid out, from columns and from what leads did.

Nothing here raises for odd files: what cannot be told is said, and a person corrects the guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workshop.intake.caution import Caution, Code, Severity
from workshop.intake.cells import quoted
from workshop.intake.columns import Column
from workshop.intake.evidence import Evidence
from workshop.intake.layout import Field, Layout, Shape
from workshop.intake.table_guess import TableGuess

__all__ = ["Column", "Recognition", "recognise"]


@dataclass(frozen=True, slots=True)
class Recognition:
    """A guess, and what is open about it.

    `cautions` say what the files do not tell, `ambiguous` names the date columns that may be read
    day first or month first, `unsure` the stages whose place is to be checked, `unused` the places
    of files that the guess does not use. Of several `pipelines`, the largest first, `pipeline` is
    the one that is read. No layout, where nothing fits.
    """

    layout: Layout | None
    cautions: tuple[Caution, ...] = ()
    ambiguous: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    unused: tuple[int, ...] = ()
    pipelines: tuple[str, ...] = ()
    pipeline: str | None = None


def recognise(
    tables: Sequence[Sequence[Column]],
    evidence: Evidence | None = None,
    known: Mapping[Field, str] | None = None,
    pipeline: str | None = None,
) -> Recognition:
    """What one file, or two that belong together, seem to be.

    Two may be deals and the leads that they came from, joined on an id, or a history of stages
    that are written as ids, and the table that names them. `evidence` is how leads went through
    the stages, as far as that is known; `known` are the columns that somebody has named,
    `pipeline` the one of several that is wanted.

    >>> found = recognise([[Column("lead_id"), Column("event", samples=("Lead", "SQL", "Won")),
    ...                     Column("timestamp")]])
    >>> found.layout.shape.name, found.layout.stages
    ('HISTORY', ('Lead', 'SQL', 'Won'))
    """
    guesses = {
        place: TableGuess(table, {}, known or {}, pipeline)
        for place, table in enumerate(tables)
        if table
    }
    names = next(
        (place for place, guess in guesses.items() if len(guesses) > 1 and guess.labels()), None
    )
    labels = guesses.pop(names).labels() if names is not None else {}
    if labels:
        guesses = {
            place: TableGuess(tables[place], labels, known or {}, pipeline) for place in guesses
        }
    if not guesses:
        says = Caution(Code.NOT_RECOGNISED, "The files name no columns.")
        return Recognition(None, (says,), unused=tuple(range(len(tables))))
    main = max(guesses, key=lambda place: guesses[place].likelihood())
    guess = guesses[main]
    used = {main} if names is None else {main, names}
    if guess.shape is Shape.DEALS:
        for place in set(guesses) - used:
            if guess.join(guesses[place]):
                used.add(place)
                break
    layout, unsure = guess.layout(evidence or Evidence())
    ambiguous, day_first = guess.day_first()
    if layout and day_first is not None:
        layout = replace(layout, day_first=day_first)
    unused = tuple(place for place in range(len(tables)) if place not in used)
    beware = [*guess.found.cautions, *(_unused(tables[place]) for place in unused)]
    if layout and unsure and layout.shape is not Shape.COUNTS:
        beware.append(_of_unsure_place(unsure))
    return Recognition(
        layout,
        tuple(beware),
        ambiguous,
        unsure,
        unused,
        guess.found.pipelines,
        guess.found.pipeline,
    )


def _of_unsure_place(stages: Sequence[str]) -> Caution:
    return Caution(
        Code.STAGE_PLACE_UNSURE,
        f"Nothing in the files says after which stage {', '.join(map(quoted, stages))} "
        f"{'comes' if len(stages) == 1 else 'come'}.",
        "Check the order of the stages.",
    )


def _unused(table: Sequence[Column]) -> Caution:
    there = ", ".join(quoted(column.name) for column in table[:3])
    return Caution(
        Code.FILE_UNUSED,
        f"The file with the columns {there} is not used.",
        "Upload it alone if it holds the funnel.",
        Severity.NOTE,
    )

"""The cheat sheet: one page to hang up, from the top of the funnel to its bottom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workshop.domain.funnel import Funnel
from workshop.domain.settlement import Settlement
from workshop.exports.settled import hand_offs, words
from workshop.exports.typesetting import KIND, typeset
from workshop.wording import figures


def cheat_sheet_pdf(
    name: str,
    funnel: Funnel,
    settled: Sequence[Settlement],
    day: date,
    *,
    own_fonts: bool = True,
) -> bytes:
    """Each stage with what its word means, between them who finds, decides, acts and tells back.

    `settled` is what holds of a workshop or company of this name. The letters are as large as the
    page lets them; only where even small ones do not fit, a second page follows. `own_fonts` is
    that of `typesetting.typeset`.
    """
    duties = hand_offs(funnel, settled)
    meanings = {row["word"]: row["meaning"] for row in words(funnel, settled)}
    steps = [step.name for step in funnel.steps]
    parts = {
        "name": name,
        "under": f"Who does what, and what we call it, {figures.day(day)}",
        "foot": f"Cheat sheet · {name}",
        "stages": [
            {
                "name": stage,
                "meaning": meanings.pop(stage, ""),
                "duties": [
                    [row["duty"], row["doer"], row["rule"]] for row in duties if row["step"] == step
                ],
            }
            for stage, step in zip(funnel.stages, [*steps, ""], strict=True)
        ],
        "others": [list(word) for word in meanings.items()],
    }
    title = f"{KIND}: {name}, cheat sheet"
    return typeset("cheat_sheet", title, parts, day, own_fonts=own_fonts)

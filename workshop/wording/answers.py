"""What both sides answered, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from workshop.domain.people import Side
from workshop.domain.question import Progress
from workshop.wording.figures import counted, per_hundred
from workshop.wording.sides import NAMES

AS_SURE_AS_THEY_SHOULD_BE = 1.1
"""How many times as wide a range may have to be taken, for nobody to mind."""
WORTH_SAYING = 0.1
"""In log odds: 40 instead of 38 of 100."""
NO_MORE_THAN_CHANCE = "no more than chance"


def guess_sentence(
    sales: float | None,
    marketing: float | None,
    others: float | None = None,
    pooled: float | None = None,
    truth: float | None = None,
) -> str:
    """What each side thought, its median as a fraction 0..1, and what is true once that is given.

    None is a side that has not guessed; `pooled` is the median of both sides together.

    >>> guess_sentence(0.55, 0.38, truth=0.4)
    'Sales thought 55, marketing 38. It is 40.'
    >>> guess_sentence(0.4, 0.4, truth=0.4)
    'Sales and marketing thought 40. It is 40.'
    >>> guess_sentence(None, 0.38, 0.5), guess_sentence(None, None, pooled=0.45)
    ('Marketing thought 38, the third side 50.', 'Both sides together thought 45.')
    >>> guess_sentence(None, None, truth=0.042)
    'Nobody has guessed. It is 4.2.'
    """
    medians = {
        "sales": sales,
        "marketing": marketing,
        "the third side": others,
        "both sides together": pooled,
    }
    said = {who: per_hundred(each) for who, each in medians.items() if each is not None}
    if len(said) > 1 and len({*said.values()}) == 1:
        said = {" and ".join(said): next(iter(said.values()))}
    first, *rest = [
        f"{who} {'' if place else 'thought '}{thought}"
        for place, (who, thought) in enumerate(said.items())
    ] or ["nobody has guessed"]
    thoughts = ", ".join([first[:1].upper() + first[1:], *rest])
    return f"{thoughts}." if truth is None else f"{thoughts}. It is {per_hundred(truth)}."


def gap_change(first: float, anew: float) -> str:
    """How far the sides of a mini-team lay apart, first and anew; fractions, said in points.

    >>> gap_change(0.2, 0.08), gap_change(0.125, 0.01)
    ('gap 20 → 8 points', 'gap 12.5 → 1 point')
    """
    was, now = (f"{100 * gap:.3g}" for gap in (first, anew))
    return f"gap {was} → {now} {'point' if now == '1' else 'points'}"


def apart(difference: float, *, beyond_chance: bool) -> str:
    """How far the means of two sides lie apart on a scale from 1 to 5.

    >>> apart(-1.52, beyond_chance=True), apart(0.4, beyond_chance=False)
    ('1.5 apart', '0.4 apart, no more than chance')
    """
    said = f"{abs(difference):.1f} apart"
    return said if beyond_chance else f"{said}, {NO_MORE_THAN_CHANCE}"


TOO_FEW = "Fewer than three have answered: unnamed answers are shown from three on."

NO_ANSWER = "Nobody has answered."
POOLED = "Fewer than three of a side have answered, so all answers are counted together."


def cannot_say(number: int) -> str:
    """How many could not answer.

    >>> cannot_say(1), cannot_say(3)
    ('1 person cannot say.', '3 people cannot say.')
    """
    return f"{counted(number, 'person', 'people')} cannot say."


def answered(side: Side, progress: Progress) -> str:
    """How many of a side have answered.

    >>> answered(Side.SALES, Progress(7, 9))
    '7 of 9 sales'
    """
    return f"{progress.answered} of {progress.asked} {NAMES[side]}"


def progress(sides: Mapping[Side, Progress]) -> str:
    """How many of each side have answered, in a sentence.

    >>> progress({Side.SALES: Progress(7, 9), Side.MARKETING: Progress(6, 8)})
    '7 of 9 sales · 6 of 8 marketing have answered.'
    >>> progress({})
    'Nobody is in yet.'
    """
    if not sides:
        return "Nobody is in yet."
    told = " · ".join(answered(side, held) for side, held in sides.items())
    return f"{told} have answered."


def more_lines(number: int) -> str:
    """How many lines there are beside those that are shown.

    >>> more_lines(1), more_lines(4)
    ('1 more line', '4 more lines')
    """
    return counted(number, "more line")


def how_sure(held: int, ranges: int, times: float) -> str:
    """How often the room was right to be sure, and what that means for its ranges.

    >>> how_sure(4, 12, 2.4567)
    'Of 12 ranges that people were sure of, 4 held the truth: take theirs as 2.5 times as wide.'
    """
    sure = f"Of {counted(ranges, 'range')} that people were sure of, {held} held the truth"
    if times <= AS_SURE_AS_THEY_SHOULD_BE:
        return f"{sure}: they were as sure as they should be."
    return f"{sure}: take theirs as {times:.1f} times as wide."


def where_the_leak_is_seen(sales: float | None, marketing: float | None) -> list[str]:
    """Whether each side thought better of its own steps, or neither did; else nothing.

    By how much better each thinks of its own, in log odds; None where that cannot be said.

    >>> where_the_leak_is_seen(0.8, 0.3), where_the_leak_is_seen(0.8, -0.3)
    (['Each side thought that the leak was at the other.'], [])
    """
    if sales is None or marketing is None:
        return []
    if min(sales, marketing) > WORTH_SAYING:
        return ["Each side thought that the leak was at the other."]
    if max(sales, marketing) < -WORTH_SAYING:
        return ["Each side thought that the leak was its own."]
    return []

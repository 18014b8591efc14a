"""The first sheet of the workbook: what a director asks first, on one page."""

from __future__ import annotations

from workshop.exports.columns import AGREEMENTS, BRINGS, LEAKS
from workshop.exports.excel import Book, Page
from workshop.exports.results import Results
from workshop.exports.rows import brought, steps
from workshop.wording import figures
from workshop.wording.gains import said_together

NOTHING_AGREED = "Nothing is agreed yet."
WORTH = "What is lost at each step is worth, a year"


def together(results: Results) -> str:
    """What the wanted actions bring together, in a sentence."""
    if not results.wanted:
        return NOTHING_AGREED
    return said_together(
        len(results.wanted), results.agreed_gain, results.funnel.currency, results.assumptions
    )


def next_look(results: Results) -> str:
    """When it is looked again whether the leak was fixed, in a sentence."""
    if results.last_due is None:
        return "Say when, as soon as something is agreed."
    return f"After {figures.day(results.last_due)}, when the last action is due, we measure again."


def add_summary(book: Book, name: str, results: Results) -> None:
    """A sheet that says what is lost, what is done about it, what that brings, and until when."""
    page = Page(book, name, LEAKS)
    page.title(results.workshop_name)
    page.say(f"Funnel Reality Check, {figures.day(results.day)}")
    page.section("What we lose")
    page.say("Worth: all who are lost at a step, at today's later conversion rates.")
    page.table_with_bars(LEAKS, steps(results.funnel), "leak", WORTH)
    page.section("What we do")
    if results.wanted:
        page.table(AGREEMENTS, results.wanted)
    page.say(together(results))
    page.section("What it brings")
    page.table(
        BRINGS, brought(results.funnel, results.assumptions, results.agreed_gain, results.plan)
    )
    page.section("When we look again")
    page.say(next_look(results))

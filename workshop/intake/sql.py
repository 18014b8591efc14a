"""Texts and names as SQL writes them."""

from __future__ import annotations


def sql_text(text: str) -> str:
    """A text as SQL writes it.

    >>> sql_text("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def sql_name(column: str) -> str:
    """A column's name as SQL writes it.

    >>> print(sql_name('Deal "big"'))
    "Deal ""big\"""
    """
    return '"' + column.replace('"', '""') + '"'

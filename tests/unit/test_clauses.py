"""The agreement as a value: its clauses, and whose name stands under it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.domain.agreement import (
    LONGEST_CLAUSE,
    MOST_VERSIONS,
    Agreement,
    ClauseKind,
    Signature,
    clauses_of,
    consent_question,
)
from workshop.domain.people import Side

NOW = datetime(2027, 3, 14, 9, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from(ClauseKind), st.text(max_size=LONGEST_CLAUSE)))
def test_whatever_is_written_stands_in_the_order_of_the_paper(
    texts: dict[ClauseKind, str],
) -> None:
    clauses = clauses_of(texts)
    kinds = [kind for kind, _ in clauses]
    assert kinds == [kind for kind in ClauseKind if kind in kinds]
    assert all(text and text == text.strip() for _, text in clauses)
    if clauses:
        assert Agreement(1, clauses, NOW).clauses == clauses


@pytest.mark.parametrize(
    "clauses",
    [
        (),
        ((ClauseKind.BOTH, " "),),
        ((ClauseKind.BOTH, "x" * (LONGEST_CLAUSE + 1)),),
        ((ClauseKind.BOTH, "one"), (ClauseKind.BOTH, "two")),
        ((ClauseKind.BOTH, "one"), (ClauseKind.MANAGEMENT, "two")),
    ],
    ids=["none", "blank", "too long", "twice", "out of order"],
)
def test_no_agreement_is_made_of_clauses_that_are_none(
    clauses: tuple[tuple[ClauseKind, str], ...],
) -> None:
    with pytest.raises(ValueError, match="clause"):
        Agreement(1, clauses, NOW)


@pytest.mark.parametrize("version", [0, MOST_VERSIONS + 1])
def test_versions_are_counted_from_one_to_the_last(version: int) -> None:
    with pytest.raises(ValueError, match="the version"):
        Agreement(version, ((ClauseKind.BOTH, "one"),), NOW)
    with pytest.raises(ValueError, match="the version"):
        Signature(version, "Ada", Side.SALES, NOW)


def test_a_signature_is_known_by_its_version_its_name_and_its_side() -> None:
    signature = Signature(2, "Ada", Side.SALES, NOW)
    assert signature.is_of(2, "ADA", Side.SALES)
    assert not signature.is_of(1, "Ada", Side.SALES)
    assert not signature.is_of(2, "Ada", Side.MARKETING)
    assert not signature.is_of(2, "Ad", Side.SALES)


def test_nobody_signs_without_a_name() -> None:
    with pytest.raises(ValueError, match="the name is empty"):
        Signature(1, " ", Side.SALES, NOW)


def test_each_version_is_asked_about_without_names() -> None:
    one, two = consent_question(1), consent_question(2)
    assert one.key != two.key
    assert not one.is_named

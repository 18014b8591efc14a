"""One fresh store for every test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workshop.model import Funnel
from workshop.store import Store


@pytest.fixture
def store() -> Iterator[Store]:
    fresh = Store(":memory:")
    yield fresh
    fresh.close()


@pytest.fixture(scope="session")
def funnel() -> Funnel:
    """The worked example of docs/method.md."""
    return Funnel.from_counts(
        {"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84, "Won": 21},
        deal_value=8000,
        currency="USD",
        period_days=365,
        losses={"MQL": {"No follow-up": 210, "No budget": 126}},
    )

"""Fixtures: the records of one filled example, for a module whose tests do not change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from workshop.domain.access import Visitor
from workshop.server import demo
from workshop.store import Store


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with closing(Store(":memory:")) as filled:
        yield filled


@pytest.fixture(scope="module")
def facilitator(store: Store) -> Visitor:
    return demo.fill(store)

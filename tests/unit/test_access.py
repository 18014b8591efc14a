"""Roles, codes, tokens."""

from __future__ import annotations

import pytest

from workshop.domain.access import (
    CODE_LETTERS,
    Forbidden,
    Role,
    Visitor,
    new_code,
    new_token,
    read_code,
)


def test_a_code_has_six_letters_that_look_like_no_other() -> None:
    code = new_code()
    assert len(code) == 6
    assert set(code) <= set(CODE_LETTERS)
    assert not set("IL1O0S5Z2B8") & set(CODE_LETTERS)


@pytest.mark.parametrize("typed", ["k7m4qx", " K7M 4QX ", "k7m-4qx", "K7M4QX more"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "K7M4QX"


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert min(map(len, tokens)) >= 22


def test_a_role_opens_no_other_roles_door() -> None:
    Visitor(Role.MANAGER, "w").must_be(Role.FACILITATOR, Role.MANAGER)
    with pytest.raises(Forbidden, match="facilitator only"):
        Visitor(Role.PROJECTOR, "w").must_be(Role.FACILITATOR)

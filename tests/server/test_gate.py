"""Guessing finds nothing, and nobody is locked out by somebody else's guesses."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import count

import pytest

from workshop.domain.access import CODE_LENGTH, CODE_LETTERS, new_code
from workshop.domain.funnel import Funnel
from workshop.server.gate import CODES, HOST_KEYS, LINKS, STARTS, Gate, TooMany, home, proxies
from workshop.store import Store

HOTEL, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def code(store: Store, funnel: Funnel) -> str:
    return store.workshops.get(store.workshops.start("Spring", funnel)).code


def wrong_codes(right: str) -> Iterator[str]:
    return (guess for guess in (new_code() for _ in count()) if guess != right)


def test_a_thousand_guesses_find_nothing_even_where_the_last_ones_are_right(
    store: Store, code: str
) -> None:
    gate, found = Gate(), []
    guesses = [guess for guess, _ in zip(wrong_codes(code), range(900), strict=False)]
    for guess in [*guesses, *[code] * 100]:
        with suppress(TooMany):
            if gate.ask(CODES, ELSEWHERE, partial(store.workshops.find, guess)) is not None:
                found.append(guess)
    assert found == []


def test_many_addresses_together_are_stopped_as_well(store: Store, code: str) -> None:
    gate = Gate()
    answered = 0
    for number, guess in zip(range(1000), wrong_codes(code), strict=False):
        address = f"10.0.{number // 250}.{number % 250}"
        with suppress(TooMany):
            gate.ask(CODES, address, partial(store.workshops.find, guess))
            answered += 1
    assert answered == CODES.in_total.amount
    with pytest.raises(TooMany):
        gate.ask(CODES, ELSEWHERE, lambda: store.workshops.find(code))


def test_a_hundred_guesses_at_the_same_moment_are_counted_like_one_after_another(
    store: Store, code: str
) -> None:
    gate, codes = Gate(), wrong_codes(code)

    def guess(wrong: str) -> int:
        with suppress(TooMany):
            gate.ask(CODES, HOTEL, partial(store.workshops.find, wrong))
            return 1
        return 0

    with ThreadPoolExecutor(20) as people:
        answered = sum(people.map(guess, [next(codes) for _ in range(100)]))
    assert answered == CODES.per_address.amount


def test_three_hundred_join_from_one_address_within_a_minute(store: Store, code: str) -> None:
    """They are seated in tests/server/test_entrance.py."""
    gate = Gate()
    for _ in range(300):
        assert gate.ask(CODES, HOTEL, lambda: store.workshops.find(code)) is not None


def test_the_room_gets_in_while_somebody_guesses_from_the_same_address(
    store: Store, code: str
) -> None:
    gate, codes = Gate(), wrong_codes(code)
    workshop_id = store.workshops.find(code)
    at_the_projector = {(workshop_id, HOTEL)}

    def is_known_here(found: str) -> bool:
        return (found, HOTEL) in at_the_projector

    seated = refused = 0
    for _ in range(300):
        for _ in range(4):
            wrong = next(codes)
            try:
                gate.ask(CODES, HOTEL, partial(store.workshops.find, wrong))
            except TooMany:
                refused += 1
        assert gate.ask(
            CODES, HOTEL, lambda: store.workshops.find(code), is_known_here=is_known_here
        )
        seated += 1
    assert (seated, refused) == (300, 1200 - CODES.per_address.amount)


def test_typing_errors_of_a_room_lock_nobody_out(store: Store, code: str) -> None:
    gate = Gate()
    for _ in range(CODES.per_address.amount - 1):
        assert gate.ask(CODES, HOTEL, lambda: store.workshops.find("AAAAAA")) is None
    assert gate.ask(CODES, HOTEL, lambda: store.workshops.find(code)) is not None


def test_a_right_link_passes_however_many_wrong_ones_there_were() -> None:
    gate = Gate()
    for _ in range(LINKS.per_address.amount):
        gate.ask(LINKS, HOTEL, lambda: None)
    with pytest.raises(TooMany, match="unknown links"):
        gate.ask(LINKS, HOTEL, lambda: None)
    assert gate.ask(LINKS, HOTEL, lambda: "ada", is_known_here=lambda found: True) == "ada"


def test_even_the_right_host_key_is_refused_after_too_many_wrong_ones() -> None:
    gate = Gate()
    for _ in range(HOST_KEYS.per_address.amount):
        assert gate.ask(HOST_KEYS, HOTEL, lambda: None) is None
    with pytest.raises(TooMany, match="host keys"):
        gate.ask(HOST_KEYS, HOTEL, lambda: True)
    assert gate.ask(HOST_KEYS, ELSEWHERE, lambda: True)


def test_guesses_at_one_thing_do_not_close_another() -> None:
    gate = Gate()
    for _ in range(HOST_KEYS.per_address.amount):
        gate.ask(HOST_KEYS, HOTEL, lambda: None)
    assert gate.ask(CODES, HOTEL, lambda: "workshop") == "workshop"


def test_without_a_host_key_workshops_are_counted() -> None:
    gate = Gate()
    for _ in range(STARTS.per_address.amount):
        gate.count_try(STARTS, HOTEL)
    with pytest.raises(TooMany, match="Too many workshops"):
        gate.count_try(STARTS, HOTEL)
    gate.count_try(STARTS, ELSEWHERE)
    for _ in range(STARTS.in_total.amount):
        gate.count_success(STARTS)
    with pytest.raises(TooMany, match="Too many workshops"):
        gate.count_try(STARTS, ELSEWHERE)


def test_a_household_guesses_as_one_address() -> None:
    gate = Gate()
    for number in range(CODES.per_address.amount):
        gate.ask(CODES, f"2001:db8:1:2::{number:x}", lambda: None)
    with pytest.raises(TooMany):
        gate.ask(CODES, "2001:db8:1:2:ffff::1", lambda: None)
    assert gate.ask(CODES, "2001:db8:1:3::1", lambda: None) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [("::ffff:192.0.2.7", "192.0.2.7"), ("::1", "::"), ("192.0.2.7", "192.0.2.7"), ("", "")],
)
def test_an_address_is_read_as_its_household(address: str, network: str) -> None:
    assert home(address) == network


def test_a_proxy_is_named_by_address_or_network_and_nonsense_is_refused() -> None:
    assert proxies("") == ""
    assert proxies(" 172.28.0.0/24 ") == "172.28.0.0/24,::ffff:172.28.0.0/120"
    with pytest.raises(ValueError, match="caddy"):
        proxies("caddy")


def test_the_chance_of_a_hit_is_what_the_decisions_say() -> None:
    """One workshop, guessed at for a whole day by as many addresses as there are."""
    codes = len(CODE_LETTERS) ** CODE_LENGTH
    a_day = 24 * 60
    assert codes == 244_140_625
    assert round(CODES.in_total.amount * a_day / codes, 4) == 0.0018
    assert round(CODES.per_address.amount * a_day / codes, 5) == 0.00012

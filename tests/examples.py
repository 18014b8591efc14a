"""How much is tried: a short run every time, and all of it with `--hypothesis-profile thorough`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

SHORT, THOROUGH = 25, 500
# How long one example takes is the machine's affair.
ON_ANY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("short", ON_ANY_MACHINE, max_examples=SHORT)
settings.register_profile("thorough", ON_ANY_MACHINE, max_examples=THOROUGH)
settings.load_profile("short")


def is_thorough() -> bool:
    return settings.get_current_profile_name() == "thorough"


def examples(count: int) -> settings:
    """So many examples in a short run, and twenty times as many in a thorough one."""
    return settings(max_examples=count * (THOROUGH // SHORT if is_thorough() else 1))

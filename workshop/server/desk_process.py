"""`python -m workshop.server.desk_process`: what the processes of desks are forked from.

Where no process can be forked it is the process of one desk.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType


def import_only_what_a_desk_needs() -> None:
    """All that the callers of `workshop.intake` need takes three times as long to import."""
    package = ModuleType("workshop.intake")
    package.__path__ = [str(Path(__file__).parents[1] / "intake")]
    sys.modules[package.__name__] = package


if __name__ == "__main__":
    import_only_what_a_desk_needs()
    from workshop.intake.answers import answer_until_nobody_asks

    if sys.platform == "win32":
        answers = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # what a library prints must not come between the answers
        answer_until_nobody_asks(sys.stdin.buffer, answers)
    else:
        from workshop.intake.forks import fork_until_nobody_asks
        from workshop.intake.names_of_days import names_of_weekdays, numbers_of_months

        numbers_of_months(), names_of_weekdays()  # once here, instead of once in every fork
        fork_until_nobody_asks(answer_until_nobody_asks)

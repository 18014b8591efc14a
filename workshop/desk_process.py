"""`python -m workshop.desk_process`: what the processes of desks are forked from.

Where no process can be forked it is the process of one desk.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

# `workshop.intake` itself imports all that its callers need, which takes three times as long.
_package = ModuleType("workshop.intake")
_package.__path__ = [str(Path(__file__).with_name("intake"))]
sys.modules[_package.__name__] = _package

from workshop.intake.answers import answer_until_nobody_asks  # noqa: E402

if __name__ == "__main__":
    if sys.platform == "win32":
        answers = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # what a library prints must not come between the answers
        answer_until_nobody_asks(sys.stdin.buffer, answers)
    else:
        from workshop.intake.forks import fork_until_nobody_asks
        from workshop.intake.names_of_days import names_of_weekdays, numbers_of_months

        numbers_of_months(), names_of_weekdays()  # once here, instead of once in every fork
        fork_until_nobody_asks(answer_until_nobody_asks)

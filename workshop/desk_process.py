"""`python -m workshop.desk_process` is the process of one desk, started by `SeparateDesk`."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

# `workshop.intake` itself imports all that its callers need, which takes three times as long.
_package = ModuleType("workshop.intake")
_package.__path__ = [str(Path(__file__).with_name("intake"))]
sys.modules[_package.__name__] = _package

from workshop.intake.answers import answer_until_nobody_asks  # noqa: E402

if __name__ == "__main__":
    answer_until_nobody_asks()

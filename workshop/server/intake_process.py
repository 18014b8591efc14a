"""`python -m workshop.server.intake_process`: what the processes of lead databases are forked from.

Where no process can be forked it is the process of one database.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType


def import_only_what_the_database_needs() -> None:
    """All that the callers of `workshop.intake` need takes three times as long to import."""
    package = ModuleType("workshop.intake")
    package.__path__ = [str(Path(__file__).parents[1] / "intake")]
    sys.modules[package.__name__] = package


if __name__ == "__main__":
    import_only_what_the_database_needs()
    from workshop.intake.query_server import serve_queries

    if sys.platform == "win32":
        answers = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # what a library prints must not come between the answers
        serve_queries(sys.stdin.buffer, answers)
    else:
        from workshop.intake.fork_server import serve_forks
        from workshop.intake.names_of_days import names_of_weekdays, numbers_of_months

        numbers_of_months(), names_of_weekdays()  # once here, instead of once in every fork
        serve_forks(serve_queries)

"""What files say of a funnel, as the upload screens would read them, for whoever prepares them.

Run it as `python -m workshop.intake FILE …`, or with `--json` for a program to read.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

from workshop.intake import IntakeError, Reading, read
from workshop.wording.figures import count, days, percent
from workshop.wording.import_words import CAUSES, SHAPES


def main() -> int:
    parser = ArgumentParser(prog="python -m workshop.intake", description="What do files say?")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="for a program to read")
    asked = parser.parse_args()
    try:
        reading = read(*asked.files)
    except IntakeError as error:
        problems = [asdict(problem) for problem in error.problems]
        says = json.dumps({"problems": problems}, ensure_ascii=False, indent=2)
        print(says if asked.json else f"These files cannot be read.\n{error}", file=sys.stderr)
        return 1
    print(
        json.dumps(asdict(reading), ensure_ascii=False, indent=2) if asked.json else report(reading)
    )
    return 0


def report(reading: Reading) -> str:
    """A reading in lines for people."""
    lines = [f"Read as: {SHAPES[reading.shape]}", ""]
    for stage, reached in zip(reading.stages, reading.reached, strict=True):
        lines.append(f"{count(reached):>12}  {stage}")
    lines.append("")
    for (stage, after), (entered, advanced) in zip(
        pairwise(reading.stages), pairwise(reading.reached), strict=True
    ):
        share = percent(1 - advanced / entered) if entered else "–"
        lines.append(f"{stage} → {after}: {share} did not go on")
        lines += [
            f"{count(leads):>12}  {reason}" for reason, leads in reading.losses[stage].items()
        ]
    value = "not in the file"
    if reading.mean_value is not None:
        value = f"{reading.mean_value:,.2f} {reading.currency or '(no currency)'}"
    lines += [
        "",
        f"Won {count(reading.won)}, lost {count(reading.lost)}, open {count(reading.open)}",
        f"Mean value of a won deal: {value}",
        f"Period: {days(reading.period_days)} ({reading.period_basis})",
        f"Rows: {count(reading.rows_used)} of {count(reading.rows_read)} used",
        *(f"{count(rows):>12}  {CAUSES[cause]}" for cause, rows in reading.set_aside.items()),
        "",
        *(
            f"{caution.severity.upper()} ({caution.code}): {caution}"
            for caution in reading.cautions
        ),
    ]
    return "\n".join(lines).rstrip()


if __name__ == "__main__":
    sys.exit(main())

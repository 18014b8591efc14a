"""A process of its own that draws charts as SVG: charts in JSON come in, drawings go out.

The converter holds Python's lock while it draws and takes a hundred megabytes: in the server every
screen would wait for it. Run as a file, so that nothing of the workshop has to be imported.
"""

from __future__ import annotations

import json
import os
import sys

import vl_convert


def main() -> None:
    if hasattr(os, "nice"):
        os.nice(10)  # whoever wants paper can wait longer than a room
    asked = json.load(sys.stdin)
    drawn = [
        # Nothing is loaded from anywhere.
        vl_convert.vegalite_to_svg(chart, vl_version=asked["version"], allowed_base_urls=[])
        for chart in asked["charts"]
    ]
    json.dump(drawn, sys.stdout)


if __name__ == "__main__":
    main()

"""This app as `python app.py` runs it, with records that tests reach while it runs.

A test sends a function, by its name, and what to call it with; the server calls it with its own
store, and sends back what came of it. So many tests share a server, each with a workshop of its
own, and move a room without a screen of the facilitator's.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading
from multiprocessing.connection import Listener

from tests.server_process import OURS, RECORDS_KEY, RECORDS_PORT, ROOT
from workshop.live import services


def answer(listener: Listener) -> None:
    while True:
        with listener.accept() as line:
            function, given = line.recv()
            try:
                line.send((function(services.store(), *given), None))
            except Exception as problem:
                line.send((None, problem))


if __name__ == "__main__":
    listener = Listener(("127.0.0.1", int(os.environ[RECORDS_PORT])), authkey=RECORDS_KEY)
    threading.Thread(target=answer, args=(listener,), daemon=True).start()
    sys.argv = [str(ROOT / OURS)]
    runpy.run_path(sys.argv[0], run_name="__main__")

"""A start that fits the job: descriptors for a full room, a settled memory, an end that comes."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from types import FrameType

# A stop waits this long for downloads under way; then the records are closed and the process ends.
STOPS_WITHIN_SECONDS = 2.5
# How long an answer is waited for, and how long until it is asked for again.
ANSWERS_WITHIN_SECONDS = 10.0
ASKS_AGAIN_SECONDS = 0.1
# How long a thread that computes keeps the interpreter from others who wait for it: Python's own
# five milliseconds, again after each statement of the records, made an idea wait for .1 s.
SWITCHES_AFTER_SECONDS = 0.0005
# From malloc.h: how many heaps there may be.
M_ARENA_MAX = -8
UNSETTLED = (
    "This server was not started with `python app.py`: it can hold fewer screens, writes no log "
    "of its own, and may take long to stop. Stop it and use `python app.py`."
)

_is_settled = False
_welcome: tuple[int, str] | None = None


def settle() -> None:
    """Make this process ready for a full room; after the imports, before the server."""
    global _is_settled
    raise_descriptor_limit()
    keep_memory_together()
    sys.setswitchinterval(SWITCHES_AFTER_SECONDS)
    # What the imports have made stays for ever: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    _is_settled = True


def raise_descriptor_limit() -> None:
    """Allow as many open sockets as the machine grants; a screen takes four descriptors."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def keep_memory_together() -> None:
    """One heap for all threads, where the C library is GNU's.

    Each screen is drawn by threads of its own, one at a time; a heap for each of them is memory
    that nobody else gets back.
    """
    try:
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
    except (AttributeError, TypeError):  # another C library
        return


def welcome_with(words: str, port: int) -> None:
    """What to print once the server on this port answers; before it starts."""
    global _welcome
    _welcome = port, words


def welcome_once_up() -> None:
    """Print it then, as the last thing of a start.

    To be called while the server starts, when the port is its own: whoever answers there is it.
    """
    if _welcome is not None:
        threading.Thread(target=_print_once_up, args=_welcome, daemon=True).start()


def _print_once_up(port: int, words: str) -> None:
    while not _answers(port):
        time.sleep(ASKS_AGAIN_SECONDS)
    print(words, flush=True)  # noqa: T201


def _answers(port: int) -> bool:
    """Whether the server answers on this machine, past any proxy."""
    line = HTTPConnection("127.0.0.1", port, timeout=ANSWERS_WITHIN_SECONDS)
    try:
        line.request("GET", "/healthz")
        line.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
    return True


def warn_if_unsettled() -> None:
    """One sentence for who has started the server in another way."""
    if not _is_settled:
        print(UNSETTLED, file=sys.stderr, flush=True)  # noqa: T201


def end_in_time(close: Callable[[], None]) -> None:
    """From the first SIGTERM on, end within seconds even where a browser holds on to a download.

    To be called once the server has set its own handlers, from the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        return  # a server inside another program, whose signals are not ours

    def leave() -> None:
        close()
        os._exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _then(signal.getsignal(number), leave))


def _then(
    before: Callable[[int, FrameType | None], object] | int | None, leave: Callable[[], None]
) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        timer = threading.Timer(STOPS_WITHIN_SECONDS, leave)
        timer.daemon = True  # a stop that comes in time is not kept waiting
        timer.start()
        if callable(before):
            before(number, frame)

    return handle

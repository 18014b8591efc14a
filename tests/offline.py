"""This app in a network that swallows packets: whoever asks for a machine elsewhere waits in vain.

Every such attempt is written down in a file beside the records. A UDP socket that is only connected
sends nothing.
"""

from __future__ import annotations

import runpy
import socket
import sys
import time
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from workshop.live.services import records_path

SWALLOWED_SECONDS = 1.0


def outgoing(database: Path) -> Path:
    """The file of the attempts, one a line."""
    return database.with_suffix(".outgoing")


def is_elsewhere(host: object) -> bool:
    """Whether a name or an address is that of another machine."""
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    try:
        return not (ip_address(name).is_loopback or ip_address(name).is_unspecified)
    except ValueError:
        return name not in ("localhost", socket.gethostname())


def swallow(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        opened, address = arguments
        is_sent = opened.type == socket.SOCK_STREAM and isinstance(address, tuple)
        host = address[0] if is_sent else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if is_elsewhere(host):
        with open(outgoing(records_path()), "a", encoding="utf-8") as attempts:
            attempts.write(f"{host}\n")
        time.sleep(SWALLOWED_SECONDS)
        raise OSError("the network swallows packets")


if __name__ == "__main__":
    outgoing(records_path()).touch()
    sys.addaudithook(swallow)
    root = Path(__file__).parents[1]
    sys.argv = [str(root / "app.py")]
    runpy.run_path(sys.argv[0], run_name="__main__")

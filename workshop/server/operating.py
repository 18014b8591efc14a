"""What whoever runs the server may ask of it: copies of all records, the way back, its figures.

`python -m workshop.server.operating backup` and `… restore FILE` speak to the running server,
which alone may open its file; where none runs they open the file themselves. The key that proves
the right to it lies beside the file, readable to its owner only, or is given as
WORKSHOP_OPERATOR_KEY.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from workshop import metrics
from workshop.live.services import records_path
from workshop.server.cross_site import is_this_machine
from workshop.store import Store, StoreError

USAGE = "Say what to do: backup, or restore and the file."
# What proxies add, beside headers of their own that begin with x-.
PASSED_ON = {"forwarded", "via", "true-client-ip", "cf-connecting-ip"}
# A file of 100 MB is restored in seconds; whoever waits longer should look at the log.
PATIENCE_SECONDS = 300


# -- the key -------------------------------------------------------------------------------------


def key_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.key")


@contextmanager
def key_beside(path: Path) -> Iterator[None]:
    """Keep a new key beside the records as long as the server runs."""
    file = key_file(path)
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as opened:
        opened.write(os.environ.get("WORKSHOP_OPERATOR_KEY") or secrets.token_urlsafe(16))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def key() -> bytes:
    """The key beside the records; empty where no server runs."""
    file = key_file(records_path())
    return file.read_bytes() if file.exists() else b""


def has_key(request: Request) -> bool:
    """Whether the request shows the operator's key."""
    shown, right = request.headers.get("authorization", "").removeprefix("Bearer "), key()
    return right != b"" and secrets.compare_digest(shown.encode(), right)


def is_local(request: Request) -> bool:
    """Whether somebody on this very machine asks, and no proxy on it for somebody else.

    A proxy may leave out for whom it asks, so where one is named nobody is believed to be local;
    a page elsewhere whose name was pointed at this machine asks by that name.
    """
    host = request.client.host if request.client else ""
    # A socket that serves both kinds of addresses shows ours of version 4 as one of version 6.
    try:
        is_here = ip_address(host.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False
    is_passed_on = any(name in PASSED_ON or name.startswith("x-") for name in request.headers)
    is_asked_by_name = is_this_machine(request.headers.get("host", ""))
    return is_here and is_asked_by_name and not (is_passed_on or os.environ.get("WORKSHOP_PROXY"))


# -- what the server answers -----------------------------------------------------------------------


def routes(store: Callable[[], Store]) -> list[Route]:
    """The operator's routes, and the health that a proxy asks for."""

    def healthz(_: Request) -> Response:
        """Whether the records answer, and how long ago something was saved."""
        try:
            store().workshops.find("")
        except StoreError as problem:
            return JSONResponse({"status": "failing", "reason": str(problem)}, 503)
        wrote = metrics.last_write()
        # A clock that was put back since would make it less than nothing.
        age = None if wrote is None else max(0.0, round(time.time() - wrote, 1))
        return JSONResponse({"status": "ok", "seconds_since_last_write": age})

    def figures(request: Request) -> Response:
        if not (is_local(request) or has_key(request)):
            return PlainTextResponse("Ask from this machine, or with the operator's key.", 403)
        return Response(metrics.text(), media_type=metrics.MEDIA_TYPE)

    def backup(request: Request) -> Response:
        return _answer(request, lambda: store().copies.make())

    async def restore(request: Request) -> Response:
        # Of who may not, not even the body is read: it could be endless.
        file = (await request.body()).decode() if has_key(request) else ""
        return await run_in_threadpool(
            lambda: _answer(request, lambda: store().copies.replace_all(Path(file)))
        )

    return [
        Route("/healthz", healthz),
        Route("/metrics", figures),
        Route("/operator/backup", backup, methods=["POST"]),
        Route("/operator/restore", restore, methods=["POST"]),
    ]


def _answer(request: Request, act: Callable[[], Path]) -> Response:
    if not has_key(request):
        return PlainTextResponse("This needs the operator's key.", 403)
    try:
        return PlainTextResponse(str(act()))
    except StoreError as problem:
        return PlainTextResponse(str(problem), 409)


# -- the command -----------------------------------------------------------------------------------


def main(arguments: list[str]) -> str:
    """Do what the command line asks for; returns the sentence to print."""
    match arguments:
        case ["backup"]:
            return (
                f"All records are copied to {ask('backup', '', lambda store: store.copies.make())}"
            )
        case ["restore", file] if file:
            path = Path(file).absolute()
            before = ask("restore", str(path), lambda store: store.copies.replace_all(path))
            return f"All records are those of {path} now. Those of before are in {before}"
        case _:
            raise StoreError(USAGE)


def ask(what: str, said: str, act: Callable[[Store], Path]) -> str:
    """Let the running server do it, or do it to the file where none runs."""
    file = key_file(records_path())
    if file.exists():
        request = urllib.request.Request(
            f"http://127.0.0.1:{os.environ.get('PORT', '8501')}/operator/{what}",
            data=said.encode(),
            headers={"Authorization": f"Bearer {file.read_text()}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as refused:
            raise StoreError(refused.read().decode()) from refused
        except OSError:
            pass  # the key of a server that was killed
    store = Store(records_path())
    try:
        return str(act(store))
    finally:
        store.close()


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]))  # noqa: T201
    except StoreError as problem:
        sys.exit(str(problem))

"""A server of uploads alone, run by its path: one permit, whose files and memory it tells."""

from __future__ import annotations

import os
import re
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from workshop.server.bound_sessions import fingerprints
from workshop.server.upload_permit import UploadSpace, Wanted, grant
from workshop.server.upload_route import Uploads

COOKIE = {"funnel_facilitator_ABC234": "secret"}
MOST_BYTES = 250_000_000

permit = grant(Wanted(("csv",), MOST_BYTES, most_files=3), fingerprints(COOKIE))
space = UploadSpace()


def tell(_: Request) -> JSONResponse:
    """The secret, what has arrived and is taken, and the most memory ever in use, in KB."""
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    files = [(file.name, file.size, str(file.path)) for file in permit.files.values()]
    known = {"secret": permit.secret, "files": files, "taken": space.taken, "peak": int(peak)}
    return JSONResponse(known)


app = Starlette(routes=[Route("/healthz", tell), Uploads(space).route()])

if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]), log_level="warning")

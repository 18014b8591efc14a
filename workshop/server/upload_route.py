"""The route by which browsers send files: streamed to disk, for who has a permit.

`POST` asks whether a file may be sent, so that a refusal is read before it is; `PUT` sends it;
`DELETE` takes it back. A file that is cut on its way leaves nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from workshop import log
from workshop.server.bound_sessions import own_cookies
from workshop.server.upload_permit import (
    NO_ROOM,
    NOT_ASKED,
    UploadedFile,
    UploadPermit,
    UploadSpace,
    find_permit,
)

UPLOAD = "/upload"
# A browser that says nothing for so long has lost its line, and gives its room to others.
SILENT_SECONDS = 60.0
# What of one file is in memory at a time.
WRITTEN_AT_ONCE = 1_000_000

NO_LENGTH = "Say how long the file is."
NOT_ALL = "Not all of this file has arrived. Send it again."
NO_DISK = "The disk of this server is full, so it cannot take the file. Tell whoever runs it."


class Refusal(Exception):  # noqa: N818 — "raise Refusal" says it
    """Why a file is not taken, as an answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why

    def answer(self) -> Response:
        log.warning("refused a file", status=self.status)
        return PlainTextResponse(self.why, self.status)


class Uploads:
    """Takes the files that pages have asked for, as long as there is room for them."""

    def __init__(self, space: UploadSpace, silent_seconds: float = SILENT_SECONDS) -> None:
        self._space = space
        self._silent_seconds = silent_seconds

    def route(self) -> Route:
        methods = ["POST", "PUT", "DELETE"]
        return Route(f"{UPLOAD}/{{secret}}/{{number:int}}", self._answer, methods=methods)

    async def _answer(self, request: Request) -> Response:
        try:
            permit = find_permit(request.path_params["secret"], own_cookies(request.scope))
            if permit is None:
                raise Refusal(403, NOT_ASKED)
            await self._carry_out(request, permit, request.path_params["number"])
        except Refusal as refusal:
            return refusal.answer()
        return Response(status_code=204)

    async def _carry_out(self, request: Request, permit: UploadPermit, number: int) -> None:
        if request.method == "DELETE":
            permit.files.pop(number, None)
            return
        name = request.query_params.get("name", "")
        is_asked = request.method == "POST"
        said = request.query_params if is_asked else request.headers
        length = said.get("size" if is_asked else "content-length", "")
        if not length.isdecimal():  # without it nobody knows whether there is room
            raise Refusal(411, NO_LENGTH)
        self._check(permit, number, name, int(length))
        if not is_asked:
            await self._receive(request, permit, number, self._new_file(name, int(length)))

    def _check(self, permit: UploadPermit, number: int, name: str, size: int) -> None:
        wanted = permit.wanted
        if not wanted.takes(name):
            raise Refusal(415, wanted.wrong_kind)
        if size > wanted.most_bytes:
            raise Refusal(413, wanted.too_large)
        if not permit.has_place(number):
            raise Refusal(409, wanted.too_many)
        if not self._space.has_room(size):
            raise Refusal(503, NO_ROOM)

    def _new_file(self, name: str, size: int) -> UploadedFile:
        try:
            return self._space.new_file(name, size)
        except OSError as error:
            raise Refusal(507, NO_DISK) from error

    async def _receive(
        self, request: Request, permit: UploadPermit, number: int, file: UploadedFile
    ) -> None:
        permit.arriving[number] = file
        try:
            await self._write(request, file)
            permit.files[number] = file
        except (ClientDisconnect, TimeoutError) as error:
            raise Refusal(400, NOT_ALL) from error
        except OSError as error:
            raise Refusal(507, NO_DISK) from error
        finally:
            if permit.arriving.get(number) is file:
                del permit.arriving[number]
            if permit.files.get(number) is not file:
                file.delete()

    async def _write(self, request: Request, file: UploadedFile) -> None:
        received = 0
        with file.path.open("wb") as disk:
            async for part in self._parts(request):
                received += len(part)
                if received > file.size:
                    break
                await run_in_threadpool(disk.write, part)
        if received != file.size:
            raise Refusal(400, NOT_ALL)

    async def _parts(self, request: Request) -> AsyncIterator[bytes]:
        """The file in parts large enough to be worth a thread's while."""
        arriving = aiter(request.stream())
        part = bytearray()
        while True:
            async with asyncio.timeout(self._silent_seconds):
                chunk = await anext(arriving, None)
            if chunk is None:
                break
            part += chunk
            if len(part) >= WRITTEN_AT_ONCE:
                yield bytes(part)
                part.clear()
        yield bytes(part)

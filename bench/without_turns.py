"""The app as it would be if all screens were drawn at once instead of in turns."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from workshop.live.render_queue import RenderQueue


def at_once(*_: object) -> AbstractContextManager[None]:
    return nullcontext()


if __name__ == "__main__":
    RenderQueue.acquire = RenderQueue.release = at_once  # type: ignore[assignment,method-assign]
    import app

    app.main()

"""A backup that is being restored in a thread of its own, while the page that asked goes on."""

from __future__ import annotations

from collections.abc import Collection
from threading import Thread

from workshop.store.archive import is_of_company
from workshop.store.backups import Backups, Restored
from workshop.store.errors import StoreError


class Restoring:
    """One restoring; where its server stops in the middle, nothing has changed."""

    def __init__(self, backups: Backups, file: bytes, activities: Collection[str]) -> None:
        self.progress = 0.0
        self._restored: tuple[Restored, ...] = ()
        self._failed: BaseException | None = None
        self._thread = Thread(target=self._run, args=(backups, file, activities), daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def restored(self) -> tuple[Restored, ...]:
        """The workshops that came back, once it is over: those of a company, oldest first.

        Raises StoreError where none did.
        """
        self._thread.join()
        if self._failed is not None:
            raise self._failed
        if not self._restored:
            raise StoreError("Nothing was restored. Try again.")
        return self._restored

    def _run(self, backups: Backups, file: bytes, activities: Collection[str]) -> None:
        try:
            if is_of_company(file):
                self._restored = backups.restore_company(file, self._hear, activities)
            else:
                self._restored = (backups.restore(file, self._hear, activities),)
        except BaseException as error:
            self._failed = error

    def _hear(self, part: float) -> None:
        self.progress = part

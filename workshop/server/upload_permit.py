"""The right of a page to send files, and the files that came by it.

Files lie on disk, never in memory. Each is deleted once nobody holds it any more: at the latest
when the session of the page that asked for it ends, or this process.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir, mkstemp
from weakref import WeakValueDictionary, finalize

from workshop.domain.access import new_token

MOST_BYTES = 600_000_000
# The file systems of today take names of 255 bytes.
LONGEST_NAME_BYTES = 200
PREFIX = "funnel-received-"

NOT_ASKED = "No file is asked for on this page. Load it again, then choose the file."
NO_ROOM = (
    f"This server keeps {MOST_BYTES / 1e6:,.0f} MB of files that are being uploaded, and no more. "
    "Wait a few minutes, then send yours again."
)


class UploadedFile:
    """A file on disk under the name it had; `size` in bytes. `delete` may be called early."""

    def __init__(self, name: str, path: Path, size: int) -> None:
        self.name = name
        self.path = path
        self.size = size
        self.delete = finalize(self, path.unlink, missing_ok=True)

    def content(self) -> bytes:
        return self.path.read_bytes()


class UploadSpace:
    """How many bytes the files of all pages take; for one thread, that of the event loop.

    A file counts with its whole length before its first byte is there.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._files: WeakValueDictionary[Path, UploadedFile] = WeakValueDictionary()

    @property
    def taken(self) -> int:
        return sum(file.size for file in self._files.values() if file.delete.alive)

    def has_room(self, size: int) -> bool:
        return self.taken + size <= self._most

    def new_file(self, name: str, size: int) -> UploadedFile:
        """An empty file for so many bytes."""
        handle, path = mkstemp(prefix=f"{PREFIX}{os.getpid()}-")
        os.close(handle)
        file = UploadedFile(clean_name(name), Path(path), size)
        self._files[file.path] = file
        return file


@dataclass(frozen=True)
class Wanted:
    """Which files a page asks for: their endings, bytes of each, and how many."""

    endings: tuple[str, ...]
    most_bytes: int
    most_files: int = 1

    def __post_init__(self) -> None:
        if not self.endings or self.most_bytes < 1 or self.most_files < 1:
            raise ValueError("a page that asks for files must want some")

    @property
    def too_large(self) -> str:
        size = f"{self.most_bytes / 1e6:,.0f} MB"
        return f"This file is larger than {size}, the most that can be sent here."

    @property
    def wrong_kind(self) -> str:
        return f"Only files of these kinds can be sent here: {', '.join(self.endings)}."

    @property
    def too_many(self) -> str:
        return f"No more than {self.most_files} files can be sent here at once."

    def takes(self, name: str) -> bool:
        return name.lower().endswith(tuple(f".{ending}" for ending in self.endings))


@dataclass(eq=False)
class UploadPermit:
    """A page's permit for files of one browser. It holds as long as the page's session keeps it.

    `cookies` are the fingerprints of the cookies that the browser must bring, `files` those that
    have arrived, `arriving` those on their way, each under the number that the browser gave it.
    """

    wanted: Wanted
    cookies: frozenset[str]
    secret: str = field(default_factory=new_token)
    files: dict[int, UploadedFile] = field(default_factory=dict)
    arriving: dict[int, UploadedFile] = field(default_factory=dict)

    def is_for(self, cookies: Collection[str]) -> bool:
        """Whether who brings these cookies is the browser that was asked."""
        return bool(self.cookies) and self.cookies <= set(cookies)

    def has_place(self, number: int) -> bool:
        others = (self.files.keys() | self.arriving.keys()) - {number}
        return len(others) < self.wanted.most_files


_permits: WeakValueDictionary[str, UploadPermit] = WeakValueDictionary()


def grant(wanted: Wanted, cookies: frozenset[str]) -> UploadPermit:
    """Take files of this browser until what is returned is let go."""
    permit = UploadPermit(wanted, cookies)
    _permits[permit.secret] = permit
    return permit


def find_permit(secret: str, cookies: Collection[str]) -> UploadPermit | None:
    """The permit with this secret, for the browser that it was granted to."""
    permit = _permits.get(secret)
    return permit if permit is not None and permit.is_for(cookies) else None


def clean_name(name: str) -> str:
    """The name of a file without folders and what cannot be read; its end where it is long.

    >>> clean_name("C:\\\\leads\\\\May\\n.csv"), clean_name("../../etc/passwd"), clean_name("..")
    ('May.csv', 'passwd', 'file')
    """
    last = "".join(letter for letter in re.split(r"[/\\:]", name)[-1] if letter.isprintable())
    short = last.encode("utf-8", "ignore")[-LONGEST_NAME_BYTES:].decode("utf-8", "ignore")
    return short.strip() if short.strip(" .") else "file"


def delete_leftovers() -> None:
    """Delete what servers that were ended in the middle have left; before the first file comes."""
    for path in Path(gettempdir()).glob(f"{PREFIX}*-*"):
        owner = path.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not _is_another_running(int(owner)):
            path.unlink(missing_ok=True)


def _is_another_running(process: int) -> bool:
    if process == os.getpid():  # a container begins with the same number again
        return False
    if os.name == "nt":  # asking there would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True

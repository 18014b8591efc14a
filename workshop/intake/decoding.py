"""The bytes of a file → its kind, and its text in UTF-8, whatever the file's name claims."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from io import IncrementalNewlineDecoder
from pathlib import Path
from typing import TypeVar

from workshop.intake.problems import refusal

START = 8
"""So many bytes at the start of a file say what kind of file it is."""
FOREIGN = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or one locked with a password",
}
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
CONTROL_BYTES = bytes({*range(32), 127} - {*b"\t\n\r"})
CHUNK = 1 << 18
NEIGHBOURS = (b"\n\n", b"\n\r", b"\r\r")

SAVE_AS = "Save the table as CSV, Excel (.xlsx) or Parquet and choose that file."

Decoded = TypeVar("Decoded")


class FileKind(Enum):
    """A kind of file that tables come in, with its first bytes."""

    TEXT = b""
    WORKBOOK = b"PK\x03\x04"
    PARQUET = b"PAR1"


def kind_of(start: bytes, file: str) -> FileKind:
    """The kind of a file that starts so. Raises IntakeError where it is none with tables."""
    for signature, kind in FOREIGN.items():
        if start.startswith(signature):
            raise refusal(f"{file} is {kind}, not a table.", SAVE_AS)
    packed = (FileKind.WORKBOOK, FileKind.PARQUET)
    return next((kind for kind in packed if start.startswith(kind.value)), FileKind.TEXT)


def decode_by_first_fit(start: bytes, decode: Callable[[str], Decoded]) -> Decoded:
    """What `decode` makes of a text in the first encoding for which it raises no error."""
    marked = [encoding for mark, encoding in BYTE_ORDER_MARKS.items() if start.startswith(mark)]
    for encoding in [*marked, "utf-8", "cp1252", "latin-1"]:
        try:
            return decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 decodes everything")


def as_utf8(chunks: Iterable[bytes], encoding: str, file: str) -> Iterator[bytes]:
    """A text in UTF-8, its lines ended by newlines. Raises UnicodeDecodeError, IntakeError."""
    decoder = IncrementalNewlineDecoder(getincrementaldecoder(encoding)(), translate=True)
    for chunk in chunks:
        text = decoder.decode(chunk).encode()
        _refuse_control(text, file)
        yield text
    yield decoder.decode(b"", final=True).encode()


def _refuse_control(content: bytes, file: str) -> None:
    # Ten times as fast as looking for the first of them.
    if len(content.translate(None, CONTROL_BYTES)) < len(content):
        says = f"{file} is not a table: it holds characters that no text has."
        raise refusal(says, SAVE_AS)


# -- large files -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Utf8File:
    """A text in UTF-8 whose lines end alike, and whether any two of their ends are neighbours."""

    path: Path
    has_blank_lines: bool


def utf8_file(
    path: Path, copy: Path, start: bytes, check_cancelled: Callable[[], None]
) -> Utf8File:
    """The file itself where it is UTF-8 without a mark and ends its lines alike, else a copy.

    `check_cancelled` is called between chunks; what it raises comes through. Raises IntakeError.
    """

    def decode(encoding: str) -> Utf8File:
        as_it_is = _as_it_is(path, check_cancelled) if encoding == "utf-8" else None
        return as_it_is or _copied(path, copy, encoding, check_cancelled)

    return decode_by_first_fit(start, decode)


def _chunks(path: Path, check_cancelled: Callable[[], None]) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            check_cancelled()
            yield chunk


def _as_it_is(path: Path, check_cancelled: Callable[[], None]) -> Utf8File | None:
    """The file, if it is UTF-8 and its lines end in the same mark, also those inside of cells."""
    decoder = getincrementaldecoder("utf-8")()
    marks: set[str] = set()
    has_blank_lines, last = False, b""
    for chunk in _chunks(path, check_cancelled):
        decoder.decode(chunk)
        _refuse_control(chunk, f"The file {path.name}")
        marks |= _line_ends(chunk, after_return=last.endswith(b"\r"))
        has_blank_lines = has_blank_lines or _has_blank_line(last + chunk)
        last = chunk[-2:]
    decoder.decode(b"", final=True)
    if last.endswith(b"\r"):
        marks.add("return")
    return Utf8File(path, has_blank_lines) if len(marks) < 2 else None


def _copied(path: Path, copy: Path, encoding: str, check_cancelled: Callable[[], None]) -> Utf8File:
    has_blank_lines, last = False, b""
    with copy.open("wb") as out:
        for text in as_utf8(_chunks(path, check_cancelled), encoding, f"The file {path.name}"):
            out.write(text)
            has_blank_lines = has_blank_lines or _has_blank_line(last + text)
            last = text[-1:] or last
    return Utf8File(copy, has_blank_lines)


def _line_ends(content: bytes, *, after_return: bool) -> set[str]:
    """The marks that end lines; a return at the very end may yet be half of a pair."""
    if after_return:
        content = b"\r" + content
    if b"\r" not in content:
        return {"feed"} if b"\n" in content else set()
    feeds, pairs = content.count(b"\n"), content.count(b"\r\n")
    returns = content.count(b"\r") - content.endswith(b"\r")
    found = {"feed": feeds - pairs, "return": returns - pairs, "pair": pairs}
    return {mark for mark, times in found.items() if times}


def _has_blank_line(content: bytes) -> bool:
    """Whether an end of a line follows on another, in a text whose lines end alike.

    Most texts end their lines with a feed alone, and are looked through once.
    """
    pairs = NEIGHBOURS if b"\r" in content else NEIGHBOURS[:1]
    return any(pair in content for pair in pairs)

"""A delimited text file as a stream of records; a fault is named with its line."""

import codecs
import csv
import io
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from app.errors import InputError

MAX_LINE = 1_000_000
MAX_CELL = 131_072
"""What the csv module allows; characters."""
_SAMPLE = 65_536
_DELIMITERS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_QUOTE = re.compile(r'""|"')
_SEPARATOR = re.compile(r"sep=(.)\s*$")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `row` as a spreadsheet numbers it (the first one is 1), `line` as an editor
    does (where the record begins). A blank line has no cells."""

    row: int
    line: int
    cells: list[str]


class Table:
    """An open file. `place` says where the record after the last one begins, in numbers that JSON
    can hold; whoever opens the file anew may go on from there.

    Raises InputError with line and reason.
    """

    def __init__(self, path: Path, file: TextIO, encoding: str, dialect: tuple[str, bool]) -> None:
        self._path = path
        self._file = file
        self._encoding = encoding
        self._delimiter, self._skip = dialect
        self._row, self._line = 1, 1
        self._size = path.stat().st_size

    @property
    def place(self) -> list[int]:
        """Where the next record begins."""
        return [self._file.tell(), self._row, self._line, self._size]

    def go(self, place: Sequence[int]) -> None:
        """Go on from a place. Raises InputError where the file is another one by now."""
        position, self._row, self._line, size = place
        if size != self._size:
            raise InputError(f"{label(self._path)}: was changed while the run read it; run it anew")
        self._file.seek(position)
        self._skip = False

    def records(self) -> Iterator[Record]:
        """The records from here to the end."""
        began = self._line
        reader = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
        try:
            if self._skip:
                next(reader)
                self._skip, self._line = False, began + reader.line_num
            for cells in reader:
                record = Record(self._row, self._line, cells)
                self._row, self._line = self._row + 1, began + reader.line_num
                yield record
        except csv.Error as error:
            ended = began + reader.line_num - 1
            raise _fault(self._path, str(error), self._line, ended, self._encoding) from None

    def _lines(self) -> Iterator[str]:
        for number, line in enumerate(iter(partial(self._file.readline, MAX_LINE), ""), self._line):
            if "\0" in line:
                raise InputError(
                    f"{label(self._path)} line {number}: holds a NUL byte, so it is no text file; "
                    "save it as CSV UTF-8"
                )
            if len(line) == MAX_LINE and line[-1] not in "\r\n":
                raise InputError(
                    f"{label(self._path)} line {number}: is longer than {MAX_LINE:,} characters"
                )
            yield line


@contextmanager
def opened(path: Path, score: Callable[[list[str]], int]) -> Iterator[Table]:
    """The file as a table, at its beginning.

    `score` says how good a list of cells is as a header: the delimiter that gives the best one is
    taken, or what a first line "sep=;" says. UTF-8, or UTF-16 and UTF-32 by their byte order mark;
    bytes that are no UTF-8 are read as Windows-1252. Raises InputError with line and reason.
    """
    encoding = _encoding(path)
    try:
        with _open(path, encoding) as file:
            yield Table(path, file, encoding, _delimiter(file, score))
    except UnicodeError:
        raise InputError(f"{label(path)}: not valid {encoding}; save it as CSV UTF-8") from None
    except OSError as error:
        raise InputError(f"{label(path)}: cannot be read: {error.strerror}") from None


def label(path: Path) -> str:
    """The file's name as a message may show it."""
    return "".join(char if char.isprintable() else "?" for char in path.name)


def regular_file(path: Path) -> Path:
    """`path` if it is a file with content. Raises InputError."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no valid path"
        raise InputError(f"{label(path)}: cannot be read: {reason}") from None
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{label(path)}: is not a file")
    if not found.st_size:
        raise InputError(f"{label(path)}: is empty")
    return path


def _encoding(path: Path) -> str:
    try:
        with regular_file(path).open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise InputError(f"{label(path)}: cannot be read: {error.strerror}") from None
    return next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")


def _open(path: Path, encoding: str) -> TextIO:
    errors = "strict"
    if encoding.startswith("utf-8"):
        errors = "sluice.windows_1252"
        codecs.register_error(errors, _windows_1252)
    return path.open(encoding=encoding, errors=errors, newline="")


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8, as Windows-1252; its five gaps as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    try:
        return broken.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return broken.decode("latin-1"), error.end


def _delimiter(file: TextIO, score: Callable[[list[str]], int]) -> tuple[str, bool]:
    """The delimiter, and whether a first line only says it."""
    sample = file.read(_SAMPLE)
    file.seek(0)
    said = _SEPARATOR.match(sample.partition("\n")[0])
    if said:
        return said[1], True
    best = max(_DELIMITERS, key=lambda each: _header_score(sample, each, score))
    return best, False


def _header_score(
    sample: str, delimiter: str, score: Callable[[list[str]], int]
) -> tuple[int, int]:
    try:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        header: list[str] = next((row for row in rows if any(row)), [])
    except csv.Error:
        return 0, 0
    return score(header), len(header)


def _fault(path: Path, message: str, start: int, line: int, encoding: str) -> InputError:
    """What the csv module complains of, with the line where the person has to look."""
    ended = message.startswith("unexpected end")
    with _open(path, encoding) as file:
        opened = _quote_opened(file, start, None if ended else line)
    if opened and "expected after" not in message:
        return InputError(
            f"{label(path)} line {opened}: a quote opens a cell here and is never closed"
        )
    if "field limit" in message:
        return InputError(f"{label(path)} line {line}: a cell is longer than {MAX_CELL:,}")
    if "expected after" in message:
        begun = f" (the cell opened in line {opened})" if opened else ""
        return InputError(
            f"{label(path)} line {line}: text follows a closing quote{begun}; "
            'write a quote inside a cell as ""'
        )
    return InputError(f"{label(path)} line {line}: {message}")


def _quote_opened(lines: Iterable[str], start: int, stop: int | None) -> int:
    """The line that opened the quoted cell which is still open before line `stop` (at the end of
    the file where it is None), looking from the record's line `start` on; 0 when none is."""
    opened = 0
    for number, line in enumerate(lines, 1):
        if stop is not None and number >= stop:
            break
        if number < start:
            continue
        for quote in _QUOTE.finditer(line):
            if quote[0] == '"':
                opened = 0 if opened else number
    return opened

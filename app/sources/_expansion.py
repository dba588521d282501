"""Files that unpack to far more than they hold are refused: an honest one does not.

Text and tables of places are packed to a third or a tenth of their size, and rows that differ take
some room each. A file far beyond that was made to keep its reader busy.
"""

from pathlib import Path

from app.errors import InputError
from app.sources._table import label

MOST_TIMES = 100
HARMLESS_BYTES = 64_000_000
"""Unpacked; what is smaller is read however well it is packed."""
HARMLESS_ROWS = 1_000_000
MOST_ROWS = 10
"""In one byte of a table."""


def check_expansion(path: Path, unpacked: int, rows: int = 0) -> None:
    """Refuse a file by what it says that it unpacks to, in bytes and rows. Raises InputError."""
    size = path.stat().st_size
    if unpacked > max(HARMLESS_BYTES, MOST_TIMES * size):
        raise InputError(
            f"{label(path)}: its {size:,} bytes unpack to {unpacked:,}, more than {MOST_TIMES} "
            "times as many; write it anew with another compression if it is honest"
        )
    if rows > max(HARMLESS_ROWS, MOST_ROWS * size):
        raise InputError(
            f"{label(path)}: says to hold {rows:,} rows in {size:,} bytes, which no list of "
            "companies does"
        )

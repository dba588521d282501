"""Results on stdout, talk on stderr. With --json exactly one JSON object on stdout."""

import json
import sys
from typing import Any


class Console:
    """Where one command writes."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    @property
    def on_terminal(self) -> bool:
        """Whether a person looks at stderr."""
        return sys.stderr.isatty()

    def answer(self, data: dict[str, Any], text: str) -> None:
        """The result: one JSON object, or the text."""
        line = json.dumps(data, ensure_ascii=False, default=str) if self.as_json else text
        print(line, flush=True)  # noqa: T201

    def say(self, text: str) -> None:
        """One sentence that is no result: a line on a terminal, JSON otherwise."""
        self.line(text if self.on_terminal else json.dumps({"event": "note", "message": text}))

    def line(self, text: str) -> None:
        """One line on stderr."""
        print(text, file=sys.stderr, flush=True)  # noqa: T201

    def error(self, text: str, exit_code: int, run_id: str = "") -> None:
        """Why the command did not do it."""
        self.line(f"sluice: {text}")
        if self.as_json:
            run = {"run": run_id} if run_id else {}
            self.answer({"error": text, "exit_code": exit_code} | run, "")


def table(rows: list[tuple[object, ...]], header: tuple[str, ...]) -> str:
    """Columns aligned by spaces, the last one not padded."""
    cells = [header, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )

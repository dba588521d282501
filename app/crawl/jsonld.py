"""JSON-LD blocks, as people really write them."""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

MAX_BLOCKS = 64
MAX_CHARS = 500_000
MAX_ITEMS = 1_000
MAX_DEPTH = 32

_WRAPPING = re.compile(r"<!--|-->|//\s*<!\[CDATA\[|//\s*\]\]>|<!\[CDATA\[|\]\]>|/\*\s*\*/")
_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*[}\]])', re.DOTALL)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_DECODER = json.JSONDecoder(strict=False)


def read_blocks(blocks: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The objects in these script bodies: lists and @graph are opened, a broken block is passed
    over. At most MAX_ITEMS objects."""
    left = MAX_ITEMS
    for number, block in enumerate(blocks):
        if number >= MAX_BLOCKS or left <= 0:
            return
        for item in _flatten(_parse(block[:MAX_CHARS]), MAX_DEPTH):
            if left <= 0:
                return
            left -= 1
            yield item


def _parse(block: str) -> list[Any]:
    """The values of one block: usually one, sometimes several after each other."""
    text = _WRAPPING.sub(" ", block).strip().rstrip(";")
    if "&quot;" in text:
        text = unescape(text)
    text = _COMMA.sub(lambda match: "" if match[0] == "," else match[0], text)
    values: list[Any] = []
    position = 0
    while position < len(text) and len(values) < MAX_BLOCKS:
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return values


def _flatten(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth <= 0:
        return
    if isinstance(value, list):
        for member in value:
            yield from _flatten(member, depth - 1)
    elif isinstance(value, dict):
        graph = value.get("@graph")
        own = {key: _storable(member, depth) for key, member in value.items() if key != "@graph"}
        if set(own) - {"@context", "@id"} or graph is None:
            yield own
        if isinstance(graph, list | dict):
            yield from _flatten(graph, depth - 1)


def _storable(value: Any, depth: int) -> Any:
    """The value without what a database or a UTF-8 file refuses, cut at MAX_DEPTH."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if depth <= 0:
        return None
    if isinstance(value, list):
        return [_storable(member, depth - 1) for member in value]
    if isinstance(value, dict):
        return {
            _UNSTORABLE.sub("", key): _storable(member, depth - 1) for key, member in value.items()
        }
    return value

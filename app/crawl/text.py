"""The visible text of a parsed page."""

import re

from selectolax.lexbor import LexborNode

HIDDEN = frozenset(
    "head script style template noscript noembed noframes iframe object svg "
    "canvas math select datalist audio video dialog".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body br button caption center dd details "
    "div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li "
    "main menu nav ol optgroup option p pre search section summary table tbody tfoot thead tr ul "
    "".split()
)
_CELLS = frozenset(("td", "th"))
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_UNSEEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def visible_text(root: LexborNode) -> str:
    """Text as a person reads it: blocks on lines of their own, white space collapsed, no scripts,
    styles, templates, comments or hidden elements."""
    pieces: list[str] = []
    node: LexborNode | None = root
    while node is not None:
        descend = False
        if node.is_text_node:
            pieces.append((node.text_content or "").replace("\n", " "))
        elif node.mem_id == root.mem_id or (node.is_element_node and not _is_hidden(node)):
            pieces.append(_separator(node.tag))
            descend = node.first_child is not None
        node = node.first_child if descend else _following(node, root, pieces)
    return _tidy("".join(pieces))


def line(text: str) -> str:
    """Any text on one line."""
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())


def _following(node: LexborNode, root: LexborNode, pieces: list[str]) -> LexborNode | None:
    """The next node in document order outside of this one."""
    current: LexborNode | None = node
    while current is not None and current.mem_id != root.mem_id:
        if current.is_element_node:
            pieces.append(_separator(current.tag))
        if current.next is not None:
            return current.next
        current = current.parent
    return None


def _separator(tag: str | None) -> str:
    return "\n" if tag in _BLOCKS else "\t" if tag in _CELLS else ""


def _is_hidden(node: LexborNode) -> bool:
    if node.tag in HIDDEN:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    style = attributes.get("style")
    return bool(style and _UNSEEN.search(style))


def _tidy(text: str) -> str:
    lines = (" ".join(part.split()) for part in _INVISIBLE.sub("", text).split("\n"))
    return "\n".join(part for part in lines if part)

"""A page as people look at it: lines in order, each within the boxes that hold it.

One walk over the tree gives every node a position. An element is the range of positions that it
spans, so "inside" and "before" are comparisons of numbers, also on the most nested page.
"""

import codecs
import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES = 60_000
MAX_LINES = 8_000
MAX_LINE = 4_000
MAX_MARKS = 200

_SKIPPED = frozenset(
    "head script style template noscript noembed noframes iframe svg canvas math select "
    "datalist audio video textarea input".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i icon img ins kbd label "
    "mark nobr q "
    "s samp small span strike strong sub sup time tt u var wbr ion-icon fa-icon".split()
)
_BOLD = frozenset(("b", "strong"))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f]")


@dataclass(slots=True)
class Element:
    """A box. `start` and `stop` are the positions that it spans; `marks` are its class, id and
    itemprop in lower case, camel case opened ("team-member")."""

    tag: str
    parent: int
    start: int
    stop: int = 0
    marks: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text within one inline element of a line."""

    text: str
    element: int
    pos: int


@dataclass(frozen=True, slots=True)
class Line:
    """What stands on one line: `tag` is the innermost block ("h3", "p", "td"), `element` its index,
    `level` the heading level or 0."""

    text: str
    pieces: tuple[Piece, ...]
    element: int
    tag: str
    level: int
    pos: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link (`target` is the href as written) or a picture (`target` is its alt text)."""

    target: str
    element: int
    pos: int


@dataclass(slots=True)
class Outline:
    """Elements in document order (their index is how they are named), lines, links, pictures."""

    elements: list[Element] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    links: list[Anchor] = field(default_factory=list)
    pictures: list[Anchor] = field(default_factory=list)

    def ancestors(self, element: int, most: int = 40) -> list[int]:
        """The element and the boxes around it, innermost first, at most so many."""
        chain: list[int] = []
        while element >= 0 and len(chain) < most:
            chain.append(element)
            element = self.elements[element].parent
        return chain


def read_outline(tree: LexborHTMLParser) -> Outline:
    """The outline of a page. Bounded by MAX_NODES and MAX_LINES; never raises."""
    walker = _Walker()
    if tree.body is not None:
        walker.walk(tree.body)
    return walker.outline


class _Walker:
    """Walks without recursion: nesting as deep as the page likes costs nothing."""

    def __init__(self) -> None:
        self.outline = Outline()
        self._stack: list[int] = []
        self._pieces: list[tuple[str, int, int]] = []
        self._pos = 0

    def walk(self, root: LexborNode) -> None:
        node: LexborNode | None = root
        depth = 0
        while node is not None and self._pos < MAX_NODES:
            self._pos += 1
            child = self._enter(node)
            if child is not None:
                node, depth = child, depth + 1
                continue
            if node.is_element_node and self._opened(node):
                self._leave()
            while node.next is None and depth > 0:
                node, depth = node.parent, depth - 1
                assert node is not None
                self._leave()
            node = node.next if depth > 0 else None
        while self._stack:
            self._leave()

    def _enter(self, node: LexborNode) -> LexborNode | None:
        """Takes note of a node; its first child when there is something to walk in it."""
        if node.is_text_node:
            text = node.text_content
            if text and self._stack and (self._pieces or not text.isspace()):
                self._pieces.append((text, self._stack[-1], self._pos))
            return None
        if not node.is_element_node:
            return None
        tag = node.tag or ""
        if tag == "br":
            self._flush()
            return None
        if tag in _SKIPPED:
            return None
        self._open(node, tag)
        return node.first_child

    def _opened(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        return tag != "br" and tag not in _SKIPPED

    def _open(self, node: LexborNode, tag: str) -> None:
        outline, attributes = self.outline, node.attributes
        if tag not in _INLINE:
            self._flush()
        parent = self._stack[-1] if self._stack else -1
        element = Element(tag, parent, self._pos, marks=_marks(attributes) if attributes else "")
        index = len(outline.elements)
        outline.elements.append(element)
        self._stack.append(index)
        if tag == "a" and (href := attributes.get("href")):
            element.href = href[:500].strip()
            outline.links.append(Anchor(element.href, index, self._pos))
        elif tag == "img" and (alt := attributes.get("alt")):
            outline.pictures.append(Anchor(_line(alt[:200]), index, self._pos))
        if tag == "img" and (source := attributes.get("src")):
            element.marks += " " + source[-60:].lower().rpartition("/")[2].rpartition(".")[0]
        if kept := _kept_apart(attributes):
            outline.links.append(Anchor(kept, index, self._pos))

    def _leave(self) -> None:
        element = self.outline.elements[self._stack.pop()]
        if element.tag not in _INLINE:
            self._flush()
        element.stop = self._pos + 1

    def _flush(self) -> None:
        """Ends the line that is being gathered."""
        raw, self._pieces = self._pieces, []
        if not raw or len(self.outline.lines) >= MAX_LINES:
            return
        text = _line(_joined([part for part, _, _ in raw])[:MAX_LINE])
        if not any(map(str.isalnum, text)):
            return
        pieces = tuple(
            Piece(line, element, pos) for part, element, pos in raw[:40] if (line := _line(part))
        )
        block, level = self._block(raw[0][1])
        tag = self.outline.elements[block].tag
        self.outline.lines.append(Line(text, pieces, block, tag, level, pieces[0].pos))

    def _block(self, element: int) -> tuple[int, int]:
        """The innermost block around an element, and the heading level there."""
        elements = self.outline.elements
        while elements[element].tag in _INLINE and elements[element].parent >= 0:
            element = elements[element].parent
        for index in self.outline.ancestors(element, 4):
            tag = elements[index].tag
            if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
                return element, int(tag[1])
        return element, 0


def _kept_apart(attributes: dict[str, str | None]) -> str:
    """The link that a script would make of data- attributes (see _reach/disguised.py)."""
    if code := attributes.get("data-cfemail"):
        return f"/cdn-cgi/l/email-protection#{code[:400]}"
    if code := attributes.get("data-enc-email"):
        return "mailto:" + codecs.decode(code[:200], "rot13").replace("[at]", "@")
    if host := attributes.get("data-domain"):
        local = (
            attributes.get("data-user")
            or attributes.get("data-name")
            or attributes.get("data-local")
        )
        top = attributes.get("data-tld")
        return f"mailto:{local}@{host}{f'.{top}' if top else ''}"[:200] if local else ""
    return ""


def _marks(attributes: dict[str, str | None]) -> str:
    written = " ".join(
        value for name in ("class", "id", "itemprop") if (value := attributes.get(name))
    )
    return _CAMEL.sub("-", written[:MAX_MARKS]).lower()


def _joined(parts: list[str]) -> str:
    """The text of inline boxes; a style sheet may part a word that stands first from what follows
    it ("<span>Contact</span>Jane Doe")."""
    label = len(parts) > 1 and parts[0].isalpha() and len(parts[0]) > 2 and parts[0][-1].islower()
    if label and parts[1][:1].isupper():
        parts = [parts[0], " ", *parts[1:]]
    return "".join(parts)


def _line(text: str) -> str:
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())

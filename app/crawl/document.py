"""A page, parsed once and read by every extractor."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from app.crawl.charset import decode
from app.crawl.defuse import defuse
from app.crawl.jsonld import read_blocks
from app.crawl.text import line, visible_text
from app.crawl.urls import absolute
from app.records.page import Page

MAX_LINKS = 5_000
MAX_LINK_TEXT = 300
MAX_LINK_NODES = 60

_LINK_ATTRIBUTES = {
    "a": ("href",),
    "area": ("href",),
    "form": ("action",),
    "script": ("src", "data-src"),
    "iframe": ("src", "data-src", "data-lazy-src"),
    "frame": ("src",),
    "img": ("src", "data-src"),
    "link": ("href",),
}
_CONTACT_SCHEMES = ("mailto:", "tel:", "sms:", "callto:")


@dataclass(frozen=True, slots=True)
class Link:
    """An http(s) address on a page: absolute, without fragment, host in lower case.

    `text`: what a reader sees of it, on one line (else the picture's alt text, aria-label or
    title). `rel`: as written, in lower case. `kind`: a, area, form, script, iframe, img or link.
    """

    url: str
    text: str
    rel: str
    kind: str


@dataclass(frozen=True, slots=True)
class RawLink:
    """A mailto:, tel:, sms: or callto: link: `href` as written, its text, and the node it is on."""

    href: str
    text: str
    node: LexborNode


class Document:
    """One page, each view of it computed when first asked for. Never raises on any bytes."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def url(self) -> str:
        """The page's address, after redirects."""
        return self.page.url

    @cached_property
    def html(self) -> str:
        """The markup as text, bounded (see app.crawl.defuse)."""
        return defuse(decode(self.page.body, self.page.charset))

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed page. Shared by all readers: do not change it."""
        return LexborHTMLParser(self.html, options=LexborDocumentOptions.WO_EVENTS)

    @cached_property
    def title(self) -> str:
        """The text of <title> on one line, or ""."""
        node = self.tree.css_first("title")
        return line(node.text()) if node else ""

    @cached_property
    def description(self) -> str:
        """The meta description (else og:description) on one line, or ""."""
        found = {
            (node.attributes.get("name") or node.attributes.get("property") or "").lower(): node
            for node in reversed(self.tree.css("meta[content]"))
        }
        node = found.get("description") or found.get("og:description")
        return line(node.attributes.get("content") or "") if node else ""

    @cached_property
    def lang(self) -> str:
        """The primary language tag of <html lang>, in lower case ("en"), or ""."""
        node = self.tree.css_first("html")
        tag = (node.attributes.get("lang") or "") if node else ""
        primary = tag.strip().lower().replace("_", "-").partition("-")[0]
        return primary if primary.isalpha() and len(primary) <= 3 else ""

    @cached_property
    def text(self) -> str:
        """Visible text, one block per line (see app.crawl.text)."""
        root = self.tree.body
        return visible_text(root) if root else ""

    @cached_property
    def base(self) -> str:
        """What relative addresses on this page start from: <base href> or the page's address."""
        node = self.tree.css_first("base[href]")
        href = (node.attributes.get("href") or "") if node else ""
        return (absolute(self.url, href) if href else "") or self.url

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The http(s) addresses on the page, in document order, at most MAX_LINKS."""
        return tuple(self._links())

    @cached_property
    def raw_links(self) -> tuple[RawLink, ...]:
        """The mailto:, tel:, sms: and callto: links, in document order, at most MAX_LINKS."""
        nodes = self.tree.css("a[href], area[href]")[:MAX_LINKS]
        pieces: dict[int, str] = {}
        return tuple(
            RawLink(href, _text_of(node, pieces), node)
            for node in nodes
            if (href := (node.attributes.get("href") or "").strip())
            and href.lower().startswith(_CONTACT_SCHEMES)
        )

    @cached_property
    def json_ld(self) -> tuple[dict[str, Any], ...]:
        """The JSON-LD objects of the page; lists and @graph opened, broken blocks passed over."""
        scripts = self.tree.css("script[type]")
        return tuple(
            read_blocks(
                node.text()
                for node in scripts
                if "ld+json" in (node.attributes.get("type") or "").lower()
            )
        )

    def _links(self) -> Iterator[Link]:
        resolved: dict[str, str] = {}
        pieces: dict[int, str] = {}
        for node in self.tree.css(", ".join(_LINK_ATTRIBUTES))[:MAX_LINKS]:
            tag, attributes = node.tag or "", node.attributes
            names = (name for name in _LINK_ATTRIBUTES.get(tag, ()) if attributes.get(name))
            value = attributes.get(next(names, "")) or ""
            if value not in resolved:
                resolved[value] = absolute(self.base, value) if value else ""
            if url := resolved[value]:
                rel = line(attributes.get("rel") or "").lower()
                yield Link(url, _text_of(node, pieces), rel, "iframe" if tag == "frame" else tag)


def _text_of(node: LexborNode, pieces: dict[int, str]) -> str:
    """What a reader sees of a link."""
    attributes = node.attributes
    seen = _seen(node, pieces) if node.tag in ("a", "area") else ""
    return (seen or line(attributes.get("alt") or _label(attributes)))[:MAX_LINK_TEXT]


def _seen(node: LexborNode, pieces: dict[int, str]) -> str:
    """The text inside a node, else that of its picture. Links may be nested by the thousand around
    one long text: reading is bounded for each, and `pieces` keeps what was read of each text."""
    words, picture = [], ""
    for child in islice(node.traverse(include_text=True), MAX_LINK_NODES):
        if child.is_text_node:
            if child.mem_id not in pieces:
                pieces[child.mem_id] = (child.text_content or "")[: 4 * MAX_LINK_TEXT]
            words.append(pieces[child.mem_id])
        elif child.tag == "img":
            picture = picture or child.attributes.get("alt") or ""
    return line(" ".join(words)) or line(picture)


def _label(attributes: dict[str, str | None]) -> str:
    return attributes.get("aria-label") or attributes.get("title") or ""

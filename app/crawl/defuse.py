"""Markup made to exhaust the parser is disarmed before parsing.

Four shapes cost the parser time or memory that grows with the square of their size: deep nesting,
unclosed formatting elements (reopened in every block), many attributes on one tag, and many
`<html>` or `<body>` tags (their attributes are merged into one element). Real pages come nowhere
near these limits: the largest of 500 looked at has 6,200 tags.
"""

import re

MAX_CHARS = 4_000_000
MAX_TAGS = 20_000
MAX_ATTRIBUTES = 500
MAX_REOPENED = 1_000_000
MAX_ROOTS = 8

_FORMATTING = re.compile(
    r"<(/?)(?:big|b|code|em|font|i|nobr|small|strike|strong|s|tt|u)(?=[\s/>])", re.IGNORECASE
)
_ROOT = re.compile(r"<(?:html|body)(?=[\s/>])", re.IGNORECASE)
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|(?=>)|[^\s>"'][^\s>]*+)"""
_ATTRIBUTE = rf"(?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+{_VALUE})?+)"
_SWOLLEN_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+{_ATTRIBUTE}{{{2 * MAX_ATTRIBUTES}}}")


def defuse(html: str) -> str:
    """The same markup, cut and weakened only where parsing it could take seconds."""
    html = _cut_tags(html[:MAX_CHARS])
    html = _cut_attributes(html)
    tags = html.count("<")
    if tags * tags > MAX_REOPENED and len(_FORMATTING.findall(html)) * tags > MAX_REOPENED:
        html = _FORMATTING.sub(r"<\1span", html)
    if len(_ROOT.findall(html)) > MAX_ROOTS:
        html = _ROOT.sub("<span", html)
    return html


def _cut_tags(html: str) -> str:
    """Everything before tag number MAX_TAGS; nesting cannot be deeper than tags are many."""
    if html.count("<") <= MAX_TAGS:
        return html
    position = -1
    for _ in range(MAX_TAGS):
        position = html.index("<", position + 1)
    return html[:position]


def _cut_attributes(html: str) -> str:
    """Everything before a tag with too many attributes."""
    if max(map(len, html.split(">"))) < 4 * MAX_ATTRIBUTES:
        return html
    swollen = _SWOLLEN_TAG.search(html)
    return html[: swollen.start()] if swollen else html

"""People of the company: names with title, e-mail, phone, LinkedIn profile and a line of biography.

Precision goes first: a name is given when its place on the page speaks for a person of the company
(app/extractors/_people/weigh.py says how much), and what stands in that person's own block is given
with it. Customers, authors, quoted people and placeholder text are left out.
"""

from collections.abc import Iterator

from app.crawl.document import Document
from app.extractors import Site
from app.extractors._people.page import Person, read_people
from app.records.evidence import Evidence

MAX_QUOTE = 240


def extract(document: Document, site: Site) -> Iterator[Evidence]:
    """`full_name`, `title`, `email`, `phone`, `linkedin_url` and `bio` of the people of a page, in
    order of appearance; `subject` is the person's key."""
    for person in read_people(document, site):
        yield from _facts(person, document)


def _facts(person: Person, document: Document) -> Iterator[Evidence]:
    for fact in person.facts:
        yield Evidence(
            field=fact.field,
            value=fact.value,
            source_url=document.url,
            quote=fact.quote[:MAX_QUOTE],
            method=fact.method,
            confidence=round(fact.confidence, 2),
            rule=fact.rule,
            seen_at=document.page.fetched_at,
            subject=person.key,
        )


EXTRACTOR = extract

"""Contact research: the people that the company's own pages name."""

from app.crawl.document import Document
from app.extractors import Site
from app.pipeline.contact_records import build_contacts
from app.pipeline.country_gate import withheld
from app.pipeline.outcomes import Done, Outcome, Records, Skip
from app.pipeline.stage import Stage, Work
from app.records.evidence import Absence
from app.tools import Tools

EXTRACTORS = ("people", "emails")


async def handle(work: Work, tools: Tools) -> Outcome:
    """A company with fewer people than asked for is out; whom it has is kept. People whom the
    country gate withholds are not looked for."""
    company, request = work.company, work.run.request
    assert company is not None
    if reason := withheld(company, request.criteria.country, request.allow_countries):
        nobody = Records(contacts=(), absences=(Absence("full_name", "withheld", reason),))
        if request.contacts_min:
            return Skip("people_withheld", reason, nobody)
        return Done(nobody, {"people": 0})
    pages = await tools.pages(company.id)
    site = Site(company.domain, company.name, company.country or request.criteria.country or "US")
    async with tools.reader(site, EXTRACTORS) as reader:
        for page in pages:
            reader.read(Document(page))
        found = await reader.facts()
    contacts, chosen, absences = build_contacts(
        found,
        company,
        titles_wanted=request.criteria.titles,
        now=tools.now(),
        reading=await tools.reading(company.id),
    )
    records = Records(contacts=contacts, evidence=chosen, absences=absences)
    if len(contacts) < request.contacts_min:
        reason = f"{len(contacts)} people found, {request.contacts_min} asked for"
        return Skip("too_few_contacts", reason, records)
    return Done(records, {"people": len(contacts)})


STAGE = Stage(
    name="contact_research",
    number=6,
    unit="company",
    needs=("company_validation",),
    handle=handle,
    summary="people: name, title, e-mail, phone, LinkedIn link, quality score",
    chunk=8,
    timeout=120,
    reads=("criteria", "contacts_min", "allow_countries"),
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])

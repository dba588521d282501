"""Company research: reads the site, and makes a company record of what it says."""

from dataclasses import asdict, replace

from app.crawl.crawl import Crawl
from app.errors import Unreachable
from app.extractors import Site
from app.pipeline.absence import of_judgement, unread
from app.pipeline.company_record import resolve
from app.pipeline.icp import Known, confidences, evidence_of, judge, mismatch
from app.pipeline.icp_rules import parse_rules
from app.pipeline.outcomes import Done, Fail, Outcome, Records, Skip
from app.pipeline.retry import failure_of
from app.pipeline.stage import Stage, Work
from app.records.company import Company
from app.records.evidence import AbsenceKind
from app.records.reading import Reading
from app.tools import Tools

EXTRACTORS = ("structured", "emails", "phones", "units", "software", "profile")


async def handle(work: Work, tools: Tools) -> Outcome:
    """Rejects what the source already rules out before a page is fetched, and the rest after."""
    company, criteria = work.company, work.run.request.criteria
    assert company is not None
    if not company.website:
        return _unread(company, Skip("no_website", "the source gives no website"), "not_looked")
    stated = await tools.evidence(company.id)
    rules = parse_rules(work.run.request.icp_text)
    listed = Known(researched=False, confidence=confidences(stated))
    if early := mismatch(company, criteria, listed, rules):
        return _unread(company, early, "not_looked")
    site = Site(company.domain, company.name, company.country or criteria.country or "US")
    async with tools.reader(site, EXTRACTORS) as reader:
        crawl, reading = await tools.crawl(work.run, company.website, reader.read)
        found = await reader.facts()
    if not crawl.pages:
        return _no_pages(work, crawl, reading)

    resolved, chosen, absences = resolve(company, (*stated, *found), reading=reading)

    known = Known(
        text="\n".join(document.text for document in crawl.documents),
        confidence={**confidences(stated), **confidences(chosen)},
        pages_read=len(crawl.pages),
        software=tuple(fact.value for fact in chosen if fact.field == "software"),
    )
    icp = judge(resolved, criteria, known, rules)
    judged = replace(
        resolved,
        icp_fit=icp.fit and not resolved.disqualifiers,
        icp_tier=icp.tier,
        icp_confidence=icp.confidence,
        icp_rules=tuple(asdict(result) for result in icp.applied),
        disqualifiers=tuple(dict.fromkeys((*resolved.disqualifiers, *icp.disqualifiers))),
    )
    fresh = tuple(fact for fact in chosen if fact not in stated)
    records = Records(
        company=judged,
        pages=crawl.pages,
        reading=reading,
        evidence=(*fresh, *evidence_of(icp, rules, tools.now())),
        absences=(*absences, *of_judgement(judged)),
    )
    if late := mismatch(resolved, criteria, known, rules):
        return replace(late, records=records)
    if resolved.disqualifiers:
        return Skip("disqualified", ", ".join(resolved.disqualifiers), records)
    return Done(records, {"pages": len(crawl.pages), "facts": len(fresh)})


def _no_pages(work: Work, crawl: Crawl, reading: Reading) -> Outcome:
    """No page: worth another try later if the network was to blame, else the company is out."""
    assert work.company is not None
    outcome: Skip | Fail = Skip(crawl.cause, crawl.detail)
    if isinstance(crawl.error, Unreachable) and not work.run.request.replay_dir:
        outcome = failure_of(crawl.error)
    kind: AbsenceKind = "blocked" if reading.kind == "blocked" else "failed"
    return _unread(work.company, outcome, kind, reading)


def _unread(
    company: Company, outcome: Skip | Fail, kind: AbsenceKind, reading: Reading | None = None
) -> Outcome:
    """The outcome of a company whose site gave nothing, with the reason in every empty field."""
    gaps = unread(company, kind, outcome.reason)
    return replace(outcome, records=Records(reading=reading, absences=gaps))


STAGE = Stage(
    name="company_research",
    number=4,
    unit="company",
    needs=("discovery",),
    handle=handle,
    summary="crawls the site; software, units, type, description, ICP fit",
    chunk=8,
    timeout=360,
    reads=("criteria", "icp", "max_pages"),
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])

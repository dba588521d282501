"""Company research: reads the site, and makes a company record of what it says."""

from dataclasses import asdict, replace

from app.crawl.crawl import Crawl
from app.errors import Refused, Unreachable
from app.extractors import Site
from app.pipeline.company_record import resolve
from app.pipeline.icp import Known, confidences, evidence_of, judge, mismatch
from app.pipeline.icp_rules import parse_rules
from app.pipeline.outcomes import Done, Outcome, Records, Skip
from app.pipeline.retry import failure_of
from app.pipeline.stage import Stage, Work
from app.records.evidence import Absence, AbsenceKind
from app.tools import Tools

EXTRACTORS = ("structured", "emails", "phones", "units", "software", "profile")


async def handle(work: Work, tools: Tools) -> Outcome:
    """Rejects what the source already rules out before a page is fetched, and the rest after."""
    company, criteria = work.company, work.run.request.criteria
    assert company is not None
    if not company.website:
        return Skip("no_website", "the source gives no website")
    stated = await tools.evidence(company.id)
    rules = parse_rules(work.run.request.icp_text)
    listed = Known(researched=False, confidence=confidences(stated))
    if early := mismatch(company, criteria, listed, rules):
        return early
    crawl = await tools.crawl(work.run, company.website)
    if not crawl.pages:
        return _no_pages(work, crawl)

    site = Site(company.domain, company.name, company.country or criteria.country or "US")
    found = await tools.extract(crawl.documents, site, EXTRACTORS)
    resolved, chosen, absences = resolve(company, (*stated, *found), pages_read=len(crawl.pages))

    known = Known(
        text="\n".join(document.text for document in crawl.documents),
        confidence={**confidences(stated), **confidences(chosen)},
        pages_read=len(crawl.pages),
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
        evidence=(*fresh, *evidence_of(icp, rules, tools.now())),
        absences=absences,
    )
    if late := mismatch(resolved, criteria, known, rules):
        return replace(late, records=records)
    if resolved.disqualifiers:
        return Skip("disqualified", ", ".join(resolved.disqualifiers), records)
    return Done(records, {"pages": len(crawl.pages), "facts": len(fresh)})


def _no_pages(work: Work, crawl: Crawl) -> Outcome:
    """No page: worth another try later if the network was to blame, else the company is out."""
    kind: AbsenceKind = "blocked" if isinstance(crawl.error, Refused) else "failed"
    records = Records(absences=(Absence("website", kind, crawl.detail),))
    if isinstance(crawl.error, Unreachable) and not work.run.request.replay_dir:
        return replace(failure_of(crawl.error), records=records)
    return Skip(crawl.cause, crawl.detail, records)


STAGE = Stage(
    name="company_research",
    number=4,
    unit="company",
    needs=("discovery",),
    handle=handle,
    summary="crawls the site; software, units, type, description, ICP fit",
    chunk=8,
    timeout=360,
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])

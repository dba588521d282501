"""Records brought before the checks: looks up the facts, and asks every check."""

import asyncio
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app import registry
from app.checks import Checks, CompanyFacts, ContactFacts, MailAnswer
from app.checks._mail_servers import MailServers
from app.clock import Clock
from app.crawl.document import Document
from app.db.pool import Database
from app.db.queries import query
from app.records.company import Company
from app.records.contact import Contact
from app.records.page import Page
from app.records.run import Run
from app.records.verdict import Judgement, Reason

_PAGE = tuple(Page.__dataclass_fields__)
_LONG = 50_000
"""Bytes, compressed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a company is fit for outreach. `people` were found, `usable` of them no check objects
    to, `reachable` of those have an e-mail, a phone or a profile."""

    verdict: str
    icp_fit: bool | None
    has_phone: bool
    has_email: bool
    people: int
    usable: int
    reachable: int


@dataclass(frozen=True, slots=True)
class Judge:
    """The checks of one process, with what they need to know."""

    database: Database
    clock: Clock
    checks: Checks
    mail_servers: MailServers

    @classmethod
    def of(cls, database: Database, clock: Clock) -> "Judge":
        """With every check there is."""
        checks = Checks(registry.load_all("app.checks", "CHECK"))
        return cls(database, clock, checks, MailServers())

    async def company(self, run: Run, company: Company) -> Judgement:
        """The verdict on a company."""
        row = await self.database.fetchrow(query("checks.company"), company.id)
        facts = CompanyFacts(
            company,
            run.request.criteria,
            row["pages"],
            await _text(row) if row["pages"] else "",
            row["names_itself"],
            tuple(_company(each) for each in row["earlier"] or ()),
        )
        return decided(await self.checks.judge(facts), row["decided"])

    async def contacts(self, run: Run, company: Company) -> tuple[Judgement, ...]:
        """The verdicts on a company's people, best person first. Stored pages: DNS is not asked."""
        rows = await self.database.fetch(query("checks.contacts"), company.id)
        replayed = bool(run.request.replay_dir)
        asked = _nobody if replayed else self.mail_servers.takes_mail
        return tuple([await self._contact(row, company, asked, replayed=replayed) for row in rows])

    async def standing(self, company_id: int) -> Standing:
        """What readiness looks at."""
        return Standing(**await self.database.fetchrow(query("checks.standing"), company_id))

    async def _contact(
        self, row: Mapping[str, Any], company: Company, asked: Any, *, replayed: bool
    ) -> Judgement:
        contact = Contact(**{name: row[name] for name in Contact.__dataclass_fields__})
        facts = ContactFacts(
            contact,
            company,
            self.clock.now(),
            asked,
            row["seen_at"],
            tuple(row["same_address"]),
            replayed,
        )
        judgement = decided(await self.checks.judge(facts, contact.key), row["decided"])
        return replace(judgement, email_verdict=_email_verdict(contact, judgement))


def decided(judgement: Judgement, decisions: Sequence[Mapping[str, Any]]) -> Judgement:
    """What a person said of the record stands, whatever the checks find when they run again."""
    if not decisions:
        return judgement
    said = tuple(Reason(**each) for each in decisions)
    return replace(judgement, verdict=said[-1].verdict, reasons=(*judgement.reasons, *said))


def _email_verdict(contact: Contact, judgement: Judgement) -> str:
    """What the reasons say of the address alone."""
    if not contact.email:
        return ""
    causes = {each.cause for each in judgement.reasons}
    if causes & {"bad_email", "takes_no_mail", "disposable"}:
        return "invalid"
    return "not_checked" if "mail_not_checked" in causes else "valid"


async def _nobody(domain: str) -> MailAnswer:
    return "not_checked"


async def _text(row: Mapping[str, Any]) -> str:
    """The visible text of a stored page; a long one is read in a thread, for the heartbeat."""
    if len(row["body"]) > _LONG:
        return await asyncio.to_thread(_read, row)
    return _read(row)


def _read(row: Mapping[str, Any]) -> str:
    values = {name: row[name] for name in _PAGE}
    return Document(Page(**{**values, "body": zlib.decompress(values["body"])})).text


def _company(row: Mapping[str, Any]) -> Company:
    values = {name: row[name] for name in Company.__dataclass_fields__}
    return Company(**{**values, "disqualifiers": tuple(values["disqualifiers"])})


def counted(judgements: Sequence[Judgement]) -> dict[str, int]:
    """Statistics: total, valid, invalid, review."""
    verdicts: list[str] = [each.verdict for each in judgements]
    words = ("valid", "invalid", "review")
    return {"total": len(verdicts)} | {word: verdicts.count(word) for word in words}

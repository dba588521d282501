"""Forgetting a person or a company: nothing of them is left in any table."""

import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.db import records, suppressions
from app.db.found import add_found
from app.db.pool import Connection, Database
from app.db.queries import query
from app.db.requests import pack_request, unpack_run
from app.db.snapshots import freeze
from app.errors import InputError
from app.events import add_event
from app.forget import forget
from app.pipeline.outcomes import Found, Records
from app.pipeline.suppression import mark_of
from app.records.company import Company
from app.records.contact import Contact
from app.records.criteria import Criteria
from app.records.page import Page
from app.records.run import Run
from tests.factories import NOW, a_request, evidence

JANE = "jane.doe@firm.example"


def _page(domain: str, text: str) -> Page:
    return Page(f"https://{domain}/team", 200, "text/html", "", text.encode(), NOW)


def _person(name: str, email: str) -> tuple[Contact, tuple[Any, ...]]:
    key = name.lower()
    facts = (("full_name", name), ("email", email))
    return (
        Contact(key, name, email=email, email_status="published"),
        tuple(evidence(what, value, subject=key, quote=f"{name} {email}") for what, value in facts),
    )


async def _mention_jane(connection: Connection, run: Run, firm: int, other: int) -> None:
    """Where no column is hers: a description, a result, an error, a context."""
    about = Company("Firm", "firm.example", description="Founded by Jane Doe.", id=firm)
    standing = [
        records.Standing(firm, "ready", "", "", about),
        records.Standing(other, "ready", "", "", None),
    ]
    await records.stand(connection, "contact_research", standing)
    await connection.execute(
        "INSERT INTO evidence (company_id, stage, subject, field, value, source_url, quote,"
        " method, confidence, rule, seen_at) VALUES ($1, 'x', '', 'description',"
        " 'Founded by Jane Doe.', 'https://firm.example', 'x', 'text', 1, 'x', now())", firm
    )  # fmt: skip
    item = await connection.fetchval(
        "INSERT INTO items (run_id, stage, company_id, state, result)"
        " VALUES ($1, 'contact_research', $2, 'done', $3) RETURNING id",
        *(run.id, firm, {"note": f"asked {JANE}"}),
    )
    await connection.execute(
        "INSERT INTO stage_log (run_id, stage, item_id, attempt, started_at, completed_at,"
        " status, error) VALUES ($1, 'x', $2, 1, now(), now(), 'done', $3)",
        *(run.id, item, f"no answer from {JANE}"),
    )
    await connection.execute(
        "INSERT INTO context_items (run_id, kind, name, domain, body)"
        " VALUES ($1, 'research', 'an earlier run', 'firm.example', 'founded by Jane Doe')",
        run.id,
    )


@pytest.fixture
async def run(database: Database, tmp_path: Path) -> Run:
    """Two companies: Jane and Bob at the one, whose description names Jane; Ann at the other,
    whose page thanks Jane. Exported, logged, and told about in an event."""
    request = a_request(
        criteria=Criteria(exclude_domains=("firm.example", "otherfirm.example")),
        notify_email=JANE,
        archive_dir=str(tmp_path / "archive"),
    )
    run = unpack_run(
        await database.fetchrow(
            query("runs.create"), pack_request(request), 5, 1, 3, "discovery", [], []
        )
    )
    found = tuple(
        Found(Company(name, domain, f"https://{domain}"), (evidence("company_name", name),))
        for name, domain in (("Firm", "firm.example"), ("Other", "otherfirm.example"))
    )
    jane, hers = _person("Jane Doe", "Jane.Doe+x@firm.example")
    bob, his = _person("Bob Roe", "bob@firm.example")
    bob = replace(bob, personalization_notes="Works with JANE DOE")
    his = (*his, evidence("title", "Clerk", subject="bob roe", quote=f"write to {JANE} or Bob"))
    ann, anns = _person("Ann Poe", "ann@otherfirm.example")
    async with database.transaction() as connection:
        given = Records(found=found)
        firm, other = await add_found(connection, run.id, "discovery", given)
        learned = [
            (firm, Records(contacts=(jane, bob), evidence=(*hers, *his), pages=(
                _page("firm.example", f"<p>Jane Doe, {JANE}</p>"),))),
            (other, Records(contacts=(ann,), evidence=anns, pages=(
                _page("otherfirm.example", "<p>We thank Jane.Doe@FIRM.example</p>"),
                _page("otherfirm.example", "<p>otherfirm.example</p>")))),
        ]  # fmt: skip
        await records.write(connection, "contact_research", learned, again=False)
        await _mention_jane(connection, run, firm, other)
        await add_event(connection, run.id, "notice_sent", to=JANE, about=["www.firm.example"])
        await connection.execute(query("runs.add_note"), run.id, "see https://eu.firm.example/x")
    await freeze(database, run, None)
    await database.fetch(
        query("snapshots.add_artifacts"), run.id, ["contacts_csv"], ["/out/c.csv"], [3], ["0"]
    )
    return run


async def _dump(database: Database) -> str:
    """Every row of every table as text, page bodies as they were fetched."""
    tables = await database.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'sluice'::regnamespace AND relkind = 'r'"
    )
    text = []
    for table in tables:
        rows = await database.fetch(f"SELECT t::text AS text FROM sluice.{table['relname']} t")
        text += [f"{table['relname']}: {row['text']}" for row in rows]
    pages = await database.fetch("SELECT body FROM pages")
    text += [f"pages: {zlib.decompress(row['body']).decode()}" for row in pages]
    return "\n".join(text).lower()


def _naming(dump: str, word: str) -> list[str]:
    return [line for line in dump.splitlines() if word in line]


async def test_nothing_of_a_person_is_left_and_the_colleagues_stay(
    database: Database, run: Run, tmp_path: Path
) -> None:
    done = await forget(database, "JANE.doe+news@firm.example")

    dump = await _dump(database)
    assert _naming(dump, "jane") == []
    assert len(_naming(dump, "contacts: ")) == 2
    assert _naming(dump, "bob@firm.example")
    assert _naming(dump, "<p>otherfirm.example</p>")
    assert done.files == ("/out/c.csv", str(tmp_path / "archive"))
    assert (done.erased["contacts"], done.erased["pages"]) == (1, 2)
    again = await database.fetchrow(query("runs.get"), run.id)
    assert unpack_run(again).request.notify_email == "forgotten@forgotten.invalid"


async def test_nothing_of_a_company_is_left_and_its_namesake_stays(
    database: Database, run: Run
) -> None:
    done = await forget(database, "https://www.firm.example")

    dump = await _dump(database)
    left = [line for line in _naming(dump, "firm.example")
            if "firm.example" in line.replace("otherfirm.example", "")]  # fmt: skip
    assert left == []
    assert _naming(dump, "bob") + _naming(dump, "jane doe") == []
    assert len(_naming(dump, "companies: ")) == 1
    assert done.erased["companies"] == 1
    again = unpack_run(await database.fetchrow(query("runs.get"), run.id))
    assert "otherfirm.example" in again.request.criteria.exclude_domains


async def test_forgetting_again_changes_nothing(database: Database, run: Run) -> None:
    await forget(database, JANE)

    again = await forget(database, JANE)

    assert (again.erased, again.files) == ({}, ())
    assert await database.fetchval("SELECT count(*) FROM suppressions WHERE erased") == 1


async def test_who_was_forgotten_is_not_stored_again(database: Database, run: Run) -> None:
    await forget(database, JANE)
    company = await database.fetchval("SELECT id FROM companies WHERE domain = 'firm.example'")
    jane, hers = _person("Jane Doe", JANE)
    bob, his = _person("Bob Roe", "bob@firm.example")
    found_again = Records(contacts=(jane, bob), evidence=(*hers, *his, evidence("email", JANE)))

    async with database.transaction() as connection:
        await records.write(connection, "contact_research", [(company, found_again)], again=True)

    assert _naming(await _dump(database), "jane") == []
    assert await database.fetchval("SELECT count(*) FROM contacts") == 2


async def test_a_number_is_refused_and_nothing_is_suppressed(database: Database) -> None:
    with pytest.raises(InputError, match="takes an e-mail address or a domain"):
        await forget(database, "+1 512 555 0101")

    assert (await suppressions.open_list(database)).kinds == ()
    assert (
        await suppressions.find(
            database, await suppressions.open_list(database), [mark_of("a.example")]
        )
        == {}
    )

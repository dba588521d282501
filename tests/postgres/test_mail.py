"""Notices against a real mail server on loopback."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP

from app.db.pool import Database
from app.db.requests import pack_request
from app.mail import send_notices
from app.settings import Settings
from tests.factories import a_request

TO = "someone@list.example"


class Inbox:
    """Keeps what is delivered, or refuses it."""

    def __init__(self, answer: str = "250 kept") -> None:
        self.answer = answer
        self.messages: list[email.message.EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, email.message.EmailMessage)
        self.messages.append(parsed)
        self.recipients += envelope.rcpt_tos
        return self.answer


@asynccontextmanager
async def _mail_server(inbox: Inbox) -> AsyncIterator[int]:
    """A server on a free port of 127.0.0.1; the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(inbox, loop=loop, hostname="mail.example"), "127.0.0.1", 0
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def mailing(settings: Settings, inbox: Inbox) -> AsyncIterator[Settings]:
    async with _mail_server(inbox) as port:
        yield _with_server(settings, port)


def _with_server(settings: Settings, port: int) -> Settings:
    given = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none"}
    return settings.model_copy(update=given | {"smtp_from": "sluice@sender.example"})


async def _finished_run(
    database: Database, status: str = "completed", notify_email: str = TO, age: str = "1 minute"
) -> UUID:
    request = pack_request(a_request(notify_email=notify_email, target_quantity=3))
    run_id: UUID = await database.fetchval(
        "INSERT INTO runs (request, target_quantity, contacts_min, contacts_max, status, stage,"
        " notes, finished_at) VALUES ($1, 3, 1, 3, $2, 'export', '{\"a note\"}',"
        " now() - $3::text::interval) RETURNING id",
        request,
        status,
        age,
    )
    return run_id


async def _events(database: Database, run_id: UUID) -> list[str]:
    rows = await database.fetch("SELECT what FROM events WHERE run_id = $1 ORDER BY id", run_id)
    return [row["what"] for row in rows]


async def test_a_finished_run_sends_what_was_asked_and_delivered_and_where_the_files_are(
    database: Database, mailing: Settings, inbox: Inbox
) -> None:
    run_id = await _finished_run(database)
    await database.fetch(
        "INSERT INTO artifacts (run_id, kind, path, rows, sha256)"
        " VALUES ($1, 'companies_csv', '/out/companies.csv', 2, '00')",
        run_id,
    )

    await send_notices(database, mailing)

    [message] = inbox.messages
    text = message.get_content()
    assert inbox.recipients == [TO]
    assert message["Subject"] == f"Sluice run {str(run_id)[:8]} completed: 2 delivered"
    assert message["From"] == "Sluice <sluice@sender.example>"
    assert "3 asked, 2 delivered" in text
    assert "/out/companies.csv  2 rows" in text
    assert "a note" in text
    assert await _events(database, run_id) == ["notice_sending", "notice_sent"]


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
async def test_a_notice_is_sent_however_the_run_ended(
    database: Database, mailing: Settings, inbox: Inbox, status: str
) -> None:
    await _finished_run(database, status)

    await send_notices(database, mailing)

    assert [status in message["Subject"] for message in inbox.messages] == [True]


async def test_many_workers_at_once_send_one_notice_for_each_run(
    database: Database, mailing: Settings, inbox: Inbox
) -> None:
    for _ in range(3):
        await _finished_run(database)

    await asyncio.gather(*(send_notices(database, mailing) for _ in range(5)))
    await send_notices(database, mailing)

    assert len(inbox.messages) == 3
    assert len({message["Subject"] for message in inbox.messages}) == 3


async def test_no_notice_without_an_address_or_for_an_old_run_or_a_running_one(
    database: Database, mailing: Settings, inbox: Inbox
) -> None:
    await _finished_run(database, notify_email="")
    await _finished_run(database, age="2 days")
    running = await _finished_run(database)
    await database.fetch(
        "UPDATE runs SET status = 'active', finished_at = NULL WHERE id = $1", running
    )

    await send_notices(database, mailing)

    assert inbox.messages == []


async def test_a_server_that_refuses_costs_one_event_and_no_second_try(
    database: Database, mailing: Settings, inbox: Inbox
) -> None:
    inbox.answer = "554 no"
    run_id = await _finished_run(database)

    await send_notices(database, mailing)
    await send_notices(database, mailing)

    assert len(inbox.messages) == 1
    assert await _events(database, run_id) == ["notice_sending", "notice_failed"]
    status = await database.fetchval("SELECT status FROM runs WHERE id = $1", run_id)
    assert status == "completed"


async def test_a_server_that_is_not_there_costs_one_event(
    database: Database, settings: Settings
) -> None:
    async with _mail_server(Inbox()) as port:
        pass
    run_id = await _finished_run(database)

    await send_notices(database, _with_server(settings, port))

    assert await _events(database, run_id) == ["notice_sending", "notice_failed"]


async def test_a_password_never_travels_in_the_clear_beyond_this_machine(
    database: Database, mailing: Settings
) -> None:
    run_id = await _finished_run(database)
    abroad = mailing.model_copy(update={"smtp_host": "mail.example"})

    await send_notices(database, abroad)

    error = await database.fetchval(
        "SELECT data ->> 'error' FROM events WHERE run_id = $1 AND what = 'notice_failed'", run_id
    )
    assert "for a mail server on this machine only" in error


async def test_without_a_mail_server_nothing_is_claimed(
    database: Database, settings: Settings
) -> None:
    run_id = await _finished_run(database)

    await send_notices(database, settings)

    assert await _events(database, run_id) == []


async def test_an_address_that_would_break_a_header_sends_nothing(
    database: Database, mailing: Settings, inbox: Inbox
) -> None:
    run_id = await _finished_run(database, notify_email="a@list.example\r\nBcc: b@list.example")

    await send_notices(database, mailing)

    assert inbox.messages == []
    assert await _events(database, run_id) == ["notice_sending", "notice_failed"]

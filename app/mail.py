"""A notice by e-mail when a run ends. Sent by a worker process, at most once per run.

The claim (an event `notice_sending`) is committed before the mail server is spoken to: a process
that dies in between sends nothing, and nobody sends twice.
"""

import socket
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from app.db.pool import Database
from app.db.queries import query
from app.errors import InputError
from app.events import add_event
from app.log import get_log
from app.report import Report, load_report
from app.settings import Settings

_LOCK = 0x5C1D0
_TIMEOUT = 20.0
"""Seconds for one step of the talk with the mail server."""


def check_address(text: str) -> str:
    """One bare e-mail address, its domain in ASCII. Raises InputError. Asks no name server."""
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InputError(f"e-mail address {text!r} is not valid: {error}") from None
    return valid.ascii_email or valid.normalized


def will_send(settings: Settings) -> bool:
    """Whether a mail server is configured."""
    return bool(settings.smtp_host)


async def send_notices(database: Database, settings: Settings) -> None:
    """Send what is due: one notice for each run of the last day that ended and wants one.

    A mail server that fails costs one warning and one event; only an outage of the database raises.
    """
    if not will_send(settings):
        return
    while run_id := await _claim(database):
        await _send_notice(database, settings, run_id)


async def _claim(database: Database) -> UUID | None:
    """The next run that is due, claimed. Locked first, so that what the claim sees is final."""
    async with database.transaction() as connection:
        await connection.execute(query("notices.lock"), _LOCK)
        run_id: UUID | None = await connection.fetchval(query("notices.due"))
        if run_id is not None:
            await add_event(connection, run_id, "notice_sending")
    return run_id


async def _send_notice(database: Database, settings: Settings, run_id: UUID) -> None:
    report = await load_report(database, run_id)
    data: dict[str, Any]
    what, data = "notice_sent", {"to": report.progress.run.request.notify_email}
    try:
        await _deliver(settings, compose(report, settings))
    except Exception as error:  # whatever it is, the run must not suffer
        what, data = "notice_failed", {"error": f"{type(error).__name__}: {error}"[:500]}
        get_log("mail").warning("notice_failed", run=report.progress.run.short_id, **data)
    async with database.transaction() as connection:
        await add_event(connection, run_id, what, actor="mail", **data)


def compose(report: Report, settings: Settings) -> EmailMessage:
    """The notice. Raises ValueError for an address that would break a header."""
    run = report.progress.run
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"Sluice run {run.short_id} {run.status}: {report.delivered} delivered"
    message["From"] = Address("Sluice", addr_spec=_sender(settings, run.request.notify_email))
    message["To"] = Address(addr_spec=run.request.notify_email)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    message["Message-ID"] = f"<run-{run.id}@{socket.gethostname() or 'localhost'}>"
    message.set_content("\n".join(_body(report)) + "\n")
    return message


def _body(report: Report) -> list[str]:
    run = report.progress.run
    lines = [f"Run {run.id} is {run.status}.", report.sentence(), f"Contacts: {report.contacts}."]
    lines += [f"Note: {note}" for note in report.progress.notes]
    if report.files:
        lines += ["", f"Files on {socket.gethostname()}:"]
        lines += [f"  {each.line}" for each in report.files]
    return [
        *lines,
        "",
        f"Seconds: {report.progress.seconds:.0f}. Look again: sluice status {run.id}",
    ]


def _sender(settings: Settings, recipient: str) -> str:
    """The configured sender, else the account at the mail server, else the recipient."""
    candidates = (settings.smtp_from, settings.smtp_user, recipient)
    return next(each for each in candidates if "@" in each)


async def _deliver(settings: Settings, message: EmailMessage) -> None:
    import aiosmtplib

    if settings.smtp_tls == "none" and not _is_loopback(settings.smtp_host):
        raise InputError("SLUICE_SMTP_TLS=none is for a mail server on this machine only")
    await aiosmtplib.send(
        message,
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user or None,
        password=settings.smtp_password.get_secret_value() or None,
        use_tls=settings.smtp_tls == "tls",
        start_tls=settings.smtp_tls == "starttls",
        timeout=_TIMEOUT,
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

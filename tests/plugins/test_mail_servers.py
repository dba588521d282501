"""DNS is believed when it knows the world; otherwise nothing is said of a domain."""

import asyncio
from collections.abc import AsyncIterator, Callable

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from app.checks import _mail_servers
from app.checks._mail_servers import MailServers

RECORDS = {
    (".", "NS"): "a.root-servers.net.",
    ("takes.org", "MX"): "10 mx.takes.org.",
    ("refuses.org", "MX"): "0 .",
    ("site-only.org", "A"): "192.0.2.7",
}


class _Server(asyncio.DatagramProtocol):
    """Answers from RECORDS: NXDOMAIN for names that are not there. `cut_off`: knows nothing."""

    def __init__(self, *, cut_off: bool, silent: bool) -> None:
        self.cut_off, self.silent = cut_off, silent
        self.asked: list[tuple[str, str]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address: object) -> None:
        question = dns.message.from_wire(data)
        asked = question.question[0]
        name = asked.name.to_text().rstrip(".") or "."
        kind = asked.rdtype.name
        self.asked.append((name, kind))
        if self.silent:
            return
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        if self.cut_off or not any(name == known for known, _ in RECORDS):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif (name, kind) in RECORDS:
            text = RECORDS[name, kind]
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, text))
        self.transport.sendto(answer.to_wire(), address)  # type: ignore[attr-defined]


Ask = Callable[..., "asyncio.Future[tuple[MailServers, _Server]]"]


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., object]]:
    transports = []

    async def start(*, cut_off: bool = False, silent: bool = False) -> tuple[MailServers, _Server]:
        transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Server(cut_off=cut_off, silent=silent), local_addr=("127.0.0.1", 0)
        )
        transports.append(transport)
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = transport.get_extra_info("sockname")[1]
        return MailServers(resolver), server

    yield start
    for each in transports:
        each.close()


async def test_what_dns_says_of_a_domain_is_believed(serve: Ask) -> None:
    servers, _ = await serve()

    answers = {
        domain: await servers.takes_mail(domain)
        for domain in ("takes.org", "refuses.org", "site-only.org", "gone.org")
    }

    assert answers == {
        "takes.org": "accepts",
        "refuses.org": "refuses",
        "site-only.org": "accepts",
        "gone.org": "refuses",
    }


async def test_a_domain_is_asked_for_once_however_many_want_to_know(serve: Ask) -> None:
    servers, server = await serve()

    await asyncio.gather(*(servers.takes_mail("Takes.org.") for _ in range(20)))
    await servers.takes_mail("takes.org")

    assert server.asked == [("takes.org", "MX")]


async def test_a_resolver_that_is_cut_off_says_nothing_of_any_domain(serve: Ask) -> None:
    servers, _ = await serve(cut_off=True)

    assert await servers.takes_mail("takes.org") == "not_checked"


async def test_names_that_no_dns_knows_are_not_asked_for(serve: Ask) -> None:
    servers, server = await serve()

    answers = [await servers.takes_mail(each) for each in ("firm.example", "x.test", "localhost")]

    assert answers == ["not_checked"] * 3
    assert server.asked == []


async def test_silence_is_waited_for_a_few_times_and_then_not_at_all(
    serve: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_mail_servers, "SECONDS", 0.05)
    servers, server = await serve(silent=True)

    answers = [await servers.takes_mail(f"d{n}.org") for n in range(50)]

    assert answers == ["not_checked"] * 50
    assert len({name for name, _ in server.asked}) == _mail_servers.SILENT

"""Which domains take mail, asked of DNS, remembered, and never guessed.

A domain takes mail by its MX records, or without any by its address (RFC 5321, 5.1); "MX ." is a
refusal (RFC 7505). Names that exist in no DNS (RFC 6761, RFC 2606) are not asked for. Offline, and
behind a resolver that knows nothing of the world, everything is "not checked".
"""

import asyncio
from collections import OrderedDict

import dns.asyncresolver
import dns.exception
import dns.name
import dns.resolver

from app.checks import MailAnswer

SECONDS = 3.0
"""For one question, all servers and repetitions together."""
SILENT, REST = 3, 60.0
"""After so many questions in a row that nobody answered, so many seconds without any."""
KEPT = 10_000
_RESERVED = frozenset("test example invalid localhost local internal onion home lan".split())
_RESERVED_SECOND = frozenset(("example.com", "example.net", "example.org"))


class MailServers:
    """Answers of one process. `resolver`: whom to ask; by default as the machine does."""

    def __init__(self, resolver: dns.asyncresolver.Resolver | None = None) -> None:
        self._resolver = resolver
        self._known: OrderedDict[str, MailAnswer] = OrderedDict()
        self._asked: dict[str, asyncio.Task[MailAnswer]] = {}
        self._silent = 0
        self._rests_until = 0.0
        self._dns_works = False

    async def takes_mail(self, domain: str) -> MailAnswer:
        """Whether this domain takes mail; never raises. One question for all who ask meanwhile."""
        domain = domain.lower().rstrip(".")
        if domain in self._known:
            return self._known[domain]
        if domain.rpartition(".")[2] in _RESERVED or domain in _RESERVED_SECOND:
            return "not_checked"
        if asyncio.get_running_loop().time() < self._rests_until:
            return "not_checked"
        task = self._asked.get(domain)
        if task is None:
            task = self._asked[domain] = asyncio.create_task(self._learn(domain))
            task.add_done_callback(lambda _: self._asked.pop(domain, None))
        return await asyncio.shield(task)

    async def _learn(self, domain: str) -> MailAnswer:
        try:
            answer: MailAnswer = "accepts" if await self._accepts(domain) else "refuses"
            if answer == "refuses" and not await self._knows_the_world():
                answer = "not_checked"
        except dns.resolver.NoNameservers:
            answer = "not_checked"
        except (dns.exception.DNSException, OSError, UnicodeError):
            self._silent += 1
            if self._silent >= SILENT:
                self._silent = 0
                self._rests_until = asyncio.get_running_loop().time() + REST
            return "not_checked"
        self._silent = 0
        self._known[domain] = answer
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return answer

    async def _accepts(self, domain: str) -> bool:
        try:
            servers = await self._ask(domain, "MX")
        except dns.resolver.NXDOMAIN:
            return False
        except dns.resolver.NoAnswer:
            return await self._has_address(domain)
        return any(record.exchange != dns.name.root for record in servers)

    async def _has_address(self, domain: str) -> bool:
        for kind in ("A", "AAAA"):
            try:
                await self._ask(domain, kind)
            except dns.resolver.NoAnswer:
                continue
            except dns.resolver.NXDOMAIN:
                return False
            return True
        return False

    async def _knows_the_world(self) -> bool:
        """Whether a "no" may be believed: a resolver that is cut off says it of everything."""
        if not self._dns_works:
            try:
                await self._ask(".", "NS")
            except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
                return False
            self._dns_works = True
        return True

    async def _ask(self, name: str, kind: str) -> dns.resolver.Answer:
        if self._resolver is None:
            self._resolver = dns.asyncresolver.Resolver()
        return await self._resolver.resolve(name, kind, lifetime=SECONDS, search=False)

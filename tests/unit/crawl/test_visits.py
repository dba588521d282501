import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.crawl.crawl import Crawl
from app.crawl.document import Document
from app.crawl.visits import FAILURES, REST_SECONDS, Visits
from app.errors import BadResponse, HostBusy, RequestError, Unreachable
from tests.unit.crawl.support import FakeClock, page

DOWN = Crawl(error=Unreachable("timeout", "https://a.firm.example/ took too long"))
GONE = Crawl(error=BadResponse("gone", "https://a.firm.example/ answered 410"))
GOOD = Crawl((Document(page("<p>Jane")),))


class Site:
    """What its crawls bring, one after the other; the last stays."""

    def __init__(self, *crawls: Crawl) -> None:
        self.crawls = list(crawls)
        self.read = 0

    async def __call__(self) -> Crawl:
        self.read += 1
        return self.crawls.pop(0) if len(self.crawls) > 1 else self.crawls[0]


async def _fail(visits: Visits, site: Callable[[], Awaitable[Crawl]], times: int) -> None:
    for _ in range(times):
        await visits.visit("https://a.firm.example/", site)


async def test_a_site_that_keeps_failing_rests_and_says_for_how_long() -> None:
    clock, site = FakeClock(), Site(DOWN)
    visits = Visits(clock, 2)
    await _fail(visits, site, FAILURES)
    await clock.sleep(20)

    refused = await visits.visit("https://b.firm.example/contact", site)

    assert site.read == FAILURES
    assert isinstance(refused.error, Unreachable)
    assert (refused.cause, refused.error.retry_after) == ("site_rests", REST_SECONDS - 20)
    assert refused.detail == (
        "firm.example failed 5 times in a row and rests; "
        "the last: https://a.firm.example/ took too long"
    )
    assert (await visits.visit("https://other.example/", Site(GOOD))).documents


async def test_after_its_rest_one_crawl_is_let_through() -> None:
    clock = FakeClock()
    visits = Visits(clock, 2)
    await _fail(visits, Site(DOWN), FAILURES)
    await clock.sleep(REST_SECONDS)
    released = asyncio.Event()

    async def slow() -> Crawl:
        await released.wait()
        return GOOD

    probe = asyncio.create_task(visits.visit("firm.example", slow))
    await asyncio.sleep(0)
    with pytest.raises(HostBusy):
        await visits.visit("firm.example", slow)
    released.set()

    assert (await probe).documents
    assert [(await visits.visit("firm.example", slow)).documents for _ in range(3)]


async def test_a_probe_that_fails_is_another_rest() -> None:
    clock, site = FakeClock(), Site(DOWN)
    visits = Visits(clock, 2)
    await _fail(visits, site, FAILURES)
    await clock.sleep(REST_SECONDS)

    await _fail(visits, site, 3)

    assert site.read == FAILURES + 1


@pytest.mark.parametrize("between", [GOOD, GONE, Crawl(GOOD.documents, error=DOWN.error)])
async def test_any_final_answer_ends_the_row_of_failures(between: Crawl) -> None:
    visits, site = Visits(FakeClock(), 2), Site(*[DOWN] * 4, between, DOWN)

    await _fail(visits, site, 9)

    assert site.read == 9


async def test_few_crawls_of_a_site_go_on_at_once_and_others_hear_when_to_return() -> None:
    clock = FakeClock()
    visits, released = Visits(clock, 2), asyncio.Event()
    waits: list[float] = []

    async def slow() -> Crawl:
        await released.wait()
        return GOOD

    async def try_one(number: int) -> None:
        try:
            await visits.visit(f"https://h{number}.firm.example/", slow)
        except HostBusy as busy:
            waits.append(busy.seconds)

    tries = [asyncio.create_task(try_one(number)) for number in range(6)]
    await asyncio.sleep(0)
    await visits.visit("https://other.example/", Site(GOOD))
    released.set()
    await asyncio.gather(*tries)

    assert len(waits) == 4
    assert waits == sorted(waits)
    assert 0 < waits[0] < waits[-1] <= 300


async def test_a_crawl_that_is_given_up_gives_its_place_back() -> None:
    visits = Visits(FakeClock(), 1)

    async def hang() -> Crawl:
        await asyncio.Event().wait()
        return GOOD

    task = asyncio.create_task(visits.visit("firm.example", hang))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert (await visits.visit("firm.example", Site(GOOD))).documents


async def test_what_is_no_address_waits_for_nobody() -> None:
    error: RequestError = BadResponse("bad_address", "no address")
    visits = Visits(FakeClock(), 0)

    assert (await visits.visit("???", Site(Crawl(error=error)))).cause == "bad_address"

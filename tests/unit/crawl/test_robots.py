import asyncio

import pytest

from app.crawl.answer import Answer
from app.crawl.robots import KEEP_SECONDS, RETRY_SECONDS, Robots, own_groups
from app.errors import Refused, RequestError, Unreachable
from tests.unit.crawl.support import AGENT, NOON, FakeClock

PAGE = "https://firm.example/team"


class Host:
    """Answers for robots.txt, one after the other; the last one stays."""

    def __init__(self, *answers: Answer | str | RequestError) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def get(self, url: str) -> Answer:
        self.asked.append(url)
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, RequestError):
            raise answer
        if isinstance(answer, str):
            return Answer(url, 200, NOON, "text/plain", body=answer.encode())
        return answer


def robots(host: Host, clock: FakeClock | None = None) -> Robots:
    return Robots(host.get, AGENT, clock or FakeClock())


def status(number: int) -> Answer:
    return Answer("https://firm.example/robots.txt", number, NOON)


async def allows(text: str, url: str = PAGE) -> bool:
    try:
        await robots(Host(text)).check(url)
    except Refused as refused:
        return refused.cause != "robots"
    return True


async def test_rules_for_everybody_are_obeyed() -> None:
    assert not await allows("User-agent: *\nDisallow: /team")
    assert await allows("User-agent: *\nDisallow: /other")


async def test_rules_for_us_win_over_rules_for_everybody() -> None:
    assert await allows("User-agent: *\nDisallow: /\n\nUser-agent: sluice\nAllow: /")
    assert not await allows("User-agent: *\nAllow: /\n\nUser-agent: Sluice\nDisallow: /")


async def test_rules_for_others_are_not_ours() -> None:
    assert await allows("User-agent: GreedyBot\nDisallow: /")


async def test_the_longer_rule_wins() -> None:
    assert await allows("User-agent: *\nDisallow: /\nAllow: /team")
    assert not await allows("User-agent: *\nAllow: /\nDisallow: /*am$")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("\ufeffUser-agent: *\nDisallow: /team", "/team", False),
        ("User-agent: *\rDisallow: /team\r", "/team", False),
        ("  USER-AGENT :  * # all\r\n  DISALLOW :  /team # no\r\n", "/team", False),
        ("User-agent: x\nUser-agent: sluice\nDisallow: /team", "/team", False),
        ("User-agent: sluice\nSitemap: /s\nFoo: y\nUser-agent: x\nDisallow: /team", "/team", False),
        ("User-agent: sluice\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\n"
         "User-agent: sluice\nDisallow: /team", "/team", False),
        ("User-agent: sluice\nDisallow: /a\n\nUser-agent: *\nDisallow: /team", "/team", True),
        ("Disallow: /team\nUser-agent: *\nDisallow: /x", "/team", True),
        ("User-agent: *\n\nDisallow: /team", "/team", False),
        ("User-agent: *\nDisallow: /te\nAllow: /t", "/team", False),
        ("User-agent: *\nDisallow: /team\nAllow: /team", "/team", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True),
        ("User-agent: *\nDisallow: /a%3cd", "/a<d", False),
        ("User-agent: *\nDisallow: /büro", "/b%C3%BCro", False),
        ("User-agent: *\nDisallow: /a/b", "/a%2Fb", True),
        ("User-agent: *\nDisallow: /Team", "/team", True),
        ("User-agent: *\nDisallow:", "/team", True),
        ("User-agent: *\nDisallow: /", "", False),
        ("User-agent: *\nDisalow: /team", "/team", False),
    ],
)  # fmt: skip
async def test_a_file_is_read_as_the_standard_says(text: str, path: str, *, allowed: bool) -> None:
    """RFC 9309, 2.2: groups are joined, the longest rule wins and Allow wins a tie; paths are
    compared with their escapes made alike; marks, line ends, case, unknown lines mean nothing."""
    assert await allows(text, f"https://firm.example{path}") is allowed


@pytest.mark.parametrize("number", [400, 401, 403, 404, 410])
async def test_no_robots_txt_allows_everything(number: int) -> None:
    assert (await robots(Host(status(number))).check(PAGE)).allows(PAGE)


@pytest.mark.parametrize("number", [429, 500, 503])
async def test_a_robots_txt_that_fails_allows_nothing_for_now(number: int) -> None:
    with pytest.raises(Unreachable) as caught:
        await robots(Host(status(number))).check(PAGE)

    assert caught.value.cause == "robots_unreachable"


async def test_a_host_that_cannot_be_reached_says_so_itself() -> None:
    with pytest.raises(Unreachable) as caught:
        await robots(Host(Unreachable("no_such_host", "x"))).check(PAGE)

    assert caught.value.cause == "no_such_host"


async def test_a_page_of_html_instead_of_rules_forbids_nothing() -> None:
    assert await allows("<!doctype html><title>Not found</title><p>Disallow: nothing</p>")


async def test_redirects_are_followed_and_a_loop_means_no_rules() -> None:
    moved = Answer("https://firm.example/robots.txt", 301, NOON, location="https://b.example/r")
    loop = Answer("https://firm.example/robots.txt", 301, NOON, location="/robots.txt")

    with pytest.raises(Refused):
        await robots(Host(moved, "User-agent: *\nDisallow: /")).check(PAGE)
    assert (await robots(Host(loop)).check(PAGE)).allows(PAGE)


async def test_rules_are_kept_for_a_day() -> None:
    host, clock = Host("User-agent: *\nDisallow:"), FakeClock()
    rules = robots(host, clock)

    await rules.check(PAGE)
    await clock.sleep(KEEP_SECONDS - 1)
    await rules.check(PAGE)
    assert len(host.asked) == 1

    await clock.sleep(2)
    await rules.check(PAGE)
    assert len(host.asked) == 2


async def test_a_failure_that_is_remembered_says_when_it_will_be_forgotten() -> None:
    clock = FakeClock()
    rules = robots(Host(Unreachable("connection", "refused")), clock)
    waits = []

    for seconds in (0.0, 5.0):
        await clock.sleep(seconds)
        with pytest.raises(Unreachable) as caught:
            await rules.check(PAGE)
        waits.append(caught.value.retry_after)

    assert waits == [RETRY_SECONDS, RETRY_SECONDS - 5]


async def test_a_failure_is_forgotten_after_a_while() -> None:
    host, clock = Host(status(503), "User-agent: *\nAllow: /"), FakeClock()
    rules = robots(host, clock)

    for _ in range(2):
        with pytest.raises(Unreachable):
            await rules.check(PAGE)
    assert len(host.asked) == 1

    await clock.sleep(RETRY_SECONDS + 1)
    await rules.check(PAGE)
    assert len(host.asked) == 2


async def test_many_pages_at_once_ask_for_the_rules_once() -> None:
    host = Host("User-agent: *\nAllow: /")
    rules = robots(host)

    await asyncio.gather(*(rules.check(f"{PAGE}/{number}") for number in range(20)))

    assert host.asked == ["https://firm.example/robots.txt"]


async def test_each_scheme_host_and_port_has_rules_of_its_own() -> None:
    host = Host("")
    rules = robots(host)

    for url in ("http://firm.example/", "https://firm.example/", "https://firm.example:8443/"):
        await rules.check(url)

    assert len(host.asked) == 3


async def test_the_crawl_delay_is_read() -> None:
    assert (await robots(Host("User-agent: *\nCrawl-delay: 7")).check(PAGE)).delay == 7.0
    assert (await robots(Host("User-agent: *\nCrawl-delay: soon")).check(PAGE)).delay == 0.0


async def test_thousands_of_agents_and_rules_are_read_without_multiplying() -> None:
    agents = "".join(f"User-agent: bot{number}\n" for number in range(2_000))

    text = own_groups(agents + "Disallow: /x\n" * 20_000, "sluice")

    assert text.count("other-robot") == 2_000
    assert "bot7" not in text
    assert await allows(agents + "Disallow: /team\n" * 5_000)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("User-agent: *", "*"),
        ("USER-AGENT : Sluice/0.1 # us", "sluice"),
        ("user agent sluice", "sluice"),
        ("User-agent: sluicebot", "other-robot"),
        ("User-agent: GreedyBot", "other-robot"),
    ],
)
def test_agents_are_ours_everybodys_or_others(line: str, name: str) -> None:
    assert own_groups(line, "sluice") == f"User-agent: {name}"

from app.crawl.document import Document
from app.crawl.frontier import MAX_QUERIES, MAX_QUEUED, Frontier
from tests.unit.crawl.support import page

HOME = "https://firm.example/"


def frontier(html: str = "", url: str = HOME, depth: int = 3) -> Frontier:
    made = Frontier(HOME, depth)
    made.add_links(Document(page(html, url)), 0)
    return made


def order(made: Frontier) -> list[str]:
    taken = []
    while candidate := made.take():
        taken.append(candidate.url.removeprefix(HOME))
    return taken


def links(*paths: str) -> str:
    return "".join(f"<a href='/{path}'>link</a>" for path in paths)


def test_the_most_promising_page_comes_first() -> None:
    made = frontier(links("blog", "faq", "privacy", "services", "contact", "team", "about", "x"))

    assert order(made) == ["team", "about", "contact", "services", "faq", "x", "blog", "privacy"]


def test_equal_pages_come_in_the_order_of_the_site() -> None:
    assert order(frontier(links("b", "a", "c"))) == ["b", "a", "c"]


def test_the_text_of_a_link_counts_like_its_address() -> None:
    made = frontier("<a href=/x>Something</a><a href=/p7>Our team</a>")

    assert order(made) == ["p7", "x"]


def test_a_footer_link_counts() -> None:
    assert order(frontier("<main><p>x</p></main><footer><a href=/team>T</a></footer>")) == ["team"]


def test_a_headline_with_a_good_word_promises_little() -> None:
    made = frontier(links("how-our-team-saved-the-roof-of-a-house", "services"))

    assert order(made)[0] == "services"


def test_people_on_a_team_page_come_before_strangers() -> None:
    made = frontier()
    team = "<a href=/other>Roof care</a><a href=/p/17>Jane Roe</a>"
    made.add_links(Document(page(team, f"{HOME}team")), 1)

    assert order(made) == ["p/17", "other"]


def test_names_elsewhere_are_no_people() -> None:
    assert order(frontier("<a href=/a>Roof care</a><a href=/b>Harbour House</a>")) == ["a", "b"]


def test_other_sites_and_other_kinds_of_links_are_left_out() -> None:
    made = frontier(
        "<a href='https://other.example/team'>Team</a><script src=/team.html></script>"
        "<img src=/team><link href=/team><form action=/team></form><a href=mailto:a@b.example>m</a>"
    )

    assert order(made) == []


def test_subdomains_belong_to_the_site_but_come_later() -> None:
    made = frontier("<a href='https://people.firm.example/x'>x</a><a href='/y'>y</a>")

    assert order(made) == ["y", "https://people.firm.example/x"]


def test_a_page_is_queued_once_under_all_its_addresses() -> None:
    made = frontier(links("team", "team/", "team?utm_source=x", "team#top", "team/index.html"))

    assert order(made) == ["team"]


def test_a_page_that_was_read_is_not_queued_again() -> None:
    made = frontier(links("team"))
    made.take()
    made.add(f"{HOME}team/", "Team", 1)

    assert made.best() is None
    assert not made.see(f"{HOME}team")


def test_a_better_link_to_a_known_page_raises_it() -> None:
    made = frontier("<a href=/a>x</a><a href=/b>y</a><a href=/b>Our team</a>")

    assert order(made) == ["b", "a"]


def test_traps_and_deep_pages_are_left_out() -> None:
    made = Frontier(HOME, 2)
    made.add(f"{HOME}deep", "", 3)
    made.add(f"{HOME}list.pdf", "", 1)

    assert made.best() is None


def test_addresses_that_differ_in_their_query_are_bounded() -> None:
    made = frontier(links(*(f"list?id={number}" for number in range(50))))

    assert len(order(made)) == MAX_QUERIES


def test_the_queue_is_bounded() -> None:
    made = frontier(links(*(f"p{number}" for number in range(3_000))))

    assert len(order(made)) == MAX_QUEUED


def test_many_pages_of_one_kind_let_others_through() -> None:
    many = [f"attorneys/a{number}" for number in range(30)]

    assert "services" in order(frontier(links(*many, "services")))[:8]


def test_a_translation_comes_after_the_page_in_the_language_of_home() -> None:
    assert order(frontier(links("es/team", "team"))) == ["team", "es/team"]


def test_only_promising_addresses_of_a_sitemap_are_queued() -> None:
    made = Frontier(HOME, 3)
    made.add_urls([f"{HOME}x", f"{HOME}our-team", f"{HOME}blog/our-team"], least=30)

    assert order(made) == ["our-team"]

import gzip

from app.crawl.sitemap import MAX_ADDRESSES, MAX_FILES, sitemap_urls
from app.records.page import Page
from tests.unit.crawl.support import FolderlessFetcher, page

HOME = "https://firm.example/"
ROBOTS, DEFAULT = f"{HOME}robots.txt", f"{HOME}sitemap.xml"


def urlset(*urls: str) -> str:
    return "<?xml version='1.0'?><urlset>" + "".join(f"<url><loc>{u}</loc></url>" for u in urls)


def index(*urls: str) -> str:
    return "<sitemapindex>" + "".join(f"<sitemap><loc>{u}</loc></sitemap>" for u in urls)


async def test_the_usual_place_is_tried() -> None:
    fetcher = FolderlessFetcher({DEFAULT: urlset(f"{HOME}team", f" {HOME}a?x=1&amp;y=2 ")})

    assert await sitemap_urls(fetcher, HOME) == [f"{HOME}team", f"{HOME}a?x=1&y=2"]
    assert fetcher.asked == [ROBOTS, DEFAULT]


async def test_robots_txt_names_the_place() -> None:
    fetcher = FolderlessFetcher(
        {
            ROBOTS: "User-agent: *\nSITEMAP : /maps/one.xml",
            f"{HOME}maps/one.xml": urlset(f"{HOME}a"),
        }
    )

    assert await sitemap_urls(fetcher, HOME) == [f"{HOME}a"]


async def test_an_index_is_opened_one_level_pages_first() -> None:
    posts, pages, deeper = f"{HOME}post-sitemap.xml", f"{HOME}page-sitemap.xml", f"{HOME}deep.xml"
    fetcher = FolderlessFetcher(
        {
            DEFAULT: index(posts, pages, deeper),
            posts: urlset(f"{HOME}post"),
            pages: urlset(f"{HOME}team"),
            deeper: index(f"{HOME}deeper.xml"),
        }
    )

    assert await sitemap_urls(fetcher, HOME) == [f"{HOME}team", f"{HOME}post"]
    assert f"{HOME}deeper.xml" not in fetcher.asked


async def test_other_sites_are_left_out() -> None:
    fetcher = FolderlessFetcher(
        {
            ROBOTS: "Sitemap: http://10.0.0.1/x.xml\nSitemap: https://other.example/s.xml",
            DEFAULT: urlset("https://other.example/team", "ftp://firm.example/", f"{HOME}a"),
        }
    )

    assert await sitemap_urls(fetcher, HOME) == [f"{HOME}a"]


async def test_a_packed_sitemap_and_a_plain_list_are_read() -> None:
    class Packed(FolderlessFetcher):
        async def fetch(self, url: str) -> Page:
            found = await super().fetch(url)
            return page(gzip.compress(found.body), url) if url.endswith(".gz") else found

    fetcher = Packed(
        {
            ROBOTS: "Sitemap: /a.xml.gz\nSitemap: /b.txt",
            f"{HOME}a.xml.gz": urlset(f"{HOME}a"),
            f"{HOME}b.txt": f"{HOME}b\nnot an address\n",
        }
    )

    assert await sitemap_urls(fetcher, HOME) == [f"{HOME}a", f"{HOME}b"]


async def test_no_sitemap_means_no_addresses() -> None:
    assert await sitemap_urls(FolderlessFetcher({}), HOME) == []


async def test_a_maze_of_sitemaps_is_bounded() -> None:
    files = [f"{HOME}s{number}.xml" for number in range(100)]
    many = urlset(*(f"{HOME}p{number}" for number in range(9_000)))
    fetcher = FolderlessFetcher({DEFAULT: index(*files), files[0]: many, files[1]: "<loc>" * 9_999})

    assert len(await sitemap_urls(fetcher, HOME)) == MAX_ADDRESSES
    assert len(fetcher.asked) <= MAX_FILES + 1


async def test_broken_markup_is_no_error() -> None:
    fetcher = FolderlessFetcher({DEFAULT: f"<urlset><loc><![CDATA[{HOME}a]]><loc>{HOME}b<loc>"})

    assert await sitemap_urls(fetcher, HOME) == [f"{HOME}a", f"{HOME}b"]

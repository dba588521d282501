"""Scrapy's side of the race: python -m bench.polite_scrapy ADDRESS... reads the same pages.

Every page is parsed for its links and its title; the fields that Sluice reads are left out. Needs
the extra `bench`.
"""

import sys
from importlib import import_module
from typing import Any

_SETTINGS = {
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 200,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 1.0,
    "LOG_LEVEL": "ERROR",
    "RANDOMIZE_DOWNLOAD_DELAY": False,
    "ROBOTSTXT_OBEY": True,
    "TELNETCONSOLE_ENABLED": False,
}


def main(starts: list[str]) -> None:
    """Crawl from these addresses to the end."""
    scrapy: Any = import_module("scrapy")
    process = import_module("scrapy.crawler").CrawlerProcess(_SETTINGS)

    def parse(_spider: Any, response: Any) -> Any:
        yield {"title": response.css("title::text").get()}
        yield from response.follow_all(css="a:not([href='/'])")

    spider = type("Firms", (scrapy.Spider,), {"name": "firms", "start_urls": starts,
                                              "parse": parse})  # fmt: skip
    process.crawl(spider)
    process.start()


if __name__ == "__main__":
    main(sys.argv[1:])

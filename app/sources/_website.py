"""What a list calls a website -> an address that can be crawled and the domain behind it."""

import re

from app.crawl.domains import registrable
from app.crawl.urls import clean

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d)", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\s\x00-\x1f\x7f<>\"'\\^`{|}]")

_NOT_OWN = frozenset(
    {
        # social pages
        "facebook.com", "fb.com", "fb.me", "instagram.com", "linkedin.com", "lnkd.in",
        "twitter.com", "x.com", "t.co", "youtube.com", "youtu.be", "tiktok.com", "pinterest.com",
        "snapchat.com", "threads.net", "threads.com", "t.me", "telegram.me", "wa.me",
        "whatsapp.com", "vk.com", "xing.com", "vimeo.com", "meetup.com", "discord.gg",
        "discord.com", "reddit.com", "nextdoor.com", "bsky.app",
        # link lists and short links
        "linktr.ee", "linktree.com", "beacons.ai", "bio.link", "lnk.bio", "campsite.bio",
        "linkin.bio", "taplink.cc", "bit.ly", "tinyurl.com", "goo.gl", "g.page", "g.co", "ow.ly",
        "rebrand.ly", "cutt.ly",
        # maps, directories, reviews
        "google.com", "bing.com", "mapquest.com", "yelp.com", "yelp.to", "tripadvisor.com",
        "foursquare.com", "yellowpages.com", "superpages.com", "manta.com", "bbb.org",
        "angi.com", "angieslist.com", "thumbtack.com", "houzz.com", "trustpilot.com",
        "wikipedia.org", "crunchbase.com", "zoominfo.com", "glassdoor.com", "indeed.com",
        "healthgrades.com", "zocdoc.com", "avvo.com", "findlaw.com", "justia.com", "alignable.com",
        # marketplaces and listings
        "airbnb.com", "vrbo.com", "homeaway.com", "booking.com", "expedia.com", "hotels.com",
        "agoda.com", "hipcamp.com", "furnishedfinder.com", "zillow.com", "trulia.com",
        "realtor.com", "redfin.com", "homes.com", "apartments.com", "apartmentguide.com",
        "apartmentlist.com", "rent.com", "hotpads.com", "loopnet.com", "crexi.com",
        "craigslist.org", "amazon.com", "ebay.com", "etsy.com", "walmart.com", "groupon.com",
        "doordash.com", "ubereats.com", "grubhub.com", "opentable.com", "toasttab.com",
        "eventbrite.com", "gofundme.com", "patreon.com",
    }
)  # fmt: skip


def website_of(text: str) -> tuple[str, str]:
    """The website and its registrable domain; ("", "") where it is no website of its own.

    Takes "example.com" and "HTTPS://WWW.Example.com/"; a missing scheme becomes https. Drops user
    names and fragments. Refuses other schemes, spaces, e-mail addresses, hosts without a dot, and
    pages on social networks, marketplaces and directories, whose domain is not the company's. IP
    addresses stay: whether one may be fetched is the crawl's to say.
    """
    text = text.strip()
    if not text or _FORBIDDEN.search(text):
        return "", ""
    url = clean(_with_scheme(text))
    domain = registrable(url)
    if ("." not in domain and ":" not in domain) or domain in _NOT_OWN:
        return "", ""
    return url, domain


def _with_scheme(text: str) -> str:
    if text.startswith("//"):
        return f"https:{text}"
    if "://" in text:
        return text
    before_path = re.split(r"[/?#]", text, maxsplit=1)[0]
    if "@" in before_path or _SCHEME.match(text):
        return ""
    return f"https://{text}"

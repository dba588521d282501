"""Sources reach services as the crawl reaches sites: under our name, behind the guard."""

from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from app.clock import SystemClock
from app.errors import InputError
from app.records.criteria import Criteria
from app.records.run import RunRequest
from app.request import check_request
from app.settings import Settings
from app.tools import open_sources, services_of
from tests.unit.crawl.support import NOON, LocalSite, local_site


async def _nothing(request: web.Request) -> web.StreamResponse:
    return web.json_response({"results": {"bindings": []}})


def _settings(*allowed: str) -> Settings:
    return Settings(contact="https://us.example", allow_addresses=allowed)


def _source(site: LocalSite) -> str:
    return f"wikidata:http://{site.address}/sparql"


async def test_a_service_learns_who_asks() -> None:
    async with local_site({"/sparql": _nothing}) as site:
        services = services_of(_settings(site.address), SystemClock())
        [opened] = open_sources([_source(site)], {}, services)
        await opened.source.batch(Criteria(), 0, 10, NOON)

    assert "(+https://us.example)" in site.ledger[0].headers["User-Agent"]


async def test_a_private_service_is_refused_unless_it_is_named(tmp_path: Path) -> None:
    async with local_site({"/sparql": _nothing}) as site:
        request = RunRequest(Criteria(), (_source(site),), str(tmp_path))

        assert (await check_request(request, _settings(site.address))).sources == request.sources
        with pytest.raises(InputError, match="SLUICE_ALLOW_ADDRESSES"):
            await check_request(request, _settings())
        with pytest.raises(InputError, match="SLUICE_ALLOW_ADDRESSES"):
            await check_request(
                replace(request, sources=("osm:http://169.254.169.254/api",)),
                _settings(site.address),
            )

    assert site.ledger == []

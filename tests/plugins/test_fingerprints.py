import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extractors.software import in_text
from app.fingerprints import PMS_KINDS, Fingerprint, Fingerprints, load, read

ASKED_FOR = (
    "Buildium AppFolio Yardi Rentvine Propertyware|Rent Manager|Entrata RealPage ResMan DoorLoop "
    "TenantCloud Guesty Hostaway Streamline Track Escapia OwnerRez Lodgify Hospitable"
)

SHIPPED = load()


def cases(key: str, wanted: bool) -> list[tuple[Fingerprint, str]]:
    return [
        (vendor, case)
        for vendor in SHIPPED.vendors
        for case in (vendor.examples if wanted else vendor.not_examples)[key]
    ]


def by_id(case: object) -> str | None:
    return case.id if isinstance(case, Fingerprint) else None


@pytest.mark.parametrize(("vendor", "url"), cases("links", wanted=True), ids=by_id)
def test_a_link_of_a_customer_names_the_vendor(vendor: Fingerprint, url: str) -> None:
    assert SHIPPED.of_url(url) is vendor


@pytest.mark.parametrize(("vendor", "url"), cases("links", wanted=False), ids=by_id)
def test_a_link_to_a_vendors_own_pages_names_nobody(vendor: Fingerprint, url: str) -> None:
    assert SHIPPED.of_url(url) is None


@pytest.mark.parametrize(("vendor", "text"), cases("text", wanted=True), ids=by_id)
def test_text_that_says_so_shows_use(vendor: Fingerprint, text: str) -> None:
    used = [hit.vendor.id for hit in in_text(text, SHIPPED) if hit.rule == "in_use"]

    assert vendor.id in used


@pytest.mark.parametrize(("vendor", "text"), cases("text", wanted=False), ids=by_id)
def test_text_that_only_looks_alike_shows_nothing(vendor: Fingerprint, text: str) -> None:
    assert vendor.id not in [hit.vendor.id for hit in in_text(text, SHIPPED)]


def test_every_vendor_that_was_asked_for_is_there() -> None:
    shipped = {vendor.vendor for vendor in SHIPPED.vendors}

    wanted = {name for part in ASKED_FOR.split("|") for name in _names(part)}

    assert wanted <= shipped


def _names(part: str) -> list[str]:
    return [part] if part == "Rent Manager" else part.split()


def test_every_file_has_cases_for_and_against() -> None:
    for vendor in SHIPPED.vendors:
        assert vendor.examples["links"], vendor.id
        assert vendor.not_examples["links"], vendor.id
        assert vendor.examples["text"], vendor.id
        assert vendor.not_examples["text"], vendor.id


def test_no_two_vendors_claim_one_address_or_name() -> None:
    portals = [portal for vendor in SHIPPED.vendors for portal in vendor.portals]
    names = [plain for vendor in SHIPPED.vendors for _, plain in vendor.folded_names]

    assert len(portals) == len(set(portals))
    assert len(names) == len(set(names))


def test_software_that_does_not_manage_property_has_another_kind() -> None:
    kinds = {vendor.id: vendor.kind for vendor in SHIPPED.vendors}

    assert kinds["tenant_turner"] not in PMS_KINDS
    assert kinds["avidxchange"] not in PMS_KINDS
    assert kinds["buildium"] in PMS_KINDS
    assert kinds["guesty"] in PMS_KINDS
    assert kinds["vantaca"] in PMS_KINDS


CASES = "[examples]\nlinks = []\ntext = []\n[not_examples]\nlinks = []\ntext = []\n"
GOOD = f'vendor = "X"\nkind = "leasing"\nsite = "x.example"\nportals = []\nnames = []\n{CASES}'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace('"leasing"', '"lesing"'), "kind is 'lesing'"),
        (GOOD.replace('site = "x.example"\n', ""), "'site'"),
        (GOOD + "=", "x.toml"),
    ],
)
def test_a_wrong_file_is_refused_by_name(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=r"fingerprint x\.toml") as refused:
        read("x", text)

    assert complaint in str(refused.value)


def test_a_portal_with_a_path_asks_for_that_path() -> None:
    vendor = read("x", GOOD.replace("portals = []", 'portals = ["*.pay.example/Pay/now"]'))
    known = Fingerprints((vendor,))

    assert known.of_url("https://maplegate.pay.example/pay/now/1") is vendor
    assert known.of_url("https://maplegate.pay.example/pay") is None
    assert known.of_url("https://pay.example/pay/now") is None
    assert known.of_url("https://www.pay.example/pay/now") is None
    assert known.of_url("https://www.maplegate.pay.example/pay/now") is vendor


def test_a_host_below_a_vendors_site_is_a_customers_unless_the_vendor_fills_it() -> None:
    vendor = read("x", GOOD)
    known = Fingerprints((vendor,))

    assert known.of_url("https://maplegate.x.example/") is vendor
    assert known.of_url("https://app.x.example/book/1") is vendor
    assert known.of_url("https://help.x.example/login") is None
    assert known.of_url("https://x.example/pricing") is None


@given(st.text(max_size=60))
def test_any_text_as_an_address_raises_nothing(text: str) -> None:
    assert SHIPPED.of_url(text) is None or "." in text
    assert SHIPPED.of_url(f"https://{text}.notavendor.example/") is None or "/" in text

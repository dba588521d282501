"""Which column of a file is what: by the usual names in several languages, or as mapped."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.errors import InputError, UnknownName
from app.records.criteria import folded

FIELDS = (
    "name",
    "website",
    "street",
    "city",
    "state",
    "postcode",
    "country",
    "phone",
    "category",
)

_USUAL: Mapping[str, str] = MappingProxyType(
    {
        "name": "company, company name, name of company, organisation, organisation name, "
        "organization, organization name, firm, firm name, account, account name, business, "
        "business name, legal name, employer, firma, firmenname, unternehmen, unternehmensname, "
        "firmenbezeichnung, société, nom de la société, entreprise, nom de l'entreprise, "
        "raison sociale, empresa, nombre de la empresa, compañía, razón social, azienda, società, "
        "ragione sociale, nome da empresa, nome azienda, razão social, bedrijf, bedrijfsnaam, "
        "företag, virksomhed, yritys, компания, 会社名, 公司",
        "website": "website, web site, website url, website address, url, web, web url, "
        "web address, homepage, home page, domain, domain name, company domain name, "
        "primary domain, internet, internetadresse, webseite, webadresse, webauftritt, site, "
        "site web, site internet, sitio web, página web, sito, sito web, sito internet, "
        "site da empresa, hemsida, hjemmeside, kotisivu, domäne, dominio, domaine, сайт, 网站",
        "street": "street, street address, address line 1, address 1, address1, straße, strasse, "
        "straße und hausnummer, rue, calle, via, indirizzo, rua, endereço, straat, gata, "
        "улица",
        "city": "city, city name, town, locality, municipality, stadt, ort, ville, ciudad, "
        "localidad, población, città, comune, cidade, plaats, woonplaats, stad, kaupunki, "
        "город, 城市",
        "state": "state, state code, state province, state region, state or province, province, "
        "province code, bundesland, kanton, département, estado, provincia, comunidad autónoma, "
        "provincie, штат, область",
        "postcode": "postcode, post code, postal code, postalcode, zip, zip code, zip postal code, "
        "zip postcode, plz, postleitzahl, code postal, cp, código postal, cap, cep, postnummer, "
        "postinumero, индекс",
        "country": "country, country code, country name, country region, nation, land, staat, "
        "pays, país, paese, nazione, maa, страна, 国家",
        "phone": "phone, phone number, phone 1, telephone, telephone number, tel, tel no, "
        "main phone, office phone, work phone, telefon, telefonnummer, rufnummer, téléphone, "
        "numéro de téléphone, teléfono, número de teléfono, telefono, telefone, telefoon, "
        "telefoonnummer, puhelin, телефон, 電話, 电话",
        "category": "category, categories, primary category, industry, sector, business type, "
        "branche, kategorie, gewerbe, secteur, secteur d'activité, catégorie, "
        "sector, rubro, categoría, industria, settore, categoria, setor, branch, bransch, "
        "toimiala, отрасль",
    }
)
_VAGUE: Mapping[str, str] = MappingProxyType(
    {
        "name": "name, nombre, nom, nome, naam, namn, navn, nimi, client, customer, kunde, "
        "название, 名称",
        "street": "address, adresse, anschrift, dirección, adres, full address, адрес",
        "state": "region, région, regione, región, regio",
    }
)
"""Taken only where no plainer name is there: a "name" beside a "company" may be a person's."""
_OWNERS = ("company", "account", "business", "organization", "organisation", "billing", "hq")


def _keys(table: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(
        {_key(name): field for field, names in table.items() for name in names.split(",")}
    )


def _key(header: str) -> str:
    return folded(header).replace(" ", "")


_USUAL_KEYS, _VAGUE_KEYS = _keys(_USUAL), _keys(_VAGUE)


def field_of(header: str, keys: Mapping[str, str] = _USUAL_KEYS) -> str:
    """The field that a header names, or ""; "Billing City" is the city."""
    key = _key(header)
    if key in keys:
        return keys[key]
    for owner in _OWNERS:
        rest = key.removeprefix(owner)
        if rest != key and keys.get(rest, "name") != "name":
            return keys[rest]
    return ""


def check_targets(column_map: Mapping[str, str]) -> dict[str, str]:
    """A column map with its targets as fields ("company_name" is the name).

    Raises UnknownName for a target that is no field.
    """
    targets = {}
    for target, header in column_map.items():
        field = field_of(target) or field_of(target, _VAGUE_KEYS)
        if not field:
            raise UnknownName("column to map", target[:60], FIELDS)
        targets[field] = header
    return targets


def columns_of(headers: Sequence[str], targets: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Field -> its columns, in the order of the file; the first that is not empty gives the value.

    Raises InputError where a mapped column is missing, or nothing names or places a company.
    """
    mapped = {field: _mapped(headers, wanted) for field, wanted in targets.items()}
    taken = {index for indexes in mapped.values() for index in indexes}
    found: dict[str, tuple[int, ...]] = {}
    for keys in (_VAGUE_KEYS, _USUAL_KEYS):
        named = [field_of(header, keys) for header in headers]
        for field in FIELDS:
            indexes = [i for i, name in enumerate(named) if name == field and i not in taken]
            if indexes:
                found[field] = tuple(indexes)
    found |= mapped
    if "name" not in found and "website" not in found:
        shown = ", ".join(repr(header[:40]) for header in headers[:20] if header)
        raise InputError(
            f"no column holds a company's name or website (the headers are: {shown or 'empty'}); "
            "say which one does with --map website=HEADER or --map name=HEADER"
        )
    return found


def _mapped(headers: Sequence[str], wanted: str) -> tuple[int, ...]:
    exact = [i for i, header in enumerate(headers) if header == wanted.strip()]
    alike = [i for i, header in enumerate(headers) if _key(header) == _key(wanted) != ""]
    if not exact and not alike:
        raise UnknownName("column", wanted[:60], [header[:60] for header in headers[:50] if header])
    return tuple(exact or alike)

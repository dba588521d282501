"""Names of states and countries -> their codes.

States: USPS codes of the 50 states, the District of Columbia and the territories, and Canada Post
codes of the provinces. The two sets do not overlap, so a code also tells the country. Countries:
ISO 3166-1 alpha-2 codes with their short English names and the usual other ones.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import NoReturn

from app.errors import InputError, UnknownName

_ASCII_GAPS = {code: " " for code in range(128) if not chr(code).isalnum()}


def folded(text: str) -> str:
    """`text` for comparison: no case, no accents, one space for everything but letters and digits.

    Folding twice changes nothing (Unicode 3.13, compatibility caseless match).

    >>> folded("  Québec--CITY ")
    'quebec city'
    """
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII_GAPS).split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", text).casefold())
    plain = unicodedata.normalize("NFKD", plain.casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def _table(text: str) -> Mapping[str, str]:
    pairs = (entry.split(None, 1) for entry in text.split(";"))
    return MappingProxyType({code: names.strip() for code, names in pairs})


_US = _table("""
AL Alabama; AK Alaska; AZ Arizona; AR Arkansas; CA California; CO Colorado; CT Connecticut;
DE Delaware; DC District of Columbia|Washington DC|Washington D.C.; FL Florida; GA Georgia;
HI Hawaii; ID Idaho; IL Illinois; IN Indiana; IA Iowa; KS Kansas; KY Kentucky; LA Louisiana;
ME Maine; MD Maryland; MA Massachusetts; MI Michigan; MN Minnesota; MS Mississippi; MO Missouri;
MT Montana; NE Nebraska; NV Nevada; NH New Hampshire; NJ New Jersey; NM New Mexico; NY New York;
NC North Carolina; ND North Dakota; OH Ohio; OK Oklahoma; OR Oregon; PA Pennsylvania;
RI Rhode Island; SC South Carolina; SD South Dakota; TN Tennessee; TX Texas; UT Utah; VT Vermont;
VA Virginia; WA Washington; WV West Virginia; WI Wisconsin; WY Wyoming; AS American Samoa; GU Guam;
MP Northern Mariana Islands; PR Puerto Rico; VI US Virgin Islands|Virgin Islands
""")

_CA = _table("""
AB Alberta; BC British Columbia; MB Manitoba; NB New Brunswick;
NL Newfoundland and Labrador|Newfoundland; NS Nova Scotia; NT Northwest Territories; NU Nunavut;
ON Ontario; PE Prince Edward Island; QC Quebec; SK Saskatchewan; YT Yukon|Yukon Territory
""")

_COUNTRIES = _table("""
AD Andorra; AE United Arab Emirates|UAE; AF Afghanistan; AG Antigua and Barbuda; AI Anguilla;
AL Albania; AM Armenia; AO Angola; AQ Antarctica; AR Argentina; AS American Samoa;
AT Austria|Österreich; AU Australia; AW Aruba; AX Åland Islands; AZ Azerbaijan;
BA Bosnia and Herzegovina; BB Barbados; BD Bangladesh; BE Belgium|België|Belgique; BF Burkina Faso;
BG Bulgaria; BH Bahrain; BI Burundi; BJ Benin; BL Saint Barthélemy; BM Bermuda; BN Brunei;
BO Bolivia; BQ Caribbean Netherlands; BR Brazil|Brasil; BS Bahamas; BT Bhutan; BV Bouvet Island;
BW Botswana; BY Belarus; BZ Belize; CA Canada|CAN; CC Cocos Islands; CD Democratic Republic of the
Congo; CF Central African Republic; CG Congo; CH Switzerland|Schweiz|Suisse|Svizzera;
CI Côte d'Ivoire|Ivory Coast; CK Cook Islands; CL Chile; CM Cameroon; CN China; CO Colombia;
CR Costa Rica; CU Cuba; CV Cabo Verde|Cape Verde; CW Curaçao; CX Christmas Island; CY Cyprus;
CZ Czechia|Czech Republic|Česko; DE Germany|Deutschland|DEU; DJ Djibouti; DK Denmark|Danmark;
DM Dominica; DO Dominican Republic; DZ Algeria; EC Ecuador; EE Estonia|Eesti; EG Egypt;
EH Western Sahara; ER Eritrea; ES Spain|España; ET Ethiopia; FI Finland|Suomi; FJ Fiji;
FK Falkland Islands; FM Micronesia; FO Faroe Islands; FR France|FRA; GA Gabon;
GB United Kingdom|UK|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|GBR; GD Grenada;
GE Georgia; GF French Guiana; GG Guernsey; GH Ghana; GI Gibraltar; GL Greenland; GM Gambia;
GN Guinea; GP Guadeloupe; GQ Equatorial Guinea; GR Greece; GS South Georgia; GT Guatemala; GU Guam;
GW Guinea-Bissau; GY Guyana; HK Hong Kong; HM Heard Island; HN Honduras; HR Croatia|Hrvatska;
HT Haiti; HU Hungary|Magyarország; ID Indonesia; IE Ireland|Éire; IL Israel; IM Isle of Man;
IN India; IO British Indian Ocean Territory; IQ Iraq; IR Iran; IS Iceland; IT Italy|Italia;
JE Jersey; JM Jamaica; JO Jordan; JP Japan; KE Kenya; KG Kyrgyzstan; KH Cambodia; KI Kiribati;
KM Comoros; KN Saint Kitts and Nevis; KP North Korea; KR South Korea|Korea; KW Kuwait;
KY Cayman Islands; KZ Kazakhstan; LA Laos; LB Lebanon; LC Saint Lucia; LI Liechtenstein;
LK Sri Lanka; LR Liberia; LS Lesotho; LT Lithuania|Lietuva; LU Luxembourg; LV Latvia|Latvija;
LY Libya; MA Morocco; MC Monaco; MD Moldova; ME Montenegro; MF Saint Martin; MG Madagascar;
MH Marshall Islands; MK North Macedonia; ML Mali; MM Myanmar; MN Mongolia; MO Macao;
MP Northern Mariana Islands; MQ Martinique; MR Mauritania; MS Montserrat; MT Malta; MU Mauritius;
MV Maldives; MW Malawi; MX Mexico|México|MEX; MY Malaysia; MZ Mozambique; NA Namibia;
NC New Caledonia; NE Niger; NF Norfolk Island; NG Nigeria; NI Nicaragua;
NL Netherlands|The Netherlands|Nederland|Holland; NO Norway|Norge; NP Nepal; NR Nauru; NU Niue;
NZ New Zealand; OM Oman; PA Panama|Panamá; PE Peru|Perú; PF French Polynesia; PG Papua New Guinea;
PH Philippines; PK Pakistan; PL Poland|Polska; PM Saint Pierre and Miquelon; PN Pitcairn Islands;
PR Puerto Rico; PS Palestine; PT Portugal; PW Palau; PY Paraguay; QA Qatar; RE Réunion;
RO Romania|România; RS Serbia; RU Russia; RW Rwanda; SA Saudi Arabia; SB Solomon Islands;
SC Seychelles; SD Sudan; SE Sweden|Sverige; SG Singapore; SH Saint Helena; SI Slovenia|Slovenija;
SJ Svalbard and Jan Mayen; SK Slovakia|Slovensko; SL Sierra Leone; SM San Marino; SN Senegal;
SO Somalia; SR Suriname; SS South Sudan; ST São Tomé and Príncipe; SV El Salvador; SX Sint Maarten;
SY Syria; SZ Eswatini; TC Turks and Caicos Islands; TD Chad; TF French Southern Territories;
TG Togo; TH Thailand; TJ Tajikistan; TK Tokelau; TL Timor-Leste; TM Turkmenistan; TN Tunisia;
TO Tonga; TR Turkey|Türkiye; TT Trinidad and Tobago; TV Tuvalu; TW Taiwan; TZ Tanzania; UA Ukraine;
UG Uganda; UM US Minor Outlying Islands; US United States|USA|United States of America|America|
U.S.A.|U.S.; UY Uruguay; UZ Uzbekistan; VA Vatican City; VC Saint Vincent and the Grenadines;
VE Venezuela; VG British Virgin Islands; VI US Virgin Islands; VN Vietnam; VU Vanuatu;
WF Wallis and Futuna; WS Samoa; YE Yemen; YT Mayotte; ZA South Africa; ZM Zambia; ZW Zimbabwe
""")


def _by_name(table: Mapping[str, str]) -> Mapping[str, str]:
    names = {folded(name): code for code, joined in table.items() for name in joined.split("|")}
    return MappingProxyType(names | {code.lower(): code for code in table})


_STATE_CODES = MappingProxyType({"US": _by_name(_US), "CA": _by_name(_CA)})
_COUNTRY_CODES = _by_name(_COUNTRIES)


@lru_cache(maxsize=1024)
def country_code(text: str) -> str:
    """The two-letter code of a country named by code or name; "" when it is not known.

    >>> country_code("u.s.a.")
    'US'
    """
    return _COUNTRY_CODES.get(folded(text), "")


@lru_cache(maxsize=1024)
def state_code(text: str, country: str = "") -> str:
    """The code of a US state or Canadian province named by code or name, else ``text``, trimmed.

    "US-TX" is read as "TX". With another country than these two, nothing is changed.

    >>> state_code("british columbia"), state_code("Bayern", "DE")
    ('BC', 'Bayern')
    """
    words = folded(text)
    for code, names in _STATE_CODES.items():
        if country in ("", code):
            prefix = code.lower() + " "
            found = names.get(words) or names.get(words.removeprefix(prefix))
            if found:
                return found
    return " ".join(text.split())


def state_country(code: str) -> str:
    """The country of a US state or Canadian province given by its code; "" for any other text."""
    return "US" if code in _US else "CA" if code in _CA else ""


def state_names(code: str) -> tuple[str, ...]:
    """Every folded way to write a state that `state_code` gave: code, name, "us tx"."""
    country = state_country(code)
    if not country:
        return (folded(code),)
    names = _STATE_CODES[country]
    known = [name for name, its_code in names.items() if its_code == code]
    return (*sorted(known), f"{country} {code}".lower())


def states_as_written() -> Mapping[str, str]:
    """The names of states and provinces as they are written, with their codes."""
    return {name: code for table in (_US, _CA) for code in table for name in table[code].split("|")}


def known_country(text: str) -> str:
    """As `country_code`, but a name that is not known raises UnknownName or InputError."""
    return country_code(text) or _refuse("country", text, _COUNTRY_CODES)


def known_state(text: str, country: str = "") -> str:
    """As `state_code`, but a typing error raises UnknownName or InputError.

    In the US and Canada every unknown state is one; without a country only a near miss is, since
    other countries have regions too.
    """
    code = state_code(text, country)
    if not code or state_country(code) or country not in ("", *_STATE_CODES):
        return code
    names = _STATE_CODES[country] if country else {**_STATE_CODES["US"], **_STATE_CODES["CA"]}
    words = folded(text)
    near_miss = len(words) > 3 and get_close_matches(words, names, n=1, cutoff=0.85)
    return _refuse("state", text, names) if country or near_miss else code


def _refuse(kind: str, text: str, names: Iterable[str]) -> NoReturn:
    words = folded(text)
    if get_close_matches(words, names, n=1, cutoff=0.6):
        raise UnknownName(kind, words, names)
    raise InputError(f"unknown {kind} {text!r}: write its two-letter code or its English name")

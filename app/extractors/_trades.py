"""What kind of firm a page speaks of: counted phrases, with the line that says it best.

Each phrase has a weight; a phrase counts at most five times, so that one repeated word does not
decide alone. A phrase begins at the beginning of a word; punctuation counts as space. The kinds of
real estate firms are those that property software is sold to; other trades are named so that they
can be told apart.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MOST = 5
LEAST = 4.0

_PHRASES: Final = MappingProxyType(
    {
        ("association", "homeowners_association_management"): (
            "3 hoa management|3 association management|3 community association"
            "|2 homeowners association|2 homeowner association|2 condominium association"
            "|2 condo association|2 homeowner login|2 architectural review|2 governing documents"
            "|2 board members|2 board of directors meeting|1 board of directors|1 hoa "
            "|3 hoa solutions"
            "|3 hoa services|2 hoa community|2 reserve stud|2 your board"
            "|1 the association |1 homeowners |2 community management|1 covenant"
            "|2 gestión de comunidades|3 administración de fincas|3 administrador de fincas"
            "|3 administración de consorcios|3 weg-verwaltung|2 eigentümergemeinschaft|3 syndic "
        ),
        ("vacation_rental", "vacation_rental_management"): (
            "3 vacation rental|3 short-term rental|3 short term rental|2 airbnb|2 vrbo |"
            "3 holiday rental"
            "|3 holiday let|2 vacation home|2 nightly rate|1 guest communication|1 your stay|"
            "1 check-in"
            "|1 book direct|3 alquiler vacacional|3 ferienwohnung|3 location saisonnière"
            "|3 short stay|3 short-stay|2 getaways |1 cabins |1 cottages |3 vacation propert"
            "|3 alquiler turístico|2 ferienhäuser|2 ferienhaus|3 holiday home|2 guest arrival"
            "|3 casas rurales|3 location de vacances|3 location courte durée|1 stays "
        ),
        ("commercial", "commercial_real_estate"): (
            "3 commercial property management|3 commercial real estate|2 office space|"
            "2 retail space"
            "|2 industrial real estate|2 industrial space|1 warehouse|2 tenant representation"
            "|2 investment sales|2 triple net|1 commercial propert|2 shopping center|"
            "1 office and retail"
        ),
        ("residential", "property_management"): (
            "3 property management|2 property manager|2 residential property|2 single-family"
            "|2 single family|2 tenant screening|2 tenant placement|2 rental propert|1 landlord"
            "|2 homes for rent|2 rental homes|1 rent collection|2 tenant portal|2 owner portal"
            "|3 hausverwaltung|3 gestion locative|3 administración de propiedades|2 lettings"
            "|3 rental management|3 home management|3 house management|3 apartment management"
            "|1 rentals |2 rental house|2 houses for rent|2 apartments for rent"
            "|2 move-in ready rent"
            "|3 mietverwaltung|3 immobilienverwaltung|3 wohnungsverwaltung|3 mietshausverwaltung"
            "|3 gestión de alquileres|3 gestión de propiedades|3 administración de inmuebles"
            "|3 administración de rentas|3 administración de alquileres|2 inquilinos"
            "|3 gestion immobilière|3 administrateur de biens|3 administração de imóveis"
            "|3 gestione immobiliare|3 vastgoedbeheer|3 block management|3 letting agent"
        ),
        ("multifamily", "apartment_owner_operator"): (
            "3 apartment communit|3 multifamily|3 multi-family|2 apartment homes|2 luxury apartment"
            "|2 floor plans|2 floorplans|1 apartments|2 leasing office|2 resident services"
            "|1 one bedroom|1 townhomes|1 town homes|2 pre-lease|2 apartment living"
            "|2 schedule a tour"
            "|3 mobile home park|3 mobile home communit|3 manufactured home|2 rv park"
        ),
        ("brokerage", "real_estate_brokerage"): (
            "2 realtor|3 real estate broker|2 real estate agent|2 homes for sale|"
            "2 list your home"
            "|2 sell your home|1 buyers and sellers|2 home valuation|1 mls |2 buying or selling"
            "|1 sales agent|1 open house"
            "|2 realty group|1 realty |2 associate broker|2 designated broker|1 real estate "
            "|2 buy or sell|1 listings|2 inmobiliaria|2 immobilienmakler"
            "|2 agence immobilière|2 mls search"
        ),
        ("staffing_agency", "staffing_agency"): (
            "3 staffing agency|3 staffing firm|3 recruitment agency|3 employment agency"
            "|2 recruiters "
            "|2 job seekers|2 temp staffing|3 personalvermittlung|3 zeitarbeit|3 agence d intérim"
            "|3 cabinet de recrutement|3 empresa de trabajo temporal|3 agenzia per il lavoro"
            "|3 uitzendbureau"
        ),
        ("cleaning_service", "cleaning_service"): (
            "3 cleaning company|3 janitorial|3 commercial cleaning|2 house cleaning"
            "|2 cleaning services"
            "|3 gebäudereinigung|2 unterhaltsreinigung|2 glasreinigung|3 entreprise de nettoyage"
            "|3 empresa de limpieza|3 impresa di pulizie|3 schoonmaakbedrijf"
        ),
        ("law_firm", "law_firm"): (
            "3 law firm|3 law office|2 attorney|2 practice areas|2 lawyer|2 solicitors|1 litigation"
            "|1 legal services|2 abogados|2 rechtsanwalt|2 rechtsanwälte|2 avocat|2 kanzlei"
            "|2 llp |3 bufete|3 despacho jurídico|2 advogados|2 of counsel|2 property law "
            "|3 firma legal|2 servicio jurídico|2 servicios jurídicos|2 asesoría legal"
            "|1 derecho penal|1 derecho administrativo|2 estudio jurídico|2 notaire"
            "|2 étude notariale|3 studio legale|2 avvocato|3 anwaltskanzlei|3 cabinet d’avocats"
        ),
        ("medical_clinic", "medical_clinic"): (
            "3 medical clinic|3 medical center|3 medical centre|2 physicians|2 family medicine"
            "|2 primary care|2 urgent care|1 patients|3 arztpraxis|2 hausarzt|2 fachärzt"
            "|3 centro médico|3 clínica médica|2 centro privado de medicina|1 pacientes"
            "|2 especialidades médicas|2 consultorio|3 cabinet médical|1 medicina"
            "|1 ophthalmolog|3 eye institute|3 eye clinic|3 eye center|2 eye care|1 optometr"
            "|1 urolog"
            "|1 nephrolog|1 cardiolog|1 dermatolog|1 orthopaedic|1 orthopedic|2 pediatrician"
            "|1 gynecolog|1 surgeons |3 doctor s office|2 facharzt|2 hausärzt|3 gemeinschaftspraxis"
            "|1 kardiolog|2 augenarzt|2 augenärzt|1 orthopäd|1 gynäkolog|2 kinderarzt"
            "|1 sprechstunde"
            "|2 médecin|3 maison de santé|1 oftalmolog|1 traumatolog|2 oculista|3 studio medico"
            "|3 poliambulatorio|3 huisarts"
        ),
        ("counseling", "counseling"): (
            "2 counseling|2 counselling|2 mental health|2 psychotherap|2 psycholog|2 addiction"
            "|3 couples therapy|3 family therapy|1 therapist|1 therapy|2 psychiatr"
            "|3 praxis für psychotherapie|2 paartherapie|3 thérapie de couple|2 psicolog|2 psicólog"
            "|2 psicoterap|2 psycholoog|2 relatietherapie"
        ),
        ("engineering_firm", "engineering_firm"): (
            "3 engineering firm|3 consulting engineers|2 structural engineer|2 civil engineer"
            "|2 land survey|3 ingenieurbüro|2 vermessung|2 bureau d études|2 bureau d’études"
            "|2 ingeniería civil|1 engineers"
        ),
        ("architecture_firm", "architecture_firm"): (
            "3 architecture firm|3 architectural firm|3 architecture studio|2 architects"
            "|2 architectural design|1 architecture|3 architekturbüro|2 architekten"
            "|2 arquitectos|3 estudio de arquitectura|2 architectes|3 cabinet d architecte"
            "|3 cabinet d’architecte|3 studio di architettura"
        ),
        ("marketing_agency", "marketing_agency"): (
            "3 marketing agency|3 digital agency|3 creative agency|3 advertising agency"
            "|3 branding agency|2 digital marketing|2 social media marketing|3 werbeagentur"
            "|3 agencia de marketing|3 agencia digital|3 agence de communication|3 agence web "
        ),
        ("veterinary_clinic", "veterinary_clinic"): (
            "3 veterinary|2 veterinarian|3 animal hospital|2 tierarzt|2 tierärzt"
            "|3 clínica veterinaria|2 veterinari|2 vétérinaire"
        ),
        ("financial_advisor", "financial_advisor"): (
            "3 financial advis|3 wealth management|2 financial planning|2 retirement planning"
            "|3 gestion de patrimoine|2 patrimoine|2 conseil en investissement|3 finanzberatung"
            "|2 vermögensverwaltung|2 asesoría financiera|3 gestion privée|2 conseil patrimonial"
            "|2 stratégie patrimoniale"
        ),
        ("investment_firm", "investment_firm"): (
            "3 investment firm|3 investment office|2 private equity|2 family office"
            "|2 principal capital"
            "|3 venture capital|2 portfolio companies|2 investment fund|2 limited partners"
            "|3 beteiligungsgesellschaft|3 société d investissement"
            "|3 capital-investissement|3 sociedad de inversión|2 fondo de inversión"
            "|3 società di investimento|2 fondo di investimento|3 investeringsmaatschappij"
        ),
        ("government", "government"): (
            "3 city council|3 development authority|2 city hall|2 public works|1 mayor|1 municipal"
            "|3 stadtverwaltung|3 ayuntamiento|3 mairie|2 county commission|1 ordinance"
        ),
        ("dental_clinic", "dental_clinic"): (
            "3 dentist|2 dental|2 dentistry|2 orthodont|2 zahnarzt|2 zahnärzt|3 odontólog"
            "|3 clínica dental|2 dentaire"
        ),
        ("nonprofit", "nonprofit"): (
            "4 501 c 3|3 nonprofit|3 non-profit|2 not-for-profit|2 donate|1 volunteer|1 donation"
            "|2 vereins|2 e v |2 gemeinnützig|2 ehrenamt|3 association loi 1901|2 bénévoles"
            "|3 sin fines de lucro|3 sin ánimo de lucro|3 registered charity|3 food bank"
            "|2 verein |3 förderverein|2 mitgliederversammlung|2 mitglied werden|3 l association "
            "|2 bénévol|2 adhérent|1 adhésion|3 notre association|2 asociación "
            "|3 nuestra asociación|2 voluntariado|2 hacerme socio|2 hazte socio|1 socios "
            "|2 fundación "
            "|3 senza scopo di lucro|2 associazione |2 onlus |2 volontari |3 vzw |2 vereniging "
            "|2 vrijwilliger|3 heemkundige kring|3 onze vereniging|3 asbl "
        ),
        ("software_company", "software_company"): (
            "2 software|2 saas |2 open source|2 software developer|1 api |2 source code|1 download"
            "|1 dependency manager|1 web app"
        ),
        ("accounting_firm", "accounting_firm"): (
            "3 accounting firm|3 bookkeeping|2 cpa |3 tax preparation|2 payroll services"
            "|2 tax advis|2 steuerberat|2 steuererklärung|2 steuerkanzlei|2 finanzbuchhaltung"
            "|2 lohnbuchhaltung|2 jahresabschl|2 einkommensteuer|3 expert-comptable"
            "|3 experts-comptables|3 expertise comptable|3 asesoría fiscal|2 contabilidad"
            "|3 gestoría|3 commercialista|3 commercialisti|3 boekhoud|3 belastingadvi"
            "|3 accountantskantoor"
        ),
        ("insurance_agency", "insurance_agency"): (
            "3 insurance agency|2 insurance quote|2 auto insurance|2 home insurance|"
            "2 life insurance"
        ),
        ("construction", "construction"): (
            "3 general contractor|2 roofing|2 remodeling|2 home builder|2 plumbing|2 renovations"
        ),
        ("church", "church"): (
            "1 church |3 our church|3 presbyterian church|3 baptist church|3 methodist church"
            "|3 lutheran church|2 worship|2 sermon|2 pastor |2 ministries|2 ministry|2 congregation"
            "|2 sunday school|2 parish |1 prayer|1 jesus|3 kirchengemeinde|3 pfarrei|2 gottesdienst"
            "|3 paroisse|2 église|2 iglesia|3 parroquia|3 parrocchia|2 chiesa|2 kerkdienst"
            "|3 kerkgemeenschap"
        ),
        ("hotel", "hotel"): (
            "2 hotel |2 hotels |2 hospitality|2 guest rooms|2 hotel rooms|2 bed and breakfast"
            "|3 hotelzimmer|2 gasthof|3 hôtel |3 chambres d hôtes|2 hostal "
            "|2 albergo |1 resort|1 inn |1 suites "
        ),
    }
)
_TABLE: Final = tuple(
    (kind, category, tuple((float(entry[0]), entry[1:]) for entry in phrases.split("|")))
    for (kind, category), phrases in _PHRASES.items()
)
_MANAGE: Final = (
    r" (?:manag(?:e|es|ed|ing|ement of)|look(?:s|ing)? after|tak(?:e|es|ing) care of"
    r"|administra(?:mos|n|r|ción de)|gestiona(?:mos|n|r)|verwalten|gérons|gerimos|gestiamo)"
    r" (?:[^ ]+ +){0,4}?"
)
_MANAGED: Final = MappingProxyType(
    {
        "residential": re.compile(
            _MANAGE
            + r"(?:homes|houses|apartments|apartment buildings|duplexes|rentals|doors|casas|"
            r"departamentos|viviendas|pisos|alquileres|wohnungen|wohneinheiten|mietshäuser|miethäuser|"
            r"logements|appartements|imóveis|appartamenti) "
        ),
        "vacation_rental": re.compile(
            _MANAGE
            + r"(?:cabins|cottages|chalets|villas|beach houses|vacation homes|holiday homes|"
            r"alojamientos|ferienhäuser|ferienwohnungen|gîtes) "
        ),
    }
)
_MANAGED_WEIGHT: Final = 4.0
"""A firm that says it manages dwellings, in whatever words between."""

_LEFT_OUT: Final = MappingProxyType(
    {
        "residential": re.compile(
            r" (?:property|rental) management(?= (?:software|system|platform))"
            r"| (?:commercial|industrial|retail|vacation|holiday|short[- ]term|association|hoa)"
            r"(?= (?:property|rental)s? )(?: (?:property|rental)s?)(?: manage(?:ment|rs?))?"
        ),
        "brokerage": re.compile(
            r" realtors? (?:portal|login|log-?in|documents|packets?|questionnaires?)(?= )"
            r"| commercial real estate(?: broker\w*)?(?= )"
        ),
        "church": re.compile(r" church (?:st|street|rd|road|ave|avenue|lane|ln|hill|view)(?= )"),
    }
)
"""What holds a kind's words and speaks of another: kinds of property that are no homes, the
door for the realtors of others, streets."""

_TYPES: Final = MappingProxyType(
    {
        "attorney": "law_firm",
        "legalservice": "law_firm",
        "notary": "law_firm",
        "dentist": "dental_clinic",
        "accountingservice": "accounting_firm",
        "insuranceagency": "insurance_agency",
        "generalcontractor": "construction",
        "roofingcontractor": "construction",
        "plumber": "construction",
        "apartmentcomplex": "multifamily",
        "ngo": "nonprofit",
        "physician": "medical_clinic",
        "medicalclinic": "medical_clinic",
        "veterinarycare": "veterinary_clinic",
        "employmentagency": "staffing_agency",
        "church": "church",
        "catholicchurch": "church",
        "placeofworship": "church",
        "hotel": "hotel",
        "bedandbreakfast": "hotel",
        "governmentoffice": "government",
    }
)
"""Type of schema.org, in lower case -> company_type. RealEstateAgent is left out: managers of
property call themselves that too."""

_TO_SPACES: Final = {ord(char): " " for char in ".,;:!?()[]{}\"'“”’/|&®™·•–—\n\t"}
REAL_ESTATE: Final = frozenset(
    ("association", "vacation_rental", "commercial", "residential", "multifamily", "brokerage")
)


@dataclass(frozen=True, slots=True)
class Trade:
    """A kind of firm: its type and category, the weighed count, its share of all counts (0 to 1),
    and where its best phrase stands in the text."""

    company_type: str
    category: str
    count: float
    share: float
    start: int
    end: int


def trades_of(text: str, headline: str = "") -> list[Trade]:
    """The kinds that a page's text speaks of, strongest first; those under LEAST are left out.

    `headline`: the beginning of `text` that says what the firm is (title, description,
    first heading); phrases of weight 2 and more count twice there.
    """
    low, head = _plain(text), _plain(headline)
    counted = []
    for kind, category, phrases in _TABLE:
        said, above = low, head
        if other := _LEFT_OUT.get(kind):
            said, above = other.sub(" ", low), other.sub(" ", head)
        count, best = _count(said, above, phrases)
        if (pattern := _MANAGED.get(kind)) and (managed := pattern.findall(said)):
            hits = len(managed[: MOST - 1]) + bool(pattern.search(above))
            count, best = count + _MANAGED_WEIGHT * hits, best or managed[0]
        counted.append((kind, category, count, best))
    total = sum(count for _, _, count, _ in counted) or 1.0
    found = [
        Trade(kind, category, count, count / total, low.find(best), low.find(best) + len(best) - 1)
        for kind, category, count, best in counted
        if count >= LEAST
    ]
    return sorted(found, key=lambda trade: -trade.count)


def trade_of_type(name: str) -> tuple[str, str] | None:
    """(company_type, category) of a type of schema.org; None where it tells too little."""
    wanted = _TYPES.get(name.rpartition("/")[2].lower(), "")
    return next((key for key in _PHRASES if key[0] == wanted), None)


def _plain(text: str) -> str:
    return f" {text.lower().translate(_TO_SPACES)} "


def _count(low: str, head: str, phrases: tuple[tuple[float, str], ...]) -> tuple[float, str]:
    """(weighed count, best phrase); (0, "") where only phrases of weight 1 are found."""
    total, best, best_count, telling = 0.0, "", 0.0, False
    for weight, phrase in phrases:
        if hits := low.count(phrase):
            again = weight > 1 and phrase in head
            counted = weight * (min(hits, MOST) + again)
            total += counted
            telling = telling or weight > 1
            if counted > best_count:
                best, best_count = phrase, counted
    return (total, best) if telling else (0.0, "")

"""What the words of a link promise: the lexicon of the frontier.

Each entry: points, then words or phrases as they stand in paths and link texts of English, Spanish,
German and French sites, in lower case, without accents, hyphens and underscores as blanks. Points
order the queue; they mean nothing else.
"""

import re
import unicodedata
from functools import cache

TEAM = 100
"""A page that is there to name people."""
ABOUT = 90
"""From here on a page often names people."""
USEFUL = 30
NEUTRAL = 20
"""Words that the lexicon does not know."""
DULL = 5

_LEXICON: tuple[tuple[int, str], ...] = (
    (
        100,
        "team, teams, staff, crew, folks, our people, people, meet us, meet the team, our team, "
        "leadership, leaders, management team, executives, executive team, board, board of "
        "directors, directors, attorneys, attorney, lawyers, lawyer, providers, physicians, "
        "doctors, our doctors, dentists, meet the doctor, meet the dentist, agents, our "
        "agents, realtors, brokers, advisors, employees, staff directory, personnel, bios, "
        "who we are, ourteam, meettheteam, principals, faculty, clinicians, therapists, "
        "veterinarians, instructors, officers, equipo, nuestro equipo, quienes somos, "
        "nuestro personal, abogados, directiva, medicos, doctores, dentistas, agentes, "
        "mitarbeiter, mitarbeitende, ansprechpartner, unser team, vorstand, geschaftsfuhrung, "
        "geschaeftsfuehrung, anwalte, anwaelte, rechtsanwalte, rechtsanwaelte, arzte, aerzte, "
        "makler, equipe, notre equipe, qui sommes nous, avocats, medecins, dirigeants, "
        "collaborateurs, conseillers, praticiens",
    ),
    (
        85,
        "contact, contact us, contacts, contactus, get in touch, reach us, contacto, "
        "contactenos, contactanos, kontakt, impressum, imprint, nous contacter, contactez "
        "nous, mentions legales, aviso legal",
    ),
    (
        90,
        "about, about us, aboutus, our story, our company, company, our firm, firm, our "
        "practice, our office, history, our history, founder, founders, owner, biography, "
        "bio, profile, meet, partners, associates, nosotros, sobre nosotros, acerca, acerca "
        "de, empresa, nuestra historia, historia, uber uns, ueber uns, wir uber uns, "
        "unternehmen, kanzlei, praxis, firma, geschichte, a propos, apropos, entreprise, "
        "notre histoire, cabinet, societe",
    ),
    (
        60,
        "tenants, tenant, residents, resident, owners, landlords, landlord, tenant portal, "
        "portal, portals, owner portal, pay rent, rent payment, payments, resident login, "
        "tenant login, owner login, maintenance, maintenance request, apply, apply now, "
        "application, property management, management, owner services, inquilinos, "
        "propietarios, portal de inquilinos, pagar renta, administracion, mieter, eigentumer, "
        "eigentuemer, hausverwaltung, mieterportal, verwaltung, locataires, proprietaires, "
        "gestion locative, syndic, gerance, espace client",
    ),
    (
        50,
        "rentals, available rentals, homes for rent, houses for rent, apartments, "
        "availability, available, vacancies, listings, properties, our properties, floor "
        "plans, floorplans, communities, portfolio, leasing, portfolios, units, alquiler, "
        "alquileres, propiedades, viviendas, wohnungen, immobilien, mietangebote, objekte, "
        "locations, nos biens, biens, logements, appartements",
    ),
    (
        45,
        "services, our services, what we do, practice areas, offices, office, location, "
        "directions, visit us, find us, book, book now, booking, reservations, servicios, "
        "oficinas, ubicacion, leistungen, dienstleistungen, standorte, standort, anfahrt, "
        "prestations, nos services, agences, agence, bureaux",
    ),
    (
        35,
        "faq, faqs, careers, jobs, join us, join our team, join the team, work with us, why us, "
        "why choose us, mission, "
        "pricing, fees, press, partner, volunteer, donate, membership, schedule, schedules, "
        "support, help, preguntas, empleo, karriere, stellenangebote, carrieres, recrutement, "
        "tarifs",
    ),
    (
        5,
        "blog, blogs, news, article, articles, post, posts, press release, press releases, "
        "event, events, category, tag, tags, archive, archives, author, gallery, photos, "
        "videos, video, testimonials, reviews, noticias, aktuelles, neuigkeiten, actualites, "
        "galeria, galerie",
    ),
    (
        0,
        "privacy, privacy policy, terms, terms of service, terms of use, terms and "
        "conditions, cookie, cookies, cookie policy, disclaimer, accessibility, legal, "
        "sitemap, site map, search, privacidad, datenschutz, agb, confidentialite, cgv, cgu",
    ),
)
_MENTIONED = 60
_SHARE = 0.4
_PLAIN = re.compile(r"[^a-z0-9]+")


def promise(words: str) -> int | None:
    """The points of a path's or a link's words, prepared by `plain`; None where the lexicon knows
    none of them. The longest phrase decides ("join our team" is no team page), then the points. A
    word among many others ("best dentists for tooth pain") promises little."""
    points, entries = _lexicon()
    found = max(
        ((entry.count(" ") + 1, points[entry]) for entry in entries.findall(words)), default=None
    )
    if found is None:
        return None
    length, best = found
    return best if length >= _SHARE * len(words.split()) else min(best, _MENTIONED)


def is_dull(words: str) -> bool:
    """True for paths of blogs, news and the like, whatever else they name."""
    points, entries = _lexicon()
    return any(points[entry] == DULL for entry in entries.findall(words))


def plain(text: str) -> str:
    """Lower case, no accents, one blank between words."""
    bare = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return _PLAIN.sub(" ", bare).strip()


@cache
def _lexicon() -> tuple[dict[str, int], re.Pattern[str]]:
    points = {
        plain(entry): score for score, entries in reversed(_LEXICON) for entry in entries.split(",")
    }
    phrases = "|".join(sorted(points, key=len, reverse=True))
    return points, re.compile(rf"(?<![a-z0-9])(?:{phrases})(?![a-z0-9])")

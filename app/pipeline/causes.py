"""Cause words -> what a person reads. The words are stable; they group failures and rejections."""

_PHRASES = {
    "no_website": "without a website",
    "unreachable": "with a site that does not answer",
    "no_such_host": "with a domain that does not exist",
    "connection_failed": "with a site that refuses connections",
    "bad_certificate": "with a certificate that is not valid",
    "timeout": "with a site that is too slow",
    "robots_disallowed": "with a site that forbids robots",
    "private_address": "with a private address",
    "not_found": "with a home page that is gone",
    "not_html": "with a site that is no web page",
    "too_many_redirects": "with a redirect that never ends",
    "server_error": "with a site that answers with an error",
    "wrong_software": "on other software",
    "wrong_place": "in another place",
    "wrong_category": "of another category",
    "units_out_of_range": "with units out of range",
    "missing_keyword": "without a keyword",
    "disqualified": "disqualified",
    "excluded_domain": "on the excluded list",
    "too_few_contacts": "with too few contacts",
    "closed": "closed for good",
    "quarantined": "that took a worker down three times",
    "process_lost": "lost with a worker",
    "records_refused": "with records that cannot be stored",
    "unexpected_error": "with an unexpected error",
    "cancelled": "cancelled",
    "run_failed": "left when the run failed",
}


def phrase(cause: str) -> str:
    """The cause as it stands behind a count: "9 without a website"."""
    return _PHRASES.get(cause) or cause.replace("_", " ") or "without a stated cause"

"""Cause words -> what a person reads. The words are stable; they group failures and rejections."""

import re

_PHRASES = {
    # the source and the criteria
    "no_website": "without a website",
    "disqualified": "disqualified",
    "closed": "closed for good",
    "delivered_earlier": "delivered by an earlier run",
    "excluded_domain": "on the list of excluded domains",
    "wrong_place": "in another place",
    "wrong_category": "of another category",
    "wrong_software": "on other software",
    "software_not_known": "with too few pages to tell their software",
    "units_out_of_range": "with units out of range",
    "missing_keyword": "without a keyword",
    "no_state": "with a place that is not certain",
    "not_looked": "not looked at",
    "too_few_contacts": "with too few contacts",
    # who is left alone
    "suppressed": "on the suppression list",
    "people_withheld": "whose people are withheld by country",
    # the checks
    "no_name": "without a name",
    "doubtful_name": "with a name that may be none",
    "another_domain": "with a domain that goes with another name",
    "parked": "with a domain that is for sale",
    "doubtful_size": "with a size that no firm has",
    "seems_closed": "that may have closed",
    "duplicate": "in the list already",
    "perhaps_duplicate": "perhaps in the list already",
    "contacts_in_review": "with contacts to be looked at",
    "too_few_valid_contacts": "with too few contacts that hold",
    "not_ready": "that nobody can be reached at",
    "rejected_by_person": "rejected by a person",
    # the site cannot be reached
    "unreachable": "with a site that does not answer",
    "no_such_host": "with a domain that does not exist",
    "connection": "with a site that takes no connection",
    "disconnected": "with a site that hangs up",
    "tls": "with a certificate that is not valid",
    "timeout": "with a site that is too slow",
    "server_error": "with a site that has an error",
    "overpass": "that Overpass gave up on",
    "query_failed": "that a service could not answer",
    "rate_limited": "with a site that asks to wait",
    "site_rests": "on a site that keeps failing",
    "robots_unreachable": "with robots rules that cannot be read",
    # the site may not be read
    "robots": "with a site that forbids robots",
    "robots_disallowed": "with a site that forbids robots",
    "forbidden": "with a site that forbids reading",
    "forbidden_port": "with an address on a port that is never fetched",
    "forbidden_scheme": "with an address that is no web address",
    "bad_address": "with an address that is no web address",
    "private_address": "with a private address",
    "never_fetched": "on a site that is never fetched",
    # the site answers, and it is no page
    "not_found": "with a home page that is gone",
    "gone": "with a home page that is gone",
    "empty": "with an empty home page",
    "not_html": "with a home page that is no web page",
    "bad_encoding": "with a home page that cannot be decoded",
    "bad_headers": "with an answer that is not valid",
    "bad_redirect": "with a redirect that leads nowhere",
    "redirect_loop": "with a redirect that never ends",
    "too_many_redirects": "with a redirect that never ends",
    # ours
    "quarantined": "that took a worker down three times",
    "process_lost": "lost with a worker",
    "records_refused": "with records that cannot be stored",
    "unexpected_error": "with an unexpected error",
    "io_error": "with a file that cannot be read or written",
    "cancelled": "cancelled",
    "plan_refused": "left when the plan was refused",
    "run_failed": "left when the run failed",
}
BY_CRITERIA = frozenset(
    {
        "wrong_software",
        "software_not_known",
        "wrong_place",
        "wrong_category",
        "units_out_of_range",
        "missing_keyword",
        "excluded_domain",
    }
)
"""Causes that other criteria may lift."""

_HTTP = re.compile(r"http_(\d+)")


def phrase(cause: str) -> str:
    """The cause as it stands behind a count: "9 without a website"."""
    if status := _HTTP.fullmatch(cause):
        return f"with a site that answers {status[1]}"
    return _PHRASES.get(cause) or cause.replace("_", " ") or "without a stated cause"

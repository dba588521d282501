"""Which of a site's numbers and addresses are the firm's own: the weak ones go where strong ones
stand.

A phone or fax is weak when one page gives it, in passing (app/extractors/_reach/in_passing.py) or
behind a link that shows another number. An e-mail address is weak when one page gives it, in
passing or (unless it is an office's) without a link, at a domain that is neither the firm's nor a
free service's and at which the site has no other address.

A phone of several pages, as header and footer give it, goes before one of a single page, however
well that one is labelled.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from app.pipeline._candidates import Candidate
from app.pipeline.mailbox_names import is_free_domain, is_role_mailbox

WEAK: Final = ("phone.passing", "phone.unseen", "email.passing")
LEAST_NAME, OFTEN = 5, 3


def firms_own(found: Sequence[Candidate], field: str, domain: str) -> list[Candidate]:
    """The candidates of `field` without the weak ones, if any is strong. `domain`: the firm's."""
    if field in ("phone", "fax"):
        weak = {one.value for one in found if one.pages == 1 and one.best.rule in WEAK}
    elif field == "email":
        weak = _foreign(found, domain)
    else:
        weak = set()
    kept = [one for one in found if one.value not in weak] or list(found)
    return sorted(kept, key=lambda one: field == "phone" and one.pages < OFTEN)


def _foreign(found: Sequence[Candidate], domain: str) -> set[str]:
    hosts = {one.value: one.value.rpartition("@")[2].lower() for one in found}
    often = Counter(hosts.values())
    return {
        one.value
        for one in found
        if one.pages == 1
        and often[hosts[one.value]] == 1
        and (one.best.rule in WEAK or _is_unlinked(one))
        and not is_home(hosts[one.value], domain)
    }


def _is_unlinked(one: Candidate) -> bool:
    return not is_role_mailbox(one.value) and all(seen.method == "text" for seen in one.evidence)


def is_home(host: str, domain: str) -> bool:
    """Whether addresses of `host` may be the firm's: its own domain, one whose name holds the
    firm's or is held by it, or a free service's."""
    if host == domain or host.endswith(f".{domain}") or is_free_domain(host):
        return True
    names = [re.sub(r"[-.]", "", one.rpartition(".")[0]) for one in (host.lower(), domain)]
    shorter, longer = sorted(names, key=len)
    return len(shorter) >= LEAST_NAME and shorter in longer

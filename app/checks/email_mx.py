"""The address's domain takes mail: it has an MX record that is no refusal, or else an address."""

from collections.abc import AsyncIterator

from app.checks import Check, ContactFacts, Finding


async def find(facts: ContactFacts) -> AsyncIterator[Finding]:
    """Invalid where DNS says that no mail is taken; a remark where nobody could be asked."""
    domain = facts.contact.email.rpartition("@")[2]
    if not domain:
        return
    match await facts.takes_mail(domain):
        case "refuses":
            yield Finding("invalid", "takes_no_mail", f"{domain} takes no mail")
        case "not_checked":
            yield Finding("valid", "mail_not_checked", f"not checked whether {domain} takes mail")


CHECK = Check(ContactFacts, find)

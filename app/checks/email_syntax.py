"""The address is written as addresses are (RFC 5321, by email-validator)."""

from collections.abc import Iterator

from email_validator import EmailNotValidError, validate_email

from app.checks import Check, ContactFacts, Finding


def find(facts: ContactFacts) -> Iterator[Finding]:
    """Invalid where it is not."""
    address = facts.contact.email
    if not address:
        return
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        yield Finding("invalid", "bad_email", f"{address[:80]} is no e-mail address: {error}")


CHECK = Check(ContactFacts, find)

"""When two values say the same: what the labels have, and what was found."""

from typing import Any

import pytest

from bench.evaluate import compare

SAME = [
    (compare.same_company, "Marl and Quill, LLC", "MARL & QUILL"),
    (compare.same_company, "The Quill Group", "Quill Group"),
    (compare.same_street, "61 S. Lamp Street", "61 S Lamp St., Suite 4"),
    (compare.same_street, "P.O. Box 1170", "PO Box 1170"),
    (compare.same_street, "Lampenstr. 12", "Lampenstraße 12"),
    (compare.same_street, "Hohe Straße 12", "Hohe Str. 12"),
    (compare.same_street, "12 r. Victor Marl", "12, rue Victor Marl"),
    (compare.same_street, "Avda. Marl 3", "Avenida Marl, 3"),
    (compare.same_street, "210 Lamp St", "#303 - 210 Lamp St"),
    (compare.same_street, "120 Lamp St, Unit 5", "Unit 5, 120 Lamp Street"),
    (compare.same_street, "#12 Lamp St", "12 Lamp St"),
    (compare.same_postcode, "78701-1234", "78701"),
    (compare.same_state, "texas", "TX"),
    (compare.same_phone, "+442079460123", "+44 (0)20 7946 0123"),
    (compare.same_phone, "+15125550101", "1-512-555-0101 ext. 4"),
    (compare.same_linkedin, "https://www.linkedin.com/in/otto/", "http://es.linkedin.com/in/Otto"),
    (compare.same_person, "Dr. JANE M. DOE", "Jane Doe, DDS"),
    (compare.same_person, "Barb Marl", "Barbara Marl"),
    (compare.same_person, "Heath Marl", "Thomas Heath Marl"),
    (compare.same_title, "SALES AGENT - PA", "Sales Agent"),
    (compare.same_title, "Property Manager", "Realtor & Property Manager"),
]
OTHER = [
    (compare.same_company, "Quill Property Management", "Quill"),
    (compare.same_street, "62 Lamp Street", "61 Lamp Street"),
    (compare.same_street, "Lampenstr. 12", "Lampenweg 12"),
    (compare.same_street, "Suite 12", "12 Lamp Street"),
    (compare.same_postcode, "78702", "78701"),
    (compare.same_phone, "+15125550102", "+15125550101"),
    (compare.same_linkedin, "https://linkedin.com/view?id=1", "https://linkedin.com/view?id=2"),
    (compare.same_person, "Jane Doe", "John Doe"),
    (compare.same_person, "Jane Doe", "Jane Marl"),
    (compare.same_title, "Director", "Director of Property Management"),
    (compare.same_title, "Manager who has led our team since she joined", "Manager"),
]


@pytest.mark.parametrize(("same", "found", "label"), [*SAME, *OTHER])
def test_values_are_the_same_when_they_say_the_same(same: Any, found: str, label: str) -> None:
    assert same(found, label) == ((same, found, label) in SAME)

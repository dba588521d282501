"""Layouts of page builders and hand-made pages: where name, title and address may stand."""

import pytest

from tests.plugins.people_pages import Found, names, people

TWO = (("Jane Doe", "Leasing"), ("Bud Roe", "Accounts Payable"))


def test_a_builder_may_wrap_links_in_objects() -> None:
    box = '<div><h2>{}</h2><p>{}</p><p><object><a href="mailto:{}@maplegate.example">m</a></object>'
    html = "".join(
        box.format(name, title, name.split()[0].lower()) + "</div>" for name, title in TWO
    )

    assert [one.email for one in people(html, "/team")] == [
        "jane@maplegate.example",
        "bud@maplegate.example",
    ]


@pytest.mark.parametrize(
    "box",
    [
        "<div><h5>{title}</h5><p>{name}<br>(207) 555-0119</p></div>",
        '<div class="item"><img src="a.jpg" alt="{name}, {title}"></div>',
        "<p>{name}, {title}</p>",
    ],
)
def test_a_field_of_work_stands_for_a_title(box: str) -> None:
    html = "<h2>Our team</h2>" + "".join(box.format(name=name, title=title) for name, title in TWO)

    assert [(one.name, one.title) for one in people(html, "/team")] == list(TWO)


def test_a_title_that_is_nobody_s_belongs_to_the_name_below_it() -> None:
    html = """<p>Attorneys</p><div><img alt="Jane Doe, Attorney at Law"></div>
        <div><p><b>Jane Doe</b></p><p>Born: 1964</p></div><hr><p>Paralegal</p>
        <div><img alt="Ann Roe"></div><div><p><b>Ann Roe</b></p><p>Born long ago</p></div>"""

    assert [(one.name, one.title) for one in people(html)] == [
        ("Jane Doe", "Attorney at Law"),
        ("Ann Roe", "Paralegal"),
    ]


def test_a_title_does_not_name_the_company_it_is_at() -> None:
    html = '<div class="team"><img alt="Jane Doe, Realtor at 5 Star Homes"></div>'

    assert people(html, "/team") == [Found("Jane Doe", "Realtor")]


@pytest.mark.parametrize("shown", ["{}, President (1952–1974)", "{}<br>Broker 2003-2019"])
def test_years_that_have_ended_tell_of_people_who_left(shown: str) -> None:
    html = f"<h2>Team</h2><p>Jane Doe<br>Broker</p><p>{shown.format('Ann Roe')}</p>"

    assert names(html, "/team") == ["Jane Doe"]


def test_a_byline_with_a_date_is_one() -> None:
    html = """<p class="meta">Posted by <a href="/author/jd">Jane Doe</a> on May 3, 2021</p>
        <p>What landlords ask us most.</p><p>Jane Doe is a freelance writer.</p>"""

    assert not names(f"<article>{html}</article>", "/tips-for-landlords")


def test_praise_of_a_company_is_not_the_name_of_another() -> None:
    html = """<p>Jane Doe, Broker/Owner, started Maplegate in 2004.</p>
        <div class="testimonial"><p>Great company, responsive and honest.</p></div>"""

    assert people(html, "/") == [Found("Jane Doe", "Broker/Owner")]


def test_an_unusual_name_is_believed_among_cards_of_people() -> None:
    card = '<li><a href="/team-members/{}"><div>{}</div><div>{}</div></a></li>'
    people_named = (("Ilse Varga", "Partner"), ("Xylo Reyes", "Acquisitions"), ("Jo Faro", "Agent"))
    html = "".join(card.format(n.lower().replace(" ", "-"), n, t) for n, t in people_named)

    assert names(f"<ul>{html}</ul>") == [name for name, _ in people_named]


@pytest.mark.parametrize(
    ("path", "html", "found"),
    [
        ("/", '<span>Our Founder</span><h2>Jane Doe</h2><p>She began in her garage.</p>',
         Found("Jane Doe", "Founder")),
        ("/about", "<h2>A Note From Our Founder</h2><p>— Jane Doe, Founder</p>",
         Found("Jane Doe", "Founder")),
        ("/about", "<h2>Led by Jane Doe</h2><p>Principal &amp; Managing Broker</p>",
         Found("Jane Doe", "Principal & Managing Broker")),
        ("/le-cabinet", "<h3>Me Claire Doe</h3><p>Avocate associée</p>",
         Found("Claire Doe", "Avocate associée")),
        ("/le-cabinet", "<h3>Maître Paul Doe</h3><p>Avocat</p>", Found("Paul Doe", "Avocat")),
        ("/over-ons", "<h3>Sanne de Doe</h3><p>Makelaar</p>", Found("Sanne de Doe", "Makelaar")),
        ("/chi-siamo", "<h3>Dott.ssa Giulia Doe</h3><p>Titolare</p>",
         Found("Giulia Doe", "Titolare")),
        ("/quem-somos", "<h3>Dra. Ana Paula Doe</h3><p>Advogada</p>",
         Found("Ana Paula Doe", "Advogada")),
    ],
)  # fmt: skip
def test_who_stands_alone_is_read_with_the_line_beside(path: str, html: str, found: Found) -> None:
    assert people(html, path) == [found]

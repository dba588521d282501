"""Names on a page that are not those of the company's people."""

import pytest

from tests.plugins.people_pages import names, people

OTHERS = {
    "customers who are quoted": (
        "/",
        """<h2>What our clients say</h2><div class="slide"><p>They found a tenant in two days.</p>
        <h4>Jane Doe</h4><span>Property Owner</span></div><div class="slide"><p>I love this company.
        </p><h4>Bob Major</h4><span>CEO, Major Inc</span></div>""",
    ),
    "customers in boxes without a heading": (
        "/",
        """<div class="card"><p>"They found a tenant in two days and we are happy with it."</p>
        <p>- Jane Doe, Austin TX</p></div><div class="card"><p>"Great people to work with, would
        recommend to all."</p><p>- Bob Major, Owner</p></div>""",
    ),
    "customers without quotation marks": (
        "/",
        """<div><div><p>We have been awarded a grant, and I thank them for their help.<br>Ann Green,
        Director, Focus on Community</p></div><div><p>They raised our income by half in a year of
        work.<br>Carol Major, Development Manager</p></div></div>""",
    ),
    "customers with stars": (
        "/",
        """<div class="item"><div>★★★★★</div><p>Great manager!</p>
        <strong>Jane Doe</strong></div>""",
    ),
    "customers behind a picture that says so": (
        "/",
        """<div><img alt="Jane Doe" src="img/testimonial_jd.jpg"><p>A good school.<br>Jane Doe,
        Business Manager</p></div>""",
    ),
    "a quote within a line": (
        "/",
        "<p>“No more hiding my teeth.” <b>Bonnie Major</b>, Pastry Chef</p>",
    ),
    "a customer who writes": (
        "/",
        """<p>Richard Roe, Chief Surveyor, writes: "They found the line that I could not."</p>""",
    ),
    "a quoted block": (
        "/",
        "<blockquote>Good work.<cite>Jane Doe, President of Quarry HOA</cite></blockquote>",
    ),
    "an author": (
        "/five-tips",
        '<article><h1>Five tips</h1><p class="byline">By Jane Doe</p><p>Some text.</p></article>',
    ),
    "an author's box": (
        "/five-tips",
        """<div class="author-box"><h4>Jane Doe</h4><p>Jane Doe is the owner of Maplegate.</p>
        </div>""",
    ),
    "people in an article": (
        "/blog/2024/05/our-picnic",
        '<div class="team"><h3>Jane Doe</h3><p>Broker</p></div>',
    ),
    "the head of a vendor": (
        "/",
        '<p>"We are proud," said Jim Major, CEO of PortalSoft Inc. The portal opens in May.</p>',
    ),
    "somebody of another firm": (
        "/",
        "<p>Jim Major, vice president of operations at Quarry Software, came by.</p>",
    ),
    "people of long ago": (
        "/about",
        """<p>The house was built by Samuel Major, mayor of the city, in 1852. Founded in 1921 by
        John Roe, the mill stood on the river.</p>""",
    ),
    "the agency that made the site": (
        "/",
        "<footer><p>Website by Jane Doe Design</p><p>Site designed by Peter Major</p></footer>",
    ),
    "customers of a case study": (
        "/",
        "<h2>Case studies</h2><div><h3>Jane Doe</h3><p>Owner, Doe Bakery</p></div>",
    ),
    "partners of other firms": (
        "/",
        """<div><h3>Jane Doe</h3><p>Mortgage Partner</p></div><div><h3>Bob Major</h3>
        <p>Insurance Agent</p><p>State Mutual Company</p></div>""",
    ),
    "streets and houses": (
        "/",
        """<h3>Our communities</h3><ul><li><a href="/properties/howard-lane">Howard Lane</a></li>
        <li><a href="/properties/victoria-gardens">Victoria Gardens</a></li>
        <li>Madison Square</li><li>Grant Park</li></ul>""",
    ),
    "towns": (
        "/areas",
        """<div class="areas"><a class="a" href="area-carrollwood.html">Carrollwood</a>
        <a class="a" href="area-wesley-chapel.html">Wesley Chapel</a>
        <a class="a" href="area-lutz.html">Lutz</a></div><p>Charlotte, North Carolina</p>""",
    ),
    "labels and forms": (
        "/contact",
        """<form><label>Your Name</label><span class="error">Please Enter Name</span>
        <button>Submit Form</button></form><h3>Get Started</h3><h3>Learn More</h3>
        <h3>Property Management</h3><div><h4>Grant Major</h4><p>Owner Portal</p></div>""",
    ),
    "services": (
        "/services",
        """<div><h3>Rent Collection</h3><p>Our property managers collect.</p></div>
        <div><h3>Crystal Clear</h3><p>Reports by our accountant.</p></div>
        <div><h3>Grace Period</h3><p>Leasing manager on site.</p></div>""",
    ),
    "products": ("/services", "<h3>Benjamin Moore</h3><p>We paint with Benjamin Moore.</p>"),
    "a house named for a captain": (
        "/cottages",
        "<h3>Amos Tully House</h3><p>Captain Amos Tully House, sleeps 12, 2,400 sq ft</p>",
    ),
    "offices": (
        "/contact",
        """<div><h3>San Marcos</h3><p>12 Main St</p></div><div><h3>Round Rock</h3><p>1 A St</p>
        </div><div><h3>Jackson Hole</h3><p>Representative Office</p></div>""",
    ),
    "a dog and an empty chair": (
        "/team",
        '<div class="team"><h3>Buddy</h3><p>Office Dog</p><h3>You?</h3><p>Leasing Agent</p></div>',
    ),
    "stock text": (
        "/team",
        """<div class="team"><div><h4>John Smith</h4><p class="role">CEO</p><p>Lorem ipsum dolor sit
        amet, consectetur adipiscing elit sed do.</p></div><div><h4>Mary Jones</h4>
        <p class="role">CFO</p></div></div>""",
    ),
    "words without grammar": (
        "/about",
        """<h3>Our Team</h3><div><h4>Gene Major</h4><p>Founder</p><p>Bespoke ethical trust fund
        gluten-free bird cray cardigan poke raclette craft beer green juice single-origin coffee
        hammock sartorial kitsch copper mug pug photo booth heirloom etsy celiac</p>
        </div>""",
    ),
    "people of those who are served": (
        "/staff",
        """<h2>Board Presidents We Serve</h2><ul><li>Jane Doe, Magnolia Greens HOA</li>
        <li>Bob Major, Seabreeze Condos</li></ul><h2>Trades We Trust</h2><p>Jane Doe,
        Plumber</p>""",
    ),
    "reviewers in structured data": (
        "/",
        """<script type="application/ld+json">{"@type": "LocalBusiness", "review": [{"@type":
        "Review", "author": {"@type": "Person", "name": "Jane Doe", "jobTitle": "Chef"}}]}</script>
        <script type="application/ld+json">{"@type": "BlogPosting", "author": {"@type": "Person",
        "name": "Bob Major", "jobTitle": "Editor"}}</script>""",
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_nobody_of_the_company_is_found_among(case: str) -> None:
    path, html = OTHERS[case]

    assert people(html, path) == []


def test_one_text_over_three_names_is_stock_text() -> None:
    card = "<div><h4>{}</h4><p>Manager</p><p>Has been here for many years and likes it.</p></div>"
    html = "".join(card.format(name) for name in ("John Smith", "Mary Jones", "Bob Major"))

    assert names(html, "/team") == []


def test_a_member_of_the_team_who_is_also_quoted_stays_one() -> None:
    html = """<h2>Our team</h2><div><h3>Jane Doe</h3><p>Broker</p></div>
        <h2>Testimonials</h2><p>"Jane is the best of them all."</p><p>- Bob Major, Owner</p>"""

    assert names(html, "/team") == ["Jane Doe"]


def test_a_quote_of_the_person_does_not_make_a_customer_of_a_leader() -> None:
    html = """<h1>Leadership</h1><div class="leader"><h2>Jane Doe</h2>
        <h3>Chief Executive Officer</h3><p>"I believe in simple leases," says Jane.</p></div>"""

    assert names(html, "/leadership") == ["Jane Doe"]


def test_the_company_s_name_is_no_person() -> None:
    html = "<h1>Maplegate Realty</h1><h2>Maplegate Broker</h2><p>Managing Broker</p>"

    assert names(html, "/team") == []


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Our attorneys</h2><p>Dorothea Lang, formerly Partner</p>",
        "<h2>Alumni</h2><ul><li>Dorothea Lang, Partner</li></ul>",
        "<h2>Closed deals</h2><table><tr><th>Buyer</th></tr>"
        "<tr><td>Leonard Bassett, Managing Member</td></tr></table>",
        "<h2>Our communities</h2><h3>Woodcreek HOA</h3>"
        "<p>Board: Harriet Mosley, President; Glen Tisdale, Treasurer</p>",
    ],
)
def test_former_people_buyers_and_boards_of_clients_are_not_people_of_the_company(
    html: str,
) -> None:
    assert names(html) == []


def test_a_lender_below_the_agents_is_not_one_of_them() -> None:
    html = (
        "<h1>Agents</h1><div><h3>Sloane Finch</h3><p>Broker</p></div>"
        "<h2>Our preferred lender</h2><div><h3>Brock Tilden</h3><p>Senior Loan Officer</p></div>"
    )
    assert names(html, "/agents") == ["Sloane Finch"]


def test_presidents_in_a_list_of_communities_are_not_people_of_the_company() -> None:
    html = (
        "<table><tr><th>Community</th><th>Manager</th><th>President</th></tr>"
        "<tr><td>Double Diamond</td><td>Rhonda Kessinger</td><td>Helen Garrity</td></tr></table>"
    )
    assert [(one.name, one.title) for one in people(html)] == [("Rhonda Kessinger", "Manager")]


@pytest.mark.parametrize(
    "html",
    [
        "<h4>General's Chambers</h4><p>Attorney</p>",
        "<h4>Lachance Meadows</h4><p>Property Manager: on site</p>",
        "<p><strong>Garnett Park</strong> – Owner: private<br><b>Louise Place</b> – x</p>",
        '<ul><li><a href="/locations/juan-commons">Juan Commons</a></li></ul>',
    ],
)
def test_houses_that_sound_like_people_are_none(html: str) -> None:
    assert not names(f"<h2>Explore</h2>{html}", "/locations")


def test_the_line_above_a_name_is_no_title_when_it_is_another_person_s() -> None:
    html = """<ul><li><b>Jane Doe</b> – Of Counsel – <a href="mailto:jd@maplegate.example">m</a>
        </li><li><b>Ann Roe</b> – Tuesdays only</li></ul>"""

    assert [(one.name, one.title) for one in people(html, "/staff")][1:] == [("Ann Roe", "")]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Press: Bud Poe, bureau Volume, bud@bureau-volume.example, 512-555-0131</p>",
        "<p>Colaboramos con la arquitecta Pilar Poe en las obras.</p>",
        "<p>Our lender partner: Bud Poe, Loan Officer, First Bank</p>",
        "<div>Web Design by<br><a href='https://poe.example'>Andrew Poe</a></div>",
    ],
)
def test_who_works_for_another_or_made_the_site_is_not_of_the_firm(html: str) -> None:
    assert names(f"<div class=team><h3>Jane Doe</h3><p>Broker</p></div>{html}", "/team") == [
        "Jane Doe"
    ]

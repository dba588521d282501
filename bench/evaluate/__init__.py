"""How right the research is, field by field, on sites whose truth is known.

The real handlers of company_research and contact_research run over stored sites, without a
database. A site is known by its website alone, as from a bare list: name, place, category and all
else must come from its pages. What the records then hold is compared with labels.

Each value gets one mark:
    right    the label says so
    wrong    the label says otherwise
    missed   labelled, not found
    open     the labels do not say: neither for nor against
    precision = right / (right + wrong)
    recall    = right / (right + missed + wrong values that stand where another was labelled)
    F1        = 2 x precision x recall / (precision + recall)
    at worst  = the precision if every open value were wrong

Labels of sites (`labels.json` with "sites"; app/sample/README.md explains the keys):
- A key that is absent is not judged (open); null or an empty list means that the site says nothing,
  and a value found there is wrong.
- `pages` are those that the labels were read from. An e-mail, phone or vendor seen only on another
  page is open, unless `not_contacts` or `software_not` names it.
- `doubts` and notes: a value that a doubt names is never wrong; a field that a doubt begins with
  ("units: ...") is not missed.
- `reach`: a site that cannot be read ("blocked", "not_found", "no_host") must yield that word and
  nothing else; `blocked_pages` must not be read. What is labelled on `reach.pages_not_linked`, and
  stands on no page that was read, is open. `start` is where the reading begins.
- `sha256:...`: what was found is hashed before it is compared.

Fields:
- company_name: right when equal to company_name, legal_name or an alias, after cleanco took the
  legal form away, "&" became "and" and case, accents and punctuation were dropped; or when
  rapidfuzz's token_sort_ratio of the two is 92 or more.
- category: `category` or one of `also`, in the words of app.records. company_type: one that goes
  with these categories (labels.TYPES).
- street: same first number, and a token_set_ratio of 90 or more after abbreviations were written
  alike. city, state (as code), postcode (a ZIP+4 by its first five), country, founded: equal.
- units: equal.
- email, phone, fax: those of the organisation. Persons' own, `emails_ok` and `phones_ok` do not
  count; a fax number given as a phone is wrong. Phones are compared as E.164.
- software: pms_detected, and every further vendor of whatever kind that is stated as `software`
  with a confidence of 0.5 or more, under the label's name or one of its `aliases`. Wanted are the
  certainties but "weak", also of vendors that a label calls "optional"; "weak" ones do not count.
  `software_not` are traps, whichever of the two fields holds them.
- people: names compared without case, accents, courtesy titles, credentials and middle initials;
  one given name may be short for the other. A second contact for one person is a duplicate: wrong.
  Unlabelled people are wrong where `people_complete` is true, on whatever page they were seen,
  since the labelled pages are those that name the staff; else they are open.
- title: of people that were found and have a labelled title. Right when it holds all words of the
  label and at most three more, or more than half of them and no others.
- person_email, person_phone, person_linkedin: given to the right person. Those of persons that were
  not found are missed. What labels give to another person, to the organisation or to
  `not_contacts` was given to the wrong person; this is counted on a line of its own. An inferred
  e-mail of a person without a labelled one is open: no page can tell.
- traps: strings of `not_contacts`; software_traps: vendors of `software_not`. Right when not
  reported.

Annotated pages (`labels.json` that is a list; one page is one site):
- company_name, street, city, state, postcode: right when any of the page's ORG, STREET, CITY, STATE
  (of the US or Canada), ZIPCODE; the last four are judged on pages with a street.
- phone: TEL, told apart by their last nine digits; wanted on pages of at most ten numbers, since
  records keep ten.
- people: a PER is no error; wanted are the full names of `person_titles`. These pairs were derived,
  and customers are among them: recall is a floor.

Calibration: marks that are right or wrong, in bins of the confidence of the evidence that was kept.
"""

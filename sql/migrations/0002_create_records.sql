-- What a run learns. A value is exported only with evidence.

CREATE TABLE companies (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id           uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    ordinal          integer NOT NULL,
    name             text NOT NULL,
    domain           text NOT NULL DEFAULT '',
    website          text NOT NULL DEFAULT '',
    street           text NOT NULL DEFAULT '',
    city             text NOT NULL DEFAULT '',
    state            text NOT NULL DEFAULT '',
    postcode         text NOT NULL DEFAULT '',
    country          text NOT NULL DEFAULT '',
    phone            text NOT NULL DEFAULT '',
    category         text NOT NULL DEFAULT '',
    pms_detected     text NOT NULL DEFAULT '',
    units_estimate   integer CHECK (units_estimate >= 0),
    company_type     text NOT NULL DEFAULT '',
    description      text NOT NULL DEFAULT '',
    icp_fit          boolean,
    icp_tier         text NOT NULL DEFAULT '' CHECK (icp_tier IN ('', 'A', 'B', 'C')),
    icp_confidence   real CHECK (icp_confidence BETWEEN 0 AND 1),
    disqualifiers    text[] NOT NULL DEFAULT '{}',
    discovery_source text NOT NULL DEFAULT '',
    source_ref       text NOT NULL DEFAULT '',
    current_stage    text NOT NULL,
    status           text NOT NULL DEFAULT 'open'
        CHECK (status IN ('open', 'ready', 'rejected', 'review', 'failed')),
    cause            text NOT NULL DEFAULT '',
    reason           text NOT NULL DEFAULT '',
    created_at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (run_id, ordinal)
);
CREATE UNIQUE INDEX companies_domain ON companies (run_id, domain) WHERE domain <> '';
CREATE UNIQUE INDEX companies_name ON companies (run_id, lower(name), lower(city)) WHERE domain = '';

CREATE TABLE contacts (
    id                    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id                uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    company_id            bigint NOT NULL REFERENCES companies ON DELETE CASCADE,
    position              integer NOT NULL,
    key                   text NOT NULL,
    full_name             text NOT NULL,
    title                 text NOT NULL DEFAULT '',
    email                 text NOT NULL DEFAULT '',
    email_status          text NOT NULL DEFAULT 'none'
        CHECK (email_status IN ('published', 'inferred', 'none')),
    phone                 text NOT NULL DEFAULT '',
    linkedin_url          text NOT NULL DEFAULT '',
    department            text NOT NULL DEFAULT '',
    seniority             text NOT NULL DEFAULT '',
    quality_score         integer NOT NULL CHECK (quality_score BETWEEN 0 AND 100),
    quality_parts         jsonb NOT NULL DEFAULT '{}',
    personalization_notes text NOT NULL DEFAULT '',
    created_at            timestamptz NOT NULL DEFAULT now(),
    UNIQUE (company_id, key),
    CHECK ((email = '') = (email_status = 'none'))
);
CREATE INDEX contacts_run ON contacts (run_id, company_id, position);

CREATE TABLE evidence (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_id bigint NOT NULL REFERENCES companies ON DELETE CASCADE,
    stage      text NOT NULL,
    subject    text NOT NULL,
    field      text NOT NULL,
    value      text NOT NULL,
    source_url text NOT NULL,
    quote      text NOT NULL,
    method     text NOT NULL
        CHECK (method IN ('source', 'structured', 'link', 'text', 'inferred', 'rule')),
    confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    rule       text NOT NULL,
    seen_at    timestamptz NOT NULL
);
CREATE INDEX evidence_company ON evidence (company_id, subject, field);

CREATE TABLE absences (
    company_id bigint NOT NULL REFERENCES companies ON DELETE CASCADE,
    stage      text NOT NULL,
    subject    text NOT NULL,
    field      text NOT NULL,
    kind       text NOT NULL
        CHECK (kind IN ('not_looked', 'not_found', 'blocked', 'failed', 'conflicting', 'withheld')),
    detail     text NOT NULL,
    PRIMARY KEY (company_id, stage, subject, field)
);

CREATE TABLE pages (
    company_id   bigint NOT NULL REFERENCES companies ON DELETE CASCADE,
    position     integer NOT NULL,
    url          text NOT NULL,
    status       integer NOT NULL,
    content_type text NOT NULL,
    charset      text NOT NULL,
    truncated    boolean NOT NULL,
    fetched_at   timestamptz NOT NULL,
    body         bytea NOT NULL,
    PRIMARY KEY (company_id, position)
);
COMMENT ON COLUMN pages.body IS 'zlib';
ALTER TABLE pages ALTER COLUMN body SET STORAGE EXTERNAL;

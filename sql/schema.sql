-- Generated from sql/migrations by `make schema`; never edited.

CREATE SCHEMA sluice;

CREATE TABLE sluice.absences (
    company_id bigint NOT NULL,
    stage text NOT NULL,
    subject text NOT NULL,
    field text NOT NULL,
    kind text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT absences_kind_check CHECK ((kind = ANY (ARRAY['not_looked'::text, 'not_found'::text, 'blocked'::text, 'failed'::text, 'conflicting'::text, 'withheld'::text])))
);

CREATE TABLE sluice.artifacts (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    kind text NOT NULL,
    path text NOT NULL,
    rows integer NOT NULL,
    sha256 text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE sluice.artifacts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.artifacts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.breakers (
    run_id uuid NOT NULL,
    stage text NOT NULL,
    state text NOT NULL,
    cause text NOT NULL,
    failing integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    after_log bigint NOT NULL,
    probe_item bigint,
    CONSTRAINT breakers_check CHECK (((state = 'probing'::text) = (probe_item IS NOT NULL))),
    CONSTRAINT breakers_state_check CHECK ((state = ANY (ARRAY['closed'::text, 'open'::text, 'probing'::text, 'given_up'::text])))
);

COMMENT ON COLUMN sluice.breakers.failing IS 'probes that failed since it opened';

COMMENT ON COLUMN sluice.breakers.after_log IS 'only attempts logged after this one count';

CREATE TABLE sluice.budgets (
    run_id uuid NOT NULL,
    stage text NOT NULL,
    amount numeric,
    company_amount numeric,
    spent numeric DEFAULT 0 NOT NULL,
    CONSTRAINT budgets_amount_check CHECK ((amount >= (0)::numeric)),
    CONSTRAINT budgets_check CHECK (((stage = ''::text) OR ((amount IS NOT NULL) AND (company_amount IS NULL)))),
    CONSTRAINT budgets_company_amount_check CHECK ((company_amount >= (0)::numeric)),
    CONSTRAINT budgets_spent_check CHECK ((spent >= (0)::numeric))
);

COMMENT ON TABLE sluice.budgets IS 'one row per run (stage is empty) and one per stage with a limit of its own';

COMMENT ON COLUMN sluice.budgets.amount IS 'the most that may be spent; null is no limit';

COMMENT ON COLUMN sluice.budgets.company_amount IS 'the most for one company of the run; null is no limit';

COMMENT ON COLUMN sluice.budgets.spent IS 'settled and reserved; changed only under the lock of the row of the run';

CREATE TABLE sluice.companies (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    ordinal integer NOT NULL,
    name text NOT NULL,
    domain text DEFAULT ''::text NOT NULL,
    website text DEFAULT ''::text NOT NULL,
    street text DEFAULT ''::text NOT NULL,
    city text DEFAULT ''::text NOT NULL,
    state text DEFAULT ''::text NOT NULL,
    postcode text DEFAULT ''::text NOT NULL,
    country text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    category text DEFAULT ''::text NOT NULL,
    pms_detected text DEFAULT ''::text NOT NULL,
    units_estimate integer,
    company_type text DEFAULT ''::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    icp_fit boolean,
    icp_tier text DEFAULT ''::text NOT NULL,
    icp_confidence real,
    disqualifiers text[] DEFAULT '{}'::text[] NOT NULL,
    discovery_source text DEFAULT ''::text NOT NULL,
    source_ref text DEFAULT ''::text NOT NULL,
    current_stage text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    cause text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    icp_rules jsonb DEFAULT '[]'::jsonb NOT NULL,
    verdict text DEFAULT ''::text NOT NULL,
    reasons jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT companies_icp_confidence_check CHECK (((icp_confidence >= (0)::double precision) AND (icp_confidence <= (1)::double precision))),
    CONSTRAINT companies_icp_tier_check CHECK ((icp_tier = ANY (ARRAY[''::text, 'A'::text, 'B'::text, 'C'::text]))),
    CONSTRAINT companies_status_check CHECK ((status = ANY (ARRAY['open'::text, 'ready'::text, 'rejected'::text, 'review'::text, 'failed'::text]))),
    CONSTRAINT companies_units_estimate_check CHECK ((units_estimate >= 0)),
    CONSTRAINT companies_verdict_check CHECK ((verdict = ANY (ARRAY[''::text, 'valid'::text, 'invalid'::text, 'review'::text])))
);

COMMENT ON COLUMN sluice.companies.icp_rules IS 'each rule that applied: rule, verdict, points, weight, confidence, why';

COMMENT ON COLUMN sluice.companies.verdict IS 'empty: not checked';

COMMENT ON COLUMN sluice.companies.reasons IS '[{check, verdict, cause, reason}]; a valid one is a remark';

ALTER TABLE sluice.companies ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.companies_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.company_keys (
    key bigint NOT NULL,
    run_id uuid NOT NULL,
    company_id bigint NOT NULL
);

COMMENT ON TABLE sluice.company_keys IS 'digests of phone, domain, name and place as the source gave them; a key of a run names its first 16 companies';

CREATE TABLE sluice.contacts (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    company_id bigint NOT NULL,
    "position" integer NOT NULL,
    key text NOT NULL,
    full_name text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    email_status text DEFAULT 'none'::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    linkedin_url text DEFAULT ''::text NOT NULL,
    department text DEFAULT ''::text NOT NULL,
    seniority text DEFAULT ''::text NOT NULL,
    quality_score integer NOT NULL,
    quality_parts jsonb DEFAULT '{}'::jsonb NOT NULL,
    personalization_notes text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    verdict text DEFAULT ''::text NOT NULL,
    reasons jsonb DEFAULT '[]'::jsonb NOT NULL,
    email_verdict text DEFAULT ''::text NOT NULL,
    CONSTRAINT contacts_check CHECK (((email = ''::text) = (email_status = 'none'::text))),
    CONSTRAINT contacts_email_status_check CHECK ((email_status = ANY (ARRAY['published'::text, 'inferred'::text, 'none'::text]))),
    CONSTRAINT contacts_email_verdict_check CHECK ((email_verdict = ANY (ARRAY[''::text, 'valid'::text, 'invalid'::text, 'not_checked'::text]))),
    CONSTRAINT contacts_quality_score_check CHECK (((quality_score >= 0) AND (quality_score <= 100))),
    CONSTRAINT contacts_verdict_check CHECK ((verdict = ANY (ARRAY[''::text, 'valid'::text, 'invalid'::text, 'review'::text])))
);

COMMENT ON COLUMN sluice.contacts.reasons IS '[{check, verdict, cause, reason}]; a valid one is a remark';

ALTER TABLE sluice.contacts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.contacts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.context_items (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    domain text DEFAULT ''::text NOT NULL,
    body text NOT NULL,
    size integer GENERATED ALWAYS AS (length(body)) STORED NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, ((name || ' '::text) || body))) STORED NOT NULL,
    CONSTRAINT context_items_kind_check CHECK ((kind = ANY (ARRAY['icp'::text, 'note'::text, 'research'::text, 'suppression'::text])))
);

COMMENT ON COLUMN sluice.context_items.domain IS 'the company that it is about; empty where it is about none in particular';

COMMENT ON COLUMN sluice.context_items.size IS 'characters';

ALTER TABLE sluice.context_items ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.context_items_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.costs (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    stage text NOT NULL,
    item_id bigint NOT NULL,
    fence bigint NOT NULL,
    company_id bigint,
    provider text NOT NULL,
    reserved numeric NOT NULL,
    settled numeric,
    state text DEFAULT 'reserved'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT costs_check CHECK (((state = ANY (ARRAY['settled'::text, 'lost'::text])) = (settled IS NOT NULL))),
    CONSTRAINT costs_check1 CHECK (((settled IS NULL) = (settled_at IS NULL))),
    CONSTRAINT costs_reserved_check CHECK ((reserved >= (0)::numeric)),
    CONSTRAINT costs_settled_check CHECK ((settled >= (0)::numeric)),
    CONSTRAINT costs_state_check CHECK ((state = ANY (ARRAY['reserved'::text, 'settled'::text, 'lost'::text, 'refused'::text])))
);

COMMENT ON COLUMN sluice.costs.state IS 'lost: nobody knows what became of the call, so it counts at its reserved price; refused: waits for a larger budget';

ALTER TABLE sluice.costs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.costs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.decisions (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    who text NOT NULL,
    what text NOT NULL,
    stage text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    data jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE sluice.decisions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.decisions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.duplicates (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    company_id bigint NOT NULL,
    discarded_id bigint,
    name text NOT NULL,
    discovery_source text NOT NULL,
    source_ref text NOT NULL,
    rule text NOT NULL,
    reasons text[] NOT NULL,
    score real NOT NULL,
    found_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT duplicates_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision)))
);

COMMENT ON COLUMN sluice.duplicates.company_id IS 'the company that is kept';

COMMENT ON COLUMN sluice.duplicates.discarded_id IS 'where the row was stored before a row with a website took its place';

ALTER TABLE sluice.duplicates ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.duplicates_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.events (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    run_id uuid,
    actor text NOT NULL,
    what text NOT NULL,
    stage text,
    item_id bigint,
    data jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE sluice.events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.evidence (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    stage text NOT NULL,
    subject text NOT NULL,
    field text NOT NULL,
    value text NOT NULL,
    source_url text NOT NULL,
    quote text NOT NULL,
    method text NOT NULL,
    confidence real NOT NULL,
    rule text NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT evidence_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
    CONSTRAINT evidence_method_check CHECK ((method = ANY (ARRAY['source'::text, 'structured'::text, 'link'::text, 'text'::text, 'inferred'::text, 'rule'::text])))
);

ALTER TABLE sluice.evidence ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.evidence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.items (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    company_id bigint,
    stage text NOT NULL,
    batch integer DEFAULT 0 NOT NULL,
    state text DEFAULT 'ready'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    lost integer DEFAULT 0 NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    available_at timestamp with time zone DEFAULT now() NOT NULL,
    leased_until timestamp with time zone,
    started_at timestamp with time zone,
    worker_id bigint,
    cause text,
    reason text,
    input jsonb,
    result jsonb,
    stale boolean DEFAULT false NOT NULL,
    CONSTRAINT items_attempt_check CHECK ((attempt >= 0)),
    CONSTRAINT items_check CHECK (((state = 'leased'::text) = (leased_until IS NOT NULL))),
    CONSTRAINT items_check1 CHECK (((state = 'leased'::text) = (worker_id IS NOT NULL))),
    CONSTRAINT items_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'leased'::text, 'done'::text, 'skipped'::text, 'review'::text, 'failed'::text, 'quarantined'::text])))
);

COMMENT ON COLUMN sluice.items.attempt IS 'counted at claim, so that a crash counts';

COMMENT ON COLUMN sluice.items.lost IS 'claims that ended in a lost process';

COMMENT ON COLUMN sluice.items.stale IS 'settled, and out of date: done again when the company gets here again';

ALTER TABLE sluice.items ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.items_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE sluice.pages (
    company_id bigint NOT NULL,
    "position" integer NOT NULL,
    url text NOT NULL,
    status integer NOT NULL,
    content_type text NOT NULL,
    charset text NOT NULL,
    truncated boolean NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    body bytea NOT NULL
);
ALTER TABLE ONLY sluice.pages ALTER COLUMN body SET STORAGE EXTERNAL;

COMMENT ON COLUMN sluice.pages.body IS 'zlib';

CREATE TABLE sluice.pulse (
    one boolean DEFAULT true NOT NULL,
    beat_at timestamp with time zone DEFAULT now() NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT pulse_one_check CHECK (one)
);

COMMENT ON COLUMN sluice.pulse.since IS 'the first beat after the last gap';

CREATE TABLE sluice.readings (
    company_id bigint NOT NULL,
    website text NOT NULL,
    most_pages integer NOT NULL,
    origin text NOT NULL,
    refused jsonb NOT NULL,
    cause text NOT NULL,
    detail text NOT NULL,
    read_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN sluice.readings.website IS 'the address that the reading began at';

COMMENT ON COLUMN sluice.readings.origin IS 'empty: the network; else the folder that was replayed';

COMMENT ON COLUMN sluice.readings.refused IS 'addresses that brought no page: url, cause, kind';

COMMENT ON COLUMN sluice.readings.cause IS 'why the reading ended early, or empty';

COMMENT ON COLUMN sluice.readings.read_at IS 'when its oldest page was fetched';

CREATE TABLE sluice.runs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    request jsonb NOT NULL,
    target_quantity integer NOT NULL,
    contacts_min integer NOT NULL,
    contacts_max integer NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    stage text NOT NULL,
    notes text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    revision integer DEFAULT 0 NOT NULL,
    route text[] DEFAULT '{}'::text[] NOT NULL,
    held text[] DEFAULT '{}'::text[] NOT NULL,
    read jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT runs_check CHECK ((contacts_max >= contacts_min)),
    CONSTRAINT runs_check1 CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text])))),
    CONSTRAINT runs_contacts_min_check CHECK ((contacts_min >= 0)),
    CONSTRAINT runs_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'needs_decision'::text, 'completed'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT runs_target_quantity_check CHECK ((target_quantity > 0))
);

COMMENT ON COLUMN sluice.runs.revision IS 'raised when the request changes, so that workers read it again';

COMMENT ON COLUMN sluice.runs.route IS 'the stages that the run goes through, in order';

COMMENT ON COLUMN sluice.runs.held IS 'those of them that nobody works on until the run is resumed';

COMMENT ON COLUMN sluice.runs.read IS 'a hash by name of what some stage reads (app/pipeline/reads.py)';

CREATE TABLE sluice.secrets (
    name text NOT NULL,
    value bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE sluice.snapshot_rows (
    snapshot_id bigint NOT NULL,
    kind text NOT NULL,
    "position" integer NOT NULL,
    "row" jsonb NOT NULL,
    CONSTRAINT snapshot_rows_kind_check CHECK ((kind = ANY (ARRAY['companies'::text, 'contacts'::text])))
);

CREATE TABLE sluice.snapshots (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    item_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE sluice.snapshots ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.snapshots_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.stage_log (
    id bigint NOT NULL,
    run_id uuid NOT NULL,
    stage text NOT NULL,
    item_id bigint NOT NULL,
    attempt integer NOT NULL,
    worker_id bigint,
    started_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone NOT NULL,
    status text NOT NULL,
    cause text,
    error text,
    result jsonb,
    CONSTRAINT stage_log_status_check CHECK ((status = ANY (ARRAY['done'::text, 'skipped'::text, 'review'::text, 'snoozed'::text, 'retried'::text, 'failed'::text, 'returned'::text, 'lost'::text])))
);

ALTER TABLE sluice.stage_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sluice.stage_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sluice.stages (
    run_id uuid NOT NULL,
    stage text NOT NULL,
    "position" integer NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    error text,
    CONSTRAINT stages_check CHECK (((status <> 'running'::text) OR (started_at IS NOT NULL))),
    CONSTRAINT stages_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'complete'::text, 'failed'::text, 'needs_rerun'::text, 'skipped'::text])))
);

CREATE TABLE sluice.suppressions (
    digest bytea NOT NULL,
    kind text NOT NULL,
    erased boolean DEFAULT false NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT suppressions_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT suppressions_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'domain'::text, 'phone'::text])))
);

COMMENT ON COLUMN sluice.suppressions.digest IS 'HMAC-SHA256 of the normalised value; the key is in secrets';

COMMENT ON COLUMN sluice.suppressions.erased IS 'forgotten: not even the fact that a source lists it is stored';

CREATE VIEW sluice.v_companies_by_stage AS
 SELECT c.run_id,
    COALESCE(i.stage, c.current_stage) AS stage,
    c.status,
    count(*) AS companies
   FROM (sluice.companies c
     LEFT JOIN sluice.items i ON (((i.company_id = c.id) AND (i.state = ANY (ARRAY['ready'::text, 'leased'::text])))))
  GROUP BY c.run_id, COALESCE(i.stage, c.current_stage), c.status;

COMMENT ON VIEW sluice.v_companies_by_stage IS 'how many companies of a run are in which stage: the one that is open for them, else the last that settled them';

CREATE VIEW sluice.v_failed_items AS
 SELECT i.run_id,
    i.stage,
    i.id AS item_id,
    c.id AS company_id,
    COALESCE(NULLIF(c.domain, ''::text), c.name) AS company,
    i.state,
    i.attempt,
    i.cause,
    i.reason,
    l.completed_at AS failed_at
   FROM ((sluice.items i
     JOIN sluice.stage_log l ON (((l.item_id = i.id) AND (l.attempt = i.attempt) AND (l.status = ANY (ARRAY['failed'::text, 'lost'::text])))))
     LEFT JOIN sluice.companies c ON ((c.id = i.company_id)))
  WHERE ((i.state = ANY (ARRAY['failed'::text, 'quarantined'::text])) AND (l.completed_at > (now() - '7 days'::interval)));

COMMENT ON VIEW sluice.v_failed_items IS 'items that failed or were quarantined in the last 7 days, and are so still';

CREATE VIEW sluice.v_recent_completions AS
 SELECT l.run_id,
    l.stage,
    l.item_id,
    c.id AS company_id,
    COALESCE(NULLIF(c.domain, ''::text), c.name) AS company,
    l.completed_at,
    (l.completed_at - l.started_at) AS took,
    l.attempt
   FROM ((sluice.stage_log l
     JOIN sluice.items i ON ((i.id = l.item_id)))
     LEFT JOIN sluice.companies c ON ((c.id = i.company_id)))
  WHERE ((l.status = 'done'::text) AND (l.completed_at > (now() - '24:00:00'::interval)));

COMMENT ON VIEW sluice.v_recent_completions IS 'items that were done in the last 24 hours';

CREATE VIEW sluice.v_stage_durations AS
 SELECT run_id,
    stage,
    count(*) AS attempts,
    (avg(EXTRACT(epoch FROM (completed_at - started_at))))::double precision AS average,
    percentile_cont((0.95)::double precision) WITHIN GROUP (ORDER BY ((EXTRACT(epoch FROM (completed_at - started_at)))::double precision)) AS p95,
    (max(EXTRACT(epoch FROM (completed_at - started_at))))::double precision AS max
   FROM sluice.stage_log
  WHERE (status <> ALL (ARRAY['lost'::text, 'returned'::text]))
  GROUP BY run_id, stage;

COMMENT ON VIEW sluice.v_stage_durations IS 'seconds that attempts of a stage took: average, 95th percentile, longest';

CREATE VIEW sluice.v_stuck_items AS
 SELECT i.run_id,
    r.status AS run_status,
    i.stage,
    i.id AS item_id,
    c.id AS company_id,
    COALESCE(NULLIF(c.domain, ''::text), c.name) AS company,
    i.state,
    i.attempt,
    i.cause,
    i.reason,
    LEAST(i.started_at, i.available_at) AS since
   FROM ((sluice.items i
     JOIN sluice.runs r ON ((r.id = i.run_id)))
     LEFT JOIN sluice.companies c ON ((c.id = i.company_id)))
  WHERE ((i.state = ANY (ARRAY['ready'::text, 'leased'::text])) AND (r.finished_at IS NULL) AND (LEAST(i.started_at, i.available_at) < (now() - '24:00:00'::interval)));

COMMENT ON VIEW sluice.v_stuck_items IS 'open items of runs that are not over which nobody has begun for 24 hours';

CREATE TABLE sluice.workers (
    id bigint NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    version text NOT NULL,
    stages text[] NOT NULL,
    concurrency integer NOT NULL,
    running integer DEFAULT 0 NOT NULL,
    draining boolean DEFAULT false NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone
);

ALTER TABLE ONLY sluice.absences
    ADD CONSTRAINT absences_pkey PRIMARY KEY (company_id, subject, field);

ALTER TABLE ONLY sluice.artifacts
    ADD CONSTRAINT artifacts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.artifacts
    ADD CONSTRAINT artifacts_run_id_path_key UNIQUE (run_id, path);

ALTER TABLE ONLY sluice.breakers
    ADD CONSTRAINT breakers_pkey PRIMARY KEY (run_id, stage);

ALTER TABLE ONLY sluice.budgets
    ADD CONSTRAINT budgets_pkey PRIMARY KEY (run_id, stage);

ALTER TABLE ONLY sluice.companies
    ADD CONSTRAINT companies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.companies
    ADD CONSTRAINT companies_run_id_ordinal_key UNIQUE (run_id, ordinal);

ALTER TABLE ONLY sluice.company_keys
    ADD CONSTRAINT company_keys_pkey PRIMARY KEY (key, run_id, company_id);

ALTER TABLE ONLY sluice.contacts
    ADD CONSTRAINT contacts_company_id_key_key UNIQUE (company_id, key);

ALTER TABLE ONLY sluice.contacts
    ADD CONSTRAINT contacts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.context_items
    ADD CONSTRAINT context_items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.costs
    ADD CONSTRAINT costs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.duplicates
    ADD CONSTRAINT duplicates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.evidence
    ADD CONSTRAINT evidence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.items
    ADD CONSTRAINT items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.items
    ADD CONSTRAINT items_run_id_stage_company_id_batch_key UNIQUE NULLS NOT DISTINCT (run_id, stage, company_id, batch);

ALTER TABLE ONLY sluice.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY sluice.pages
    ADD CONSTRAINT pages_pkey PRIMARY KEY (company_id, "position");

ALTER TABLE ONLY sluice.pulse
    ADD CONSTRAINT pulse_pkey PRIMARY KEY (one);

ALTER TABLE ONLY sluice.readings
    ADD CONSTRAINT readings_pkey PRIMARY KEY (company_id);

ALTER TABLE ONLY sluice.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.secrets
    ADD CONSTRAINT secrets_pkey PRIMARY KEY (name);

ALTER TABLE ONLY sluice.snapshot_rows
    ADD CONSTRAINT snapshot_rows_pkey PRIMARY KEY (snapshot_id, kind, "position");

ALTER TABLE ONLY sluice.snapshots
    ADD CONSTRAINT snapshots_item_id_key UNIQUE (item_id);

ALTER TABLE ONLY sluice.snapshots
    ADD CONSTRAINT snapshots_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.stage_log
    ADD CONSTRAINT stage_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sluice.stages
    ADD CONSTRAINT stages_pkey PRIMARY KEY (run_id, stage);

ALTER TABLE ONLY sluice.suppressions
    ADD CONSTRAINT suppressions_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY sluice.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (id);

CREATE UNIQUE INDEX companies_domain ON sluice.companies USING btree (run_id, domain) WHERE (domain <> ''::text);

CREATE INDEX companies_same_name ON sluice.companies USING btree (run_id, lower(name));

CREATE INDEX companies_same_phone ON sluice.companies USING btree (run_id, phone) WHERE (phone <> ''::text);

CREATE INDEX company_keys_company ON sluice.company_keys USING btree (company_id);

CREATE INDEX contacts_run ON sluice.contacts USING btree (run_id, company_id, "position");

CREATE INDEX context_items_run ON sluice.context_items USING btree (run_id, domain);

CREATE INDEX context_items_words ON sluice.context_items USING gin (words);

CREATE INDEX costs_company ON sluice.costs USING btree (company_id);

CREATE UNIQUE INDEX costs_refused ON sluice.costs USING btree (item_id, provider) WHERE (state = 'refused'::text);

CREATE INDEX costs_reserved ON sluice.costs USING btree (item_id) WHERE (state = 'reserved'::text);

CREATE INDEX costs_run ON sluice.costs USING btree (run_id);

CREATE INDEX decisions_run ON sluice.decisions USING btree (run_id, id);

CREATE INDEX duplicates_company ON sluice.duplicates USING btree (company_id);

CREATE INDEX duplicates_discarded ON sluice.duplicates USING btree (discarded_id) WHERE (discarded_id IS NOT NULL);

CREATE INDEX duplicates_run ON sluice.duplicates USING btree (run_id);

CREATE INDEX events_run ON sluice.events USING btree (run_id, id);

CREATE INDEX evidence_company ON sluice.evidence USING btree (company_id, subject, field);

CREATE INDEX items_company ON sluice.items USING btree (company_id);

CREATE INDEX items_leased ON sluice.items USING btree (leased_until) WHERE (state = 'leased'::text);

CREATE INDEX items_open ON sluice.items USING btree (run_id, stage) WHERE (state = ANY (ARRAY['ready'::text, 'leased'::text]));

CREATE INDEX readings_website ON sluice.readings USING btree (website, read_at DESC);

CREATE INDEX runs_active ON sluice.runs USING btree (created_at) WHERE (finished_at IS NULL);

CREATE INDEX snapshot_rows_company ON sluice.snapshot_rows USING btree (((("row" ->> 'company_id'::text))::bigint)) WHERE (kind = 'companies'::text);

CREATE INDEX stage_log_failed ON sluice.stage_log USING btree (run_id, stage, id) WHERE (status = ANY (ARRAY['retried'::text, 'failed'::text]));

CREATE INDEX stage_log_run ON sluice.stage_log USING btree (run_id, stage);

ALTER TABLE ONLY sluice.absences
    ADD CONSTRAINT absences_company_id_fkey FOREIGN KEY (company_id) REFERENCES sluice.companies(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.artifacts
    ADD CONSTRAINT artifacts_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.breakers
    ADD CONSTRAINT breakers_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.budgets
    ADD CONSTRAINT budgets_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.companies
    ADD CONSTRAINT companies_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.company_keys
    ADD CONSTRAINT company_keys_company_id_fkey FOREIGN KEY (company_id) REFERENCES sluice.companies(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.contacts
    ADD CONSTRAINT contacts_company_id_fkey FOREIGN KEY (company_id) REFERENCES sluice.companies(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.contacts
    ADD CONSTRAINT contacts_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.context_items
    ADD CONSTRAINT context_items_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.costs
    ADD CONSTRAINT costs_company_id_fkey FOREIGN KEY (company_id) REFERENCES sluice.companies(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.costs
    ADD CONSTRAINT costs_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.decisions
    ADD CONSTRAINT decisions_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.duplicates
    ADD CONSTRAINT duplicates_company_id_fkey FOREIGN KEY (company_id) REFERENCES sluice.companies(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.duplicates
    ADD CONSTRAINT duplicates_discarded_id_fkey FOREIGN KEY (discarded_id) REFERENCES sluice.companies(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.duplicates
    ADD CONSTRAINT duplicates_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.events
    ADD CONSTRAINT events_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.evidence
    ADD CONSTRAINT evidence_company_id_fkey FOREIGN KEY (company_id) REFERENCES sluice.companies(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.items
    ADD CONSTRAINT items_company_id_fkey FOREIGN KEY (company_id) REFERENCES sluice.companies(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.items
    ADD CONSTRAINT items_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.pages
    ADD CONSTRAINT pages_company_id_fkey FOREIGN KEY (company_id) REFERENCES sluice.companies(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.readings
    ADD CONSTRAINT readings_company_id_fkey FOREIGN KEY (company_id) REFERENCES sluice.companies(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.snapshot_rows
    ADD CONSTRAINT snapshot_rows_snapshot_id_fkey FOREIGN KEY (snapshot_id) REFERENCES sluice.snapshots(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.snapshots
    ADD CONSTRAINT snapshots_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.stage_log
    ADD CONSTRAINT stage_log_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY sluice.stages
    ADD CONSTRAINT stages_run_id_fkey FOREIGN KEY (run_id) REFERENCES sluice.runs(id) ON DELETE CASCADE;

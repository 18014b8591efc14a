-- The workshop's records. Only SQL that DuckDB and PostgreSQL both accept.

CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY);

-- In which order rows came, whatever the clock said.
CREATE SEQUENCE IF NOT EXISTS row_order;

CREATE TABLE IF NOT EXISTS workshop (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    code          TEXT NOT NULL UNIQUE,
    is_demo       BOOLEAN NOT NULL,
    phase         TEXT NOT NULL,
    step          INTEGER,
    timer_ends_at TIMESTAMPTZ,
    team_shown    INTEGER NOT NULL,
    board_view    TEXT NOT NULL DEFAULT 'ideas',
    recovery      TEXT,
    door          TEXT NOT NULL DEFAULT 'open',
    created_at    TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS token (
    fingerprint TEXT PRIMARY KEY,
    workshop_id TEXT NOT NULL,
    role        TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    is_starter  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at  TIMESTAMPTZ NOT NULL
);

-- A funnel that was read again is a new version; the older ones stay.
CREATE TABLE IF NOT EXISTS funnel (
    workshop_id TEXT NOT NULL,
    version     INTEGER NOT NULL,
    deal_value  DOUBLE PRECISION NOT NULL,
    currency    TEXT NOT NULL,
    period_days INTEGER NOT NULL,
    origin      JSON,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workshop_id, version)
);

CREATE TABLE IF NOT EXISTS step (
    workshop_id TEXT NOT NULL,
    version     INTEGER NOT NULL,
    place       INTEGER NOT NULL,
    source      TEXT NOT NULL,
    target      TEXT NOT NULL,
    entered     BIGINT NOT NULL,
    advanced    BIGINT NOT NULL,
    owner       TEXT NOT NULL,
    benchmark   DOUBLE PRECISION,
    losses      JSON NOT NULL,
    segments    JSON,
    PRIMARY KEY (workshop_id, version, place)
);

CREATE TABLE IF NOT EXISTS assumptions (
    workshop_id TEXT PRIMARY KEY,
    deal_value  DOUBLE PRECISION,
    period_days INTEGER,
    benchmarks  JSON,
    quality     DOUBLE PRECISION NOT NULL,
    success     DOUBLE PRECISION NOT NULL
);

CREATE TABLE IF NOT EXISTS team (
    id          TEXT PRIMARY KEY,
    workshop_id TEXT NOT NULL,
    name        TEXT NOT NULL,
    place       INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS person (
    id          TEXT PRIMARY KEY,
    workshop_id TEXT NOT NULL,
    team_id     TEXT NOT NULL,
    name        TEXT NOT NULL,
    side        TEXT NOT NULL,
    joined      BOOLEAN NOT NULL,
    at_door     BOOLEAN NOT NULL DEFAULT FALSE,
    reads_after TIMESTAMPTZ,
    created_at  TIMESTAMPTZ NOT NULL,
    number      BIGINT DEFAULT nextval('row_order')
);

-- People whom the facilitator took off the list; what they wrote stays.
CREATE TABLE IF NOT EXISTS removal (
    person_id   TEXT PRIMARY KEY,
    workshop_id TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS done (
    team_id     TEXT NOT NULL,
    step        INTEGER NOT NULL,
    workshop_id TEXT NOT NULL,
    PRIMARY KEY (team_id, step)
);

CREATE TABLE IF NOT EXISTS idea (
    id             TEXT PRIMARY KEY,
    workshop_id    TEXT NOT NULL,
    step           INTEGER NOT NULL,
    team_id        TEXT NOT NULL,
    author         TEXT NOT NULL,
    title          TEXT NOT NULL,
    plan           TEXT NOT NULL,
    reason         TEXT,
    segment        TEXT,
    low            DOUBLE PRECISION NOT NULL,
    likely         DOUBLE PRECISION NOT NULL,
    high           DOUBLE PRECISION NOT NULL,
    days_sales     DOUBLE PRECISION NOT NULL,
    days_marketing DOUBLE PRECISION NOT NULL,
    owner          TEXT NOT NULL,
    withdrawn      BOOLEAN NOT NULL,
    merged_into    TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    number         BIGINT DEFAULT nextval('row_order')
);

-- What each side within a mini-team believes; the other side reads it once both are in.
CREATE TABLE IF NOT EXISTS estimate (
    idea_id     TEXT NOT NULL,
    side        TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    low         DOUBLE PRECISION NOT NULL,
    likely      DOUBLE PRECISION NOT NULL,
    high        DOUBLE PRECISION NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    number      BIGINT DEFAULT nextval('row_order'),
    PRIMARY KEY (idea_id, side)
);

CREATE TABLE IF NOT EXISTS action (
    id          TEXT PRIMARY KEY,
    workshop_id TEXT NOT NULL,
    idea_id     TEXT NOT NULL,
    title       TEXT NOT NULL,
    owner       TEXT NOT NULL,
    co_owner    TEXT NOT NULL,
    kpi         TEXT NOT NULL,
    baseline    DOUBLE PRECISION NOT NULL,
    target      DOUBLE PRECISION NOT NULL,
    due         DATE NOT NULL,
    first_step  TEXT NOT NULL,
    status      TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    number      BIGINT DEFAULT nextval('row_order')
);

-- What the best plan has to respect; NULL days are no limit.
CREATE TABLE IF NOT EXISTS capacity (
    workshop_id    TEXT PRIMARY KEY,
    days_sales     DOUBLE PRECISION,
    days_marketing DOUBLE PRECISION
);

CREATE TABLE IF NOT EXISTS condition (
    workshop_id TEXT NOT NULL,
    demand      TEXT NOT NULL,
    idea_id     TEXT NOT NULL,
    other_id    TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    number      BIGINT DEFAULT nextval('row_order'),
    PRIMARY KEY (workshop_id, demand, idea_id, other_id)
);

-- Named sets of assumptions.
CREATE TABLE IF NOT EXISTS scenario (
    workshop_id TEXT NOT NULL,
    name        TEXT NOT NULL,
    entrants    DOUBLE PRECISION NOT NULL,
    rates       JSON NOT NULL,
    deal_value  DOUBLE PRECISION NOT NULL,
    quality     DOUBLE PRECISION NOT NULL,
    success     DOUBLE PRECISION NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    number      BIGINT DEFAULT nextval('row_order'),
    PRIMARY KEY (workshop_id, name)
);

-- The audit trail: one row for every change, written in the same transaction as the change.
CREATE SEQUENCE IF NOT EXISTS activity_number;

CREATE TABLE IF NOT EXISTS activity (
    number      BIGINT PRIMARY KEY DEFAULT nextval('activity_number'),
    happened_at TIMESTAMPTZ NOT NULL,
    workshop_id TEXT NOT NULL,
    role        TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    verb        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    before      JSON,
    after       JSON
);
INSERT INTO schema_version VALUES (4);

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

-- The answers to forms that have been taken: one that a browser sends again changes nothing.
CREATE TABLE IF NOT EXISTS submission (
    workshop_id TEXT NOT NULL,
    id          TEXT NOT NULL,
    taken_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workshop_id, id)
);

INSERT INTO schema_version VALUES (5);
INSERT INTO action (id, workshop_id, idea_id, title, owner, co_owner, kpi, baseline, target, due, first_step, status, created_at) VALUES
    ('0e70b0b8a5954584a7da5f51f010a9bc', 'fdc82d18f8a646cdad9ced89257c955a', 'f91a7d94af05466b9fded731ff94fa6c', 'Call "back"', 'Ada', 'Bo', 'rate', 0.4, 0.5, '2026-05-01', 'Ask', 'under_way', '2026-11-27 11:04:49.359576+00:00'),
    ('997792b531794d669b0cc5f7e3176dd5', 'fdc82d18f8a646cdad9ced89257c955a', 'f91a7d94af05466b9fded731ff94fa6c', 'under way', 'Ada', 'Bo', 'rate', 0.4, 0.5, '2026-05-01', 'Ask', 'dropped', '2026-11-27 11:04:49.370046+00:00');
INSERT INTO activity (happened_at, workshop_id, role, person_id, verb, subject, before, after) VALUES
    ('2026-11-27 11:04:48.762584+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'workshop_started', 'Autumn "off-site"', NULL, NULL),
    ('2026-11-27 11:04:48.793372+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'numbers_replaced', '2', '{"version": 1, "counts": [2000, 700, 280, 21]}', '{"version": 2, "counts": [2000, 700, 280, 21]}'),
    ('2026-11-27 11:04:48.821471+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'numbers_replaced', '3', '{"version": 2, "counts": [2000, 700, 280, 21]}', '{"version": 3, "counts": [2000, 700, 280, 21]}'),
    ('2026-11-27 11:04:48.850690+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'numbers_replaced', '4', '{"version": 3, "counts": [2000, 700, 280, 21]}', '{"version": 4, "counts": [2000, 700, 280, 21]}'),
    ('2026-11-27 11:04:48.875983+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'numbers_replaced', '5', '{"version": 4, "counts": [2000, 700, 280, 21]}', '{"version": 5, "counts": [2000, 700, 280, 21]}'),
    ('2026-11-27 11:04:48.904143+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'numbers_replaced', '6', '{"version": 5, "counts": [2000, 700, 280, 21]}', '{"version": 6, "counts": [2000, 700, 280, 21]}'),
    ('2026-11-27 11:04:48.933318+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'numbers_taken_back', '7', '{"version": 6, "counts": [2000, 700, 280, 21]}', '{"version": 7, "counts": [2000, 700, 280, 21]}'),
    ('2026-11-27 11:04:48.946861+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'roster_imported', '', NULL, '[["Cy", "other"]]'),
    ('2026-11-27 11:04:48.954004+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'teams_reshuffled', '', NULL, NULL),
    ('2026-11-27 11:04:48.970467+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'person_joined', '15abf7795ef24993808ef387858e9fda', NULL, '{"name": "Ada", "side": "sales"}'),
    ('2026-11-27 11:04:48.990545+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '9df4bc64011c44b3917ea175f038eb4d', 'person_joined', '9df4bc64011c44b3917ea175f038eb4d', NULL, '{"name": "Bo", "side": "marketing"}'),
    ('2026-11-27 11:04:49.012653+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '401ea5f571aa4a109ef5548f82da9385', 'person_joined', '243d41bcd7404862ac562301ca5941d1', NULL, '{"name": "Cy", "side": "other"}'),
    ('2026-11-27 11:04:49.022836+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'room_moved', 'ideas', '["lobby", null]', '["ideas", 1]'),
    ('2026-11-27 11:04:49.052266+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'idea_written', 'f91a7d94af05466b9fded731ff94fa6c', NULL, '{"title": "report back", "recovers": {"low": 0.1, "likely": 0.2, "high": 0.3}, "plan": "must be in the plan", "reason": "report back", "days_sales": 3, "days_marketing": 0.0, "owner": "Ada", "segment": null}'),
    ('2026-11-27 11:04:49.060225+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'idea_edited', 'f91a7d94af05466b9fded731ff94fa6c', '{"title": "report back", "recovers": {"low": 0.1, "likely": 0.2, "high": 0.3}, "plan": "must be in the plan", "reason": "report back", "days_sales": 3, "days_marketing": 0.0, "owner": "Ada", "segment": null}', '{"title": "report back", "recovers": {"low": 0.1, "likely": 0.2, "high": 0.4}, "plan": "\"status\": \"under way\"", "reason": "report back", "days_sales": 3, "days_marketing": 0.0, "owner": "Ada", "segment": null}'),
    ('2026-11-27 11:04:49.065978+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'idea_written', '82072426a0d04a3b91c94284bb08bb82', NULL, '{"title": "Call at once", "recovers": {"low": 0.1, "likely": 0.2, "high": 0.3}, "plan": "", "reason": null, "days_sales": 0.0, "days_marketing": 2, "owner": "", "segment": null}'),
    ('2026-11-27 11:04:49.070476+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '9df4bc64011c44b3917ea175f038eb4d', 'idea_estimated', 'f91a7d94af05466b9fded731ff94fa6c', NULL, '{"side": "marketing", "low": 0, "likely": 0.1, "high": 0.2}'),
    ('2026-11-27 11:04:49.076676+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'idea_withdrawn', '82072426a0d04a3b91c94284bb08bb82', NULL, NULL),
    ('2026-11-27 11:04:49.081328+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'idea_restored', '82072426a0d04a3b91c94284bb08bb82', NULL, NULL),
    ('2026-11-27 11:04:49.085539+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'idea_merged', '82072426a0d04a3b91c94284bb08bb82', NULL, '{"into": "f91a7d94af05466b9fded731ff94fa6c"}'),
    ('2026-11-27 11:04:49.093287+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'idea_unmerged', '82072426a0d04a3b91c94284bb08bb82', NULL, '{"into": null}'),
    ('2026-11-27 11:04:49.099251+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'team_done', 'a8afbc1978354180a4dd1e65919eb40a', NULL, '{"step": 1}'),
    ('2026-11-27 11:04:49.114468+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'team_resumed', 'a8afbc1978354180a4dd1e65919eb40a', NULL, '{"step": 1}'),
    ('2026-11-27 11:04:49.129494+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'team_done', 'a8afbc1978354180a4dd1e65919eb40a', NULL, '{"step": 1}'),
    ('2026-11-27 11:04:49.143391+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'team_renamed', 'a8afbc1978354180a4dd1e65919eb40a', NULL, '{"name": "went"}'),
    ('2026-11-27 11:04:49.150704+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'timer_set', '', NULL, '{"ends_at": "2026-03-01 12:00:00+00:00"}'),
    ('2026-11-27 11:04:49.158802+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'view_shown', 'unknowns', '"ideas"', '"unknowns"'),
    ('2026-11-27 11:04:49.165529+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'door_set', 'ask', '"open"', '"ask"'),
    ('2026-11-27 11:04:49.200678+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', 'e51f86cfb34a4949a207a5f789a2b4a5', 'person_waiting', 'e51f86cfb34a4949a207a5f789a2b4a5', NULL, '{"name": "Eve", "side": "sales"}'),
    ('2026-11-27 11:04:49.218757+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'person_let_in', 'e51f86cfb34a4949a207a5f789a2b4a5', NULL, NULL),
    ('2026-11-27 11:04:49.242744+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '2652361514234bda80aec39f355858df', 'person_waiting', '2652361514234bda80aec39f355858df', NULL, '{"name": "Dan", "side": "sales"}'),
    ('2026-11-27 11:04:49.258356+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'person_removed', '2652361514234bda80aec39f355858df', NULL, NULL),
    ('2026-11-27 11:04:49.268976+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'person_removed', '243d41bcd7404862ac562301ca5941d1', NULL, NULL),
    ('2026-11-27 11:04:49.275543+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'person_taken_back', '243d41bcd7404862ac562301ca5941d1', NULL, NULL),
    ('2026-11-27 11:04:49.286184+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'reading_allowed', 'e51f86cfb34a4949a207a5f789a2b4a5', NULL, NULL),
    ('2026-11-27 11:04:49.290285+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'link_issued', 'room', NULL, NULL),
    ('2026-11-27 11:04:49.294032+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'link_issued', 'starter', NULL, NULL),
    ('2026-11-27 11:04:49.298268+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'links_withdrawn', 'room', NULL, '{"links": 1}'),
    ('2026-11-27 11:04:49.302151+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'recovery_code_renewed', '', NULL, NULL),
    ('2026-11-27 11:04:49.307291+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'facilitator_recovered', '', NULL, NULL),
    ('2026-11-27 11:04:49.312217+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'assumptions_saved', '', '{"deal_value": null, "period_days": null, "benchmarks": null, "quality": 1.0, "success": 1.0}', '{"deal_value": 9000, "period_days": 365, "benchmarks": null, "quality": 0.8, "success": 0.9}'),
    ('2026-11-27 11:04:49.320050+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'capacity_set', '', '{"sales": null, "marketing": null}', '{"sales": 20, "marketing": null}'),
    ('2026-11-27 11:04:49.328324+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'condition_added', 'f91a7d94af05466b9fded731ff94fa6c', NULL, '{"demand": "must", "idea_id": "f91a7d94af05466b9fded731ff94fa6c", "other_id": ""}'),
    ('2026-11-27 11:04:49.335639+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'condition_added', '82072426a0d04a3b91c94284bb08bb82', NULL, '{"demand": "ban", "idea_id": "82072426a0d04a3b91c94284bb08bb82", "other_id": ""}'),
    ('2026-11-27 11:04:49.343491+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'condition_added', 'f91a7d94af05466b9fded731ff94fa6c', NULL, '{"demand": "requires", "idea_id": "f91a7d94af05466b9fded731ff94fa6c", "other_id": "82072426a0d04a3b91c94284bb08bb82"}'),
    ('2026-11-27 11:04:49.350002+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'condition_added', '82072426a0d04a3b91c94284bb08bb82', NULL, '{"demand": "excludes", "idea_id": "82072426a0d04a3b91c94284bb08bb82", "other_id": "f91a7d94af05466b9fded731ff94fa6c"}'),
    ('2026-11-27 11:04:49.354127+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'condition_removed', '82072426a0d04a3b91c94284bb08bb82', '{"demand": "excludes", "idea_id": "82072426a0d04a3b91c94284bb08bb82", "other_id": "f91a7d94af05466b9fded731ff94fa6c"}', NULL),
    ('2026-11-27 11:04:49.363592+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'action_saved', '0e70b0b8a5954584a7da5f51f010a9bc', NULL, '{"id": "0e70b0b8a5954584a7da5f51f010a9bc", "idea_id": "f91a7d94af05466b9fded731ff94fa6c", "title": "Call \"back\"", "owner": "Ada", "co_owner": "Bo", "kpi": "rate", "baseline": 0.4, "target": 0.5, "due": "2026-05-01", "first_step": "Ask", "status": "under_way"}'),
    ('2026-11-27 11:04:49.375535+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'action_saved', '997792b531794d669b0cc5f7e3176dd5', NULL, '{"id": "997792b531794d669b0cc5f7e3176dd5", "idea_id": "f91a7d94af05466b9fded731ff94fa6c", "title": "under way", "owner": "Ada", "co_owner": "Bo", "kpi": "rate", "baseline": 0.4, "target": 0.5, "due": "2026-05-01", "first_step": "Ask", "status": "dropped"}'),
    ('2026-11-27 11:04:49.383563+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'scenario_saved', 'Dry', NULL, '{"name": "Dry", "entrants": 100, "rates": [0.5, 0.5, 0.5], "deal_value": 100, "quality": 1, "success": 1}'),
    ('2026-11-27 11:04:49.392764+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'scenario_saved', 'kept a set', NULL, '{"name": "kept a set", "entrants": 100, "rates": [0.5, 0.5, 0.5], "deal_value": 100, "quality": 1, "success": 1}'),
    ('2026-11-27 11:04:49.398750+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'manager', '', 'scenario_removed', 'kept a set', '{"name": "kept a set", "entrants": 100.0, "rates": [0.5, 0.5, 0.5], "deal_value": 100.0, "quality": 1.0, "success": 1.0}', NULL),
    ('2026-11-27 11:04:49.406895+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'seat_requested', '15abf7795ef24993808ef387858e9fda', NULL, NULL),
    ('2026-11-27 11:04:49.416149+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'seat_shared', '15abf7795ef24993808ef387858e9fda', NULL, NULL),
    ('2026-11-27 11:04:49.423467+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'seat_requested', '15abf7795ef24993808ef387858e9fda', NULL, NULL),
    ('2026-11-27 11:04:49.430434+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', 'seat_refused', '15abf7795ef24993808ef387858e9fda', NULL, NULL),
    ('2026-11-27 11:04:49.439380+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'person_moved', '243d41bcd7404862ac562301ca5941d1', NULL, '{"team": "a8afbc1978354180a4dd1e65919eb40a"}'),
    ('2026-11-27 11:04:49.443772+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'team_shown', '0', NULL, NULL),
    ('2026-11-27 11:04:49.451573+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'room_moved', 'report_back', '["ideas", 1]', '["report_back", 1]'),
    ('2026-11-27 11:04:49.457682+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'room_moved', 'facts', '["report_back", 1]', '["facts", 2]'),
    ('2026-11-27 11:04:49.469330+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'room_moved', 'report_back', '["facts", 2]', '["report_back", 1]'),
    ('2026-11-27 11:04:49.474951+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'team_shown', '1', NULL, NULL),
    ('2026-11-27 11:04:50.661080+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'workshop_restored', '', NULL, NULL),
    ('2026-11-27 13:33:09.347674+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '243d41bcd7404862ac562301ca5941d1', 'idea_written', '73115488b0814780aef5b5a7f8322e62', NULL, '{"title": "Answer by a form", "recovers": {"low": 0.05, "likely": 0.1, "high": 0.2}, "plan": "With ''quotes'' and \"quotes\"", "reason": null, "days_sales": 0.0, "days_marketing": 0.0, "owner": "", "segment": null}'),
    ('2026-11-27 13:33:09.423121+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '243d41bcd7404862ac562301ca5941d1', 'idea_written', 'c67d4e1da96c4f9d865875f5ac621419', NULL, '{"title": "Answer twice", "recovers": {"low": 0.05, "likely": 0.1, "high": 0.2}, "plan": "With ''quotes'' and \"quotes\"", "reason": null, "days_sales": 0.0, "days_marketing": 0.0, "owner": "", "segment": null}'),
    ('2026-11-27 13:33:09.481472+00:00', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', 'team_renamed', 'a8afbc1978354180a4dd1e65919eb40a', NULL, '{"name": "Herons"}');
INSERT INTO assumptions (workshop_id, deal_value, period_days, benchmarks, quality, success) VALUES
    ('fdc82d18f8a646cdad9ced89257c955a', 9000.0, 365, NULL, 0.8, 0.9);
INSERT INTO capacity (workshop_id, days_sales, days_marketing) VALUES
    ('fdc82d18f8a646cdad9ced89257c955a', 20.0, NULL);
INSERT INTO condition (workshop_id, demand, idea_id, other_id, created_at) VALUES
    ('fdc82d18f8a646cdad9ced89257c955a', 'must', 'f91a7d94af05466b9fded731ff94fa6c', '', '2026-11-27 11:04:49.324623+00:00'),
    ('fdc82d18f8a646cdad9ced89257c955a', 'ban', '82072426a0d04a3b91c94284bb08bb82', '', '2026-11-27 11:04:49.332516+00:00'),
    ('fdc82d18f8a646cdad9ced89257c955a', 'requires', 'f91a7d94af05466b9fded731ff94fa6c', '82072426a0d04a3b91c94284bb08bb82', '2026-11-27 11:04:49.339663+00:00');
INSERT INTO done (team_id, step, workshop_id) VALUES
    ('a8afbc1978354180a4dd1e65919eb40a', 1, 'fdc82d18f8a646cdad9ced89257c955a');
INSERT INTO estimate (idea_id, side, workshop_id, low, likely, high, created_at) VALUES
    ('f91a7d94af05466b9fded731ff94fa6c', 'sales', 'fdc82d18f8a646cdad9ced89257c955a', 0.1, 0.2, 0.4, '2026-11-27 11:04:49.050664+00:00'),
    ('82072426a0d04a3b91c94284bb08bb82', 'sales', 'fdc82d18f8a646cdad9ced89257c955a', 0.1, 0.2, 0.3, '2026-11-27 11:04:49.064773+00:00'),
    ('f91a7d94af05466b9fded731ff94fa6c', 'marketing', 'fdc82d18f8a646cdad9ced89257c955a', 0.0, 0.1, 0.2, '2026-11-27 11:04:49.069299+00:00'),
    ('73115488b0814780aef5b5a7f8322e62', 'other', 'fdc82d18f8a646cdad9ced89257c955a', 0.05, 0.1, 0.2, '2026-11-27 13:33:09.339943+00:00'),
    ('c67d4e1da96c4f9d865875f5ac621419', 'other', 'fdc82d18f8a646cdad9ced89257c955a', 0.05, 0.1, 0.2, '2026-11-27 13:33:09.417339+00:00');
INSERT INTO funnel (workshop_id, version, deal_value, currency, period_days, origin, created_at) VALUES
    ('fdc82d18f8a646cdad9ced89257c955a', 1, 8000.0, 'EUR', 365, '{"files": ["the example"], "shape": "counts", "columns": {}, "stages": [], "meanings": {}, "merged": {}, "day_first": null, "counting": null, "window_days": null, "basis": null, "settled_days": null, "segment": "", "rows_read": 0, "set_aside": {}, "cautions": [], "period_days": 365, "period": "assumed", "pipeline": "", "exchange": {}}', '2026-11-27 11:04:48.746641+00:00'),
    ('fdc82d18f8a646cdad9ced89257c955a', 2, 8000.0, 'EUR', 365, '{"files": ["history.csv"], "shape": "history", "columns": {"lead": "entered at", "stage": "Stage, \"new\"", "entered_at": "entered at", "old_stage": "before", "changed_field": "field", "status": "status"}, "stages": ["Lead", "MQL", "SQL", "Won"], "meanings": {"closed lost": "lost", "paused": "open", "junk": "left_out", "left out": "MQL"}, "merged": {"entered at": "left out"}, "day_first": true, "counting": "ordered", "window_days": 90, "basis": "naive", "settled_days": null, "segment": "", "rows_read": 1200, "set_aside": {"unreadable": 3, "nothing": 4, "backwards": 1}, "cautions": ["Half of them are \"open\": 50 %."], "period_days": 365, "first_day": "2025-01-01", "last_day": "2025-12-31", "period": "entered", "pipeline": "", "exchange": {}}', '2026-11-27 11:04:48.782820+00:00'),
    ('fdc82d18f8a646cdad9ced89257c955a', 3, 8000.0, 'EUR', 365, '{"files": ["leads.csv", "deals \"won\".csv"], "shape": "deals", "columns": {"lead": "id", "created_at": "created", "closed_at": "closed at", "deal_value": "deal value", "won_reason": "why", "probability": "%", "leads.lead": "Lead", "leads.created_at": "First \\ contact", "leads.segment": "Channel"}, "stages": ["Lead", "MQL", "SQL", "Won"], "meanings": {}, "merged": {}, "day_first": false, "counting": "deepest", "window_days": null, "basis": "corrected", "settled_days": null, "segment": "Paid, search", "rows_read": 30, "set_aside": {"broken": 1, "total": 2, "no_lead": 3, "other_pipeline": 4, "other_change": 5, "nothing": 6, "outlier": 7, "unreadable": 8, "unknown_stage": 9, "duplicate": 10, "backwards": 11}, "cautions": [], "period_days": 62, "first_day": "2025-12-01", "last_day": "2026-01-31", "period": "closed", "pipeline": "New business", "exchange": {"USD": "0.9 EUR"}}', '2026-11-27 11:04:48.812117+00:00'),
    ('fdc82d18f8a646cdad9ced89257c955a', 4, 8000.0, 'EUR', 365, '{"files": ["dates.xlsx"], "shape": "dates", "columns": {"lead": "id", "date.Lead": "came", "date.deal value": "date of it"}, "stages": ["Lead", "MQL", "SQL", "Won"], "meanings": {}, "merged": {}, "day_first": null, "counting": "strict", "window_days": null, "basis": "closed_only", "settled_days": null, "segment": "", "rows_read": 0, "set_aside": {}, "cautions": [], "period_days": 1, "first_day": "2025-03-09", "last_day": "2025-03-09", "period": "entered", "pipeline": "", "exchange": {}}', '2026-11-27 11:04:48.840951+00:00'),
    ('fdc82d18f8a646cdad9ced89257c955a', 5, 8000.0, 'EUR', 365, '{"files": ["any.csv"], "shape": "history", "columns": {}, "stages": ["Lead", "Won"], "meanings": {}, "merged": {}, "day_first": null, "counting": "any", "window_days": null, "basis": "settled", "settled_days": 90, "segment": "", "rows_read": 0, "set_aside": {}, "cautions": [], "period_days": 91, "period": "chosen", "pipeline": "", "exchange": {}}', '2026-11-27 11:04:48.866604+00:00'),
    ('fdc82d18f8a646cdad9ced89257c955a', 6, 8000.0, 'EUR', 365, '{"files": ["again.csv"], "shape": "counts", "columns": {}, "stages": [], "meanings": {}, "merged": {}, "day_first": null, "counting": null, "window_days": null, "basis": null, "settled_days": null, "segment": "", "rows_read": 0, "set_aside": {}, "cautions": [], "period_days": 365, "period": "as_before", "pipeline": "", "exchange": {}}', '2026-11-27 11:04:48.894079+00:00'),
    ('fdc82d18f8a646cdad9ced89257c955a', 7, 8000.0, 'EUR', 365, '{"files": ["leads.csv", "deals \"won\".csv"], "shape": "deals", "columns": {"lead": "id", "created_at": "created", "closed_at": "closed at", "deal_value": "deal value", "won_reason": "why", "probability": "%", "leads.lead": "Lead", "leads.created_at": "First \\ contact", "leads.segment": "Channel"}, "stages": ["Lead", "MQL", "SQL", "Won"], "meanings": {}, "merged": {}, "day_first": false, "counting": "deepest", "window_days": null, "basis": "corrected", "settled_days": null, "segment": "Paid, search", "rows_read": 30, "set_aside": {"broken": 1, "total": 2, "no_lead": 3, "other_pipeline": 4, "other_change": 5, "nothing": 6, "outlier": 7, "unreadable": 8, "unknown_stage": 9, "duplicate": 10, "backwards": 11}, "cautions": [], "period_days": 62, "first_day": "2025-12-01", "last_day": "2026-01-31", "period": "closed", "pipeline": "New business", "exchange": {"USD": "0.9 EUR"}}', '2026-11-27 11:04:48.924747+00:00');
INSERT INTO idea (id, workshop_id, step, team_id, author, title, plan, reason, segment, low, likely, high, days_sales, days_marketing, owner, withdrawn, merged_into, created_at) VALUES
    ('f91a7d94af05466b9fded731ff94fa6c', 'fdc82d18f8a646cdad9ced89257c955a', 1, 'a8afbc1978354180a4dd1e65919eb40a', 'Ada', 'report back', '"status": "under way"', 'report back', NULL, 0.1, 0.2, 0.4, 3.0, 0.0, 'Ada', FALSE, NULL, '2026-11-27 11:04:49.047833+00:00'),
    ('82072426a0d04a3b91c94284bb08bb82', 'fdc82d18f8a646cdad9ced89257c955a', 1, 'a8afbc1978354180a4dd1e65919eb40a', 'Ada', 'Call at once', '', NULL, NULL, 0.1, 0.2, 0.3, 0.0, 2.0, '', FALSE, NULL, '2026-11-27 11:04:49.063069+00:00'),
    ('73115488b0814780aef5b5a7f8322e62', 'fdc82d18f8a646cdad9ced89257c955a', 1, 'a8afbc1978354180a4dd1e65919eb40a', 'Cy', 'Answer by a form', 'With ''quotes'' and "quotes"', NULL, NULL, 0.05, 0.1, 0.2, 0.0, 0.0, '', FALSE, NULL, '2026-11-27 13:33:09.329349+00:00'),
    ('c67d4e1da96c4f9d865875f5ac621419', 'fdc82d18f8a646cdad9ced89257c955a', 1, 'a8afbc1978354180a4dd1e65919eb40a', 'Cy', 'Answer twice', 'With ''quotes'' and "quotes"', NULL, NULL, 0.05, 0.1, 0.2, 0.0, 0.0, '', FALSE, NULL, '2026-11-27 13:33:09.412903+00:00');
INSERT INTO person (id, workshop_id, team_id, name, side, joined, at_door, reads_after, created_at) VALUES
    ('243d41bcd7404862ac562301ca5941d1', 'fdc82d18f8a646cdad9ced89257c955a', 'a8afbc1978354180a4dd1e65919eb40a', 'Cy', 'other', TRUE, FALSE, NULL, '2026-11-27 11:04:48.937808+00:00'),
    ('15abf7795ef24993808ef387858e9fda', 'fdc82d18f8a646cdad9ced89257c955a', 'a8afbc1978354180a4dd1e65919eb40a', 'Ada', 'sales', TRUE, FALSE, NULL, '2026-11-27 11:04:48.967930+00:00'),
    ('9df4bc64011c44b3917ea175f038eb4d', 'fdc82d18f8a646cdad9ced89257c955a', 'a8afbc1978354180a4dd1e65919eb40a', 'Bo', 'marketing', TRUE, FALSE, NULL, '2026-11-27 11:04:48.986919+00:00'),
    ('e51f86cfb34a4949a207a5f789a2b4a5', 'fdc82d18f8a646cdad9ced89257c955a', 'a8afbc1978354180a4dd1e65919eb40a', 'Eve', 'sales', TRUE, FALSE, NULL, '2026-11-27 11:04:49.197064+00:00'),
    ('2652361514234bda80aec39f355858df', 'fdc82d18f8a646cdad9ced89257c955a', '', 'Dan', 'sales', TRUE, TRUE, NULL, '2026-11-27 11:04:49.238580+00:00');
INSERT INTO removal (person_id, workshop_id, created_at) VALUES
    ('2652361514234bda80aec39f355858df', 'fdc82d18f8a646cdad9ced89257c955a', '2026-11-27 11:04:49.256240+00:00');
INSERT INTO scenario (workshop_id, name, entrants, rates, deal_value, quality, success, created_at) VALUES
    ('fdc82d18f8a646cdad9ced89257c955a', 'Dry', 100.0, '[0.5, 0.5, 0.5]', 100.0, 1.0, 1.0, '2026-11-27 11:04:49.380072+00:00');
INSERT INTO step (workshop_id, version, place, source, target, entered, advanced, owner, benchmark, losses, segments) VALUES
    ('fdc82d18f8a646cdad9ced89257c955a', 1, 0, 'Lead', 'MQL', 2000, 700, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 1, 1, 'MQL', 'SQL', 700, 280, 'both', NULL, '{"No follow-up": 210, "report back": 126}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 1, 2, 'SQL', 'Won', 280, 21, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 2, 0, 'Lead', 'MQL', 2000, 700, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 2, 1, 'MQL', 'SQL', 700, 280, 'both', NULL, '{"No follow-up": 210, "report back": 126}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 2, 2, 'SQL', 'Won', 280, 21, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 3, 0, 'Lead', 'MQL', 2000, 700, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 3, 1, 'MQL', 'SQL', 700, 280, 'both', NULL, '{"No follow-up": 210, "report back": 126}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 3, 2, 'SQL', 'Won', 280, 21, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 4, 0, 'Lead', 'MQL', 2000, 700, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 4, 1, 'MQL', 'SQL', 700, 280, 'both', NULL, '{"No follow-up": 210, "report back": 126}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 4, 2, 'SQL', 'Won', 280, 21, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 5, 0, 'Lead', 'MQL', 2000, 700, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 5, 1, 'MQL', 'SQL', 700, 280, 'both', NULL, '{"No follow-up": 210, "report back": 126}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 5, 2, 'SQL', 'Won', 280, 21, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 6, 0, 'Lead', 'MQL', 2000, 700, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 6, 1, 'MQL', 'SQL', 700, 280, 'both', NULL, '{"No follow-up": 210, "report back": 126}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 6, 2, 'SQL', 'Won', 280, 21, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 7, 0, 'Lead', 'MQL', 2000, 700, 'both', NULL, '{}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 7, 1, 'MQL', 'SQL', 700, 280, 'both', NULL, '{"No follow-up": 210, "report back": 126}', '{}'),
    ('fdc82d18f8a646cdad9ced89257c955a', 7, 2, 'SQL', 'Won', 280, 21, 'both', NULL, '{}', '{}');
INSERT INTO submission (workshop_id, id, taken_at) VALUES
    ('fdc82d18f8a646cdad9ced89257c955a', '73115488b0814780aef5b5a7f8322e62', '2026-11-27 13:33:09.280292+00:00'),
    ('fdc82d18f8a646cdad9ced89257c955a', 'c67d4e1da96c4f9d865875f5ac621419', '2026-11-27 13:33:09.378552+00:00'),
    ('fdc82d18f8a646cdad9ced89257c955a', 'cc2b85a251e8463f92406ac07bb49b31', '2026-11-27 13:33:09.478165+00:00');
INSERT INTO team (id, workshop_id, name, place) VALUES
    ('a8afbc1978354180a4dd1e65919eb40a', 'fdc82d18f8a646cdad9ced89257c955a', 'Herons', 0);
INSERT INTO token (fingerprint, workshop_id, role, person_id, is_starter, created_at) VALUES
    ('3a0d912f7a1e109eca861c3a935bc190eb1302d03ffb9f0f0af01ccc4cc7b2ef', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', TRUE, '2026-11-27 11:04:49.306066+00:00'),
    ('727cf0af58dc069dcbabaf047b81b4e5470f9ca5e29afe486ab056b11cd80fe9', 'fdc82d18f8a646cdad9ced89257c955a', 'facilitator', '', TRUE, '2026-11-27 11:04:49.292834+00:00'),
    ('73bf443a6cb36fef95bdc78e6d14425b303bc88797718cc85da1fc0acefea511', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '9df4bc64011c44b3917ea175f038eb4d', FALSE, '2026-11-27 11:04:48.989091+00:00'),
    ('7ef9a4e09500cae547a9ebb2cec808898869f54fc7657a755b943f408c724326', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '243d41bcd7404862ac562301ca5941d1', FALSE, '2026-11-27 11:04:49.011448+00:00'),
    ('80383f974f22964fd6b7ae851b6ccc9180ed4e6fcb2e415bafcab6d822139238', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', FALSE, '2026-11-27 11:04:49.414985+00:00'),
    ('a786d1983a512e45877156c77a43429d0ab6de760fdd265748f1e7405eeb5744', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '2652361514234bda80aec39f355858df', FALSE, '2026-11-27 11:04:49.241074+00:00'),
    ('b0aa22f4662f9fca17e6b31b2416b8fbbbfe9ea1026819e90c0cada68223c3f8', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', '15abf7795ef24993808ef387858e9fda', FALSE, '2026-11-27 11:04:48.969491+00:00'),
    ('e2971e93668f6476479f087a10bdeb018664cfdc6fa552aa278778e09440cda4', 'fdc82d18f8a646cdad9ced89257c955a', 'participant', 'e51f86cfb34a4949a207a5f789a2b4a5', FALSE, '2026-11-27 11:04:49.199216+00:00');
INSERT INTO workshop (id, name, code, is_demo, phase, step, timer_ends_at, team_shown, board_view, recovery, door, created_at) VALUES
    ('fdc82d18f8a646cdad9ced89257c955a', 'Autumn "off-site"', 'AGGV4J', FALSE, 'report_back', 1, NULL, 1, 'unknowns', '2180d95fbd6774f3f52d5e9d5daa454e30994ad4a96baa8e777af3eb2ffc3bc3', 'ask', '2026-11-27 11:04:48.744143+00:00');

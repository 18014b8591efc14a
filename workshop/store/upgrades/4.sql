-- To version 4: in which order rows came, by a number instead of the clock, which may be put back.
-- Rows of before keep the order that the clock gave them.

CREATE SEQUENCE IF NOT EXISTS row_order;

ALTER TABLE person ADD COLUMN number BIGINT DEFAULT nextval('row_order');
UPDATE person SET number = ordered.place FROM (
    SELECT id, row_number() OVER (ORDER BY created_at, id) AS place FROM person
) AS ordered WHERE person.id = ordered.id;

ALTER TABLE idea ADD COLUMN number BIGINT DEFAULT nextval('row_order');
UPDATE idea SET number = ordered.place FROM (
    SELECT id, row_number() OVER (ORDER BY created_at, id) AS place FROM idea
) AS ordered WHERE idea.id = ordered.id;

-- Version 1 had no estimates of sides.
CREATE TABLE IF NOT EXISTS estimate (
    idea_id     TEXT NOT NULL,
    side        TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    low         DOUBLE PRECISION NOT NULL,
    likely      DOUBLE PRECISION NOT NULL,
    high        DOUBLE PRECISION NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (idea_id, side)
);
ALTER TABLE estimate ADD COLUMN number BIGINT DEFAULT nextval('row_order');
UPDATE estimate SET number = ordered.place FROM (
    SELECT idea_id, side, row_number() OVER (ORDER BY created_at, side) AS place FROM estimate
) AS ordered
WHERE estimate.idea_id = ordered.idea_id AND estimate.side = ordered.side;

ALTER TABLE action ADD COLUMN number BIGINT DEFAULT nextval('row_order');
UPDATE action SET number = ordered.place FROM (
    SELECT id, row_number() OVER (ORDER BY created_at, id) AS place FROM action
) AS ordered WHERE action.id = ordered.id;

ALTER TABLE condition ADD COLUMN number BIGINT DEFAULT nextval('row_order');
UPDATE condition SET number = ordered.place FROM (
    SELECT workshop_id, demand, idea_id, other_id,
        row_number() OVER (ORDER BY created_at, idea_id, other_id) AS place
    FROM condition
) AS ordered
WHERE condition.workshop_id = ordered.workshop_id AND condition.demand = ordered.demand
    AND condition.idea_id = ordered.idea_id AND condition.other_id = ordered.other_id;

ALTER TABLE scenario ADD COLUMN number BIGINT DEFAULT nextval('row_order');
UPDATE scenario SET number = ordered.place FROM (
    SELECT workshop_id, name, row_number() OVER (ORDER BY created_at, name) AS place FROM scenario
) AS ordered
WHERE scenario.workshop_id = ordered.workshop_id AND scenario.name = ordered.name;

-- And how new people come in, who still waits to be let in, and from when on somebody
-- reads what their mini-team writes. Until now everybody who knew the room code came in at once,
-- and read all of it.

ALTER TABLE workshop ADD COLUMN door TEXT DEFAULT 'open';
ALTER TABLE person ADD COLUMN at_door BOOLEAN DEFAULT FALSE;
ALTER TABLE person ADD COLUMN reads_after TIMESTAMPTZ;

-- To version 8: what both sides are asked, what they answered, and what they settled on. The tables
-- are new, and made where they are declared.

-- And in which round a side estimated an idea: those of before were all of the first. The round is
-- part of the key, which no statement adds to a table that is there.

CREATE TABLE estimate_of_round (
    idea_id     TEXT NOT NULL,
    side        TEXT NOT NULL,
    round       INTEGER NOT NULL,
    workshop_id TEXT NOT NULL,
    low         DOUBLE PRECISION NOT NULL,
    likely      DOUBLE PRECISION NOT NULL,
    high        DOUBLE PRECISION NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    number      BIGINT DEFAULT nextval('row_order'),
    PRIMARY KEY (idea_id, side, round)
);
INSERT INTO estimate_of_round
SELECT idea_id, side, 1, workshop_id, low, likely, high, created_at, number FROM estimate;
DROP TABLE estimate;
ALTER TABLE estimate_of_round RENAME TO estimate;

-- And which revenue management wants, and how many each stage can serve: nobody had been asked.

ALTER TABLE assumptions ADD COLUMN revenue DOUBLE PRECISION;
ALTER TABLE assumptions ADD COLUMN capacities JSON;

-- The agenda is data, with the one before its last change; without one a workshop walks as it did.
-- When the room came to where it is, and from when on its timer says that it is nearly over.

ALTER TABLE workshop ADD COLUMN agenda JSON;
ALTER TABLE workshop ADD COLUMN former_agenda JSON;
ALTER TABLE workshop ADD COLUMN moved_at TIMESTAMPTZ;
ALTER TABLE workshop ADD COLUMN timer_warns_at TIMESTAMPTZ;

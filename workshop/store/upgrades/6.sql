-- To version 6: how new each topic of a workshop is stands in the records, and grows in the same
-- transaction as what it is about. Until now it was counted by the process, from zero.

CREATE TABLE topic_version (
    workshop_id TEXT NOT NULL,
    topic       TEXT NOT NULL,
    number      BIGINT NOT NULL,
    PRIMARY KEY (workshop_id, topic)
);

-- To version 7: which share of such ideas works is empty until management has said it. Until now it
-- was 1 where nobody had been asked. On which numbers a scenario was kept; which steps the room
-- works on; and the improvement that the board compares the steps at.

ALTER TABLE assumptions ADD COLUMN success_rate DOUBLE PRECISION;
UPDATE assumptions SET success_rate = nullif(success, 1.0);
ALTER TABLE assumptions DROP COLUMN success;

ALTER TABLE scenario ADD COLUMN success_rate DOUBLE PRECISION;
UPDATE scenario SET success_rate = nullif(success, 1.0);
ALTER TABLE scenario DROP COLUMN success;
ALTER TABLE scenario ADD COLUMN funnel_version INTEGER;

ALTER TABLE workshop ADD COLUMN steps JSON;
ALTER TABLE workshop ADD COLUMN points DOUBLE PRECISION;

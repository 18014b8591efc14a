-- To version 4: how new people come in, and who still waits to be let in. Until now everybody who
-- knew the room code came in at once.

ALTER TABLE workshop ADD COLUMN door TEXT DEFAULT 'open';
ALTER TABLE person ADD COLUMN at_door BOOLEAN DEFAULT FALSE;

-- To version 4: how new people come in, who still waits to be let in, and from when on somebody
-- reads what their mini-team writes. Until now everybody who knew the room code came in at once,
-- and read all of it.

ALTER TABLE workshop ADD COLUMN door TEXT DEFAULT 'open';
ALTER TABLE person ADD COLUMN at_door BOOLEAN DEFAULT FALSE;
ALTER TABLE person ADD COLUMN reads_after TIMESTAMPTZ;

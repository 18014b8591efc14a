-- To version 3: the hash of the code that brings the facilitator back, and which tokens are the
-- starter's own. Until now a facilitator's token was given to nobody else.

ALTER TABLE workshop ADD COLUMN recovery TEXT;
ALTER TABLE token ADD COLUMN is_starter BOOLEAN DEFAULT FALSE;
UPDATE token SET is_starter = (role = 'facilitator');

-- To version 8: what both sides are asked, what they answered, and what they settled on. The tables
-- are new, and made where they are declared. The agenda is data, with the one before its last
-- change; without one a workshop walks as it did. When the room came to where it is, and from when
-- on its timer says that it is nearly over.

ALTER TABLE workshop ADD COLUMN agenda JSON;
ALTER TABLE workshop ADD COLUMN former_agenda JSON;
ALTER TABLE workshop ADD COLUMN moved_at TIMESTAMPTZ;
ALTER TABLE workshop ADD COLUMN timer_warns_at TIMESTAMPTZ;

-- To version 2: what the board shows at the ranking, where a funnel's numbers come from, and the
-- segment an idea is aimed at. New tables are made by schema.sql.

ALTER TABLE workshop ADD COLUMN board_view TEXT DEFAULT 'ideas';
ALTER TABLE funnel ADD COLUMN origin JSON;
ALTER TABLE step ADD COLUMN segments JSON;
ALTER TABLE idea ADD COLUMN segment TEXT;

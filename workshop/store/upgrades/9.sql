-- To version 9: the cases by which both sides judge a word. The table is new, and made where it is
-- declared.

-- And an action is one kind of commitment, and a workshop belongs to a company. Whoever had
-- several workshops had not said which of them are of one: each becomes a company of its own.

ALTER TABLE action RENAME TO commitment;
ALTER TABLE commitment ALTER COLUMN baseline DROP NOT NULL;
ALTER TABLE commitment ALTER COLUMN target DROP NOT NULL;
ALTER TABLE commitment ADD COLUMN kind TEXT DEFAULT 'improvement';
ALTER TABLE commitment ADD COLUMN rhythm TEXT DEFAULT 'once';
ALTER TABLE commitment ADD COLUMN funnel_version INTEGER;

ALTER TABLE workshop ADD COLUMN company_id TEXT;
ALTER TABLE workshop ADD COLUMN company TEXT;
UPDATE workshop SET company_id = id, company = name;

-- And whether management reckons with how estimates have turned out: nobody could.

ALTER TABLE assumptions ADD COLUMN turned_out DOUBLE PRECISION;

-- The agreement and its signatures are tables of their own, made as on a fresh file.

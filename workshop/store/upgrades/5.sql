-- To version 5: what is stored is a code, and what it is called belongs to the screens. Until now
-- words were stored. A backup of before is brought along by the same statements, so they change
-- rows only.
-- And which answers to forms have been taken, so that one that arrives again changes nothing:
-- schema.sql makes that table.

UPDATE workshop SET phase = 'report_back' WHERE phase = 'report back';
UPDATE workshop SET board_view = 'unknowns' WHERE board_view = 'what we do not know';
UPDATE action SET status = 'under_way' WHERE status = 'under way';
UPDATE condition SET demand = 'must' WHERE demand = 'must be in the plan';
UPDATE condition SET demand = 'ban' WHERE demand = 'must not be in the plan';

-- The trail: first what it says of these, then what was done.
UPDATE activity SET subject = replace(subject, 'report back', 'report_back'),
    before = CAST(replace(CAST(before AS TEXT), 'report back', 'report_back') AS JSON),
    after = CAST(replace(CAST(after AS TEXT), 'report back', 'report_back') AS JSON)
WHERE verb = 'went';

UPDATE activity SET subject = replace(subject, 'what we do not know', 'unknowns'),
    before = CAST(replace(CAST(before AS TEXT), 'what we do not know', 'unknowns') AS JSON),
    after = CAST(replace(CAST(after AS TEXT), 'what we do not know', 'unknowns') AS JSON)
WHERE verb = 'showed a view';

UPDATE activity SET
    after = CAST(replace(CAST(after AS TEXT), '"status": "under way"', '"status": "under_way"') AS JSON)
WHERE verb = 'committed';

UPDATE activity SET
    before = CAST(replace(replace(CAST(before AS TEXT), 'must be in the plan', 'must'),
        'must not be in the plan', 'ban') AS JSON),
    after = CAST(replace(replace(CAST(after AS TEXT), 'must be in the plan', 'must'),
        'must not be in the plan', 'ban') AS JSON)
WHERE verb IN ('demanded', 'waived');

UPDATE activity SET subject = replace(subject, 'version ', '')
WHERE verb IN ('read new numbers', 'went back to older numbers');

-- An idea that was brought back and a workshop that came back had one word.
UPDATE activity SET verb = 'workshop_restored' WHERE verb = 'restored' AND subject = '';

UPDATE activity SET verb = coded.code FROM (VALUES
    ('started', 'workshop_started'),
    ('joined', 'person_joined'),
    ('asked to come in', 'person_waiting'),
    ('let in', 'person_let_in'),
    ('removed', 'person_removed'),
    ('took back', 'person_taken_back'),
    ('moved', 'person_moved'),
    ('let read', 'reading_allowed'),
    ('pasted a roster', 'roster_imported'),
    ('reshuffled', 'teams_reshuffled'),
    ('renamed', 'team_renamed'),
    ('is done', 'team_done'),
    ('goes on', 'team_resumed'),
    ('asked for a seat again', 'seat_requested'),
    ('shared a seat', 'seat_shared'),
    ('turned a device away', 'seat_refused'),
    ('wrote', 'idea_written'),
    ('edited', 'idea_edited'),
    ('estimated', 'idea_estimated'),
    ('withdrew', 'idea_withdrawn'),
    ('restored', 'idea_restored'),
    ('merged', 'idea_merged'),
    ('unmerged', 'idea_unmerged'),
    ('went', 'room_moved'),
    ('set the timer', 'timer_set'),
    ('showed a team', 'team_shown'),
    ('showed a view', 'view_shown'),
    ('set the door', 'door_set'),
    ('opened a door', 'link_issued'),
    ('withdrew all links', 'links_withdrawn'),
    ('made a recovery code', 'recovery_code_renewed'),
    ('came back by the recovery code', 'facilitator_recovered'),
    ('read new numbers', 'numbers_replaced'),
    ('went back to older numbers', 'numbers_taken_back'),
    ('assumed', 'assumptions_saved'),
    ('committed', 'action_saved'),
    ('gave the capacity', 'capacity_set'),
    ('demanded', 'condition_added'),
    ('waived', 'condition_removed'),
    ('kept a set', 'scenario_saved'),
    ('removed a set', 'scenario_removed')
) AS coded(words, code) WHERE activity.verb = coded.words;

-- Where numbers come from is one text of JSON; its quotes tell names of ours from what people
-- wrote, where a quote has a backslash before it.
UPDATE funnel SET origin = CAST(replace(CAST(origin AS TEXT), coded.words, coded.code) AS JSON)
FROM (VALUES
    ('"shape": "one row a stage, with a count"', '"shape": "counts"'),
    ('"shape": "one row for each stage that a lead has entered"', '"shape": "history"'),
    ('"shape": "one row a lead, with a date for each stage"', '"shape": "dates"'),
    ('"shape": "one row a deal, with its stage or its outcome"', '"shape": "deals"')
) AS coded(words, code) WHERE strpos(CAST(origin AS TEXT), coded.words) > 0;

UPDATE funnel SET origin = CAST(replace(CAST(origin AS TEXT), coded.words, coded.code) AS JSON)
FROM (VALUES
    ('"dates": ""', '"day_first": null'),
    ('"dates": "day first"', '"day_first": true'),
    ('"dates": "month first"', '"day_first": false')
) AS coded(words, code) WHERE strpos(CAST(origin AS TEXT), coded.words) > 0;

UPDATE funnel SET origin = CAST(replace(CAST(origin AS TEXT), coded.words, coded.code) AS JSON)
FROM (VALUES
    ('"counting": ""', '"counting": null'),
    ('"counting": "the deepest stage reached"', '"counting": "deepest"'),
    ('"counting": "the stages in order"', '"counting": "ordered"'),
    ('"counting": "strictly one after the other"', '"counting": "strict"'),
    ('"counting": "in any order"', '"counting": "any"')
) AS coded(words, code) WHERE strpos(CAST(origin AS TEXT), coded.words) > 0;

UPDATE funnel SET origin = CAST(replace(CAST(origin AS TEXT), coded.words, coded.code) AS JSON)
FROM (VALUES
    ('"basis": ""', '"basis": null'),
    ('"basis": "open counts as lost"', '"basis": "naive"'),
    ('"basis": "open is left out"', '"basis": "closed_only"'),
    ('"basis": "corrected for open"', '"basis": "corrected"'),
    ('"basis": "the last days are ignored"', '"basis": "settled"')
) AS coded(words, code) WHERE strpos(CAST(origin AS TEXT), coded.words) > 0;

-- What the columns of the files say: between "columns" and "stages" alone, for a stage or a reason
-- may be called as we call a column.
UPDATE funnel SET origin = CAST(concat(part.head, '"columns": {', substr(
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        concat(', ', part.said),
        ', "date of ', ', "date.', 'g'),
        ', "([a-z, ]+), of the leads": ', ', "leads.\1": ', 'g'),
        ', "(leads\.)?entered at": ', ', "\1entered_at": ', 'g'),
        ', "(leads\.)?created at": ', ', "\1created_at": ', 'g'),
        ', "(leads\.)?closed at": ', ', "\1closed_at": ', 'g'),
        ', "(leads\.)?won, lost or open": ', ', "\1status": ', 'g'),
        ', "(leads\.)?reason of a win": ', ', "\1won_reason": ', 'g'),
        ', "(leads\.)?deal value": ', ', "\1deal_value": ', 'g'),
        ', "(leads\.)?probability of winning": ', ', "\1probability": ', 'g'),
        ', "(leads\.)?which field changed": ', ', "\1changed_field": ', 'g'),
        ', "(leads\.)?stage before": ', ', "\1old_stage": ', 'g'),
    3), '}, "stages": [', part.rest) AS JSON)
FROM (
    SELECT workshop_id, version,
        split_part(CAST(origin AS TEXT), '"columns": {', 1) AS head,
        split_part(split_part(CAST(origin AS TEXT), '"columns": {', 2), '}, "stages": [', 1) AS said,
        split_part(CAST(origin AS TEXT), '}, "stages": [', 2) AS rest
    FROM funnel WHERE strpos(CAST(origin AS TEXT), '"columns": {') > 0
) AS part
WHERE funnel.workshop_id = part.workshop_id AND funnel.version = part.version;

-- What a stage as written means, where that is no stage.
UPDATE funnel SET origin = CAST(concat(part.head, '"meanings": {',
    replace(part.said, '": "left out"', '": "left_out"'),
    '}, "merged": {', part.rest) AS JSON)
FROM (
    SELECT workshop_id, version,
        split_part(CAST(origin AS TEXT), '"meanings": {', 1) AS head,
        split_part(split_part(CAST(origin AS TEXT), '"meanings": {', 2), '}, "merged": {', 1) AS said,
        split_part(CAST(origin AS TEXT), '}, "merged": {', 2) AS rest
    FROM funnel WHERE strpos(CAST(origin AS TEXT), '"meanings": {') > 0
) AS part
WHERE funnel.workshop_id = part.workshop_id AND funnel.version = part.version;

-- Why rows were set aside; a number follows, where nothing that people wrote is followed by one.
UPDATE funnel SET origin = CAST(
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        CAST(origin AS TEXT),
        '"The cells of the row cannot be told apart\.": ([0-9])', '"broken": \1'),
        '"The row is a total or a note under the table, not a lead\.": ([0-9])', '"total": \1'),
        '"The row does not say which lead it is about\.": ([0-9])', '"no_lead": \1'),
        '"The row is about another pipeline\.": ([0-9])', '"other_pipeline": \1'),
        '"The row is about a change of something else than the stage\.": ([0-9])',
            '"other_change": \1'),
        '"The row says nothing about the funnel: it has no date and no outcome\.": ([0-9])',
            '"nothing": \1'),
        '"The date is far from all others and was left out\.": ([0-9])', '"outlier": \1'),
        '"The date is missing or cannot be read\.": ([0-9])', '"unreadable": \1'),
        '"The stage is not in the funnel\.": ([0-9])', '"unknown_stage": \1'),
        '"The same lead enters the same stage at the same moment in an earlier row\.": ([0-9])',
            '"duplicate": \1'),
        '"The win is dated before the beginning: it counts as won, its dates are not used\.": ([0-9])',
            '"backwards": \1')
    AS JSON)
WHERE origin IS NOT NULL;

-- How the period was found: "from 1 January to 31 December 2025: the days on which …", or without
-- days. First the days become dates, then the words a code.
UPDATE funnel SET origin = CAST(replace(CAST(origin AS TEXT),
    concat('"period": "', day.said, ': '),
    concat('"first_day": "', coalesce(nullif(split_part(day.begun, ' ', 3), ''),
            split_part(day.ended, ' ', 3)), '-',
        substr('01 02 03 04 05 06 07 08 09 10 11 12', strpos('JanFebMarAprMayJunJulAugSepOctNovDec',
            substr(split_part(day.begun, ' ', 2), 1, 3)), 2), '-',
        lpad(split_part(day.begun, ' ', 1), 2, '0'),
        '", "last_day": "', split_part(day.ended, ' ', 3), '-',
        substr('01 02 03 04 05 06 07 08 09 10 11 12', strpos('JanFebMarAprMayJunJulAugSepOctNovDec',
            substr(split_part(day.ended, ' ', 2), 1, 3)), 2), '-',
        lpad(split_part(day.ended, ' ', 1), 2, '0'),
        '", "period": "')) AS JSON)
FROM (
    SELECT workshop_id, version, said,
        CASE WHEN said LIKE 'from %' THEN split_part(substr(said, 6), ' to ', 1)
            ELSE substr(said, 4) END AS begun,
        CASE WHEN said LIKE 'from %' THEN split_part(said, ' to ', 2)
            ELSE substr(said, 4) END AS ended
    FROM (
        SELECT workshop_id, version, split_part(
            split_part(CAST(origin AS TEXT), '"period": "', 2), ': the days on which', 1) AS said
        FROM funnel WHERE strpos(CAST(origin AS TEXT), ': the days on which') > 0
    ) AS found WHERE said LIKE 'from %' OR said LIKE 'on %'
) AS day
WHERE funnel.workshop_id = day.workshop_id AND funnel.version = day.version;

UPDATE funnel SET origin = CAST(replace(CAST(origin AS TEXT), coded.words, coded.code) AS JSON)
FROM (VALUES
    ('"period": ""', '"period": null'),
    ('"period": "the days on which leads came in"', '"period": "entered"'),
    ('"period": "the days on which deals were closed"', '"period": "closed"'),
    ('"period": "not in the file: a year is assumed"', '"period": "assumed"'),
    ('"period": "not in the file: the same as before"', '"period": "as_before"'),
    ('"period": "chosen by hand"', '"period": "chosen"')
) AS coded(words, code) WHERE strpos(CAST(origin AS TEXT), coded.words) > 0;

-- Without the provider's analysis a lexicon says how somebody sounded and how urgent it was, in their own language.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(26);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org('Mood') as org \gset
create function pg_temp.mood(p_text text, p_language text default 'en-GB') returns text language sql as $$
    select case when m.score > 0.6 then 'glad' when m.score < 0.4 then 'cross' when m.score is not null then 'even' end || ' ' || m.urgency
    from private.lexicon_mood(p_text, p_language) m $$;

select is(pg_temp.mood('That is perfect, thank you!'), 'glad 0', 'who is glad sounds so');
select is(pg_temp.mood('This is unacceptable. I am very disappointed.'), 'cross 1', 'who is cross does too');
select is(pg_temp.mood('I am not happy with this.'), 'cross 0', 'not happy is not happy');
select is(pg_temp.mood('What are your opening hours?'), 'even 0', 'who says nothing of either is neither');
select is(pg_temp.mood(''), null, 'who says nothing has no mood');
select is((select urgency from private.lexicon_mood(null, null)), 0, 'and is in no hurry');
select is(pg_temp.mood('I can''t breathe, this is an emergency'), 'cross 3', 'an emergency is the most urgent');
select is(pg_temp.mood('It is swollen'), 'even 2', 'a swelling is urgent');
select is(pg_temp.mood('Do you have anything tomorrow?'), 'even 1', 'tomorrow is soon');
select is(pg_temp.mood('painter and goodness'), 'even 0', 'parts of words say nothing');
select is(pg_temp.mood('Das ist unverschämt, ich bin wütend.', 'de-DE'), 'cross 0', 'German');
select is(pg_temp.mood('Notfall! Es blutet.', 'de-DE'), 'cross 3', 'German in a hurry');
select is(pg_temp.mood('C''est parfait, merci beaucoup', 'fr-FR'), 'glad 0', 'French');
select is(pg_temp.mood('Es urgente, me duele, mucho dolor', 'es-ES'), 'cross 3', 'Spanish');
select is(pg_temp.mood('Ottimo, grazie mille', 'it-IT'), 'glad 0', 'Italian');
select is(pg_temp.mood('Ich brauche dringend einen Termin, vielen Dank, wunderbar', 'en-GB'), 'glad 2', 'a caller who speaks another language than the agent''s is understood');
select ok((select score from private.lexicon_mood(repeat('perfect ', 50), 'en')) <= 1, 'however often it is said, a score is at most 1');
select ok((select score from private.lexicon_mood(repeat('terrible ', 50), 'en')) >= 0, 'and at least 0');
select ok((select score from private.lexicon_mood('great great', 'en')) > (select score from private.lexicon_mood('great', 'en')), 'said twice it counts twice');
select is((select count(distinct language) from private.sentiment_words), 5::bigint, 'the lexicon knows five languages');
select is_empty($$ select word from private.sentiment_words where word !~ '^[[:alnum:]]+( [[:alnum:]]+)*$' $$, 'by words as they are looked for');

-- In a record: what the provider said goes first, part by part.
create function pg_temp.record(p_org uuid, p_name text, p_said jsonb, p_text text) returns text language sql as $$
    select concat_ws(' ', r.sentiment_label, r.sentiment_score, r.sentiment_urgency, r.sentiment_summary)
    from tests.recorded(tests.rung(p_org, p_name), jsonb_build_object('startedAt', '2026-03-02T10:00:00Z', 'endedAt', '2026-03-02T10:00:09Z',
        'analysis', jsonb_build_object('structuredData', p_said), 'artifact', jsonb_build_object('transcript', p_text))) r $$;
select is(pg_temp.record(:'org', 'm1', '{}', E'AI: That is terrible.\nUser: It is perfect, thank you, and urgent.'), 'positive 0.650 high They sounded pleased.', 'only what the caller says counts');
select is(pg_temp.record(:'org', 'm2', '{"sentiment": "negative"}', 'User: It is perfect'), 'negative 0.200 low They sounded displeased.', 'a label the provider gave brings its score');
select is(pg_temp.record(:'org', 'm3', '{"sentiment_score": -1, "sentimentSummary": "Cross."}', 'User: It is perfect'), 'negative 0.000 low Cross.', 'and a score its label');
select is(pg_temp.record(:'org', 'm4', '{"Sentiment Score": "55", "Urgency Level": "emergency"}', ''), 'neutral 0.550 critical They sounded neither pleased nor displeased.', 'in per cent, and by any name');
select is(pg_temp.record(:'org', 'm5', '{"sentiment": 7e9, "urgency": {"a": 1}}', ''), 'low', 'nonsense is no analysis');

select * from finish();
rollback;

-- A lead's score is a sum of stated inputs by weights in a table: the same inputs, the same score.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org('Score') as org \gset
select private.contact_of_number(:'org', '+447700900123', null, tests.now()) as jane \gset
delete from private.lead_score_weights where true;
insert into private.lead_score_weights (input, at_least, points) values
    ('urgency', 1, 10), ('urgency', 3, 40), ('sentiment', 0.6, 15), ('value_pence', 1, 10), ('value_pence', 300000, 30),
    ('recency_days', 0, 10), ('recency_days', 7, 5), ('recency_days', 30, -20), ('repeat_calls', 2, 5);
create function pg_temp.score(p_contact uuid, p_after interval default '0') returns integer language sql as $$
    select private.score_contact((select org_id from public.contacts where id = p_contact), p_contact, tests.now() + p_after) $$;
create function pg_temp.heard(p_org uuid, p_contact uuid, p_name text, p_values jsonb) returns uuid language sql as $$
    select tests.rung(p_org, p_name, jsonb_build_object('contact_id', p_contact, 'status', 'completed', 'started_at', tests.now(),
        'ended_at', tests.now(), 'sentiment_urgency', 'low', 'sentiment_score', 0.5) || p_values) $$;

select is(pg_temp.score(:'jane'), 0, 'of whom nothing is known scores nothing');
select pg_temp.heard(:'org', :'jane', 'one', '{}') as one \gset
select is(pg_temp.score(:'jane'), 10, 'who has just called scores for that');
select is((select lead_score from public.contacts where id = :'jane'), 10, 'the score is kept with the contact');
select is(pg_temp.score(:'jane', '6 days 23 hours'), 10, 'a week is not over before it is over');
select is(pg_temp.score(:'jane', '7 days'), 5, 'after it the call counts for less');
select is(pg_temp.score(:'jane', '30 days'), 0, 'a score does not go below nothing');
select is(pg_temp.score(:'jane', '91 days'), 0, 'and what is older than 90 days is forgotten');
update public.calls set sentiment_urgency = 'medium' where id = :'one';
select is(pg_temp.score(:'jane'), 20, 'urgency counts');
update public.calls set sentiment_urgency = 'high' where id = :'one';
select is(pg_temp.score(:'jane'), 20, 'by the greatest weight that is reached');
update public.calls set sentiment_urgency = 'critical' where id = :'one';
select is(pg_temp.score(:'jane'), 50, 'critical most');
update public.calls set sentiment_score = 0.6 where id = :'one';
select is(pg_temp.score(:'jane'), 65, 'a good mood counts');
update public.calls set financial_value_pence = 300000 where id = :'one';
select is(pg_temp.score(:'jane'), 95, 'so does what was asked for');
select pg_temp.heard(:'org', :'jane', 'two', jsonb_build_object('ended_at', tests.now() + interval '1 hour')) as two \gset
select is(pg_temp.score(:'jane'), 45, 'of several calls the last says how urgent it is, the dearest what it is worth, and their number counts');
update public.calls set sentiment_urgency = 'critical', sentiment_score = 1 where id = :'two';
select is(pg_temp.score(:'jane'), 100, 'no score is beyond 100');
select tests.rung(:'org', 'missed', jsonb_build_object('contact_id', :'jane', 'status', 'failed')) as missed \gset
select is(pg_temp.score(:'jane'), 100, 'a call that nobody was reached in says nothing');
select is(array(select private.temperature(s) from unnest(array[0, 39, 40, 69, 70, 100]) as s), '{cold,cold,warm,warm,hot,hot}', 'from 40 on a lead is warm, from 70 on hot');
select is((select count(*) from private.lead_inputs(:'org', :'jane', tests.now())), 5::bigint, 'five inputs are stated');

select * from finish();
rollback;

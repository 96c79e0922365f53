-- A hot lead is told to the clinic's phone where a text can be sent to it, and by email where not; never twice.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.funded(5000) as org \gset
update public.organizations set phone = '+447700900999' where id = :'org';
select tests.bought_number(:'org') as number \gset
select private.contact_of_number(:'org', '+447700900123', 'Jane Smith', tests.now()) as jane \gset
select tests.rung(:'org', 'hot', jsonb_build_object('contact_id', :'jane', 'caller_name', 'Jane Smith', 'sentiment_urgency', 'high')) as call \gset
create function pg_temp.tell(p_call uuid) returns void language sql as $$
    select private.hot_lead(c, 80, tests.now()) from public.calls c where c.id = p_call $$;

select lives_ok(format('select pg_temp.tell(%L)', :'call'), 'a hot lead is told');
select results_eq(format($$ select recipient, content, purpose, method from public.messages where call_id = %L $$, :'call'),
    $$ values ('+447700900999', 'Hot lead: Jane Smith, +447700900123. Score 80, high urgency.', 'hot_lead', 'sms') $$, 'in a text to the clinic''s phone');
select is((select a.sms_message_id from public.hot_lead_alerts a where a.call_id = :'call'), (select m.id from public.messages m where m.call_id = :'call'), 'which the alert knows');
select is_empty(format($$ select from private.emails where org_id = %L and template = 'hot_lead' $$, :'org'), 'and in no email');
select lives_ok(format('select pg_temp.tell(%L)', :'call'), 'told again');
select is((select count(*) from public.messages where call_id = :'call'), 1::bigint, 'it is one text');
select is((select count(*) from public.hot_lead_alerts where call_id = :'call'), 1::bigint, 'and one alert');

select * from finish();
rollback;

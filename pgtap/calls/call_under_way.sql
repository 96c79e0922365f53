-- What is known of a call while it goes on: its state, who answers it, how it is reached, and what is held for it.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(43);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.answering() as org, tests.answering('+442071230009', 2500, 'de-AT') as other \gset
select id as agent from public.agents where org_id = :'org' \gset
select id as german from public.agents where org_id = :'other' \gset
create function pg_temp.call(p_id uuid) returns public.calls language sql stable as $$ select c from public.calls c where c.id = p_id $$;

-- Its state.
create function pg_temp.state(p_org uuid, p_n bigint, p_values jsonb, p_record jsonb) returns text language plpgsql as $$
declare
    v_id constant uuid := tests.rung(p_org, 's' || p_n, p_values);
begin
    if p_record is not null then
        insert into private.call_records (org_id, call_id, rank, admitted) values (p_org, v_id, (p_record ->> 'rank')::smallint, (p_record ->> 'admitted')::boolean);
    end if;
    perform private.refresh_call_status(p_org, v_id, tests.now() + interval '1 minute');
    return (select c.status || case when c.updated_at = tests.now() + interval '1 minute' then ' anew' else '' end from public.calls c where c.id = v_id);
end $$;
select is(pg_temp.state(:'org', n, j::jsonb || '{"updated_at": "2026-03-02T10:00:00Z"}', r::jsonb), want, concat_ws(' ', j, r))
from (values
    (1, '{"status": "in_progress"}', null, 'pending anew'), (2, '{"status": "pending"}', null, 'pending'), (3, '{"started_at": "2026-03-02T10:00:00Z"}', null, 'in_progress anew'),
    (4, '{"ended_at": "2026-03-02T10:01:00Z"}', null, 'failed anew'), (5, '{"started_at": "2026-03-02T10:00:00Z", "ended_at": "2026-03-02T10:01:00Z"}', null, 'completed anew'),
    (6, '{}', '{"admitted": false}', 'failed anew'), (7, '{}', '{"admitted": true}', 'pending'), (8, '{}', '{}', 'pending'),
    (9, '{"started_at": "2026-03-02T10:00:00Z"}', '{"admitted": false}', 'in_progress anew'),
    (10, '{"started_at": "2026-03-02T10:00:00Z", "ended_at": "2026-03-02T10:01:00Z", "status": "failed"}', '{"rank": 3}', 'failed'),
    (11, '{"status": "completed"}', '{"rank": 4, "admitted": false}', 'completed')) as v (n, j, r, want);
update public.calls set status = 'in_progress' where org_id = :'org' and vapi_call_id in ('s2', 's7');
select private.refresh_call_status(:'org', c.id, tests.now()), private.refresh_call_status(:'other', d.id, tests.now()) from public.calls c, public.calls d
where c.vapi_call_id = 's2' and d.vapi_call_id = 's7' \gset
select results_eq(format('select vapi_call_id, status from public.calls where org_id = %L and vapi_call_id in (''s2'', ''s7'') order by 1', :'org'),
    $$ values ('s2', 'pending'), ('s7', 'in_progress') $$, 'nothing happens to another call, or another organisation''s');

-- Not let in.
create function pg_temp.refuse(p_call uuid, p_reason text) returns text language sql as $$
    select private.note_refused_call(pg_temp.call(p_call), jsonb_populate_record(null::private.call_admission, jsonb_build_object('allowed', false, 'reason', p_reason)), tests.now());
    select concat_ws(' ', c.status, r.admitted, r.refused_because) from public.calls c join private.call_records r on r.call_id = c.id where c.id = p_call $$;
select tests.rung(:'org', 'n1') as refused, tests.rung(:'org', 'n2') as told, tests.rung(:'org', 'n3') as admitted \gset
select is(pg_temp.refuse(:'refused', 'no_agent'), 'failed f no_agent', 'a call that is not let in has failed, and why is on record');
select is(pg_temp.refuse(:'refused', 'too_many_calls'), 'failed f no_agent', 'the first reason stands');
insert into private.call_records (org_id, call_id) values (:'org', :'told');
select is(pg_temp.refuse(:'told', 'no_agent'), 'failed f no_agent', 'whatever else was heard of it');
insert into private.call_records (org_id, call_id, admitted) values (:'org', :'admitted', true);
select is(pg_temp.refuse(:'admitted', 'no_agent'), 'pending t', 'one that was let in is not refused any more');

-- Let in.
select tests.let_in('c1', tests.now()) as call \gset
delete from private.call_records where call_id = :'call';
delete from private.call_lines where call_id = :'call';
update public.calls set agent_id = null, contact_id = null, provider_call_sid = null where id = :'call';
update public.agents set version = 7 where id = :'agent';
create function pg_temp.admit(p_call uuid, p_agent uuid) returns public.calls language sql as $$
    select private.note_admitted_call(pg_temp.call(p_call), (select a from public.agents a where a.id = p_agent), tests.vapi_message('assistant-request', 'c1'),
    tests.now() + interval '1 minute') $$;
select pg_temp.admit(:'call', :'agent') as noted \gset
select is((:'noted'::public.calls).agent_id, :'agent'::uuid, 'who answers is on record');
select is((select phone from public.contacts where id = (:'noted'::public.calls).contact_id), '+447700900123', 'and who calls');
select is(:'noted'::public.calls, pg_temp.call(:'call'), 'as the call now is');
select results_eq(format('select admitted, assistant_version from private.call_records where call_id = %L', :'call'), 'values (true, 7)', 'with the agent as it is by now');
select is(private.control_url_of(pg_temp.call(:'call')), 'https://control.example/c1', 'and where the call is controlled');
update public.agents set version = 8 where id = :'agent';
update private.call_records set admitted = false where call_id = :'call';
insert into public.contacts (org_id, phone) values (:'org', '+447700900999') returning id as somebody \gset
update public.calls set contact_id = :'somebody' where id = :'call';
insert into public.agents (org_id, name, direction) values (:'org', 'Bea', 'inbound') returning id as second \gset
select pg_temp.admit(:'call', :'second') as noted \gset
select is(array[(:'noted'::public.calls).agent_id, (:'noted'::public.calls).contact_id], array[:'agent', :'somebody']::uuid[], 'asked again, who answers and who calls stay');
select results_eq(format('select admitted, assistant_version from private.call_records where call_id = %L', :'call'), 'values (true, 7)', 'and so does the version; it is let in');

-- Its language, and how it is reached.
select is(private.language_of(jsonb_populate_record(pg_temp.call(:'call'), j)), want, format('the language is %s', want))
from (values (jsonb_build_object('agent_id', :'agent'), 'en-GB'), (jsonb_build_object('org_id', :'other', 'agent_id', :'german'), 'de-AT'),
             (jsonb_build_object('agent_id', :'german'), 'en'), ('{"agent_id": null}', 'en')) as v (j, want);
select is(private.control_url_of(pg_temp.call(:'refused')), null, 'a call of which nobody has said where it is controlled is controlled nowhere');
select is(private.control_url_of(jsonb_populate_record(pg_temp.call(:'call'), jsonb_build_object('org_id', :'other'))), null, 'nor is another organisation''s');
create function pg_temp.line(p_call uuid, p_message jsonb) returns text language sql as $$
    select private.note_line(pg_temp.call(p_call), p_message, tests.now());
    select concat_ws(' ', c.provider_call_sid, l.control_url, l.call_sid) from public.calls c left join private.call_lines l on l.call_id = c.id where c.id = p_call $$;
update public.calls set provider_call_sid = null where id = :'call';
delete from private.call_lines where call_id = :'call';
select is(pg_temp.line(:'call', j::jsonb), want, j)
from (values
    ('{}', ''), ('{"call": {"monitor": {"controlUrl": "ftp://x"}}}', ''), ('{"call": {"monitor": {"controlUrl": 5}, "phoneCallProviderId": null}}', ''),
    ('{"call": {"monitor": {"controlUrl": " <https://c.example/1> "}}}', 'https://c.example/1'), ('{"call": {"phoneCallProviderId": "CA1"}}', 'CA1 https://c.example/1 CA1'),
    ('{"call": {"transport": {"callSid": "CA2"}, "monitor": {"controlUrl": "http://c.example/2"}}}', 'CA2 http://c.example/2 CA2'),
    ('{"call": {"monitor": {}}}', 'CA2 http://c.example/2 CA2')) as v (j, want);
select lives_ok(format('select pg_temp.line(%L, ''{}'')', :'refused'), 'a message that says nothing of it asks for no hold');
select tests.throws_code(format($$ select pg_temp.line(%L, '{"call": {"phoneCallProviderId": "CA1"}}') $$, :'refused'), 'call_not_found', 'a call that nothing is held for has no line');

-- What is held for it.
select is((private.hold_of_call(pg_temp.call(:'refused'))).id, null, 'nothing is held for a call that nobody asked to let in');
select is((private.hold_of_call(pg_temp.call(:'call'))).call_id, :'call'::uuid, 'what is held for one that was let in');
select is((private.hold_of_call(jsonb_populate_record(pg_temp.call(:'call'), jsonb_build_object('org_id', :'other')))).id, null, 'for no other organisation');
select tests.org() as third \gset
select tests.rung(:'third', 'h') as held \gset
select tests.insert_sample('public.credit_reservations', jsonb_build_object('org_id', :'third', 'call_id', :'held')) \gset
create function pg_temp.locked(p_org uuid) returns boolean[] language sql as $$
    select array[(select xmax::text <> '0' from public.credit_wallets where org_id = p_org), (select xmax::text <> '0' from public.credit_reservations where org_id = p_org)] $$;
select is(pg_temp.locked(:'third'), '{f,f}', 'a wallet and a hold that are nobody''s');
select private.hold_of_call(pg_temp.call(:'held')) as hold \gset
select is(pg_temp.locked(:'third'), '{t,t}', 'are the asker''s from then on');

select * from finish();
rollback;

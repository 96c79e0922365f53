-- A caller can be given all that is known of them, and be forgotten: in the record of their calls, in what Vapi sent, in what
-- the clinic was told; nobody else is.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(22);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org('Forget') as org, tests.org('Forget Else') as other \gset
select tests.admin(:'org') as admin \gset
select private.contact_of_number(:'org', '+447700900123', null, tests.now()) as jane,
       private.contact_of_number(:'org', '+447700900777', 'Bertram Otherwise', tests.now()) as bertram,
       private.contact_of_number(:'other', '+447700900123', 'Petronella Unforgettable', tests.now()) as theirs \gset
select tests.rung(:'org', 'hers', '{"to_number": "+442071230000"}') as call, tests.rung(:'org', 'his', '{"phone_number": "+447700900777", "from_number": "+447700900777"}') as his,
       tests.rung(:'other', 'theirs') as elsewhere \gset
create temporary table report as select j from (values ('{
    "startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-02T10:02:00Z", "endedReason": "customer-ended-call",
    "customer": {"number": "+447700900123", "name": "Petronella Unforgettable"}, "destination": {"number": "+442079990000"},
    "analysis": {"summary": "Petronella wants a facelift.", "structuredData": {"urgency": "critical", "sentiment": "positive"}},
    "artifact": {"transcript": "User: I am Petronella, my secret is a wart.", "recordingUrl": "https://storage.example.com/a.wav"}}'::jsonb)) as r (j);
grant select on report to public;
insert into private.tool_runs (org_id, call_id, tool_call_id, tool_name, arguments, result, ok)
values (:'org', :'call', 't', 'takeMessage', '{"name": "Petronella Unforgettable", "phone": "+447700900123"}', 'Thank you, Petronella Unforgettable.', true);
insert into private.webhook_inbox (provider, event_id, body, next_attempt_at, received_at, org_id, answer)
select 'vapi', 'forget ' || o, convert_to(jsonb_build_object('message', r.j)::text, 'UTF8'), now(), now(), o::uuid, '{"say": "Hello Petronella!"}'
from report r, unnest(array[:'org', :'other']) as o;
select tests.booked_for(:'org', jsonb_build_object('contact_id', :'jane', 'title', 'Petronella Unforgettable: facelift', 'notes', 'Has a wart.', 'description', 'Wart.')) as appointment \gset
select (tests.recorded(:'call', (select j from report))).caller_name, (tests.recorded(:'elsewhere', (select j from report))).id as elsewhere,
       (tests.recorded(:'his', '{"startedAt": "2026-03-02T10:00:00Z", "artifact": {"transcript": "User: I am Bertram."}}')).id as his \gset
insert into public.messages (org_id, contact_id, call_id, direction, method, purpose, recipient, content)
values (:'org', :'jane', :'call', 'out', 'sms', 'followup', '+447700900123', 'Dear Petronella, about the wart');
select tests.as_user(:'admin');
select set_has(
    format($$ select t.key from jsonb_each(public.export_data('contact', %L) -> 'tables') as t where jsonb_array_length(t.value) > 0 $$, :'jane'),
    $$ values ('public.contacts'), ('public.calls'), ('public.appointments'), ('public.messages'), ('public.hot_lead_alerts') $$,
    'a caller is given what is known of them');
select is((select count(*) from jsonb_array_elements(public.export_data('contact', :'jane') #> '{tables,public.calls}') as c), 1::bigint, 'their calls');
select ok((public.export_data('contact', :'jane'))::text !~ 'Bertram', 'and nobody else''s');
select tests.throws_code(format($$ select public.export_data('contact', %L) $$, :'theirs'), 'person_not_found', 'another organisation''s caller is not there');
select tests.throws_code(format($$ select * from public.erase_personal_data('contact', %L) $$, :'theirs'), 'person_not_found', 'to forget either');
select set_has(
    format($$ select table_name from public.erase_personal_data('contact', %L) $$, :'jane'),
    $$ values ('public.contacts'), ('public.calls'), ('public.appointments'), ('public.messages'), ('private.tool_runs'), ('private.webhook_inbox') $$,
    'it answers where something was erased');
select tests.as_owner();

create function pg_temp.traces(p_org uuid, p_value text) returns setof text language plpgsql as $$
declare v_table regclass; v_found boolean;
begin
    for v_table in select c.oid::regclass from pg_class c
                   where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p') and not c.relispartition
                     and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id')
    loop
        execute format('select exists (select from %s t where t.org_id = $1 and (to_jsonb(t)::text ilike $2 or to_jsonb(t)::text ilike $3))', v_table)
        into v_found using p_org, '%' || p_value || '%', '%' || encode(convert_to(p_value, 'UTF8'), 'hex') || '%';
        if v_found then return next v_table::text; end if;
    end loop;
end $$;
select is_empty(format('select pg_temp.traces(%L, %L)', :'org', '+447700900123'), 'the number stands nowhere any more');
select is_empty(format('select pg_temp.traces(%L, %L)', :'org', 'Petronella'), 'nor the name');
select is_empty(format('select pg_temp.traces(%L, %L)', :'org', 'Unforgettable'), 'nor a part of it');
select results_eq(format('select transcript, summary, caller_name, phone_number, recording_url, turns, outcome from public.calls where id = %L', :'call'),
    $$ values (null::text, null::text, null::text, null::text, null::text, '[]'::jsonb, null::text) $$, 'what was said, what it was about and where the voice is are gone');
select results_eq(format('select status, duration_seconds, ended_reason, booking_confirmed from public.calls where id = %L', :'call'),
    $$ values ('completed', 120, 'customer-ended-call', true) $$, 'that there was a call, and how long, is kept for the bill');
select is((select from_number || ' ' || to_number from public.calls where id = :'call'), '[erased] +442071230000', 'the clinic''s own number is its own');
select is((select notes from public.appointments where id = :'appointment'), null, 'what was noted of them is gone');
select is((select content from public.messages where org_id = :'org' and purpose = 'followup'), '[erased]', 'so is what they were written');
select is((select recipient from public.messages where org_id = :'org' and purpose = 'followup'), '[erased]', 'and where to');
select ok((select jsonb_typeof(convert_from(body, 'UTF8')::jsonb) = 'object' from private.webhook_inbox where event_id = 'forget ' || :'org'), 'what Vapi sent is still what it was, without them');
select is((select transcript from public.calls where id = :'his'), 'User: I am Bertram.', 'other callers are not forgotten');
select is((select first_name from public.contacts where id = :'bertram'), 'Bertram', 'nor their names');
select is((select transcript from public.calls where id = :'elsewhere'), 'User: I am Petronella, my secret is a wart.', 'nor what another organisation knows of the same number');
select isnt_empty(format('select pg_temp.traces(%L, %L)', :'other', '+447700900123'), 'anywhere');
select tests.as_user(:'admin');
select lives_ok(format($$ select * from public.erase_personal_data('contact', %L) $$, :'jane'), 'doing it again harms nothing');
select tests.as_owner();
select is((select tests.recorded(:'call', '{"endedReason": "customer-ended-call", "cost": 1}')).caller_name, null, 'and a late word of the call does not bring the name back');

select * from finish();
rollback;

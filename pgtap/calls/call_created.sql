-- What becomes of a call that was asked for, and of a caller who was to be passed on.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(31);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.answering() as org, tests.answering('+442071230009') as other \gset
select tests.let_in('c1', tests.now()) as call \gset
create function pg_temp.call(p_id uuid) returns public.calls language sql stable as $$ select c from public.calls c where c.id = p_id $$;

-- One that was asked for.
create function pg_temp.asked(p_org uuid, p_name text, p_vapi text default null) returns uuid language plpgsql as $$
declare
    v_id constant uuid := tests.rung(p_org, p_name, jsonb_build_object('vapi_call_id', p_vapi, 'call_direction', 'outbound'));
begin
    perform private.reserve_call_credits(p_org, v_id, p_now => tests.now());
    return v_id;
end $$;
create function pg_temp.created(p_call uuid, p_outcome text, p_result jsonb default null) returns text language sql as $$
    select private.call_created(jsonb_build_object('payload', jsonb_build_object('call_id', p_call), 'ended_at', tests.now() + interval '1 minute'), p_outcome, p_result);
    select concat_ws(' ', c.status, c.vapi_call_id, c.provider_call_sid, c.ended_reason, r.status, r.vapi_call_id, l.control_url, l.call_sid) from public.calls c
    join public.credit_reservations r on r.call_id = c.id left join private.call_lines l on l.call_id = c.id where c.id = p_call $$;
create function pg_temp.why(p_call uuid) returns text language sql stable as $$
    select e.payload ->> 'reason' from private.events e where e.kind = 'call.released' and e.payload ->> 'call_id' = p_call::text $$;
select pg_temp.asked(:'org', 'a1') as a1, pg_temp.asked(:'org', 'a2') as a2, pg_temp.asked(:'org', 'a3') as a3 \gset
select is(pg_temp.created(:'a1', 'done', '{"vapi_call_id": "v1", "call_sid": "CA9", "control_url": "https://c.example/9"}'),
    'pending v1 CA9 active v1 https://c.example/9 CA9', 'Vapi has the call, and how it is reached is kept');
select is((select org_id from private.directory where kind = 'vapi_call' and key = 'v1'), :'org'::uuid, 'it is this organisation''s, for ever');
select is(pg_temp.created(:'a1', 'done', '{"vapi_call_id": "v1", "call_sid": "CA8"}'), 'pending v1 CA9 active v1 https://c.example/9 CA8', 'what Vapi told of it meanwhile stands');
select is(pg_temp.created(:'a1', 'dead'), 'pending v1 CA9 active v1 https://c.example/9 CA8', 'one that is there after all goes on');
select is(pg_temp.created(:'a2', 'refused', '{"refused": "no such number"}'), 'failed call-not-placed released', 'one that was refused has failed, and its hold is given back');
select is(pg_temp.why(:'a2'), 'no such number', 'for the reason that Vapi gave');
select is(pg_temp.created(:'a3', 'dead'), 'failed call-not-placed released', 'so has one of which nothing was heard');
select is(pg_temp.why(:'a3'), 'dead', 'whatever is known of why');
select pg_temp.asked(:'org', 'a4') as a4, pg_temp.asked(:'org', 'a5') as a5 \gset
select is(pg_temp.created(:'a4', 'done', '{}'), 'failed call-not-placed released', 'or that Vapi gave no name');
select is(pg_temp.created(:'a5', 'done', '{"vapi_call_id": "v1"}'), 'failed call-not-placed released', 'one that Vapi takes for another is not placed twice');
select is(pg_temp.why(:'a5'), 'known_as_another', 'which is why');
insert into private.directory (kind, key, org_id) values ('vapi_call', 'v9', :'other');
select throws_ok(format($$ select pg_temp.created(%L, 'done', '{"vapi_call_id": "v9"}') $$, :'a4'), 'XX000', null, 'another organisation''s call is never taken');
select tests.throws_code(format($$ select pg_temp.created(%L, 'done', '{"vapi_call_id": "v8"}') $$, gen_random_uuid()), 'call_not_found', 'nor one that nobody knows');

-- Passed on, and not.
update public.calls set transfer_to = '+442071230005', transfer_time = tests.now(), transfer_reason = 'Pain' where id in (:'call', :'a1');
update public.calls set ended_at = tests.now() where id = :'a1';
create function pg_temp.passed(p_call uuid, p_outcome text, p_number text default '+442071230005', p_org uuid default null) returns text language sql as $$
    select private.transfer_answered(jsonb_build_object('ended_at', tests.now() + interval '1 minute', 'payload', jsonb_build_object(
        'org_id', coalesce(p_org, (pg_temp.call(p_call)).org_id), 'call_id', p_call, 'number', p_number, 'control_url', 'https://c.example/1')), p_outcome, null);
    select concat_ws(' ', c.transfer_to, c.transfer_time, c.transfer_reason,
    (select count(*) from private.effects e where e.kind = 'vapi.say' and e.payload ->> 'call_id' = c.id::text)) from public.calls c where c.id = p_call $$;
select is(pg_temp.passed(c, o, n, g), '+442071230005 2026-03-02 10:00:00+00 Pain 0', what)
from (values (:'call'::uuid, 'done', '+442071230005', null::uuid, 'a transfer that worked stays'), (:'call', 'refused', '+442071230006', null, 'so does one to another number'),
             (:'call', 'dead', '+442071230005', :'other', 'or in another organisation''s name'),
             (:'a1', 'dead', '+442071230005', null, 'and one of a call that has ended')) as v (c, o, n, g, what);
select is(pg_temp.passed(:'call', 'dead'), '1', 'one that failed is none any more, and was for no reason');
select results_eq(format($$ select org_id, payload, run_at from private.effects where kind = 'vapi.say' and payload ->> 'call_id' = %L $$, :'call'),
    format($$ values (%L::uuid, %L::jsonb, tests.now() + interval '1 minute') $$, :'org',
    jsonb_build_object('org_id', :'org', 'call_id', :'call', 'control_url', 'https://c.example/1', 'text', private.say('transfer_failed', 'en'))),
    'and the caller is told so, and asked for a message');

-- No money, no line.
select tests.refuses_code(format($$ select private.refuse_placing(jsonb_populate_record(null::private.call_admission, '{"reason": "%s"}')) $$, reason), code, reason)
from (values ('wallet_suspended', 'wallet_suspended'), ('insufficient_balance', 'insufficient_balance'), ('monthly_cap_reached', 'monthly_cap_reached'),
    ('cap_too_small', 'cap_too_small'),
             ('too_many_calls', 'too_many_calls'), ('organization_suspended', 'account_suspended')) as v (reason, code);
select is(private.refuse_placing(jsonb_populate_record(null::private.call_admission, jsonb_build_object('reason', r.reason))) ->> 'error', r.told,
    r.reason || ' is told in the clinic''s words')
from private.refusal_reasons r where r.reason in ('wallet_suspended', 'insufficient_balance', 'monthly_cap_reached', 'cap_too_small', 'too_many_calls', 'organization_suspended');

select * from finish();
rollback;

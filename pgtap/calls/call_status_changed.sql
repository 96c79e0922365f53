-- Being answered starts a call's clock and its end settles it, in whatever order that is heard.
begin;
select plan(22);

select tests.freeze_time('2026-03-02 10:00+00');
create temporary table o as select tests.answering() as id;
create temporary table c as select tests.let_in('c1', tests.now()) as id;
create function pg_temp.status(p_call text, p_status text, p_at timestamptz, p_more jsonb default '{}') returns void
language sql as $$
    select tests.hear_vapi(tests.vapi_message('status-update', p_call, jsonb_build_object(
        'status', p_status, 'timestamp', extract(epoch from p_at) * 1000) || p_more), tests.now());
$$;

select pg_temp.status('c1', 'ringing', tests.now());
select is((select status from public.calls where id = (select id from c)), 'pending', 'a call that rings waits');
select pg_temp.status('c1', 'in-progress', tests.now() + interval '4 seconds');
select results_eq($$ select status, started_at from public.calls where id = (select id from c) $$,
    $$ values ('in_progress', tests.now() + interval '4 seconds') $$, 'answered, it is under way');
select is((select started_at from public.credit_reservations where call_id = (select id from c)),
    tests.now() + interval '4 seconds', 'and its clock runs');
select pg_temp.status('c1', 'ended', tests.now() + interval '64 seconds', '{"endedReason": "customer-ended-call"}');
select results_eq($$ select status, ended_reason, cost_cents from public.calls where id = (select id from c) $$,
    $$ values ('completed', 'customer-ended-call', 56::bigint) $$, 'ended, it is settled by start and end');
select is((select balance_pence from public.credit_wallets where org_id = (select id from o)), 2444::bigint, 'once');
select is((select count(*) from private.events where org_id = (select id from o) and kind in ('call.answered', 'call.ended')),
    2::bigint, 'screens hear of both');

create temporary table c2 as select tests.let_in('c2', tests.now()) as id;
select pg_temp.status('c2', 'ended', tests.now() + interval '60 seconds');
select is((select status from public.calls where id = (select id from c2)), 'failed', 'an end without a beginning never connected');
select pg_temp.status('c2', 'in-progress', tests.now());
select results_eq($$ select status, cost_cents from public.calls where id = (select id from c2) $$,
    $$ values ('completed', 56::bigint) $$, 'until the beginning is heard of');

create temporary table c3 as select tests.let_in('c3', tests.now()) as id;
select pg_temp.status('c3', 'ended', tests.now() + interval '30 seconds', '{"endedReason": "customer-did-not-answer"}');
select results_eq($$ select k.status, r.settled_at is not null from public.calls k join public.credit_reservations r on r.call_id = k.id
    where k.id = (select id from c3) $$, $$ values ('failed', true) $$, 'nobody answered: settled at once');
select is((select cost_cents from public.calls where id = (select id from c3)), 0::bigint, 'and it costs nothing');

select pg_temp.status('c4', 'in-progress', tests.now());
select results_eq($$ select k.status, r.reserved_pence from public.calls k join public.credit_reservations r on r.call_id = k.id
    where k.vapi_call_id = 'c4' $$, $$ values ('in_progress', 280::bigint) $$,
    'a call nobody asked us about is held for like any other');
select is((select control_url from private.call_lines l join public.calls k on k.id = l.call_id where k.vapi_call_id = 'c4'),
    'https://control.example/c4', 'and can be reached');
select is((select r.end_requested_at from public.credit_reservations r where r.vapi_call_id = 'c4'), null, 'it goes on');

create temporary table poor as select tests.answering('+442071230002', 50) as id;
select tests.hear_vapi(tests.vapi_message('status-update', 'c5', '{"status": "in-progress"}', '+442071230002'), tests.now());
select results_eq($$ select r.end_reason, r.reserved_pence from public.credit_reservations r
    where r.org_id = (select id from poor) $$, $$ values ('not_admitted', 0::bigint) $$, 'one that cannot be paid for is ended');
select is((select e.payload ->> 'control_url' from private.effects e where e.org_id = (select id from poor)
           and e.kind = 'vapi.end_call'), 'https://control.example/c5', 'by the line it came on');
select is(tests.hear_vapi(tests.vapi_message('assistant-request', 'c5', '{}', '+442071230002'), tests.now()) ? 'error', true,
    'and let in no more when the question comes late');
select tests.hear_vapi(tests.vapi_message('status-update', 'c5', jsonb_build_object('status', 'ended',
    'timestamp', extract(epoch from tests.now() + interval '5 seconds') * 1000), '+442071230002'), tests.now());
select is((select cost_cents from public.calls where vapi_call_id = 'c5'), 5::bigint, 'the seconds it had are charged');

select pg_temp.status('c6', 'ended', tests.now() + interval '10 seconds');
select results_eq($$ select status, cost_cents from public.calls where vapi_call_id = 'c6' $$, $$ values ('failed', 0::bigint) $$,
    'of a call that only its end is known of, nothing is charged yet');
select ok((select next_poll_at from public.credit_reservations where vapi_call_id = 'c6') is not null,
    'the provider is asked about it');

select lives_ok($$ select pg_temp.status('c1', 'a-new-status', tests.now()) $$, 'a status nobody knows does no harm');
select lives_ok($$ select tests.hear_vapi(tests.vapi_message('status-update', 'c1', '{"status": null}'), tests.now()) $$,
    'neither does none');
select lives_ok($$ select tests.hear_vapi('{"type": "status-update", "status": "ended", "call": {"id": "stranger"}}', tests.now()) $$,
    'nor word of a call that is nobody''s');

select * from finish();
rollback;

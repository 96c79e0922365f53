begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(8);

select tests.org('Smile') as org \gset
create function pg_temp.planted(p_org uuid, p_last integer, p_status text, p_age interval, p_expires_in interval default null) returns uuid language sql as $$
    insert into public.verified_caller_ids (org_id, phone_number, status, verification_code_expires_at, updated_at)
    values (p_org, '+44770090' || (1000 + p_last), p_status, now() + p_expires_in, now() - p_age) returning id;
$$;
create function pg_temp.left_of(p_org uuid) returns text language sql as $$
    select string_agg(right(phone_number, 2) || ' ' || status, ', ' order by phone_number) from public.verified_caller_ids where org_id = p_org;
$$;
select pg_temp.planted(:'org', 1, 'pending', '20 minutes', '-10 minutes'), pg_temp.planted(:'org', 2, 'pending', '19 minutes', '-9 minutes 59 seconds'),
       pg_temp.planted(:'org', 3, 'pending', '20 minutes'), pg_temp.planted(:'org', 4, 'pending', '19 minutes'),
       pg_temp.planted(:'org', 5, 'failed', '24 hours'), pg_temp.planted(:'org', 6, 'failed', '23 hours 59 minutes'),
       pg_temp.planted(:'org', 7, 'expired', '24 hours'), pg_temp.planted(:'org', 8, 'expired', '23 hours 59 minutes'),
       pg_temp.planted(:'org', 9, 'expired', '25 hours') as forwarding, pg_temp.planted(:'org', 10, 'expired', '25 hours') as given_up,
       pg_temp.planted(:'org', 11, 'pending', '25 hours') as running,
       tests.verified_phone(:'org', '+447700900212', now() - interval '1 year') \gset
insert into public.hybrid_forwarding_configs (
    org_id, verified_caller_id, sim_phone_number, forwarding_type, carrier, twilio_forwarding_number, generated_activation_code, generated_deactivation_code, status)
values (:'org', :'forwarding', '+447700900009', 'total_ai', 'ee', '+442071230009', '**21*+442071230009#', '##21#', 'active'),
       (:'org', :'given_up', '+447700900010', 'total_ai', 'ee', '+442071230009', '**21*+442071230009#', '##21#', 'disabled');
update public.verified_caller_ids set effect_id = private.enqueue_effect(:'org', 'twilio.request_caller_id', '{}') where id = :'running';
insert into private.caller_id_codes (org_id, verified_caller_id, verification_code_hash) select org_id, id, '$2a$04$x' from public.verified_caller_ids where org_id = :'org' and status = 'pending';
insert into private.caller_id_initiations (phone_number, recent) values ('+447700901234', array[now() - interval '1 hour']), ('+447700901235', array[now() - interval '2 hours', now() - interval '59 minutes']);

select is(private.cleanup_caller_ids(), 3, 'what failed or expired a day ago goes');
select is(pg_temp.left_of(:'org'), '12 verified, 01 expired, 02 pending, 03 expired, 04 pending, 06 failed, 08 expired, 09 expired, 11 pending',
    'pending ones expire ten minutes after their code; what forwards, what is under way and what is verified stays');
select is(count(*), 3::bigint, 'a verification that expired has no code') from private.caller_id_codes where org_id = :'org';
select results_eq($$ select phone_number from private.caller_id_initiations where phone_number like '+4477009012%' $$, $$ values ('+447700901235') $$, 'phones not called within the hour are forgotten');
select is(private.cleanup_caller_ids(), 0, 'once more, there is nothing to do');
select is(private.cleanup_caller_ids(now() + interval '25 hours'), 4, 'a day later they go too, and the rest expires');
select is(pg_temp.left_of(:'org'), '12 verified, 02 expired, 04 expired, 09 expired, 11 pending', 'what is in use stays');
select results_eq($$ select daily_at::text, enabled from private.schedules where function = 'cleanup_caller_ids' $$, $$ values ('04:10:00', true) $$, 'it runs every day');

select * from finish();
rollback;

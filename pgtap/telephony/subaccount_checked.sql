begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(14);

select tests.funded(2000) as org, tests.funded(1000) as other \gset
select '2026-11-21 12:00+00' as then, '2026-11-22 04:10+00' as next \gset
select tests.bought_number(:'org', 'inbound', '+442071230001', :'then') \g /dev/null
select tests.bought_number(:'other', 'inbound', '+442071230002', :'then') \g /dev/null
select s.subaccount_sid as sid from private.twilio_subaccounts s where s.org_id = :'org' \gset
-- How the subaccount stands, how often an operator was told, and how often the screens.
create function pg_temp.stands(p_org uuid) returns text language sql as $$
    select concat_ws(' ',
        (select s.status from private.twilio_subaccounts s where s.org_id = p_org),
        (select coalesce(sum(1 + a.suppressed), 0) from private.alerts a where a.org_id = p_org and a.kind = 'subaccount_inactive'),
        (select count(*) from private.events e where e.org_id = p_org and e.kind = 'integration.changed'));
$$;

select private.subaccount_checked(:'org', :'sid', true, null, :'next') \g /dev/null
select is(pg_temp.stands(:'org'), 'active 0 0', 'a subaccount that works is no news');
select is((select s.updated_at from private.twilio_subaccounts s where s.org_id = :'org'), :'next'::timestamptz, 'but it was looked at');
select private.subaccount_checked(:'org', :'sid', false, 'Account suspended.', '2026-11-23 04:10+00') \g /dev/null
select is(pg_temp.stands(:'org'), 'suspended 1 1', 'one that works no more is told to the operator and to open screens');
select private.subaccount_checked(:'org', :'sid', false, 'Account suspended.', '2026-11-24 04:10+00') \g /dev/null
select is(pg_temp.stands(:'org'), 'suspended 1 1', 'once, not each night');
select is((private.telephony_account_of(:'org')).sid, :'sid', 'it stays the account that acts: what it has must be given back with it');
select private.subaccount_checked(:'org', :'sid', true, null, '2026-11-22 12:00+00') \g /dev/null
select is(pg_temp.stands(:'org'), 'suspended 1 1', 'an answer older than the last one changes nothing');
select private.subaccount_checked(:'org', 'AC' || repeat('9', 32), true, null, '2026-11-25 04:10+00') \g /dev/null
select is(pg_temp.stands(:'org'), 'suspended 1 1', 'nor does one about another subaccount');
select private.subaccount_checked(:'org', :'sid', true, null, '2026-11-26 04:10+00') \g /dev/null
select is(pg_temp.stands(:'org'), 'active 1 2', 'when it works again, screens hear of it');
select is(pg_temp.stands(:'other'), 'active 0 0', 'another organisation''s was never meant');
update private.twilio_subaccounts s set status = 'closed' where s.org_id = :'org';
select private.subaccount_checked(:'org', :'sid', true, null, '2026-11-27 04:10+00') \g /dev/null
select is(pg_temp.stands(:'org'), 'closed 1 2', 'a closed one stays closed');

-- A number is sold to an organisation once.
select tests.throws_code(format('select private.check_number_is_new(%L, %L)', :'org', '+442071230001'), 'number_taken', 'what it has it cannot buy');
select lives_ok(format('select private.check_number_is_new(%L, %L)', :'other', '+442071230001'), 'whether another may is for Twilio to say');
select lives_ok(format('select private.check_number_is_new(%L, null)', :'org'), 'any number is not a certain one');
update public.managed_phone_numbers n set status = 'released', released_at = :'next' where n.org_id = :'org';
select lives_ok(format('select private.check_number_is_new(%L, %L)', :'org', '+442071230001'), 'what it gave back it may buy again');

select * from finish();
rollback;

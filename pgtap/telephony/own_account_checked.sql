begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(24);

update private.email_settings set app_url = 'https://app.example.test' where singleton;
select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'admin') as second, tests.user(:'org', 'manager') as manager \gset
select tests.connected_account(:'org', '+442071230001', '2026-11-20 09:00+00') as credential \gset
create function pg_temp.checked(p_org uuid, p_outcome text, p_result jsonb, p_now timestamptz) returns void language plpgsql as $$
begin
    perform private.own_account_checked(tests.carried_out(p_org, 'twilio.check_account', p_now), p_outcome, p_result);
end $$;
create function pg_temp.state(p_org uuid) returns text language sql as $$
    select concat_ws(' ', i.status, to_char(i.last_checked_at, 'MM-DD'), i.last_error, o.telephony_mode, c.is_active)
    from public.integrations i join public.organizations o on o.id = i.org_id left join private.org_credentials c on c.org_id = i.org_id and c.type = 'default'
    where i.org_id = p_org and i.provider = 'twilio';
$$;
create function pg_temp.emails(p_org uuid) returns bigint language sql as $$
    select count(*) from private.emails where org_id = p_org and template = 'twilio_broken';
$$;
create function pg_temp.tried(p_org uuid) returns bigint language sql as $$ select tests.ordered(p_org, 'twilio.check_account'); $$;

-- Once a day.
select private.check_twilio_accounts('2026-11-21 07:59+00') \g /dev/null
select is(pg_temp.tried(:'org'), 0::bigint, 'an account is not tried before a day has passed');
select is(private.check_twilio_accounts('2026-11-21 08:00+00'), '1 Twilio accounts to try', 'then it is');
select is((select e.payload from private.effects e where e.org_id = :'org' and e.kind = 'twilio.check_account'),
    jsonb_build_object('org_id', :'org', 'credential_id', :'credential', 'phone_number', '+442071230001',
        'account', jsonb_build_object('org_id', :'org', 'sid', 'AC' || md5(:'org'), 'type', 'default')), 'with nothing secret in the question');
select ok((select e.run_at between '2026-11-21 08:00+00' and '2026-11-21 09:00+00' from private.effects e where e.org_id = :'org' and e.kind = 'twilio.check_account'), 'within the hour, at a moment of the organisation''s own');
select private.check_twilio_accounts('2026-11-21 09:00+00') \g /dev/null
select is(pg_temp.tried(:'org'), 1::bigint, 'one try at a time');

-- It works; nobody could say; it does not.
select pg_temp.checked(:'org', 'done', '{"account_name": "Own account"}', '2026-11-21 10:00+00');
select is(pg_temp.state(:'org'), 'connected 11-21 byoc t', 'an account that works says when that was seen');
select is((select last_verified_at from private.org_credentials where id = :'credential'), '2026-11-21 10:00+00'::timestamptz, 'and so do its keys');
select pg_temp.checked(:'org', 'dead', null, '2026-11-22 10:00+00');
select pg_temp.checked(:'org', 'refused', null, '2026-11-22 10:00+00');
select is(pg_temp.state(:'org'), 'connected 11-21 byoc t', 'no answer is no news');
select pg_temp.checked(:'org', 'done', '{"refused": "twilio_account_inactive", "said": "suspended"}', '2026-11-22 10:00+00');
select is(pg_temp.state(:'org'), 'error 11-22 This Twilio account is suspended or closed. Whoever owns it finds out why in Twilio''s console. byoc t', 'a refusal says why, and the account stays the one that acts');
select is((select last_verified_at from private.org_credentials where id = :'credential'), '2026-11-21 10:00+00'::timestamptz, 'its keys were not seen to work');
select is(pg_temp.emails(:'org'), 2::bigint, 'every admin is written to, nobody else');
select ok(bool_and(e.subject = 'The Twilio account of Smile no longer works' and e.text like '%Own account for +442071230001. This Twilio account is suspended%'), 'what broke, and what to do')
from private.emails e where e.org_id = :'org' and e.template = 'twilio_broken';
select is((select count(*) from private.events e where e.org_id = :'org' and e.kind = 'integration.changed' and e.payload ->> 'status' = 'error'), 1::bigint, 'open screens hear of it');

-- It stays broken, works again, breaks again.
delete from private.effects e where e.org_id = :'org' and e.kind = 'twilio.check_account';
select private.check_twilio_accounts('2026-11-23 10:00+00') \g /dev/null
select is(pg_temp.tried(:'org'), 1::bigint, 'a broken account is tried as well: it may be paid for again');
select pg_temp.checked(:'org', 'done', '{"refused": "twilio_credentials_wrong"}', '2026-11-23 10:00+00');
select is(pg_temp.emails(:'org'), 2::bigint, 'as long as it is broken nobody is written to again');
select is(pg_temp.state(:'org'), 'error 11-23 Twilio does not accept this account SID with this auth token. byoc t', 'the newest reason is the one to see');
select pg_temp.checked(:'org', 'done', '{"account_name": "Own account"}', '2026-11-24 10:00+00');
select is(pg_temp.state(:'org'), 'connected 11-24 byoc t', 'it works again');
select pg_temp.checked(:'org', 'done', '{"refused": "unheard_of"}', '2026-11-25 10:00+00');
select is(pg_temp.emails(:'org'), 4::bigint, 'the next time it breaks is another time');
select is(pg_temp.state(:'org'), 'error 11-25 Twilio no longer accepts this account. byoc t', 'for whatever reason');

-- Word about an account that was let go.
select tests.as_user(:'admin');
select public.disconnect_twilio() \g /dev/null
select tests.as_owner();
select pg_temp.checked(:'org', 'done', '{"refused": "twilio_credentials_wrong"}', '2026-11-26 10:00+00');
select is((select status from public.integrations where org_id = :'org' and provider = 'twilio'), 'disconnected', 'word that comes after it was disconnected changes nothing');
select is(pg_temp.emails(:'org'), 4::bigint, 'and is told to nobody');
delete from private.effects e where e.kind = 'twilio.check_account' and e.org_id = :'org';
select private.check_twilio_accounts('2026-12-24 10:00+00') \g /dev/null
select is(pg_temp.tried(:'org'), 0::bigint, 'and it is tried no more');
select is((select last_verified_at from private.org_credentials where org_id = :'other'), null, 'nobody else is touched');
select tests.connected_account(:'other', '+442071230002', '2026-11-01');
update public.organizations set suspended_at = '2026-11-02' where id = :'other';
select private.check_twilio_accounts('2026-12-24 10:00+00') \g /dev/null
select is(pg_temp.tried(:'other'), 0::bigint, 'nor is that of a suspended organisation');

select * from finish();
rollback;

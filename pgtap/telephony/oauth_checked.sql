begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(31);

update private.email_settings set app_url = 'https://app.example.test' where singleton;
select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'admin') as second, tests.user(:'org', 'manager') as manager \gset
select tests.freeze_time('2026-11-20 09:00:00+00') \g /dev/null
create function pg_temp.connected(p_org uuid, p_provider text, p_now timestamptz) returns uuid language plpgsql as $$
begin
    perform private.connect_calendar(p_org, p_provider, p_provider || '@clinic.example', decode(repeat('ab', 60), 'hex'), 3, p_now);
    return (select id from private.org_credentials where org_id = p_org and provider = p_provider);
end $$;
create function pg_temp.checked(p_org uuid, p_outcome text, p_result jsonb, p_now timestamptz) returns void language plpgsql as $$
begin
    perform private.oauth_checked(tests.carried_out(p_org, 'oauth.check', p_now), p_outcome, p_result);
    delete from private.effects where org_id = p_org and kind = 'oauth.check';
end $$;
create function pg_temp.emails(p_org uuid) returns bigint language sql as $$
    select count(*) from private.emails where org_id = p_org and template = 'calendar_broken';
$$;
select pg_temp.connected(:'org', 'google', tests.now()) as google \gset

-- Once a day.
select private.check_calendars(tests.now() + interval '22 hours');
select is(count(*), 0::bigint, 'a calendar is not tried before a day has passed') from private.effects where org_id = :'org' and kind = 'oauth.check';
select private.check_calendars(tests.now() + interval '23 hours');
select results_eq(
    format($$ select payload from private.effects where org_id = %L and kind = 'oauth.check' $$, :'org'),
    format($$ values (jsonb_build_object('org_id', %L, 'provider', 'google', 'credential_id', %L)) $$, :'org', :'google'), 'then its token is tried');
select ok(bool_and(run_at between tests.now() + interval '23 hours' and tests.now() + interval '24 hours'), 'within the hour, at a moment of the organisation''s own')
from private.effects where org_id = :'org' and kind = 'oauth.check';
select private.check_calendars(tests.now() + interval '24 hours');
select is(count(*), 1::bigint, 'one try at a time') from private.effects where org_id = :'org' and kind = 'oauth.check';

-- It works.
select pg_temp.checked(:'org', 'done', '{"healthy": true}', tests.now() + interval '1 day');
select results_eq(
    format($$ select c.last_verified_at, c.key_version, i.last_checked_at, i.status from private.org_credentials c join public.integrations i using (org_id, provider) where c.org_id = %L $$, :'org'),
    $$ values (tests.now() + interval '1 day', 3, tests.now() + interval '1 day', 'connected') $$, 'a token that works says when that was seen');
select private.check_calendars(tests.now() + interval '1 day 1 hour');
select is(count(*), 0::bigint, 'and is left alone for another day') from private.effects where org_id = :'org' and kind = 'oauth.check';

-- Microsoft hands out a new one each time.
select pg_temp.connected(:'org', 'outlook', tests.now()) as outlook \gset
select private.check_calendars(tests.now() + interval '1 day 2 hours');
select pg_temp.checked(:'org', 'done', jsonb_build_object('healthy', true, 'sealed', replace(encode(decode(repeat('cd', 60), 'hex'), 'base64'), E'\n', ''), 'key_version', 4), tests.now() + interval '1 day 2 hours');
select results_eq(
    format($$ select encrypted_config, key_version from private.org_credentials where org_id = %L and provider = 'outlook' $$, :'org'),
    $$ values (decode(repeat('cd', 60), 'hex'), 4) $$, 'a new token takes the old one''s place');
select is(encrypted_config, decode(repeat('ab', 60), 'hex'), 'and nobody else''s') from private.org_credentials where org_id = :'org' and provider = 'google';

-- A passing failure.
select private.check_calendars(tests.now() + interval '2 days');
delete from private.effects where org_id = :'org' and payload ->> 'provider' = 'outlook' and kind = 'oauth.check';
select pg_temp.checked(:'org', o, null, tests.now() + interval '2 days') from unnest(array['dead', 'refused']) as o;
select results_eq(
    format($$ select i.status, i.last_error, i.last_checked_at, c.is_active from private.org_credentials c join public.integrations i using (org_id, provider) where c.org_id = %L and provider = 'google' $$, :'org'),
    $$ values ('connected', null::text, tests.now() + interval '1 day', true) $$, 'a provider that does not answer changes nothing');
select is(pg_temp.emails(:'org'), 0::bigint, 'and nobody is written to');
select private.check_calendars(tests.now() + interval '2 days 1 hour');
select is(count(*), 1::bigint, 'it is tried again in the next hour') from private.effects where org_id = :'org' and kind = 'oauth.check' and payload ->> 'provider' = 'google';

-- Revoked.
delete from private.effects where org_id = :'org' and payload ->> 'provider' = 'outlook' and kind = 'oauth.check';
select pg_temp.checked(:'org', 'done', '{"healthy": false, "reason": "invalid_grant"}', tests.now() + interval '2 days 1 hour');
select results_eq(
    format($$ select i.status, i.last_error, i.account_label, c.is_active from private.org_credentials c join public.integrations i using (org_id, provider) where c.org_id = %L and provider = 'google' $$, :'org'),
    $$ values ('error', 'Google Calendar no longer lets us in: access was withdrawn or has run out. Please connect it again.', 'google@clinic.example', false) $$,
    'a token that was revoked is an error, in words');
select is(count(*), 1::bigint, 'screens hear of it') from private.events where org_id = :'org' and payload @> '{"provider": "google", "status": "error"}';
select results_eq(
    format($$ select p.id from private.emails e join public.profiles p on lower(p.email) = lower(e.recipient) where e.org_id = %L and e.template = 'calendar_broken' order by 1 $$, :'org'),
    format($$ select id from (values (%L::uuid), (%L::uuid)) as v (id) order by 1 $$, :'admin', :'second'), 'every admin is written to, and nobody else');
select ok(text like '%Google Calendar%google@clinic.example%https://app.example.test/dashboard/integrations%', 'with what happened and where to mend it')
from private.emails where org_id = :'org' and template = 'calendar_broken' limit 1;
select is(status, 'connected', 'the other calendar works on') from public.integrations where org_id = :'org' and provider = 'outlook';

-- Once for each breakage.
select private.calendar_broken(:'org', :'google', tests.now() + interval '2 days 2 hours');
select is(pg_temp.emails(:'org'), 2::bigint, 'whoever else finds it dead writes to nobody');
select private.check_calendars(tests.now() + interval '5 days');
select is(count(*), 0::bigint, 'a dead token is not tried') from private.effects where org_id = :'org' and kind = 'oauth.check' and payload ->> 'provider' = 'google';
delete from private.effects where org_id = :'org' and kind = 'oauth.check';
select pg_temp.connected(:'org', 'google', tests.now() + interval '5 days') as again \gset
select isnt(:'again'::uuid, :'google'::uuid, 'a new consent is another credential');
select private.calendar_broken(:'org', :'google', tests.now() + interval '5 days');
select results_eq(
    format($$ select status, last_error from public.integrations where org_id = %L and provider = 'google' $$, :'org'),
    $$ values ('connected', null::text) $$, 'so late word about the old one does not touch it');
select private.oauth_checked(
    jsonb_build_object('payload', jsonb_build_object('org_id', :'org', 'credential_id', :'google'), 'ended_at', tests.now() + interval '6 days'), 'done',
    jsonb_build_object('healthy', true, 'sealed', replace(encode(decode(repeat('ee', 60), 'hex'), 'base64'), E'\n', ''), 'key_version', 9));
select is(key_version, 3, 'nor does the old one''s token take its place') from private.org_credentials where org_id = :'org' and provider = 'google';
select private.calendar_broken(:'org', :'again', tests.now() + interval '6 days');
select is(pg_temp.emails(:'org'), 4::bigint, 'when the new one breaks the admins hear once more');
select private.oauth_checked(
    jsonb_build_object('payload', jsonb_build_object('org_id', :'org', 'credential_id', :'again'), 'ended_at', tests.now() + interval '6 days'), 'done', '{"healthy": true}');
select is(status, 'error', 'a broken one is mended by its owner alone') from public.integrations where org_id = :'org' and provider = 'google';

-- Others.
select pg_temp.connected(:'other', 'google', tests.now()) as theirs \gset
select private.calendar_broken(:'org', :'theirs', tests.now());
select is(status, 'connected', 'another organisation''s credential is not touched in ours'' name') from public.integrations where org_id = :'other';
update public.organizations set suspended_at = now() where id = :'other';
select private.check_calendars(tests.now() + interval '9 days');
select is(count(*), 0::bigint, 'a suspended organisation''s calendars rest') from private.effects where org_id = :'other' and kind = 'oauth.check';
update public.organizations set suspended_at = null where id = :'other';
select private.check_calendars(tests.now() + interval '9 days');
select is(count(*), 1::bigint, 'until it is resumed') from private.effects where org_id = :'other' and kind = 'oauth.check';
insert into private.org_credentials (org_id, provider, type, encrypted_config, key_version, is_active, last_verified_at)
values (:'other', 'twilio', 'default', decode(repeat('ab', 60), 'hex'), 1, true, '2020-01-01');
select private.check_calendars(tests.now() + interval '20 days');
select is(count(*), 0::bigint, 'what is no calendar is not tried here') from private.effects where org_id = :'other' and payload ->> 'provider' = 'twilio';
select ok(e.max_attempts > 1, 'a check is tried more than once before it counts as unanswered') from private.effect_kinds e where e.kind = 'oauth.check';

-- Old flows.
insert into private.oauth_flows (org_id, provider, user_id, encrypted_verifier, key_version, expires_at)
select :'org', 'google', :'admin', decode(repeat('ab', 60), 'hex'), 1, tests.now() - h * interval '1 hour' from unnest(array[0, 23, 24, 48]) as h;
select private.drop_old_oauth_flows(tests.now());
select is(count(*), 2::bigint, 'a consent is forgotten a day after it ended') from private.oauth_flows where org_id = :'org';
select is(every, interval '1 hour', name || ' is due each hour') from private.schedules where name in ('check_calendars', 'drop_old_oauth_flows') and enabled;

select * from finish();
rollback;

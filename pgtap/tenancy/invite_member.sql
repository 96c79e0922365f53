begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(19);

select tests.org('Inviter') as org, tests.org('Other') as other \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as stranger, tests.user(:'org', 'manager') as manager \gset
select email as manager_email from public.profiles where id = :'manager' \gset

select tests.as_user(:'admin');
select to_jsonb(public.invite_member(' Joe@Example.test ', 'manager', 'Joe')) as invitation \gset
select is(:'invitation'::jsonb ->> 'email', 'joe@example.test', 'an email is kept in one spelling');
select is(:'invitation'::jsonb ->> 'role', 'manager', 'with the role');
select is(:'invitation'::jsonb ->> 'invited_by', :'admin', 'and who invited');
select is((:'invitation'::jsonb ->> 'expires_at')::timestamptz, now() + interval '7 days', 'it holds for seven days');
select is((public.invite_member('JOE@example.test', 'admin')).id, (:'invitation'::jsonb ->> 'id')::uuid, 'an open invitation is answered again');
select is((select role from public.org_invitations where email = 'joe@example.test'), 'manager', 'and not changed');

select tests.as_owner();
select is((select count(*) from private.emails where recipient = 'joe@example.test'), 1::bigint, 'one email goes out');
select (regexp_match(text, 'invitations/([0-9a-f]{64})'))[1] as token from private.emails where recipient = 'joe@example.test' \gset
select is(
    (select s.token_hash from private.invitation_secrets s where s.invitation_id = (:'invitation'::jsonb ->> 'id')::uuid),
    sha256(convert_to(:'token', 'UTF8')), 'its token is kept as a hash');
select is_empty(
    format($$ select from public.audit_logs where coalesce(before, '{}')::text || coalesce(after, '{}')::text like '%%%s%%' $$, :'token'),
    'and is not in the audit');
select unalike(:'invitation'::text, '%' || :'token' || '%', 'nor in the answer');

select tests.as_user(:'stranger');
select isnt((public.invite_member('joe@example.test')).id, (:'invitation'::jsonb ->> 'id')::uuid, 'another organisation may invite the same email');
select tests.as_owner();
select is(
    (select org_id from private.directory where kind = 'invited_email' and key = 'joe@example.test'), :'org'::uuid,
    'and does not take the sign-up from the first');

update public.org_invitations set expires_at = now() - interval '1 second' where id = (:'invitation'::jsonb ->> 'id')::uuid;
select tests.as_user(:'admin');
select isnt((public.invite_member('joe@example.test')).id, (:'invitation'::jsonb ->> 'id')::uuid, 'one that has run out is followed by a new one');

select tests.throws_code(format('select public.invite_member(%L)', :'manager_email'), 'already_member');
select tests.throws_code($$ select public.invite_member('nobody') $$, 'invalid_value', 'an email is one');
select tests.throws_code($$ select public.invite_member('a@b.test', 'owner') $$, 'invalid_value', 'a role is one');
select tests.throws_code($$ select public.invite_member(null) $$, 'invalid_value');
select tests.throws_code($$ select public.invite_member('a@b.test', null) $$, 'invalid_value');
select tests.as_user(:'manager');
select tests.throws_code($$ select public.invite_member('a@b.test') $$, 'role_too_low', 'only admins invite');

select * from finish();
rollback;

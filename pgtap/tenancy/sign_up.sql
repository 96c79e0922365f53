begin;
set local search_path = pg_catalog, extensions, pg_temp;
select private.sign_in_is_local() as local \gset
\if :local
select plan(18);

select private.sign_up(' Ann@Sign-Up.test ', 'long enough', '{"full_name": "Ann"}', '10.9.0.1', 'psql') as answer \gset
select private.sign_up('ann@sign-up.TEST', 'long enough', null, '10.9.0.1')::text as again \gset

select is(:'answer'::jsonb #>> '{user,email}', 'ann@sign-up.test', 'an email is kept in one spelling');
select is(:'answer'::jsonb #>> '{user,user_metadata,full_name}', 'Ann', 'what the user tells about themself is kept');
select isnt(:'answer'::jsonb #>> '{claims,app_metadata,org_id}', null, 'the first token already names the organisation');
select is(:'answer'::jsonb #> '{claims,app_metadata}', :'answer'::jsonb #> '{user,app_metadata}', 'token and user say the same');
select is(:'answer'::jsonb #>> '{claims,role}', 'authenticated', 'the role is the ordinary one');
select is((:'answer'::jsonb #>> '{claims,exp}')::bigint - (:'answer'::jsonb #>> '{claims,iat}')::bigint, 3600::bigint, 'an access token lives an hour');
select is(length(:'answer'::jsonb ->> 'refresh_token'), 43, 'a refresh token is 32 bytes');
select is_empty(
    format($$ select from auth.users where encrypted_password like '%%long enough%%' and email = 'ann@sign-up.test' $$),
    'the password is nowhere in the clear');
select matches(
    (select encrypted_password from auth.users where email = 'ann@sign-up.test'), '^\$2a\$10\$', 'bcrypt, cost 10');
select is_empty(
    format($$ select from private.refresh_tokens where token_hash = convert_to(%L, 'UTF8') $$, :'answer'::jsonb ->> 'refresh_token'),
    'the refresh token is kept as a hash only');
select is(:'again'::jsonb ->> 'code', 'user_already_exists', 'a taken email is refused in any spelling');
select throws_ok($$ select private.sign_up('not an address', 'long enough') $$, 'PT400', null, 'an address has the shape of one');
select throws_ok($$ select private.sign_up('b@sign-up.test', 'short') $$, 'PT422', null, 'a short password is refused');
select throws_ok(
    $$ select private.sign_up('b@sign-up.test', repeat('ä', 37)) $$, 'PT422', null, 'so is one longer than bcrypt reads');
insert into private.sign_in_attempts (kind, email, ip, succeeded)
select 'sign_up', 'x@sign-up.test', '10.9.0.2', false from generate_series(1, 100);
select is(
    private.sign_up('c@sign-up.test', 'long enough', null, '10.9.0.2') ->> 'code', 'over_request_rate_limit',
    'sign-ups from one address are limited');

select (private.sign_up('head@sign-up.test', 'long enough') #>> '{claims,app_metadata,org_id}')::uuid as org \gset
insert into public.org_invitations (org_id, email, role, expires_at)
values (:'org', 'guest@sign-up.test', 'manager', now() + interval '7 days')
returning id as invitation \gset
insert into private.invitation_secrets (org_id, invitation_id, token_hash) values (:'org', :'invitation', sha256('from the email'));
insert into private.directory (kind, key, org_id) values ('invited_email', 'guest@sign-up.test', :'org');
select is(
    private.sign_up('guest@sign-up.test', 'long enough') ->> 'code', 'invitation_token_needed',
    'knowing an invited address is not being the one invited');
select private.sign_up('guest@sign-up.test', 'long enough', '{"invitation_token": "from the email", "a": 1}') as answer \gset
select is(:'answer'::jsonb #>> '{claims,app_metadata,org_id}', :'org'::text, 'whoever has the email joins the organisation');
select is(:'answer'::jsonb #> '{user,user_metadata}', '{"a": 1}'::jsonb, 'and the token is not kept in the account');
select finish();
\else
select plan(1);
select throws_ok($$ select private.sign_up('a@b.test', 'long enough') $$, 'PT404', null, 'where Supabase Auth stands, this refuses');
select finish();
\endif
rollback;

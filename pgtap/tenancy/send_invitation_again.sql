begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as stranger, tests.user(:'org', 'manager') as manager \gset
select id as used from public.org_invitations where org_id = :'org' and status = 'accepted' \gset

select tests.as_user(:'admin');
select (public.invite_member('late@example.test')).id as invitation \gset
select tests.throws_code(format('select public.send_invitation_again(%L)', :'invitation'), 'too_many_requests', 'not right after the first');

select tests.as_owner();
update private.emails set created_at = created_at - interval '2 minutes' where recipient = 'late@example.test';
select token_hash as first_hash from private.invitation_secrets where invitation_id = :'invitation' \gset
select tests.as_user(:'admin');
select id as operation, status from public.send_invitation_again(:'invitation') \gset
select is(:'status'::text, 'queued', 'a minute later it is sent again');

select tests.as_owner();
select is((select count(*) from private.emails where recipient = 'late@example.test'), 2::bigint, 'as an email of its own');
select is(payload -> 'to', jsonb_build_array('late@example.test'), 'and the operation is its sending') from private.effects where id = :'operation';
select isnt(token_hash, :'first_hash'::bytea, 'with a new token') from private.invitation_secrets where invitation_id = :'invitation';
select is_empty(
    format($$ select from private.directory where kind = 'invitation' and key = encode(%L::bytea, 'hex') $$, :'first_hash'),
    'and the old one leads nowhere');
insert into private.email_suppressions (org_id, address, reason) values (:'org', 'late@example.test', 'bounced');
update private.emails set created_at = created_at - interval '2 minutes' where recipient = 'late@example.test';
select tests.as_user(:'admin');
select tests.throws_code(format('select public.send_invitation_again(%L)', :'invitation'), 'email_suppressed', 'not to an address that bounces');

select tests.throws_code(format('select public.send_invitation_again(%L)', :'used'), 'invitation_used', 'not after it was used');
select (public.revoke_invitation(:'invitation')).id as revoked \gset
select tests.throws_code(format('select public.send_invitation_again(%L)', :'revoked'), 'invitation_expired', 'not after it was taken back');
select tests.throws_code('select public.send_invitation_again(gen_random_uuid())', 'invitation_not_found');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.send_invitation_again(%L)', :'invitation'), 'invitation_not_found', 'another organisation''s is not there');
select tests.as_user(:'manager');
select tests.throws_code(format('select public.send_invitation_again(%L)', :'invitation'), 'role_too_low');

select * from finish();
rollback;

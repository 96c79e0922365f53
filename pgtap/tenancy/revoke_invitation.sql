begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(8);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as stranger, tests.user(:'org', 'manager') as manager \gset
select id as used from public.org_invitations where org_id = :'org' and status = 'accepted' \gset

select tests.as_user(:'admin');
select (public.invite_member('gone@example.test')).id as invitation \gset
select is((public.revoke_invitation(:'invitation')).status, 'revoked', 'an invitation is taken back');
select is((public.revoke_invitation(:'invitation')).status, 'revoked', 'twice is as good as once');
select tests.throws_code(format('select public.revoke_invitation(%L)', :'used'), 'invitation_used', 'not after it was used');
select tests.throws_code('select public.revoke_invitation(gen_random_uuid())', 'invitation_not_found');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.revoke_invitation(%L)', :'invitation'), 'invitation_not_found', 'another organisation''s is not there');
select tests.as_user(:'manager');
select tests.throws_code(format('select public.revoke_invitation(%L)', :'invitation'), 'role_too_low');
select tests.as_owner();
select is_empty($$ select from private.directory where kind = 'invited_email' and key = 'gone@example.test' $$, 'the email is free');
select tests.as_user(:'admin');
select isnt((public.invite_member('gone@example.test')).id, :'invitation'::uuid, 'and may be invited again');

select * from finish();
rollback;

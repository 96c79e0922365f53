begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

select tests.org('Inviting') as org \gset
select tests.freeze_time(now()) as frozen \gset

select tests.as_user(tests.admin(:'org'));
select (public.invite_member('New.Person@Example.test', 'manager', 'Nora New')).id as invitation \gset
select (public.invite_member('late@example.test')).id as late \gset
select (public.invite_member('back@example.test')).id as revoked \gset
select tests.as_owner();

select tests.sign_up('new.person@example.test') as newcomer \gset
select results_eq(
    format('select org_id, role, status, full_name from public.profiles where id = %L', :'newcomer'),
    format('values (%L::uuid, %L, %L, %L)', :'org', 'manager', 'active', 'Nora New'),
    'an invited email joins the organisation that invited it, in any spelling');
select is(
    (select raw_app_meta_data ->> 'org_id' from auth.users where id = :'newcomer'), :'org', 'and carries it in the claims');
select is(
    (select status from public.org_invitations where id = :'invitation'), 'accepted', 'the invitation is used up');
select is((select count(*) from public.organizations where email = 'new.person@example.test'), 0::bigint, 'no organisation is made for them');
select is_empty($$ select from private.directory where kind = 'invited_email' and key = 'new.person@example.test' $$, 'nothing waits any more');

update public.org_invitations set expires_at = tests.now() - interval '1 second' where id = :'late';
select tests.sign_up('late@example.test') as late_user \gset
select isnt((select org_id from public.profiles where id = :'late_user'), :'org'::uuid, 'an invitation that has run out brings nobody in');
select is((select role from public.profiles where id = :'late_user'), 'admin', 'who comes late has an organisation of their own');

select tests.as_user(tests.admin(:'org'));
select public.revoke_invitation(:'revoked') is not null as revoked \gset
select tests.as_owner();
select tests.sign_up('back@example.test') as back_user \gset
select isnt((select org_id from public.profiles where id = :'back_user'), :'org'::uuid, 'nor does one that was taken back');

select is(private.join_organization(:'newcomer'), :'org'::uuid, 'asked again, it answers the same');
select is((select count(*) from public.profiles where id = :'newcomer'), 1::bigint, 'and makes nothing twice');

delete from private.emails where recipient = 'new.person@example.test';
update public.org_invitations set accepted_by = null where accepted_by = :'newcomer';
delete from public.profiles where id = :'newcomer';
select is(private.join_organization(:'newcomer'), :'org'::uuid, 'a profile that went missing comes back');
select is((select role from public.profiles where id = :'newcomer'), 'user', 'with the least role');
select tests.as_user(tests.admin(:'org'));
select is((select count(*) from public.services), 7::bigint, 'the organisation''s own things are untouched');

select * from finish();
rollback;

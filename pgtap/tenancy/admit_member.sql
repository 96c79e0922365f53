begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(19);

select tests.org('Old') as old, tests.org('New') as new \gset
select tests.user(:'old', 'manager') as person \gset
select email from auth.users where id = :'person' \gset
update auth.users set raw_user_meta_data = '{"full_name": " Petra\n Moved ", "name": "P"}' where id = :'person';
update public.profiles set status = 'inactive' where id = :'person';

-- Somewhere else.
create temp table admitted as select (private.admit_member(:'new', :'person', 'user')).*;
select results_eq(
    'select org_id, id, email, full_name, role, status from admitted',
    format($$ values (%L::uuid, %L::uuid, %L, 'Petra Moved', 'user', 'active') $$, :'new', :'person', :'email'),
    'an account becomes a member, with the role given and the name it gave itself');
select results_eq(
    format('select p from public.profiles p where p.org_id = %L and p.id = %L', :'new', :'person'),
    'select a::text::public.profiles from admitted a', 'the answer is the profile');
select is((select org_id from private.directory where kind = 'user' and key = :'person'), :'new'::uuid, 'the directory says so');
select is((select raw_app_meta_data ->> 'org_id' from auth.users where id = :'person'), :'new', 'the next token will too');
select is(
    (select raw_app_meta_data ->> 'provider' from auth.users where id = :'person'), 'email', 'which keeps what else it said');
select is(
    (select status from public.profiles where org_id = :'old' and id = :'person'), 'inactive', 'the profile left behind stays inactive');
select tests.as_user(:'person');
select is(private.member_org_id(), :'new'::uuid, 'they see the new organisation');
select is((public.me()).role, 'user', 'with the new role, not the old one');

-- Once more, and as a former member.
select tests.as_owner();
select is(
    (private.admit_member(:'new', :'person', 'user')).created_at, (select created_at from admitted),
    'admitting a member again makes no second one');
select is((select count(*) from public.profiles where id = :'person'), 2::bigint, 'one profile in each organisation');
update public.profiles set status = 'inactive', full_name = 'Petra Known-Here', email = 'old@clinic.test', updated_at = '2026-01-01'
where org_id = :'new' and id = :'person';
select results_eq(
    format($$ select role, status, full_name, email, updated_at from private.admit_member(%L, %L, 'admin', 'Petra Invited') $$, :'new', :'person'),
    format($$ values ('admin', 'active', 'Petra Known-Here', %L, now()) $$, :'email'),
    'a former member is one again: the new role, today''s email, the name they had here');
update public.profiles set full_name = null where org_id = :'new' and id = :'person';
select is(
    (private.admit_member(:'new', :'person', 'user', E' Petra\tInvited ')).full_name, 'Petra Invited',
    'whoever had no name gets the one the invitation gave');

-- Names and addresses.
select tests.org('Names') as names \gset
create function pg_temp.named(p_meta jsonb, p_email text default null) returns public.profiles language sql volatile as $$
    select private.admit_member(o.id, tests.sign_up(coalesce(p_email, tests.email('named')), p_meta), 'user')
    from public.organizations o where o.name = 'Names';
$$;
select is((pg_temp.named('{"full_name": "  ", "name": "Ned"}')).full_name, 'Ned', 'an empty name is none, the next one counts');
select is((pg_temp.named('{}')).full_name, null, 'who gave none has none');
select is(length((pg_temp.named(jsonb_build_object('name', repeat('n', 300)))).full_name), 200, 'a name that is too long is cut');
select is(
    (pg_temp.named('{"role": "admin", "org_id": "00000000-0000-0000-0000-000000000001"}')).role, 'user',
    'what they say of themselves decides nothing');
select is(
    length((pg_temp.named('{}', repeat('e', 216) || replace(gen_random_uuid()::text, '-', '') || '@x.test')).email), 254,
    'so is an address longer than any that can be written to');
select throws_ok(
    format($$ select private.admit_member(%L, gen_random_uuid(), 'user') $$, :'new'), 'P0002', null, 'without an account there is no member');
select throws_ok(
    format($$ select private.admit_member(%L, %L, 'owner') $$, :'new', :'person'), '23514', null, 'nor with a role that is none');

select * from finish();
rollback;

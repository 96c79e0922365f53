begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(8);

select tests.org('Smile') as org \gset
select tests.admin(:'org') as admin, tests.user(:'org') as member,
       tests.api_key(:'org', array['events:read']) as key, tests.api_key(:'org', array['members:read']) as other_key \gset

select tests.as_user(:'member');
select is(public.open_event_stream(), :'org', 'a member listens to their organisation');
select tests.as_api_key(:'key');
select is(public.open_event_stream(), :'org', 'so does an API key with the scope');
select tests.as_api_key(:'other_key');
select tests.throws_code('select public.open_event_stream()', 'scope_missing');
select tests.as_claims('{"role": "authenticated"}');
select tests.throws_code('select public.open_event_stream()', 'not_signed_in');
select tests.as_anon();
select throws_ok('select public.open_event_stream()', '42501', null, 'nobody in particular does not');

select tests.as_owner();
update public.profiles set status = 'suspended' where org_id = :'org' and id = :'member';
select tests.as_user(:'member');
select tests.throws_code('select public.open_event_stream()', 'account_suspended');
select tests.as_owner();
update public.profiles set status = 'inactive' where org_id = :'org' and id = :'member';
select tests.as_user(:'member');
select throws_like('select public.open_event_stream()', '%', 'a removed member is let in no more');
select tests.as_owner();
update public.organizations set suspended_at = now() where id = :'org';
select tests.as_user(:'admin');
select tests.throws_code('select public.open_event_stream()', 'account_suspended');

select * from finish();
rollback;

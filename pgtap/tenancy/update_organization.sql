begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(21);

select tests.org('Old') as org, tests.org('Other') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager \gset
select tests.api_key(:'org', '{organization:write}') as key \gset

select tests.as_user(:'admin');
select is((public.update_organization('{"name": " New  name ", "phone": "+447700900123"}')).name, 'New name', 'a key that is there changes');
select is((public.get_organization()).phone, '+447700900123', 'several at once');
select is((public.update_organization('{"timezone": "America/New_York"}')).name, 'New name', 'one that is not there stays');
select is((public.update_organization('{"phone": null}')).phone, null, 'null clears');
select is((public.update_organization('{"settings": {"a": 1}}')).settings, '{"a": 1}', 'settings are replaced whole');
select is((public.update_organization('{}')).name, 'New name', 'an empty patch changes nothing');
select tests.throws_code($$select public.update_organization('{"onboarding_completed": true}')$$, 'unknown_field', 'the wizard alone completes the onboarding');

select tests.throws_code($$ select public.update_organization('{"id": "x"}') $$, 'unknown_field', 'the id is no field');
select tests.throws_code($$ select public.update_organization('{"stripe_customer_id": "cus_1"}') $$, 'unknown_field', 'nor is what others set');
select tests.throws_code($$ select public.update_organization('{"suspended_at": null}') $$, 'unknown_field', 'nor the suspension');
select tests.throws_code($$ select public.update_organization('{"name": null}') $$, 'invalid_value', 'a name there must be');
select tests.throws_code($$ select public.update_organization('{"name": "  "}') $$, 'invalid_value', 'with something in it');
select tests.throws_code($$ select public.update_organization('{"name": 7}') $$, 'invalid_value', 'and a text');
select tests.throws_code($$ select public.update_organization('{"phone": "020 1234"}') $$, 'invalid_value', 'a phone number is E.164');
select tests.throws_code($$ select public.update_organization('{"website": "javascript:alert(1)"}') $$, 'invalid_value', 'a website is one');
select tests.throws_code($$ select public.update_organization('{"timezone": "Mars/Olympus"}') $$, 'invalid_value', 'a time zone exists');
select tests.throws_code($$ select public.update_organization('[]') $$, 'invalid_value', 'a patch is an object');
select tests.throws_code($$ select public.update_organization(null) $$, 'invalid_value');

select tests.as_user(:'manager');
select tests.throws_code($$ select public.update_organization('{"name": "x"}') $$, 'role_too_low', 'it is for admins');
select tests.as_api_key(:'key');
select is((public.update_organization('{"specialty": "Teeth"}')).specialty, 'Teeth', 'and for keys with the scope');
select tests.as_owner();
select is((select name from public.organizations where id = :'other'), 'Other', 'no other organisation is touched');

select * from finish();
rollback;

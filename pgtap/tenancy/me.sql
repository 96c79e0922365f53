begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);

select tests.org('Me') as org \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member \gset
select tests.api_key(:'org', '{organization:read}') as key, tests.api_key(:'org', '{organization:read,wallet:read}') as rich_key \gset
insert into public.feature_flags (name, enabled) values ('me_on', true), ('me_off', false);

select tests.as_user(:'admin');
select is((public.me()).organization.id, :'org'::uuid, 'it knows the organisation');
select is(((public.me())."user").id, :'admin'::uuid, 'and the person');
select is((public.me()).role, 'admin', 'and the role');
select is(((public.me()).wallet).available_pence, 0::bigint, 'an admin sees the wallet');
select ok('me_on' = any ((public.me()).feature_flags), 'flags that are on are named');
select ok('me_off' <> all ((public.me()).feature_flags), 'flags that are off are not');
select ok((public.me()).needs_onboarding, 'a new organisation has its onboarding before it');
select tests.as_owner();
update public.organizations set onboarding_completed_at = now() where id = :'org';
select tests.as_user(:'admin');
select ok(not (public.me()).needs_onboarding, 'once');
select tests.as_user(:'manager');
select is(((public.me()).wallet).balance_pence, 0::bigint, 'so does a manager');
select tests.as_user(:'member');
select is(to_jsonb(public.me()) -> 'wallet', 'null'::jsonb, 'a user does not');
select tests.as_api_key(:'key');
select is(
    to_jsonb(public.me()) - 'organization' - 'feature_flags' - 'needs_onboarding',
    '{"user": null, "role": null, "wallet": null}', 'a key is nobody, and sees no wallet');
select tests.as_api_key(:'rich_key');
select is(((public.me()).wallet).balance_pence, 0::bigint, 'unless a scope lets it');

select * from finish();
rollback;

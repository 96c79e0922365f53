begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

select tests.org() as org \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member \gset

select tests.as_user(:'admin');
select public.update_member(:'member', '{"role": "manager"}') is not null as changed \gset
select results_eq(
    format($$ select actor_type, actor_id, action, before, after from public.audit_logs
              where table_name = 'profiles' and row_id = %L and action = 'update' $$, :'member'),
    format($$ values ('user', %L::uuid, 'update', '{"role": "user"}'::jsonb, '{"role": "manager"}'::jsonb) $$, :'admin'),
    'who changed what, before and after');
select public.update_member(:'member', '{"role": "manager"}') is not null as changed \gset
select is(
    (select count(*) from public.audit_logs where table_name = 'profiles' and row_id = :'member' and action = 'update'),
    1::bigint, 'what changes nothing is not noted');
select (public.create_api_key('k', '{organization:write}')).api_key.id as key \gset
select is(
    (select after ->> 'name' from public.audit_logs where table_name = 'api_keys' and action = 'insert'), 'k', 'a new row is noted whole');
select tests.as_api_key(:'key');
select public.update_organization('{"specialty": "Teeth"}') is not null as changed \gset
select tests.as_owner();
select results_eq(
    format($$ select actor_type, actor_id, after from public.audit_logs where org_id = %L and table_name = 'organizations' and after ? 'specialty' and action = 'update' $$, :'org'),
    format($$ values ('api_key', %L::uuid, '{"specialty": "Teeth"}'::jsonb) $$, :'key'),
    'a key is somebody too');

update public.api_keys set last_used_at = now() where id = :'key';
select is((select count(*) from public.audit_logs where table_name = 'api_keys' and row_id = :'key'), 1::bigint, 'a key''s use is no change');
update public.credit_wallets set balance_pence = 100, held_pence = 10 where org_id = :'org';
select is((select count(*) from public.audit_logs where org_id = :'org' and table_name = 'credit_wallets' and action = 'update'), 0::bigint, 'money has its ledger');
update public.credit_wallets set monthly_cap_pence = 1000 where org_id = :'org';
select results_eq(
    format($$ select actor_type, row_id, after from public.audit_logs where org_id = %L and table_name = 'credit_wallets' and action = 'update' $$, :'org'),
    format($$ values ('system', %L, '{"monthly_cap_pence": 1000}'::jsonb) $$, :'org'),
    'its limits are noted, as changed by nobody in particular');

insert into public.feature_flags (name) values ('audited');
insert into public.org_feature_flags (org_id, name, enabled) values (:'org', 'audited', true);
delete from public.org_feature_flags where org_id = :'org' and name = 'audited';
select is(
    (select before ->> 'enabled' from public.audit_logs where org_id = :'org' and row_id = 'audited' and action = 'delete'),
    'true', 'what goes is noted whole');

-- The claims of a worker's transaction make nobody an actor.
select set_config('request.jwt.claims', jsonb_build_object('sub', :'admin')::text, true) is not null as forged \gset
update public.services set price_pence = 1 where org_id = :'org' and name = 'Botox';
select is(
    (select actor_type from public.audit_logs where org_id = :'org' and table_name = 'services' and action = 'update'), 'system',
    'claims count for client roles alone');
select tests.as_user(:'member');
select is_empty('select from public.audit_logs', 'only admins read it');
select bag_eq(
    $$ select c.relname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid where t.tgfoid = 'private.audit_row'::regproc $$,
    $$ values ('agents'), ('api_keys'), ('appointments'), ('call_settings'), ('closures'), ('contacts'), ('credit_wallets'),
              ('escalation_rules'), ('hybrid_forwarding_configs'), ('integrations'), ('knowledge_base'),
              ('managed_phone_numbers'), ('opening_hours'), ('org_feature_flags'), ('org_invitations'), ('org_tools'),
              ('organizations'), ('practitioners'), ('profiles'), ('services'), ('verified_caller_ids') $$,
    'the sensitive tables are audited');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'manager') as manager \gset

select tests.as_service();
select private.record_security_event('token_refused', null, null, '{"reason": "expired"}', '10.0.0.1');
select private.record_security_event('cross_tenant_attempt', :'org', null, null);
select is(
    (select org_id from public.security_audit_log where kind = 'token_refused' and details ->> 'reason' = 'expired'),
    '00000000-0000-0000-0000-000000000000'::uuid, 'an event of no organisation is kept as nobody''s');
select tests.as_user(tests.admin(:'org'));
select results_eq('select kind, details from public.security_audit_log', $$ values ('cross_tenant_attempt', '{}'::jsonb) $$, 'an admin reads the organisation''s own, and nobody''s');
select tests.as_user(:'manager');
select is_empty('select from public.security_audit_log', 'others read none');
select throws_ok($$ select private.record_security_event('x', null, null, null) $$, '42501', null, 'clients write none');

select * from finish();
rollback;

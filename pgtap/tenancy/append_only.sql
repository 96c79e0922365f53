-- Alone: it tries to truncate tables that every sign-up writes to.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(10);

select tests.org() as org \gset
select private.record_security_event('planted', :'org', null, '{}');

select throws_ok(format($$ update public.audit_logs set action = 'delete' where org_id = %L $$, :'org'), '23001', null, 'an audit row does not change');
select throws_ok(format('delete from public.audit_logs where org_id = %L', :'org'), '23001', null, 'nor go');
select throws_ok('truncate public.audit_logs', '23001', null, 'nor all of them');
select throws_ok(format($$ update public.security_audit_log set kind = 'x' where org_id = %L $$, :'org'), '23001', null, 'nor a security event change');
select throws_ok(format('delete from public.security_audit_log where org_id = %L', :'org'), '23001', null, 'nor go');
select throws_ok('truncate public.security_audit_log', '23001', null, 'nor all of them');

set local voxanne.redacting = 'on';
select throws_ok(
    format('update public.audit_logs set actor_id = gen_random_uuid() where org_id = %L', :'org'), '23001', null,
    'redaction does not change who did it');
select lives_ok(format($$ update public.audit_logs set after = '{}' where org_id = %L $$, :'org'), 'but what it says about people');
set local voxanne.redacting = 'off';

select tests.as_user(tests.admin(:'org'));
select throws_ok('delete from public.audit_logs', '42501', null, 'clients have no right to begin with');
select tests.as_service();
select throws_ok('delete from public.security_audit_log', '42501', null, 'nor has the worker');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.org() as org \gset
select tests.as_user(tests.admin(:'org'));
select to_jsonb(public.create_api_key('k', '{members:read}')) as made \gset
select :'made'::jsonb ->> 'key' as key, :'made'::jsonb #>> '{api_key,prefix}' as prefix, :'made'::jsonb #>> '{api_key,id}' as id \gset
select encode(sha256(convert_to(:'key', 'UTF8')), 'hex') as hash \gset

select tests.as_service();
select is(
    private.authenticate_api_key(:'prefix', decode(:'hash', 'hex'), '10.0.0.1', '2030-01-01 12:00+00'),
    jsonb_build_object('role', 'authenticated', 'api_key_id', :'id', 'app_metadata', jsonb_build_object('org_id', :'org')),
    'a key stands for its organisation, and for nobody');
select is((select last_used_at from public.api_keys where id = :'id'), timestamptz '2030-01-01 12:00+00', 'its use is noted');
select private.authenticate_api_key(:'prefix', decode(:'hash', 'hex'), null, '2030-01-01 12:00:59+00') is not null as used \gset
select is((select last_used_at from public.api_keys where id = :'id'), timestamptz '2030-01-01 12:00+00', 'once a minute');
select private.authenticate_api_key(:'prefix', decode(:'hash', 'hex'), null, '2030-01-01 12:01+00') is not null as used \gset
select is((select last_used_at from public.api_keys where id = :'id'), timestamptz '2030-01-01 12:01+00', 'then again');
select is((select count(*) from public.security_audit_log where org_id = :'org' and kind = 'api_key_used'), 1::bigint, 'and once a day in the security audit');
select private.authenticate_api_key(:'prefix', decode(:'hash', 'hex'), null, '2030-01-02 00:00+00') is not null as used \gset
select is((select count(*) from public.security_audit_log where org_id = :'org' and kind = 'api_key_used'), 2::bigint, 'each day');

select is(private.authenticate_api_key(:'prefix', sha256('wrong'), '10.0.0.2'), null, 'a wrong secret opens nothing');
select is(private.authenticate_api_key(:'prefix', null), null, 'nor does none');
select is(private.authenticate_api_key('000000000000', decode(:'hash', 'hex')), null, 'nor an unknown prefix');
select is(private.authenticate_api_key(null, decode(:'hash', 'hex')), null);
select is(
    (select count(*) from public.security_audit_log where org_id = :'org' and kind = 'api_key_refused'), 1::bigint,
    'that is on record, at most once a minute');
select is(
    (select details ->> 'reason' from public.security_audit_log where org_id = :'org' and kind = 'api_key_refused'), 'wrong', 'with the reason');
select is((select host(ip) from public.security_audit_log where org_id = :'org' and kind = 'api_key_refused'), '10.0.0.2', 'and from where');

select tests.as_owner();
update public.api_keys set expires_at = '2030-01-03 00:00+00' where id = :'id';
select tests.as_service();
select is(private.authenticate_api_key(:'prefix', decode(:'hash', 'hex'), null, '2030-01-03 00:00+00'), null, 'an expired key opens nothing');
select isnt(private.authenticate_api_key(:'prefix', decode(:'hash', 'hex'), null, '2030-01-02 23:59:59+00'), null, 'to the second');
select tests.as_owner();
update public.api_keys set revoked_at = now() where id = :'id';
select tests.as_service();
select is(private.authenticate_api_key(:'prefix', decode(:'hash', 'hex'), null, '2030-01-02 12:00+00'), null, 'nor does a revoked one');
select tests.as_user(tests.admin(:'org'));
select throws_ok($$ select private.authenticate_api_key('x', 'x') $$, '42501', null, 'only the server asks');

select * from finish();
rollback;

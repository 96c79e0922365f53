begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(33);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.user(:'org', 'manager') as manager, tests.user(:'org') as member, tests.admin(:'other') as stranger, tests.api_key(:'org', '{agents:read}') as reader \gset

select tests.as_user(:'member');
select is((s.org_id, s.redact_identifiers, s.redact_health, s.calling_hours ? 'sun')::text, format('(%s,t,f,f)', :'org'), 'the usual settings, to begin with') from public.get_call_settings() as s;
select tests.throws_code($$select public.update_call_settings('{"redact_health": true}')$$, 'role_too_low');
select tests.as_api_key(:'reader');
select is((public.get_call_settings()).redact_health, false, 'a key that may read agents reads them');
select tests.throws_code($$select public.update_call_settings('{"redact_health": true}')$$, 'scope_missing');
select tests.as_user(:'manager');
select is((s.redact_identifiers, s.redact_health, s.calling_hours ? 'mon')::text, '(t,t,t)', 'what is absent stays') from public.update_call_settings('{"redact_health": true}') as s;
select is((s.redact_health, s.calling_hours)::text, '(t,"{""sun"": [[""10:00"", ""11:30""]]}")', 'again') from public.update_call_settings('{"calling_hours": {"sun": [["10:00", "11:30"]]}}') as s;
select is((public.get_call_settings()).calling_hours, '{"sun": [["10:00", "11:30"]]}', 'and is read so');
select tests.throws_code($$select public.update_call_settings('{"redact_all": true}')$$, 'unknown_field');
select tests.throws_code($$select public.update_call_settings('{"redact_health": "yes"}')$$, 'invalid_value');
select tests.throws_code($$select public.update_call_settings('{"redact_health": null}')$$, 'invalid_value');
select tests.throws_code($$select public.update_call_settings('{"calling_hours": {"mon": "all day"}}')$$, 'invalid_value');
select tests.as_user(:'stranger');
select is((public.get_call_settings()).redact_health, false, 'every organisation has its own');

-- Hours.
select tests.as_owner();
create function pg_temp.good(p_hours text) returns text language sql as $$ select lives_ok(format('select private.check_hours(%L, ''f'')', p_hours), p_hours || ' are hours'); $$;
create function pg_temp.bad(p_hours text) returns text language sql as $$ select tests.throws_code(format('select private.check_hours(%L, ''f'')', p_hours), 'invalid_value', p_hours || ' are none'); $$;
select pg_temp.good('{}');
select pg_temp.good('{"mon": []}');
select pg_temp.good('{"mon": [["00:00", "24:00"]], "sun": [["09:00", "12:00"], ["12:00", "12:01"]]}');
select pg_temp.bad('[]');
select pg_temp.bad('null');
select pg_temp.bad('{"Mon": []}');
select pg_temp.bad('{"mon": {}}');
select pg_temp.bad('{"mon": null}');
select pg_temp.bad('{"mon": [["09:00"]]}');
select pg_temp.bad('{"mon": [["09:00", "10:00", "11:00"]]}');
select pg_temp.bad('{"mon": [[9, 10]]}');
select pg_temp.bad('{"mon": [["9:00", "10:00"]]}');
select pg_temp.bad('{"mon": [["09:00", "25:00"]]}');
select pg_temp.bad('{"mon": [["24:00", "24:00"]]}');
select pg_temp.bad('{"mon": [["09:00", "09:00"]]}');
select pg_temp.bad('{"mon": [["10:00", "09:00"]]}');
select pg_temp.bad('{"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}');
select pg_temp.bad('{"mon": ["09:00"]}');
select tests.throws_code('select private.check_hours(null, ''f'')', 'invalid_value', 'nothing is none');
select pg_temp.bad('{"mon": [["09:00", "10:00\n"]]}');
select is(private.is_within_hours('{"mon": [["00:00", "24:00"]]}', 'UTC', '2026-11-23 23:59+00'), true, 'what is accepted is understood');

select * from finish();
rollback;

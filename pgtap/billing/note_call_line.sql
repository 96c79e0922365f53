begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(5000) as org \gset
select tests.call_of(:'org', 1) as call \gset
select private.reserve_call_credits(:'org', :'call', p_now => :'t');
create function pg_temp.line(p_call uuid) returns text language sql as $$
    select format('%s %s %s', vapi_call_id, control_url, call_sid) from private.call_lines where call_id = p_call;
$$;
select private.note_call_line(:'call', 'vapi_1', null, null, :'t');
select is(pg_temp.line(:'call'), 'vapi_1  ', 'what is known of a call''s line is kept');
select is((tests.bill(:'call')).vapi_call_id, 'vapi_1', 'its bill carries the provider''s id');
select private.note_call_line(:'call', null, 'https://control.example/1', 'CA1', :'t');
select is(pg_temp.line(:'call'), 'vapi_1 https://control.example/1 CA1', 'what comes later is added');
select private.note_call_line(:'call', 'vapi_2', 'https://control.example/2', null, :'t');
select is(pg_temp.line(:'call'), 'vapi_2 https://control.example/2 CA1', 'or replaced; nothing is forgotten');
select is((tests.bill(:'call')).vapi_call_id, 'vapi_1', 'the bill keeps the first id');
select is(tests.ordered(:'org', 'vapi.end_call'), 0::bigint, 'a call under way is left alone');
select tests.throws_code($$ select private.note_call_line(gen_random_uuid(), 'v', null) $$, 'call_not_found', 'a call nobody let in has no line');
select tests.as_user(tests.admin(:'org'));
select throws_ok('select from private.call_lines', '42501', null, 'no client reads a line: its control URL needs no key');
select tests.as_anon();
select throws_ok('select from private.call_lines', '42501', null, 'nobody without an account either');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(40);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'user') as person, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{calls:read}') as key, tests.api_key(:'org', '{services:read}') as reader \gset

-- 24 calls, two at each moment, in every combination of status and direction.
insert into public.calls (org_id, call_direction, status, created_at, vapi_call_id)
select :'org', (array['inbound', 'outbound'])[1 + n % 2], (array['pending', 'in_progress', 'completed', 'failed'])[1 + n / 2 % 4],
       '2026-11-01 12:00+00'::timestamptz + n / 2 * interval '8 hours', 'call-' || n
from generate_series(0, 23) as n;
insert into public.calls (org_id, call_direction, status, created_at, caller_name)
values (:'other', 'inbound', 'completed', '2026-11-02 12:00+00', 'Strange Person');

create function pg_temp.found(p_search text, p_status text default null, p_direction text default null, p_from timestamptz default null, p_to timestamptz default null)
returns text[] language sql as $$
    select array_agg(i.caller_name order by i.place)
    from unnest((public.list_calls(p_limit => 200, p_status => p_status, p_direction => p_direction, p_from => p_from, p_to => p_to, p_search => p_search)).items)
        with ordinality as i (id, created_at, started_at, seconds, status, direction, contact_id, agent_id, phone_number, caller_name, r, t, rs, c, a, b, f, tu, sl, ss, sm, su, o, er, place)
$$;
-- Every page of a list with these filters: the ids, in the order they came.
create function pg_temp.paged(p_limit integer, p_status text default null, p_direction text default null, p_search text default null)
returns uuid[] language plpgsql as $$
declare
    v_page public.call_page;
    v_ids uuid[] := '{}';
begin
    for n in 1..100 loop
        v_page := public.list_calls(v_page.next_cursor, p_limit, p_status, p_direction, null, null, p_search);
        v_ids := v_ids || array(select i.id from unnest(v_page.items) with ordinality as i (id, a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, place) order by i.place);
        exit when v_page.next_cursor is null;
    end loop;
    return v_ids;
end
$$;
grant execute on function pg_temp.found(text, text, text, timestamptz, timestamptz), pg_temp.paged(integer, text, text, text) to authenticated;

-- Pages.
select tests.as_user(:'person');
select is(pg_temp.paged(5), array(select c.id from public.calls c order by c.created_at desc, c.id desc), 'page after page gives every call once, newest first');
select is(cardinality(pg_temp.paged(24)), 24, 'a full last page has no other behind it, and nobody else''s calls are there');
select is(
    pg_temp.paged(2, s.status, d.direction),
    array(select c.id from public.calls c where c.status = s.status and c.call_direction = d.direction order by c.created_at desc, c.id desc),
    format('by %s and %s as well', s.status, d.direction))
from unnest('{pending,failed}'::text[]) as s (status), unnest('{inbound,outbound}'::text[]) as d (direction);
select is(pg_temp.paged(2, 'completed'), array(select c.id from public.calls c where c.status = 'completed' order by c.created_at desc, c.id desc), 'by a status, of both directions');
select is(pg_temp.paged(5, null, 'outbound'), array(select c.id from public.calls c where c.call_direction = 'outbound' order by c.created_at desc, c.id desc), 'by a direction, of every status');
select is(cardinality((public.list_calls(p_from => '2026-11-01 12:00+00', p_to => '2026-11-01 20:00+00')).items), 2, 'within a time, its end not included');
select is(cardinality((public.list_calls(p_direction => 'inbound', p_from => '2026-11-01 12:00+00', p_to => '2026-11-01 20:00+00')).items), 1, 'and by direction within it');
select tests.throws_code($$ select public.list_calls('nonsense') $$, 'invalid_cursor');
select tests.throws_code($$ select public.list_calls(p_limit => 0) $$, 'invalid_value');
select tests.throws_code($$ select public.list_calls(p_limit => 201) $$, 'invalid_value');
select tests.throws_code($$ select public.list_calls(p_status => 'ringing') $$, 'invalid_value');
select tests.throws_code($$ select public.list_calls(p_direction => 'sideways') $$, 'invalid_value');
select tests.throws_code($$ select public.list_calls(p_search => repeat('x', 201)) $$, 'invalid_value');

-- Search: over a year and a half, so that the days, the groups of 16 and those of 256 are all asked.
select tests.as_owner();
insert into public.calls (org_id, call_direction, status, created_at, caller_name, phone_number, summary, transcript)
select :'org', (array['inbound', 'outbound'])[1 + n % 2], case when n % 10 = 0 then 'failed' else 'completed' end,
       '2026-10-01 10:00+00'::timestamptz - n * interval '30 hours', 'Caller ' || n, '+4420794600' || lpad((n % 100)::text, 2, '0'),
       'Asked about whitening' || case when n = 380 then ' and a chinchilla' else '' end, 'Agent: Hello. Caller: Hello, my name is O''Brien-Smith.'
from generate_series(1, 400) as n;
insert into public.calls (org_id, call_direction, status, created_at, caller_name, phone_number)
values (:'org', 'inbound', 'completed', '2026-11-10', 'Ann Long', '+447700900123'), (:'org', 'inbound', 'failed', '2026-11-11', 'Anne Short', '+3312345678');
select tests.as_user(:'person');
select is(pg_temp.paged(150, null, null, 'WHITENING'), array(select c.id from public.calls c where c.summary is not null order by c.created_at desc, c.id desc), 'a word that is in hundreds of calls finds each once, newest first');
select is(pg_temp.paged(7, 'failed', 'inbound', 'hello whitening'),
    array(select c.id from public.calls c where c.summary is not null and c.status = 'failed' and c.call_direction = 'inbound' order by c.created_at desc, c.id desc), 'all the words, with the filters, a page at a time');
select is(pg_temp.found('chinchilla'), '{"Caller 380"}', 'a word that is in one call alone, more than a year ago');
select is(pg_temp.found('whitening giraffe'), null, 'every word must be there');
select is(pg_temp.found('o''brien-smith caller 17'), '{"Caller 17"}', 'a name as it is written');
select is(pg_temp.found('chinchilla', null, null, '2026-01-01'), null, 'within a time');
select is(pg_temp.found('whitening', 'completed', 'inbound', '2026-09-25', '2026-10-01'), '{"Caller 2","Caller 4"}', 'with all filters at once');
select is(pg_temp.found(w.written), '{"Ann Long"}', 'a number is found as people write it: ' || w.written)
from unnest('{+447700900123,07700 900123,+44 (0)7700 900-123,00447700900123,900123,7700-900.123}'::text[]) as w (written);
select is(pg_temp.found('ann 07700 900123'), '{"Ann Long"}', 'beside words');
select is(pg_temp.found('anne 07700 900123'), null, 'which must be there as well');
select is(pg_temp.found('!?!'), null, 'without a word or a digit nothing is found');
select is(cardinality((public.list_calls(p_search => '  ', p_limit => 200)).items), 200, 'blanks are no search');
select is(pg_temp.found('''#day 20600'' & | !'), null, 'what is typed is words, and no query');
select is(pg_temp.found('strange'), null, 'nothing of another organisation''s is found');
select tests.as_user(:'stranger');
select is(pg_temp.found('strange'), '{"Strange Person"}', 'which finds it');

-- Who may.
select tests.as_api_key(:'key');
select isnt(pg_temp.found('whitening'), null, 'a key with the scope searches');
select tests.as_api_key(:'reader');
select tests.throws_code('select public.list_calls()', 'scope_missing');
select tests.throws_code($$ select private.found_calls('x', null, null, '-infinity', 'infinity', 'infinity', gen_random_uuid(), 1) $$, 'scope_missing', 'by whatever door');
select tests.as_anon();
select throws_ok('select public.list_calls()', '42501');

select * from finish();
rollback;

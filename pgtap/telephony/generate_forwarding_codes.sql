begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(123);

select tests.org('Smile') as org \gset
select tests.user(:'org') as member, tests.api_key(:'org', '{telephony:read}') as key, tests.api_key(:'org', '{services:read}') as other \gset

-- Every carrier, each mode, on and off.
create temporary table wanted (carrier text, total_on text, total_off text, safe_on text, safe_off text, ring integer) on commit drop;
insert into wanted
select c, '**21*+442071230009#', '##21#', '**61*+442071230009*11*20#', '##61#', 20
from unnest(array['tmobile', 'sprint', 'other_gsm', 'international', 'ee', 'o2', 'vodafone', 'three']) as c
union all
select 'att', '*21*+442071230009#', '#21#', '*004*+442071230009*11*20#', '##004#', 20
union all
select c, '*72+442071230009', '*73', '*71+442071230009', '*73', null from unnest(array['verizon', 'other_cdma']) as c;
grant select on wanted to authenticated;
select tests.as_user(:'member');
select results_eq('select carrier from public.carrier_forwarding_rules order by 1', 'select carrier from wanted order by 1', 'these carriers, which every member may read');
select is(public.generate_forwarding_codes(carrier, 'total_ai', '+442071230009', 20), (total_on, total_off, null)::public.forwarding_codes, carrier || ' forwards always') from wanted order by carrier;
select is(public.generate_forwarding_codes(carrier, 'safety_net', '+442071230009', 20), (safe_on, safe_off, ring)::public.forwarding_codes, carrier || ' forwards what nobody answers') from wanted order by carrier;
select is((public.generate_forwarding_codes(carrier, 'safety_net', '+442071230009')).ring_time_seconds, case when ring is not null then 25 end, carrier || ' waits 25 seconds without a wish') from wanted order by carrier;

-- How long it rings.
select is((public.generate_forwarding_codes(c, 'safety_net', '+442071230009', s)).ring_time_seconds, s, format('%s lets it ring for %s seconds', c, s))
from unnest(array['tmobile', 'sprint', 'other_gsm', 'international', 'att']) as c, unnest(array[5, 6, 59, 60]) as s;
select tests.throws_code(format('select public.generate_forwarding_codes(%L, ''safety_net'', ''+442071230009'', %s)', c, s), 'ring_time_out_of_range', format('%s does not know %s seconds', c, s))
from unnest(array['tmobile', 'att']) as c, unnest(array[-1, 0, 4, 61, 2147483647]) as s;
select is((public.generate_forwarding_codes(c, 'safety_net', '+442071230009', s)).ring_time_seconds, s, format('%s lets it ring for %s seconds', c, s))
from unnest(array['ee', 'o2', 'vodafone', 'three']) as c, unnest(array[5, 10, 30]) as s;
select tests.throws_code(format('select public.generate_forwarding_codes(%L, ''safety_net'', ''+442071230009'', %s)', c, s), 'ring_time_out_of_range', format('%s does not know %s seconds', c, s))
from unnest(array['ee', 'o2', 'vodafone', 'three']) as c, unnest(array[0, 4, 12, 31, 35]) as s;
select is(public.generate_forwarding_codes(c, 'safety_net', '+442071230009', s), public.generate_forwarding_codes(c, 'safety_net', '+442071230009'), format('%s does not care for %s seconds', c, s))
from unnest(array['verizon', 'other_cdma']) as c, unnest(array[-1, 99]) as s;
select is((public.generate_forwarding_codes('ee', 'total_ai', '+442071230009', 99)).activation_code, '**21*+442071230009#', 'nor does one that never rings');

-- A new carrier is a row.
select tests.throws_code($$ select public.generate_forwarding_codes('sky', 'total_ai', '+442071230009') $$, 'carrier_unknown');
select tests.as_owner();
insert into public.carrier_forwarding_rules values ('sky', 'Sky', 'GB', '*40*DEST#', '#40#', '*41*SECS*DEST#', '#41#', true, 10, 20, 10);
select tests.as_user(:'member');
select is(public.generate_forwarding_codes('sky', 'total_ai', '+442071230009'), ('*40*+442071230009#', '#40#', null)::public.forwarding_codes, 'a row later it is known');
select is(public.generate_forwarding_codes('sky', 'safety_net', '+442071230009', 10), ('*41*10*+442071230009#', '#41#', 10)::public.forwarding_codes, 'with its own form');
select is((public.generate_forwarding_codes('sky', 'safety_net', '+442071230009')).ring_time_seconds, 20, 'and its own limits, 25 being too many');
select tests.throws_code($$ select public.generate_forwarding_codes('sky', 'safety_net', '+442071230009', 25) $$, 'ring_time_out_of_range');

-- Bad input.
select tests.throws_code(format('select public.generate_forwarding_codes(%L, ''total_ai'', ''+442071230009'')', c), 'carrier_unknown', coalesce(to_json(c)::text, 'nothing') || ' is no carrier')
from unnest(array[null, '', 'EE', ' ee', '%']) as c;
select tests.throws_code(format('select public.generate_forwarding_codes(''ee'', %L, ''+442071230009'')', t), 'forwarding_type_invalid', coalesce(to_json(t)::text, 'nothing') || ' is no way to forward')
from unnest(array[null, '', 'TOTAL_AI', 'off']) as t;
select tests.throws_code(format('select public.generate_forwarding_codes(''ee'', ''total_ai'', %L)', d), 'phone_number_invalid', coalesce(to_json(d)::text, 'nothing') || ' is no destination')
from unnest(array[null, '', '02071230009', '+44207123#', '+442071230009#**21*+19005551234']) as d;
select tests.as_api_key(:'key');
select is((public.generate_forwarding_codes('att', 'total_ai', '+442071230009')).deactivation_code, '#21#', 'a key may, with its scope');
select tests.as_api_key(:'other');
select tests.throws_code($$ select public.generate_forwarding_codes('att', 'total_ai', '+442071230009') $$, 'scope_missing');
select tests.as_service();
select is((public.generate_forwarding_codes('att', 'total_ai', '+442071230009')).deactivation_code, '#21#', 'so may the product itself');

select * from finish();
rollback;

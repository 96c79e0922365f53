begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(97);

-- Numbers as they are, and whose they are.
select is(private.check_phone_number(n), c, n || ' is one of ' || coalesce(c, 'a country we do not sell in'))
from (values
    ('+442079460018', 'GB'), ('+447700900123', 'GB'), ('+441632960000', 'GB'), ('+448001111111', 'GB'), ('+443003030013', 'GB'),
    ('+12125550100', 'US'), ('+14155552671', 'US'), ('+18005550199', 'US'), ('+14165550100', 'CA'), ('+16045550100', 'CA'), ('+18675550100', 'CA'),
    ('+353209110000', 'IE'), ('+493023125000', 'DE'), ('+33199000000', 'FR'), ('+31208080000', 'NL'), ('+61255500000', 'AU'),
    ('+81312345678', null), ('+34910507000', null), ('+9715012345678', null), ('+2348012345678', null), ('+1234567', 'US'), ('+123456789012345', 'US')
) as v (n, c);

-- What costs whoever is called or verified.
select tests.throws_code(format('select private.check_phone_number(%L)', p.prefix || '1234567'), 'premium_number', p.prefix || ': ' || p.about)
from private.premium_prefixes p where p.prefix in ('+449', '+4470', '+4484', '+4487', '+44118', '+1900', '+1976', '+1876', '+1242', '+979');
select is_empty($$
    select p.prefix, n from private.premium_prefixes p, lateral (select rpad(p.prefix, g, '1') as n from generate_series(greatest(length(p.prefix), 8), 16) as g) as x
    where starts_with(n, p.prefix) and n ~ '^\+[1-9]\d{6,14}$' and not (select bool_or(starts_with(n, q.prefix)) from private.premium_prefixes q)$$, 'of every length');
insert into private.premium_prefixes (prefix, about) values ('+4420799', 'Of tomorrow');
select tests.throws_code($$ select private.check_phone_number('+442079912345') $$, 'premium_number', 'a new one is a row');
select is(private.check_phone_number('+442079812345'), 'GB', 'what only looks like it is not');

-- What is no number in international form.
select tests.throws_code(format('select private.check_phone_number(%L)', n), 'phone_number_invalid', coalesce(to_json(n)::text, 'nothing') || ' is no number')
from unnest(array[
    null, '', ' ', '+', '0', '00', '+0', 'null', '+44', '+4420', '+12345', '+123456', '+1234567890123456', '+12345678901234567890',
    '02079460018', '2079460018', '442079460018', '00442079460018', '07700900123', '(212) 555-0100', '+1 212 555 0100', '+1-212-555-0100',
    '+1(212)5550100', '+1.212.555.0100', '+0442079460018', '++442079460018', '+442079460018 ', ' +442079460018', E'+442079460018\n', E'\n+442079460018',
    '+44207946oo18', '+44207946001a', '+4420794600-18', '+44 (0)20 7946 0018', 'tel:+442079460018', '+442079460018;ext=12', '+442079460018x12',
    '+442079460018,+442079460019', 'sip:clinic@example.com', 'desk@clinic.example', '＋442079460018', '+４４2079460018', '+٤٤٢٠٧٩٤٦٠٠١٨', '+44२०७९४६००१८',
    '+442079460018' || chr(8203), '+442079460018''', '+442079460018; drop table x', '+%', '+_________', repeat('+1', 500)]) as n;

-- Generated: one character of a good number replaced, put in or taken out, at every place.
create temp table broken as
select distinct overlay('+442079460018' placing c from p for l) as n
from generate_series(1, 13) as p, unnest(array['a', ' ', '-', '+', '.', chr(1632)]) as c, generate_series(0, 1) as l
where not overlay('+442079460018' placing c from p for l) = '+442079460018';
select cmp_ok(count(*), '>=', 60::bigint, 'many of them') from broken;
create function pg_temp.code_of(p_number text) returns text language plpgsql as $$
declare
    v_code text;
begin
    perform private.check_phone_number(p_number);
    return 'taken';
exception when others then
    get stacked diagnostics v_code = pg_exception_hint;
    return v_code;
end $$;
select is_empty($$ select n, pg_temp.code_of(n) from broken where pg_temp.code_of(n) <> 'phone_number_invalid' $$, 'all of them are refused');

-- Generated: every length, every first digit.
select is(
    array(select length(n) - 1 from (select '+' || repeat('8', g) as n from generate_series(0, 40) as g) as x where pg_temp.code_of(n) = 'taken'),
    array(select generate_series(7, 15)), 'seven digits to fifteen');
select is(
    array(select d from generate_series(0, 9) as d where pg_temp.code_of('+' || d || '5544332211') = 'phone_number_invalid'), array[0], 'no country''s code begins with 0');

-- +1 is shared.
select is(private.country_of('+1' || a || '5550100'), 'CA', a || ' is in Canada')
from unnest(array['204', '416', '514', '604', '902']) as a;
select is(count(*), 0::bigint, 'no area code is two countries''')
from private.telephony_countries a join private.telephony_countries b on a.calling_code = b.calling_code and a.country_code < b.country_code and a.area_codes && b.area_codes;
insert into private.telephony_countries (country_code, name, calling_code, area_codes, number_type, needs_bundle, needs_address, requirements)
values ('JE', 'Jersey', '44', '{153}', 'Local', false, false, 'None.');
select is(private.country_of('+441534960000'), 'JE', 'a new country is a row, of a shared code as well');
select is(private.country_of('+441632960000'), 'GB', 'and takes nothing else');

select * from finish();
rollback;

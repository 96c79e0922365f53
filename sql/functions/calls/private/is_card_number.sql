-- Whether digits can be the number of a payment card: an issuer's beginning, its length, and the check digit (Luhn).
create or replace function private.is_card_number(p_digits text)
returns boolean
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p_digits ~ '^(4\d{12}(\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|(50|5[6-9]|6\d)\d{11,17})$'
       and (
           select sum(case when (length(p_digits) - i) % 2 = 0 then d when d > 4 then d * 2 - 9 else d * 2 end) % 10 = 0
           from generate_series(1, length(p_digits)) as i
           cross join lateral (select substr(p_digits, i, 1)::integer) as x (d)
       );
$$;

revoke execute on function private.is_card_number(text) from public, anon, authenticated, service_role;

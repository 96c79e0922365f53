-- A call's reservation as it stands, whoever asks.
create or replace function tests.bill(p_call uuid)
returns public.credit_reservations
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select r from public.credit_reservations r where r.call_id = p_call;
$$;

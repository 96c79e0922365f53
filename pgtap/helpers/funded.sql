-- Makes an organisation whose wallet holds p_pence, topped up at p_at. Returns its id.
create or replace function tests.funded(p_pence bigint, p_at timestamptz default '2026-01-01 00:00+00')
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := tests.org();
begin
    perform private.add_credits(v_org, p_pence, 'topup', 'stripe:pi_funded', p_now => p_at);
    return v_org;
end
$$;

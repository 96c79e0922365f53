-- Whether a caller may be passed on to a number: not one that costs more than a call, nor one that leads back here (the
-- organisation's own, a phone that forwards everything to one of them, or the caller's).
create or replace function private.may_be_rung(p_call public.calls, p_number text)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(p_number ~ '^\+[1-9]\d{6,14}$', false)
        and not exists (select from private.premium_prefixes p where starts_with(p_number, p.prefix))
        and p_number is distinct from p_call.from_number and p_number is distinct from p_call.to_number
        and not exists (select from public.phone_number_mapping m where m.org_id = p_call.org_id and m.phone_number = p_number)
        and not exists (
            select from public.managed_phone_numbers m
            where m.org_id = p_call.org_id and m.phone_number = p_number and m.status not in ('released', 'failed'))
        and not exists (
            select from private.org_credentials o where o.org_id = p_call.org_id and o.phone_number = p_number)
        and not exists (
            select from public.hybrid_forwarding_configs f
            where f.org_id = p_call.org_id and f.sim_phone_number = p_number
              and f.forwarding_type = 'total_ai' and f.status = 'active');
$$;

revoke execute on function private.may_be_rung(public.calls, text) from public, anon, authenticated, service_role;

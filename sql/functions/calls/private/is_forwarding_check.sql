-- Whether a call that comes in is the one that checks a forwarding: it comes from the organisation's own number, or
-- shows the phone that forwards, while a check is under way or half a minute after. Nobody answers it: it is there to
-- arrive, and Twilio's list has it then.
--
-- In plpgsql, which keeps the plan: somebody is on the line.
create or replace function private.is_forwarding_check(p_org_id uuid, p_from text, p_now timestamptz default now())
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select exists (
            select from public.hybrid_forwarding_configs f
            where f.org_id = p_org_id
              and p_from in (f.sim_phone_number, (private.forwarding_numbers(p_org_id)).checked_from)
              and (f.last_checked_at > p_now - interval '30 seconds'
                   or exists (select from private.effects e where e.org_id = p_org_id and e.id = f.check_effect_id))));
end
$$;

revoke execute on function private.is_forwarding_check(uuid, text, timestamptz) from public, anon, authenticated, service_role;

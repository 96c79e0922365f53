-- Whether something is left in a subaccount that needs its token: a number that is not given back, or a saga that acts with it.
create or replace function private.subaccount_is_used(p_subaccount private.twilio_subaccounts)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from public.managed_phone_numbers m
        where m.org_id = p_subaccount.org_id and m.subaccount_sid = p_subaccount.subaccount_sid
          and m.status in ('provisioning', 'active', 'releasing')
    ) or exists (
        select from private.sagas s
        where s.org_id = p_subaccount.org_id and s.finished_at is null
          and s.facts #>> '{account,sid}' = p_subaccount.subaccount_sid
    );
$$;

revoke execute on function private.subaccount_is_used(private.twilio_subaccounts)
    from public, anon, authenticated, service_role;

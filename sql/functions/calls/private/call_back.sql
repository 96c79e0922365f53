-- The work of public.call_back().
--
-- Raises 404 contact_not_found, 409 contact_without_phone, and what private.place_call() and private.authorize() raise.
create or replace function private.call_back(p_contact_id uuid, p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.call_back');
    v_contact public.contacts;
begin
    select * into v_contact from public.contacts c where c.org_id = v_caller.org_id and c.id = p_contact_id;
    if not found then
        perform private.fail('contact_not_found');
    elsif v_contact.phone is null then
        perform private.fail('contact_without_phone');
    end if;
    return private.place_call(
        v_caller.org_id, v_contact.id, null, v_contact.phone, 'call_back', v_caller.user_id, p_now);
end
$$;

revoke execute on function private.call_back(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.call_back(uuid, timestamptz) to authenticated;

-- Holds the call and the contact that an appointment is being booked for, so that what is asked twice at the same moment is
-- answered one after the other. Returns the call, or none.
--
-- Locks: the call's row, then the contact's. Raises 404 call_not_found, 404 contact_not_found: another organisation's are
-- not there either.
create or replace function private.lock_booker(p_org_id uuid, p_call_id uuid, p_contact_id uuid)
returns public.calls
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call public.calls;
begin
    if p_call_id is not null then
        select * into v_call from public.calls c where c.org_id = p_org_id and c.id = p_call_id for no key update;
        if not found then
            perform private.fail('call_not_found');
        end if;
    end if;
    if p_contact_id is not null then
        perform from public.contacts c where c.org_id = p_org_id and c.id = p_contact_id for no key update;
        if not found then
            perform private.fail('contact_not_found');
        end if;
    end if;
    return v_call;
end
$$;

revoke execute on function private.lock_booker(uuid, uuid, uuid) from public, anon, authenticated, service_role;

-- Keeps that a call was not let in. Locks: the call.
create or replace function private.note_refused_call(
    p_call public.calls, p_admission private.call_admission, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into private.call_records (org_id, call_id, admitted, refused_because)
    values (p_call.org_id, p_call.id, false, p_admission.reason)
    on conflict (org_id, call_id) do update set admitted = false, refused_because = excluded.refused_because
    where private.call_records.admitted is null;
    perform private.refresh_call_status(p_call.org_id, p_call.id, p_now);
end
$$;

revoke execute on function private.note_refused_call(public.calls, private.call_admission, timestamptz)
    from public, anon, authenticated, service_role;

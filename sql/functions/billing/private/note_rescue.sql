-- Writes down, and into Postgres's log, that the sweep found what a deadline had missed.
create or replace function private.note_rescue(p_org_id uuid, p_call_id uuid, p_what text, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into private.sweep_rescues (org_id, call_id, what, created_at) values (p_org_id, p_call_id, p_what, p_now);
    raise log 'The sweep found what a deadline missed: % (organisation %, call %)', p_what, p_org_id, p_call_id;
end
$$;

revoke execute on function private.note_rescue(uuid, uuid, text, timestamptz)
    from public, anon, authenticated, service_role;

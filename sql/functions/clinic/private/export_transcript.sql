-- The work of public.export_transcript(). What left is on record, and to whom; what it said is in the call.
--
-- Raises 404 call_not_found, 404 transcript_not_found, 422 invalid_value, and what private.authorize() raises.
create or replace function private.export_transcript(p_call_id uuid, p_format text, p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.export_transcript');
    v_call public.calls;
begin
    if p_format is distinct from 'txt' then
        perform private.fail('invalid_value', '{"field": "format"}');
    end if;
    select * into v_call from public.calls c where c.org_id = v_caller.org_id and c.id = p_call_id;
    if not found then
        perform private.fail('call_not_found');
    elsif coalesce(v_call.transcript, '') = '' then
        perform private.fail('transcript_not_found');
    end if;
    insert into public.messages (
        org_id, contact_id, call_id, direction, method, purpose, recipient, content, status, sent_at, created_at)
    values (
        v_caller.org_id, v_call.contact_id, p_call_id, 'out', 'export', 'export',
        coalesce(
            (select p.email from public.profiles p where p.id = v_caller.user_id),
            'API key ' || (select k.name from public.api_keys k where k.org_id = v_caller.org_id and k.id = v_caller.api_key_id)),
        'The transcript of the call, as a text file.', 'delivered', p_now, p_now);
    return private.transcript_file(v_call, private.zone_of(v_caller.org_id));
end
$$;

revoke execute on function private.export_transcript(uuid, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.export_transcript(uuid, text, timestamptz) to authenticated;

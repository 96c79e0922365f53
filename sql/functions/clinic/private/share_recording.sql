-- The work of public.share_recording(). The link is in the email and nowhere else; the message on record says that it went.
--
-- Locks: enqueues, so last.
--
-- Raises 404 call_not_found, 404 recording_not_ready, 404 recording_not_found, 400 email_address_invalid,
-- 409 email_suppressed, and what private.authorize() raises.
create or replace function private.share_recording(p_call_id uuid, p_email text, p_now timestamptz default now())
returns public.shared_recording
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.share_recording');
    v_email constant text := lower(btrim(p_email));
    v_zone constant text := private.zone_of(v_caller.org_id);
    v_call public.calls;
    v_token text;
    v_email_id uuid;
begin
    if coalesce(v_email, '') !~ '^[^@[:space:]<>,]+@[^@[:space:]<>,]+\.[^@[:space:]<>,.]+$' or length(v_email) > 254 then
        perform private.fail('email_address_invalid');
    elsif exists (select from private.email_suppressions s where s.org_id = v_caller.org_id and s.address = v_email) then
        perform private.fail('email_suppressed');
    end if;
    v_token := private.create_recording_link(v_caller.org_id, p_call_id, v_caller.user_id, p_now);
    select * into strict v_call from public.calls c where c.org_id = v_caller.org_id and c.id = p_call_id;

    v_email_id := private.send_email(
        v_caller.org_id, v_email, 'recording_shared',
        jsonb_build_object(
            'organization_name', (select coalesce(o.clinic_name, o.name) from public.organizations o where o.id = v_caller.org_id),
            'called_at', to_char(coalesce(v_call.started_at, v_call.created_at) at time zone v_zone, 'DD Mon YYYY, HH24:MI'),
            'link', (select s.api_url from private.email_settings s) || '/api/recordings/' || v_token,
            'until', to_char((p_now + interval '24 hours') at time zone v_zone, 'DD Mon YYYY, HH24:MI')),
        format('recording_shared:%s:%s', p_call_id, gen_random_uuid()));
    insert into public.messages (
        org_id, contact_id, call_id, direction, method, purpose, recipient, content, service_provider, effect_id, created_at)
    select v_caller.org_id, v_call.contact_id, p_call_id, 'out', 'email', 'share', v_email,
           'A link to the recording of the call, good for 24 hours.', 'resend', e.effect_id, p_now
    from private.emails e
    where e.org_id = v_caller.org_id and e.id = v_email_id;
    return (true, v_email)::public.shared_recording;
end
$$;

revoke execute on function private.share_recording(uuid, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.share_recording(uuid, text, timestamptz) to authenticated;

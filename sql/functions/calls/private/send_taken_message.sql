-- Emails a message that was taken to the clinic's address; where it has none, to each of its admins. Once a message.
create or replace function private.send_taken_message(
    p_call public.calls, p_message public.messages, p_name text, p_phone text, p_urgency text
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_organization public.organizations;
    v_params jsonb;
begin
    select * into strict v_organization from public.organizations o where o.id = p_call.org_id;
    v_params := jsonb_build_object(
        'organization_name', coalesce(v_organization.clinic_name, v_organization.name),
        'caller', coalesce(nullif(concat_ws(', ', p_name, p_phone), ''), 'Somebody whose number is withheld'),
        'urgency', case p_urgency when 'high' then 'Urgent: ' when 'critical' then 'Very urgent: ' else '' end,
        'time', private.spoken_time(p_message.created_at, v_organization.timezone, 'en'),
        'message', p_message.content,
        'call_id', p_call.id);
    if v_organization.email is not null then
        perform private.send_email(
            p_call.org_id, v_organization.email, 'taken_message', v_params, 'taken_message:' || p_message.id);
    else
        perform private.email_admins(p_call.org_id, 'taken_message', v_params, 'taken_message:' || p_message.id);
    end if;
end
$$;

revoke execute on function private.send_taken_message(public.calls, public.messages, text, text, text) from public, anon, authenticated, service_role;

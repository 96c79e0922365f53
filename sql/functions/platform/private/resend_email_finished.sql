-- The step after the effect resend.email: the email was taken by Resend, or never will be.
create or replace function private.resend_email_finished(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_email_id uuid := (p_effect #>> '{payload,email_id}')::uuid;
begin
    if p_outcome = 'done' then
        perform private.email_accepted(v_org_id, v_email_id, p_result ->> 'id');
    else
        perform private.email_failed(v_org_id, v_email_id, coalesce(p_effect ->> 'last_error', p_outcome));
    end if;
end
$$;

revoke execute on function private.resend_email_finished(jsonb, text, jsonb) from public, anon, authenticated, service_role;

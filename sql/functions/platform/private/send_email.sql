-- Writes an email from its template and puts its sending on record, in the transaction that decided it.
--
-- The same key in the same organisation answers the first email's id and sends nothing again. To an address the
-- organisation must not write to, the email is recorded as suppressed and no effect follows. The tags lead Resend's
-- webhooks back to the row even when one overtakes the answer that carries Resend's own id.
create or replace function private.send_email(
    p_org_id uuid, p_recipient text, p_template text, p_params jsonb, p_idempotency_key text)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_settings private.email_settings;
    v_template private.email_templates;
    v_params jsonb;
    v_email private.emails;
    v_suppression text;
begin
    select * into strict v_settings from private.email_settings;
    select * into v_template from private.email_templates t where t.name = p_template;
    if not found then
        raise exception 'There is no email template %.', p_template using errcode = 'XX000';
    end if;
    select s.reason into v_suppression from private.email_suppressions s
    where s.org_id = p_org_id and s.address = lower(p_recipient);

    v_params := jsonb_build_object('app_url', v_settings.app_url) || coalesce(p_params, '{}');
    insert into private.emails as e (org_id, recipient, template, subject, html, text, status, status_reason, idempotency_key)
    values (
        p_org_id, p_recipient, p_template,
        regexp_replace(private.render_template(v_template.subject, v_params, false), '[[:cntrl:]]+', ' ', 'g'),
        private.render_template(v_template.html, v_params, true),
        private.render_template(v_template.text, v_params, false),
        case when v_suppression is null then 'queued' else 'suppressed' end, v_suppression,
        p_idempotency_key)
    on conflict (org_id, idempotency_key) do nothing
    returning e.* into v_email;

    if v_email.id is null then
        select e.* into v_email from private.emails e
        where e.org_id = p_org_id and e.idempotency_key = p_idempotency_key;
    elsif v_email.status = 'queued' then
        update private.emails e
        set effect_id = private.enqueue_effect(p_org_id, 'resend.email', jsonb_build_object(
            'email_id', v_email.id,
            'org_id', p_org_id,
            'from', v_settings.sender,
            'to', jsonb_build_array(v_email.recipient),
            'subject', v_email.subject,
            'html', v_email.html,
            'text', v_email.text,
            'tags', jsonb_build_array(
                jsonb_build_object('name', 'org_id', 'value', p_org_id),
                jsonb_build_object('name', 'email_id', 'value', v_email.id),
                jsonb_build_object('name', 'template', 'value', p_template)),
            'idempotency_key', 'email/' || v_email.id))
        where e.org_id = p_org_id and e.id = v_email.id;
    end if;
    return v_email.id;
end
$$;

revoke execute on function private.send_email(uuid, text, text, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function private.send_email(uuid, text, text, jsonb, text) to service_role;

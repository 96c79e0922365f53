-- What becomes of an email becomes of the message it was sent as.
create or replace function private.note_emailed_message()
returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.note_message(
        m.org_id, m.id, case when new.status in ('sent', 'delivered') then new.status else 'failed' end, new.resend_email_id,
        case when new.status not in ('sent', 'delivered') then new.status end, new.updated_at)
    from public.messages m
    where m.org_id = new.org_id and m.effect_id = new.effect_id;
    return null;
end
$$;

revoke execute on function private.note_emailed_message() from public, anon, authenticated, service_role;

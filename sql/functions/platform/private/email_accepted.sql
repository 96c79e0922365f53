-- What follows when Resend has taken an email: its id is kept, with the way from that id to the organisation.
--
-- Locks: the email before the directory, as an event does that overtakes the answer with the id.
create or replace function private.email_accepted(p_org_id uuid, p_email_id uuid, p_resend_email_id text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform from private.emails e where e.org_id = p_org_id and e.id = p_email_id for update;
    insert into private.directory (kind, key, org_id) values ('resend_email', p_resend_email_id, p_org_id)
    on conflict do nothing;
    update private.emails e
    set resend_email_id = coalesce(e.resend_email_id, p_resend_email_id),
        status = case when private.email_rank(e.status) < private.email_rank('sent') then 'sent' else e.status end,
        updated_at = now()
    where e.org_id = p_org_id and e.id = p_email_id;
end
$$;

revoke execute on function private.email_accepted(uuid, uuid, text) from public, anon, authenticated, service_role;

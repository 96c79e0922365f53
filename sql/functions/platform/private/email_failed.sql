-- What follows when an email could not be handed to Resend for good.
create or replace function private.email_failed(p_org_id uuid, p_email_id uuid, p_reason text)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    update private.emails e
    set status = 'failed', status_reason = left(p_reason, 500), updated_at = now()
    where e.org_id = p_org_id and e.id = p_email_id
      and private.email_rank(e.status) < private.email_rank('failed');
$$;

revoke execute on function private.email_failed(uuid, uuid, text) from public, anon, authenticated, service_role;

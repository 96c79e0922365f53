-- Erases what was said in an organisation's calls of before a time, and answers in how many: see private.erase_old_words().
--
-- Locks: the calls by age, their tool runs, then Vapi's messages.
create or replace function private.erase_words_before(p_org_id uuid, p_before timestamptz, p_now timestamptz)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids uuid[];
begin
    if p_before is null then
        return 0;
    end if;
    v_ids := array(
        select c.id from public.calls c
        where c.org_id = p_org_id and c.created_at < p_before
          and (c.transcript is not null or c.summary is not null or c.turns <> '[]')
        order by c.created_at, c.id
        limit 5000
        for no key update);
    update public.calls c set
        transcript = null, summary = null, turns = '[]', sentiment_summary = null, transfer_reason = null, updated_at = p_now
    where c.org_id = p_org_id and c.id = any (v_ids);
    update private.tool_runs r set arguments = '{}', result = '[erased]'
    where r.org_id = p_org_id and r.call_id = any (v_ids);
    update private.webhook_inbox w set body = '{}', answer = null
    where w.org_id = p_org_id and w.provider = 'vapi' and w.finished_at is not null and w.received_at < p_before
      and w.body <> '{}';
    return cardinality(v_ids);
end
$$;

revoke execute on function private.erase_words_before(uuid, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;

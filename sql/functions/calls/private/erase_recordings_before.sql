-- Erases where the recordings of an organisation's calls of before a time are, and the links that were given out, and answers
-- of how many: see private.erase_old_words().
--
-- Locks: the calls by age, then the links.
create or replace function private.erase_recordings_before(p_org_id uuid, p_before timestamptz, p_now timestamptz)
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
        where c.org_id = p_org_id and c.created_at < p_before and c.recording_url is not null
        order by c.created_at, c.id
        limit 5000
        for no key update);
    update public.calls c set recording_url = null, recording_status = 'none', updated_at = p_now
    where c.org_id = p_org_id and c.id = any (v_ids);
    delete from private.recording_links l where l.org_id = p_org_id and l.call_id = any (v_ids);
    return cardinality(v_ids);
end
$$;

revoke execute on function private.erase_recordings_before(uuid, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;

-- Every hour: erases the words and the recordings of calls that are older than their organisation keeps them, and answers how
-- many calls lost something.
--
-- What was said goes from the call, from what its tools were told and answered, and from what Vapi sent; the links to a
-- recording go with it. That there was a call, what it cost and what came of it stays. At most 5,000 calls of each kind in
-- an organisation at a time: the rest waits for the next hour.
--
-- Locks: calls by age, then what hangs on them.
create or replace function private.erase_old_words(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org record;
    v_count integer := 0;
begin
    for v_org in
        select o.id, p_now - make_interval(days => o.retention_transcripts_days) as words_before,
               p_now - make_interval(days => o.retention_recordings_days) as recordings_before
        from public.organizations o
        where o.retention_transcripts_days is not null or o.retention_recordings_days is not null
        order by o.id
    loop
        v_count := v_count + private.erase_words_before(v_org.id, v_org.words_before, p_now)
                           + private.erase_recordings_before(v_org.id, v_org.recordings_before, p_now);
    end loop;
    return v_count;
end
$$;

revoke execute on function private.erase_old_words(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.erase_old_words(timestamptz) to service_role;

-- What a call's record was made from, with one more word of its end: the greater of the two, whichever came first.
create or replace function private.greater_word(
    p_record private.call_records, p_rank smallint, p_facts jsonb, p_body_hash bytea
)
returns private.call_records
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_record private.call_records := p_record;
begin
    if p_record.rank is null
       or private.word_key(p_rank, p_facts, p_body_hash) collate "C" > private.word_key(
           p_record.rank, jsonb_build_object('ended_at', p_record.ended_at, 'duration_seconds', p_record.seconds),
           p_record.body_hash) collate "C" then
        v_record.rank := p_rank;
        v_record.ended_at := (p_facts ->> 'ended_at')::timestamptz;
        v_record.seconds := (p_facts ->> 'duration_seconds')::bigint;
        v_record.body_hash := p_body_hash;
    end if;
    return v_record;
end
$$;

revoke execute on function private.greater_word(private.call_records, smallint, jsonb, bytea)
    from public, anon, authenticated, service_role;

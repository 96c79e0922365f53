-- The place of a word on a call among the others, as a text that sorts: by source (private.evidence_rank), then by the end
-- it names, then by length, then by content. Two words that say the same have the same place.
create or replace function private.word_key(p_rank integer, p_facts jsonb, p_body_hash bytea)
returns text
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select format(
        '%s %s %s %s', p_rank,
        lpad(greatest(coalesce(extract(epoch from (p_facts ->> 'ended_at')::timestamptz) * 1000000, 0), 0)::bigint::text, 19, '0'),
        lpad((greatest(coalesce((p_facts ->> 'duration_seconds')::bigint, -1), -1) + 1)::text, 12, '0'),
        left(encode(p_body_hash, 'hex'), 16));
$$;

revoke execute on function private.word_key(integer, jsonb, bytea) from public, anon, authenticated, service_role;

-- How sure a source is of a call's end: the end-of-call report, the provider asked, its last status, our own release.
create or replace function private.evidence_rank(p_source text)
returns smallint
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case p_source when 'report' then 4 when 'poll' then 3 when 'status' then 2 when 'release' then 1 end::smallint;
$$;

revoke execute on function private.evidence_rank(text) from public, anon, authenticated, service_role;

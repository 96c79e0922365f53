-- The service that a caller means: the one whose name or keyword is said, in whole words or their plural; of several the
-- longest of what is said, so that a lip filler is no filler. One that is not offered any longer is never meant.
create or replace function private.service_of(p_org_id uuid, p_said text)
returns public.services
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select s.*
    from public.services s
    cross join lateral (
        select max(length(w.plain)) as length
        from (select private.fold_text(k) as plain from unnest(s.keywords || s.name) as k) as w
        where w.plain <> '' and private.fold_text(p_said) ~ ('(^| )' || w.plain || '(s|es)?( |$)')
    ) as said
    where s.org_id = p_org_id and s.is_active and said.length > 0
    order by said.length desc, s.name, s.id
    limit 1;
$$;

revoke execute on function private.service_of(uuid, text) from public, anon, authenticated, service_role;

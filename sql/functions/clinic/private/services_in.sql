-- The services of an organisation's that a text speaks of, by their names or keywords as whole words, dearest first.
create or replace function private.services_in(p_org_id uuid, p_text text)
returns setof public.services
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with said as materialized (
        select private.plain_words(p_text) as words
    )
    select s.*
    from public.services s
    cross join said t
    where s.org_id = p_org_id and s.is_active
      and exists (
          select from unnest(s.keywords || s.name) as k (word)
          cross join lateral (select private.plain_words(k.word) offset 0) as p (phrase)
          where btrim(p.phrase) <> '' and strpos(t.words, p.phrase) > 0)
    order by s.price_pence desc, s.name, s.id;
$$;

revoke execute on function private.services_in(uuid, text) from public, anon, authenticated, service_role;

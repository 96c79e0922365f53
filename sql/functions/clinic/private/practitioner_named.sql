-- The practitioner a caller means: whose whole name is said, or one word of it that is nobody else's. Titles and initials are
-- no names. NULL when nobody is meant, or it could be several.
create or replace function private.practitioner_named(p_org_id uuid, p_said text)
returns uuid
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with meant as (
        select p.id, count(*) as words
        from public.practitioners p
        cross join lateral regexp_split_to_table(private.fold_text(p.name), ' +') as w (word)
        where p.org_id = p_org_id and p.is_active and length(w.word) > 1
          and w.word not in ('dr', 'doctor', 'mr', 'mrs', 'ms', 'miss', 'prof', 'professor')
          and ' ' || private.fold_text(p_said) || ' ' like '% ' || w.word || ' %'
        group by p.id
    )
    select min(m.id::text)::uuid from meant m where m.words = (select max(o.words) from meant o) having count(*) = 1;
$$;

revoke execute on function private.practitioner_named(uuid, text) from public, anon, authenticated, service_role;

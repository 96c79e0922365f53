-- A foreign key between two tenant tables is (org_id, x_id) → (org_id, id): on x_id alone one organisation could point at
-- another's row, and learn whether it exists.
create or replace function tests.tenant_foreign_keys_carry_org_id()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select k.conrelid::regclass::text, format('foreign key %s does not carry org_id', k.conname)
    from pg_constraint k
    join pg_attribute f on f.attrelid = k.conrelid and f.attname = 'org_id' and not f.attisdropped
    join pg_attribute t on t.attrelid = k.confrelid and t.attname = 'org_id' and not t.attisdropped
    where k.contype = 'f'
      and k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
      and not exists (
          select from generate_subscripts(k.conkey, 1) s
          where k.conkey[s] = f.attnum and k.confkey[s] = t.attnum);
$$;

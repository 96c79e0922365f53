-- A new effect's id: 60 bits of a sequence, so that ids order effects as they were enqueued, then 62 random bits, so
-- that nobody guesses one. A UUID of version 8.
create or replace function private.next_effect_id()
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_hex constant text := lpad(to_hex(nextval('private.effect_order')), 15, '0');
begin
    return (substr(v_hex, 1, 8) || '-' || substr(v_hex, 9, 4) || '-8' || substr(v_hex, 13, 3) || '-'
            || substr(gen_random_uuid()::text, 20))::uuid;
end
$$;

revoke execute on function private.next_effect_id() from public, anon, authenticated, service_role;

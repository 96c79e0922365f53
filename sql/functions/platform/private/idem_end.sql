-- Ends what private.idem_begin() began: keeps a fresh answer, or marks a kept one as a replay, and answers the body.
--
-- The status goes through `response.status`, as with private.refuse(); a replay sets it again when it was not 200, and
-- `response.headers` to say that it is one. A refusal is not kept: the next attempt may fare better.
create or replace function private.idem_end(p_key text, p_body text, p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_hashes constant bytea := decode(p_key, 'hex');
    v_key constant bytea := substr(v_hashes, 1, 32);
    v_status integer := coalesce(nullif(current_setting('response.status', true), '')::integer, 200);
    v_kept integer;
begin
    select i.status into v_kept from private.idempotency_keys i
    where i.key = v_key
      and i.slot in (private.day_slot(p_now, 3), private.day_slot(p_now - interval '1 day', 3))
      and i.created_at > p_now - interval '24 hours';
    if found then
        perform set_config('response.headers', '[{"Idempotent-Replayed": "true"}]', true);
        if v_kept <> 200 then
            perform set_config('response.status', v_kept::text, true);
        end if;
        return p_body;
    end if;

    if v_status < 400 then
        insert into private.idempotency_keys as i (slot, key, body_hash, status, body, created_at)
        values (
            private.day_slot(p_now, 3), v_key, substr(v_hashes, 33, 32), v_status,
            extensions.encrypt(convert_to(p_body, 'UTF8'), substr(v_hashes, 65, 32), 'aes'), p_now)
        on conflict (key, slot) do update
        set body_hash = excluded.body_hash, status = excluded.status, body = excluded.body, created_at = excluded.created_at;
    end if;
    return p_body;
end
$$;

revoke execute on function private.idem_end(text, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.idem_end(text, text, timestamptz) to authenticated, service_role;

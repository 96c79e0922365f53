-- The refusal of a phone that was called three times within the hour, with when it may be called again; NULL for any other.
-- A refused wish is no call.
--
-- Refuses with 429 caller_id_limited.
create or replace function private.refuse_limited(p_calls timestamptz[], p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if cardinality(p_calls) >= 3 then
        return private.refuse(
            'caller_id_limited',
            p_retry_after_seconds => extract(epoch from p_calls[cardinality(p_calls) - 2] + interval '1 hour' - p_now));
    end if;
    return null;
end
$$;

revoke execute on function private.refuse_limited(timestamptz[], timestamptz) from public, anon, authenticated, service_role;

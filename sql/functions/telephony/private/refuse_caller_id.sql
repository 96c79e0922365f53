-- What speaks against calling a phone for verification now: it is locked after wrong codes, or was called three times within
-- the hour. NULL: nothing. A refused wish does not count.
--
-- Refuses with 423 caller_id_locked, 429 caller_id_limited.
create or replace function private.refuse_caller_id(
    p_caller_id public.verified_caller_ids, p_calls timestamptz[], p_now timestamptz
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_caller_id.locked_until > p_now then
        return private.refuse(
            'caller_id_locked', p_retry_after_seconds => extract(epoch from p_caller_id.locked_until - p_now));
    elsif cardinality(p_calls) >= 3 then
        return private.refuse(
            'caller_id_limited',
            p_retry_after_seconds => extract(epoch from p_calls[cardinality(p_calls) - 2] + interval '1 hour' - p_now));
    end if;
    return null;
end
$$;

revoke execute on function private.refuse_caller_id(public.verified_caller_ids, timestamptz[], timestamptz)
    from public, anon, authenticated, service_role;

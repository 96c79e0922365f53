-- The refusal of a number that is locked after wrong codes, with how long; NULL for any other.
--
-- Refuses with 423 caller_id_locked.
create or replace function private.refuse_locked(p_caller_id public.verified_caller_ids, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_caller_id.locked_until > p_now then
        return private.refuse(
            'caller_id_locked', p_retry_after_seconds => extract(epoch from p_caller_id.locked_until - p_now));
    end if;
    return null;
end
$$;

revoke execute on function private.refuse_locked(public.verified_caller_ids, timestamptz) from public, anon, authenticated, service_role;

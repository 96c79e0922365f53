-- Expires verifications nobody finished, ten minutes after their code did (or twenty after they began, where there never was
-- one), and deletes what failed or expired a day ago. What an active forwarding uses is left. Phones that were not called
-- within the hour are forgotten.
--
-- Locks: initiations; caller IDs.
create or replace function private.cleanup_caller_ids(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_deleted integer;
begin
    delete from private.caller_id_initiations i
    where not exists (select from unnest(i.recent) t where t > p_now - interval '1 hour');

    update public.verified_caller_ids c set status = 'expired', updated_at = p_now
    where c.status = 'pending'
      and coalesce(c.verification_code_expires_at, c.updated_at + interval '10 minutes') <= p_now - interval '10 minutes'
      and not exists (select from private.effects e where e.org_id = c.org_id and e.id = c.effect_id);
    delete from private.caller_id_codes k
    using public.verified_caller_ids c
    where c.org_id = k.org_id and c.id = k.verified_caller_id and c.status <> 'pending';

    delete from public.verified_caller_ids c
    where c.status in ('failed', 'expired') and c.updated_at <= p_now - interval '24 hours'
      and coalesce(c.locked_until <= p_now, true)
      and not exists (select from public.hybrid_forwarding_configs f
                      where f.org_id = c.org_id and f.verified_caller_id = c.id and f.status = 'active');
    get diagnostics v_deleted = row_count;
    return v_deleted;
end
$$;

revoke execute on function private.cleanup_caller_ids(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.cleanup_caller_ids(timestamptz) to service_role;

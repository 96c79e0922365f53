-- How much is sealed with which key. `resealable` is what voxanne rotate-keys seals anew; the rest is under way and over
-- within minutes: revocations, exchanges of codes, codes that a person is just typing. Until then its key is needed.
create or replace function private.sealed_census(p_now timestamptz default now())
returns table (key_version integer, resealable bigint, under_way bigint)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select r.key_version, count(*) filter (where r.resealable), count(*) filter (where not r.resealable)
    from (
        select c.key_version, true from private.org_credentials c where c.encrypted_config is not null
        union all
        select s.key_version, true from private.twilio_subaccounts s
        union all
        select f.key_version, f.used_at is null from private.oauth_flows f where f.used_at is null or f.encrypted_code is not null
        union all
        select (e.payload ->> 'key_version')::integer, false from private.effects e where e.kind = 'oauth.revoke'
        union all
        select (d.result ->> 'key_version')::integer, false
        from public.verified_caller_ids v
        join private.effects_done d on d.id = v.effect_id
        where v.status = 'pending' and v.verification_code_expires_at > p_now and d.result ? 'key_version'
    ) as r (key_version, resealable)
    group by r.key_version
    order by r.key_version;
$$;

revoke execute on function private.sealed_census(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.sealed_census(timestamptz) to service_role;

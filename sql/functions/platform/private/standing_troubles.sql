-- What a person has to look at, for voxanne doctor: wallets that do not add up, sagas that cannot get on.
create or replace function private.standing_troubles()
returns table (kind text, what text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select 'drifting_wallet', c.org_id::text from private.ledger_checks c group by c.org_id
    union all
    select 'stuck_saga', concat(s.saga, ' ', s.id) from private.sagas s where s.finished_at is null and s.failures > 0
    order by 1, 2;
$$;

revoke execute on function private.standing_troubles() from public, anon, authenticated, service_role;
grant execute on function private.standing_troubles() to service_role;

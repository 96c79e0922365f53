-- What is sealed with another key than the given one and can be sealed anew, a batch at a time, in the order of table,
-- organisation and row: whoever goes on after the last row of a batch comes to an end, even past rows that do not open.
--
-- A consent that was used is left out: its code is exchanged within minutes, under the key both its parts share.
create or replace function private.sealed_rows(
    p_not_version integer, p_limit integer, p_after_table text default '', p_after_org_id uuid default null,
    p_after_id uuid default null)
returns table (table_name text, org_id uuid, id uuid, provider text, type text, sealed text, key_version integer)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select r.table_name, r.org_id, r.id, r.provider, r.type, translate(encode(r.sealed, 'base64'), E'\n', ''), r.key_version
    from (
        select 'oauth_flows', f.org_id, f.id, f.provider, 'oauth_verifier', f.encrypted_verifier, f.key_version
        from private.oauth_flows f
        where f.used_at is null
        union all
        select 'org_credentials', c.org_id, c.id, c.provider, c.type, c.encrypted_config, c.key_version
        from private.org_credentials c
        where c.encrypted_config is not null
        union all
        select 'twilio_subaccounts', s.org_id, s.org_id, 'twilio', 'subaccount', s.encrypted_token, s.key_version
        from private.twilio_subaccounts s
    ) as r (table_name, org_id, id, provider, type, sealed, key_version)
    where r.key_version <> p_not_version
      and (p_after_table = '' or (r.table_name, r.org_id, r.id) > (p_after_table, p_after_org_id, p_after_id))
    order by r.table_name, r.org_id, r.id
    limit greatest(p_limit, 1);
$$;

revoke execute on function private.sealed_rows(integer, integer, text, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.sealed_rows(integer, integer, text, uuid, uuid) to service_role;

-- Reconciles one organisation and keeps what drifts in private.ledger_checks; what no longer drifts goes. Answers how
-- many checks drift.
--
-- Drift is told to the operator. Locks: the organisation's rows of private.ledger_checks, the alert.
create or replace function private.note_drift(p_org_id uuid, p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_names text[];
    v_drifts bigint[];
    v_details text[];
begin
    select coalesce(array_agg(r.check_name), '{}'), array_agg(r.drift),
           array_agg(concat_ws(', ', format('expected %s, found %s', coalesce(r.expected, 'nothing'), coalesce(r.found, 'nothing')),
                               r.detail))
    into strict v_names, v_drifts, v_details
    from private.reconcile_wallet(p_org_id) r
    where r.drift <> 0;

    delete from private.ledger_checks c where c.org_id = p_org_id and c.check_name <> all (v_names);
    insert into private.ledger_checks as c (org_id, check_name, drift, detail, checked_at)
    select p_org_id, d.check_name, d.drift, d.detail, p_now
    from unnest(v_names, v_drifts, v_details) as d (check_name, drift, detail)
    on conflict (org_id, check_name) do update set
        drift = excluded.drift, detail = excluded.detail, checked_at = excluded.checked_at;
    if v_names <> '{}' then
        perform private.alert(p_org_id, 'ledger_drift', format(
            'The money does not add up: %s. First: %s. See docs/runbooks/money-drift.md.',
            array_to_string(v_names, ', '), v_details[1]), p_now);
    end if;
    return cardinality(v_names);
end
$$;

revoke execute on function private.note_drift(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.note_drift(uuid, timestamptz) to service_role;

-- Every day: enqueues the heads of all ledgers, to be signed and kept outside the database. Answers how many parts.
--
-- Due at midnight, so that a run made up for later still is its day's only one: a day's file is never replaced.
create or replace function private.export_ledger_heads(p_now timestamptz default now())
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_heads_a_part constant integer := 10000;
    v_part record;
    v_parts bigint;
begin
    for v_part in
        with numbered as (
            select w.org_id, w.entry_count, w.last_entry_hash,
                   (row_number() over (order by w.org_id) - 1) / c_heads_a_part + 1 as part,
                   (count(*) over () - 1) / c_heads_a_part + 1 as parts
            from public.credit_wallets w
            where w.entry_count > 0
        )
        select n.part, n.parts,
               jsonb_agg(jsonb_build_object(
                   'org_id', n.org_id, 'seq', n.entry_count, 'hash', encode(n.last_entry_hash, 'hex')) order by n.org_id) as heads
        from numbered n
        group by n.part, n.parts
        order by n.part
    loop
        perform private.enqueue_effect(
            p_org_id => null,
            p_kind => 'ledger.export_heads',
            p_payload => jsonb_build_object(
                'day', (p_now at time zone 'UTC')::date, 'part', v_part.part, 'parts', v_part.parts, 'heads', v_part.heads),
            p_run_at => p_now);
        v_parts := v_part.parts;
    end loop;
    return coalesce(v_parts, 0);
end
$$;

revoke execute on function private.export_ledger_heads(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.export_ledger_heads(timestamptz) to service_role;

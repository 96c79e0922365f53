-- Every minute: folds what calls noted of their counts, a bounded piece of it.
create or replace function private.fold_call_counts(p_now timestamptz default now())
returns bigint
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.fold_calls(50000);
$$;

revoke execute on function private.fold_call_counts(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.fold_call_counts(timestamptz) to service_role;

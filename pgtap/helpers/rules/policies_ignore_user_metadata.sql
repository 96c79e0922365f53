-- No policy reads user_metadata: a user can write it.
create or replace function tests.policies_ignore_user_metadata()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p.polrelid::regclass::text, 'policy ' || p.polname || ' reads user_metadata'
    from pg_policy p
    where concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
          ~* 'user_meta_?data';
$$;

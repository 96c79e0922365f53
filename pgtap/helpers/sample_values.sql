-- Column values for tests.sample_row() where a table's constraints ask for more than the column's type does: table,
-- column, value as text. Anything a constraint lists (`col in (…)`) or a foreign key names needs no entry here.
create or replace function tests.sample_values()
returns table (table_name text, column_name text, value text)
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    values
        ('public.api_keys', 'prefix', '0123456789ab'),
        ('public.api_keys', 'scopes', '{services:read}'),
        ('public.audit_logs', 'actor_type', 'system'),
        ('public.org_invitations', 'status', 'pending');
$$;

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
        ('public.credit_transactions', 'balance_after_pence', '2'),
        ('public.appointments', 'busy_until', '2026-11-24 10:30+00'),
        ('public.appointments', 'scheduled_at', '2026-11-24 10:00+00'),
        ('public.escalation_rules', 'trigger', 'request'),
        ('public.opening_hours', 'closes', '17:00'),
        ('public.opening_hours', 'opens', '09:00'),
        ('public.org_invitations', 'status', 'pending'),
        ('public.wallet_topups', 'amount_pence', '2500'),
        ('public.wallet_recharges', 'amount_pence', '2500'),
        ('public.wallet_recharges', 'status', 'pending'),
        ('public.credit_reservations', 'status', 'active'),
        ('public.managed_phone_numbers', 'country_code', 'GB'),
        ('public.managed_phone_numbers', 'status', 'provisioning'),
        ('public.phone_number_mapping', 'phone_number', '+442071230000'),
        ('public.telephony_country_audit_log', 'country_code', 'GB');
$$;

-- Where a catalogue rule does not hold, on purpose: the rule, the object as the rule names it, and why.
--
-- pgtap/catalogue/exceptions.sql fails when an entry no longer excuses anything.
create or replace function tests.rule_exceptions()
returns table (rule text, object text, reason text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    values
        ('client_definers_authorize', 'private.authorize(text)', 'it is the question itself'),
        ('client_definers_authorize', 'private.fail(text,jsonb)', 'reads the error registry, which is no secret'),
        ('client_definers_authorize', 'private.has_role(text,text)', 'policies ask it; it answers about the caller alone'),
        ('client_definers_authorize', 'private.idem_begin(text,text,text,timestamp with time zone)', 'keys are the caller''s own; the function it stands before authorizes'),
        ('client_definers_authorize', 'private.idem_end(text,text,timestamp with time zone)', 'keys are the caller''s own; the function it stands behind has authorized'),
        ('client_definers_authorize', 'private.member_org_id()', 'policies ask it; it answers about the caller alone'),
        ('public_functions_authorize', 'public.auth_org_id()', 'policies and clients ask it what the claims say; it reads nothing else'),
        ('public_functions_authorize', 'public.debt_limit_pence(public.organizations)', 'a computed field is part of a table read: the policies decide, an error would break the read'),
        ('public_functions_authorize', 'public.wallet_balance_pence(public.organizations)', 'a computed field is part of a table read: the policies decide, an error would break the read'),
        ('public_functions_authorize', 'public.auth_role_in_org()', 'answers NULL to whoever is no member; an error would break the policies that ask it'),
        ('tenant_keys_begin_with_org_id', 'public.processed_webhook_events_pkey', 'a provider''s event is deduplicated before anyone knows whose it is'),
        ('tenant_keys_begin_with_org_id', 'public.processed_webhook_events_event_id_key', 'a provider''s event is deduplicated before anyone knows whose it is'),
        ('tenant_keys_begin_with_org_id', 'public.processed_stripe_webhooks_pkey', 'Stripe''s event is deduplicated before anyone knows whose it is'),
        ('tenant_keys_begin_with_org_id', 'public.processed_stripe_webhooks_event_id_key', 'Stripe''s event is deduplicated before anyone knows whose it is'),
        ('tenant_keys_begin_with_org_id', 'public.phone_number_mapping_pkey', 'a call names its number before anyone knows whose it is')
    union all
    select 'registry_codes_are_used', c.code, 'the server raises it: ' || c.reason
    from (values
        ('already_exists', 'a unique or exclusion constraint, by class'),
        ('body_too_large', 'before the body is read'),
        ('busy', 'a lock that was not given in time'),
        ('conflict', 'a constraint, by class'),
        ('event_cursor_invalid', 'Last-Event-ID, before the database is asked'),
        ('gone', 'an address that was given up'),
        ('in_use', 'a foreign key, by class'),
        ('internal_error', 'whatever nobody thought of'),
        ('invalid_request', 'before the database is asked'),
        ('invalid_text', 'what Postgres says of a text, by class'),
        ('method_not_allowed', 'the router'),
        ('not_found', 'the router'),
        ('number_out_of_range', 'what Postgres says of a number, by class'),
        ('oauth_code_refused', 'a provider refuses a code: the way back from a consent says so'),
        ('oauth_failed', 'a provider could not be asked: the way back from a consent says so'),
        ('oauth_no_refresh_token', 'a provider gives no lasting access: the way back from a consent says so'),
        ('oauth_not_configured', 'a setting is missing'),
        ('oauth_scope_missing', 'a person agreed to less than was asked: the way back from a consent says so'),
        ('organization_busy', 'fairness between organisations'),
        ('request_timeout', 'the request''s time is up'),
        ('recording_range_invalid', 'what the provider says of a range'),
        ('recording_unavailable', 'the provider does not answer'),
        ('vault_unavailable', 'the server has no key to seal with'),
        ('token_expired', 'the bearer token'),
        ('unsupported_media_type', 'before the body is read'),
        ('vault_unavailable', 'a secret that came without a key to seal it with'),
        ('webhook_signature_invalid', 'before anything is stored')
    ) as c (code, reason);
$$;

-- Numbers, the credentials behind them, caller IDs, forwarding; and sagas: chains of effects that end whole or not at all.

create table private.saga_steps (
    saga text not null check (saga ~ '^[a-z_]+$'),
    step integer not null check (step > 0),
    name text not null check (name ~ '^[a-z_]+$'),
    effect_kind text,
    apply text,
    undo_effect_kind text,
    undo_apply text,
    on_failure text not null check (on_failure in ('undo', 'again')),
    about text not null check (about <> ''),
    undo_about text,
    primary key (saga, step),
    unique (saga, name),
    check (effect_kind is not null or apply is not null),
    check ((undo_effect_kind is null and undo_apply is null) = (undo_about is null))
);
comment on table private.saga_steps is
    'What each saga does, in order, and how each step is taken back: what drives the sagas, and what their pictures are drawn from.';
comment on column private.saga_steps.effect_kind is 'The effect the step waits for; without one the step is local, within one transaction with its neighbours.';
comment on column private.saga_steps.apply is 'private.<apply>(saga, result, now) → facts: run once the effect is done, or at once in a local step.';
comment on column private.saga_steps.undo_apply is 'Likewise, once undo_effect_kind is done, or at once.';
comment on column private.saga_steps.on_failure is 'undo: what was done is taken back. again: an operator hears of it, and it is tried for ever.';

create table private.sagas (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    saga text not null,
    subject_id uuid not null,
    state text not null default 'running' check (state in ('running', 'undoing', 'done', 'undone')),
    step integer not null default 0,
    facts jsonb not null default '{}' check (jsonb_typeof(facts) = 'object'),
    effect_id uuid,
    failures integer not null default 0,
    error_code text,
    error_text text,
    started_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz,
    primary key (org_id, id),
    check ((state in ('done', 'undone')) = (finished_at is not null))
) with (fillfactor = 70);
create index sagas_id_idx on private.sagas (id);
create index sagas_subject_idx on private.sagas (org_id, subject_id);
create index sagas_unfinished_idx on private.sagas (updated_at) where finished_at is null;
comment on table private.sagas is 'A saga under way or ended: which step it is at, what it has learned, and the effect it waits for.';
comment on column private.sagas.facts is 'What the steps know and learned: ids at the providers, never a secret.';
comment on column private.sagas.failures is 'How often the step it is at was given up and begun again.';

create table public.agents (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    name text not null check (length(btrim(name)) between 1 and 200),
    direction text not null check (direction in ('inbound', 'outbound')),
    vapi_assistant_id text check (length(vapi_assistant_id) <= 64),
    vapi_phone_number_id text check (length(vapi_phone_number_id) <= 64),
    system_prompt text not null default '' check (length(system_prompt) <= 100000),
    first_message text check (length(first_message) <= 2000),
    voice_provider text check (length(voice_provider) <= 50),
    voice_id text check (length(voice_id) <= 100),
    model_provider text check (length(model_provider) <= 50),
    model text check (length(model) <= 100),
    language text not null default 'en-GB' check (length(language) <= 20),
    temperature numeric(3, 2) not null default 0.70 check (temperature between 0 and 2),
    max_call_seconds integer not null default 600 check (max_call_seconds between 10 and 43200),
    silence_timeout_seconds integer not null default 30 check (silence_timeout_seconds between 10 and 3600),
    transfer_number text check (transfer_number ~ '^\+[1-9]\d{6,14}$'),
    voicemail_message text check (length(voicemail_message) <= 2000),
    recording_enabled boolean not null default true,
    recording_consent_text text check (length(recording_consent_text) <= 2000),
    business_hours jsonb not null default '{}' check (jsonb_typeof(business_hours) = 'object'),
    is_active boolean not null default true,
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id)
);
create index agents_direction_idx on public.agents (org_id, direction, created_at, id) where is_active;
comment on table public.agents is 'Who answers and who calls: an assistant at Vapi, with what it says and the number it speaks through.';
comment on column public.agents.vapi_phone_number_id is 'The number at Vapi this agent speaks through; NULL while the organisation has none in its direction.';

create table private.org_credentials (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    provider text not null check (provider ~ '^[a-z][a-z0-9_]{0,49}$' and provider <> 'vapi'),
    type text not null check (type in ('inbound', 'outbound', 'default')),
    encrypted_config bytea check (octet_length(encrypted_config) between 29 and 20000),
    key_version integer check (key_version > 0),
    account_sid text check (account_sid ~ '^AC[0-9a-f]{32}$'),
    vapi_phone_id text check (length(vapi_phone_id) <= 64),
    vapi_credential_id text check (length(vapi_credential_id) <= 64),
    phone_number text check (phone_number ~ '^\+[1-9]\d{6,14}$'),
    connected_email text check (length(connected_email) <= 254),
    is_active boolean not null default false,
    last_verified_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    constraint org_credentials_one_of_a_type unique (org_id, provider, type),
    check ((encrypted_config is null) = (key_version is null))
);
create index org_credentials_phone_number_idx on private.org_credentials (phone_number) where phone_number is not null;
create index org_credentials_connected_email_idx on private.org_credentials (provider, lower(connected_email))
    where connected_email is not null;
comment on table private.org_credentials is
    'A customer''s own keys, sealed, and the numbers its agents may speak through. Vapi is the platform''s own: nobody holds its keys.';
comment on column private.org_credentials.encrypted_config is
    'AES-256-GCM: nonce, ciphertext, tag; org_id|provider|type is its associated data, so it opens nowhere else. NULL for a managed number, whose secret is the subaccount''s.';

create table private.twilio_subaccounts (
    org_id uuid primary key references public.organizations (id),
    subaccount_sid text not null check (subaccount_sid ~ '^AC[0-9a-f]{32}$'),
    encrypted_token bytea not null check (octet_length(encrypted_token) between 29 and 20000),
    key_version integer not null check (key_version > 0),
    status text not null default 'active' check (status in ('active', 'suspended', 'closed')),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table private.twilio_subaccounts is 'The Twilio subaccount of an organisation whose numbers we manage; its token is sealed.';

create table public.managed_phone_numbers (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    phone_number text check (phone_number ~ '^\+[1-9]\d{6,14}$'),
    country_code text not null check (country_code ~ '^[A-Z]{2}$'),
    routing_direction text not null check (routing_direction in ('inbound', 'outbound')),
    twilio_sid text check (twilio_sid ~ '^PN[0-9a-f]{32}$'),
    subaccount_sid text check (subaccount_sid ~ '^AC[0-9a-f]{32}$'),
    vapi_phone_id text check (length(vapi_phone_id) <= 64),
    status text not null default 'provisioning'
        check (status in ('provisioning', 'active', 'releasing', 'released', 'failed')),
    price_pence bigint not null check (price_pence >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    released_at timestamptz,
    primary key (org_id, id),
    check ((status = 'released') = (released_at is not null)),
    check (status in ('provisioning', 'failed')
           or (phone_number is not null and twilio_sid is not null and vapi_phone_id is not null))
);
create unique index managed_phone_numbers_one_live_a_direction on public.managed_phone_numbers (org_id, routing_direction)
    where status in ('provisioning', 'active');
create index managed_phone_numbers_phone_number_idx on public.managed_phone_numbers (org_id, phone_number);
create index managed_phone_numbers_created_at_idx on public.managed_phone_numbers (org_id, created_at, id);
comment on table public.managed_phone_numbers is
    'Numbers bought from the wallet: one live in each direction. A released or failed one stays as history.';

create table public.phone_number_mapping (
    phone_number text primary key check (phone_number ~ '^\+[1-9]\d{6,14}$'),
    org_id uuid not null references public.organizations (id),
    agent_id uuid,
    created_at timestamptz not null default now(),
    foreign key (org_id, agent_id) references public.agents (org_id, id)
);
create index phone_number_mapping_agent_idx on public.phone_number_mapping (org_id, agent_id);
comment on table public.phone_number_mapping is
    'Whose number rings: how an incoming call finds its organisation. A call that began keeps the one it found.';

create table public.telephony_country_audit_log (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    user_id uuid,
    country_code text not null check (length(country_code) between 1 and 100),
    action text not null check (action in ('search', 'provision', 'verify')),
    allowed boolean not null,
    reason text,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, id)
);
create index telephony_country_audit_log_created_at_idx on public.telephony_country_audit_log (org_id, created_at, id);
comment on table public.telephony_country_audit_log is 'Who wanted a number of which country, and whether that was allowed; append-only.';

create table private.telephony_countries (
    country_code text primary key check (country_code ~ '^[A-Z]{2}$'),
    name text not null check (name <> ''),
    calling_code text not null check (calling_code ~ '^[1-9]\d{0,2}$'),
    area_codes text[] not null default '{}',
    number_type text not null check (number_type in ('Local', 'Mobile', 'TollFree')),
    needs_bundle boolean not null,
    needs_address boolean not null,
    requirements text not null,
    bundle_sid text check (bundle_sid ~ '^BU[0-9a-f]{32}$'),
    address_sid text check (address_sid ~ '^AD[0-9a-f]{32}$'),
    enabled boolean not null default true,
    edited_at timestamptz
);
comment on table private.telephony_countries is
    'Countries whose numbers can be had, what their regulators ask for, and the operator''s papers for them at Twilio.';
comment on column private.telephony_countries.area_codes is 'Which of a shared calling code''s area codes are this country''s; empty: the others, or all.';
comment on column private.telephony_countries.bundle_sid is 'The operator''s regulatory bundle; where one is needed and missing, nothing is sold.';

create table private.premium_prefixes (
    prefix text primary key check (prefix ~ '^\+[1-9]\d{1,9}$'),
    about text not null
);
comment on table private.premium_prefixes is 'How numbers begin that cost whoever is called or verified more than a call: they are refused.';

create table public.verified_caller_ids (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    phone_number text not null check (phone_number ~ '^\+[1-9]\d{6,14}$'),
    country_code text check (country_code ~ '^[A-Z]{2}$'),
    friendly_name text check (length(btrim(friendly_name)) between 1 and 64),
    status text not null default 'pending' check (status in ('pending', 'verified', 'failed', 'expired')),
    verification_code_expires_at timestamptz,
    verification_attempts integer not null default 0 check (verification_attempts between 0 and 5),
    locked_until timestamptz,
    twilio_caller_id_sid text check (twilio_caller_id_sid ~ '^PN[0-9a-f]{32}$'),
    twilio_call_sid text check (twilio_call_sid ~ '^CA[0-9a-f]{32}$'),
    effect_id uuid,
    verified_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    constraint verified_caller_ids_phone_number unique (org_id, phone_number),
    check ((status = 'verified') = (verified_at is not null)),
    check (status <> 'verified' or twilio_caller_id_sid is not null)
);
create index verified_caller_ids_status_idx on public.verified_caller_ids (status, updated_at) where status <> 'verified';
comment on table public.verified_caller_ids is
    'Numbers an organisation owns elsewhere and may show when calling. Only Twilio''s own list makes one verified.';

create table private.caller_id_codes (
    org_id uuid not null,
    verified_caller_id uuid not null,
    verification_code_hash text not null check (verification_code_hash ~ '^\$2[aby]\$'),
    created_at timestamptz not null default now(),
    primary key (org_id, verified_caller_id),
    foreign key (org_id, verified_caller_id) references public.verified_caller_ids (org_id, id) on delete cascade
);
comment on table private.caller_id_codes is 'bcrypt of the code a phone is asked for; six digits are guessed from a hash, so no client reads it.';

create table private.caller_id_initiations (
    phone_number text primary key check (phone_number ~ '^\+[1-9]\d{6,14}$'),
    recent timestamptz[] not null default '{}'
);
comment on table private.caller_id_initiations is
    'When a phone was lately called for verification, by whichever organisation: three an hour are enough for anybody''s phone.';

create table public.carrier_forwarding_rules (
    carrier text primary key check (carrier ~ '^[a-z0-9_]{1,50}$'),
    name text not null check (name <> ''),
    country_code text check (country_code ~ '^[A-Z]{2}$'),
    total_ai_on text not null check (total_ai_on like '%DEST%'),
    total_ai_off text not null,
    safety_net_on text not null check (safety_net_on like '%DEST%'),
    safety_net_off text not null,
    ring_time_supported boolean not null,
    ring_min integer check (ring_min between 5 and 60),
    ring_max integer check (ring_max between 5 and 60),
    ring_step integer check (ring_step > 0),
    edited_at timestamptz,
    check (ring_time_supported = (ring_min is not null and ring_max is not null and ring_step is not null)),
    check (ring_time_supported = (safety_net_on like '%SECS%'))
);
comment on table public.carrier_forwarding_rules is
    'What to dial at each carrier to have a phone forwarded, always or when nobody answers, and to end that. A new carrier is a row.';

create table public.hybrid_forwarding_configs (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    verified_caller_id uuid not null,
    sim_phone_number text not null check (sim_phone_number ~ '^\+[1-9]\d{6,14}$'),
    forwarding_type text not null check (forwarding_type in ('total_ai', 'safety_net')),
    carrier text not null references public.carrier_forwarding_rules (carrier),
    carrier_country_code text check (carrier_country_code ~ '^[A-Z]{2}$'),
    twilio_forwarding_number text not null check (twilio_forwarding_number ~ '^\+[1-9]\d{6,14}$'),
    ring_time_seconds integer not null default 25 check (ring_time_seconds between 5 and 60),
    generated_activation_code text not null check (length(generated_activation_code) <= 100),
    generated_deactivation_code text not null check (length(generated_deactivation_code) <= 100),
    status text not null default 'pending_setup' check (status in ('pending_setup', 'active', 'disabled')),
    user_confirmed_setup boolean not null default false,
    confirmed_at timestamptz,
    last_checked_at timestamptz,
    check_result jsonb check (jsonb_typeof(check_result) = 'object'),
    check_effect_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    constraint hybrid_forwarding_configs_sim_phone_number unique (org_id, sim_phone_number),
    foreign key (org_id, verified_caller_id) references public.verified_caller_ids (org_id, id) on delete cascade,
    check (user_confirmed_setup = (confirmed_at is not null))
);
create index hybrid_forwarding_configs_caller_id_idx on public.hybrid_forwarding_configs (org_id, verified_caller_id);
create index hybrid_forwarding_configs_carrier_idx on public.hybrid_forwarding_configs (carrier);
comment on table public.hybrid_forwarding_configs is
    'A clinic''s own phone that forwards to its Voxanne number: what to dial for it, and whether a call was seen to arrive.';

comment on table private.directory is
    'What must be found without knowing the organisation. An outside object belongs to one organisation for ever; a Twilio account of a customer''s own for as long as it is connected.';

create table private.oauth_providers (
    provider text primary key check (provider in ('google', 'outlook')),
    name text not null,
    scopes text not null,
    edited_at timestamptz
);
comment on table private.oauth_providers is 'Calendars that are connected by consent, and what is asked for.';

create table private.oauth_flows (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    provider text not null references private.oauth_providers (provider),
    user_id uuid not null,
    encrypted_verifier bytea not null check (octet_length(encrypted_verifier) between 29 and 2000),
    encrypted_code bytea check (octet_length(encrypted_code) between 29 and 8000),
    key_version integer not null check (key_version > 0),
    effect_id uuid,
    expires_at timestamptz not null,
    used_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (org_id, id),
    check ((used_at is null) = (effect_id is null))
);
create index oauth_flows_provider_idx on private.oauth_flows (provider);
create index oauth_flows_expires_at_idx on private.oauth_flows (expires_at);
create unique index oauth_flows_effect_idx on private.oauth_flows (org_id, effect_id) where effect_id is not null;
comment on table private.oauth_flows is
    'A consent that was asked for: single use, ten minutes, bound to the organisation and the person who asked. The PKCE verifier is sealed.';

create type private.telephony_account as (
    org_id uuid,
    sid text,
    type text
);
comment on type private.telephony_account is
    'Whose Twilio account acts: the organisation''s own (default), its subaccount, or the platform''s. The secret is opened by who uses it.';

create type private.sealed_config as (
    org_id uuid,
    provider text,
    type text,
    sealed text,
    key_version integer
);
comment on type private.sealed_config is 'A sealed secret in base64, and the associated data it opens with.';

create type public.managed_number as (
    id uuid,
    phone_number text,
    country_code text,
    routing_direction text,
    status text,
    price_pence bigint,
    twilio_sid text,
    vapi_phone_id text,
    created_at timestamptz,
    released_at timestamptz
);
comment on type public.managed_number is 'A number as its organisation sees it.';

create type public.agent_phone_number as (
    phone_number text,
    direction text,
    vapi_phone_id text
);
comment on type public.agent_phone_number is 'A number an agent may be given.';

create type public.available_number as (
    phone_number text,
    friendly_name text,
    locality text,
    region text,
    country_code text,
    voice boolean,
    sms boolean
);

create type public.country_offer as (
    country_code text,
    country text,
    price_pence bigint,
    monthly boolean,
    requirements text,
    requirements_met boolean,
    numbers public.available_number[]
);
comment on type public.country_offer is 'What numbers of a country are to be had, for how much, and what its regulator asks for.';

create type public.forwarding_codes as (
    activation_code text,
    deactivation_code text,
    ring_time_seconds integer
);
comment on type public.forwarding_codes is 'What to dial; ring_time_seconds is NULL where it has no meaning.';

create type public.integration_state as (
    provider text,
    status text,
    account_label text,
    phone_number text,
    connected_at timestamptz,
    healthy boolean,
    last_checked_at timestamptz,
    last_error text
);
comment on type public.integration_state is 'What is connected, as whom, since when, and whether it works; never a secret.';

-- Organisations, the people and keys that act for them, what is recorded about both, and the two tables sign-up fills.

create table public.organizations (
    id uuid primary key default gen_random_uuid(),
    name text not null check (length(btrim(name)) between 1 and 200),
    email text check (length(email) <= 254),
    phone text check (phone ~ '^\+[1-9]\d{6,14}$'),
    website text check (website ~ '^https?://' and length(website) <= 500),
    timezone text not null default 'Europe/London' check (length(timezone) <= 64),
    stripe_customer_id text unique check (length(stripe_customer_id) <= 255),
    telephony_mode text not null default 'none' check (telephony_mode in ('byoc', 'managed', 'none')),
    settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
    clinic_name text check (length(btrim(clinic_name)) between 1 and 200),
    specialty text check (length(specialty) <= 200),
    retention_transcripts_days integer check (retention_transcripts_days between 1 and 3650),
    retention_recordings_days integer check (retention_recordings_days between 1 and 3650),
    onboarding_completed_at timestamptz,
    suspended_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index idx_organizations_needs_onboarding on public.organizations (id) where onboarding_completed_at is null;
comment on table public.organizations is 'A customer: the tenant every other tenant row belongs to.';
comment on column public.organizations.suspended_at is 'Since when the organisation reads and changes nothing; NULL while it is in good standing.';
comment on column public.organizations.retention_transcripts_days is 'Transcripts older than this are erased; NULL keeps them.';
comment on column public.organizations.retention_recordings_days is 'Recordings older than this are erased; NULL keeps them.';

create table public.profiles (
    org_id uuid not null references public.organizations (id),
    id uuid not null,
    email text check (length(email) <= 254),
    full_name text check (length(full_name) <= 200),
    avatar_url text check (avatar_url ~ '^https?://' and length(avatar_url) <= 1000),
    role text not null default 'user' check (role in ('admin', 'manager', 'user')),
    phone text check (phone ~ '^\+[1-9]\d{6,14}$'),
    status text not null default 'active' check (status in ('active', 'inactive', 'suspended')),
    last_login timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id)
);
create index profiles_email_idx on public.profiles (org_id, lower(email));
create index profiles_active_admin_idx on public.profiles (org_id, id) where role = 'admin' and status = 'active';
comment on table public.profiles is 'A person in an organisation; id is the auth user''s. Removed members stay as inactive, so that what they did keeps a name.';

create table public.org_invitations (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    email text not null check (length(email) <= 254),
    role text not null check (role in ('admin', 'manager', 'user')),
    full_name text check (length(full_name) <= 200),
    status text not null default 'pending' check (status in ('pending', 'accepted', 'revoked', 'expired')),
    invited_by uuid,
    accepted_by uuid,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (org_id, id),
    foreign key (org_id, invited_by) references public.profiles (org_id, id),
    foreign key (org_id, accepted_by) references public.profiles (org_id, id),
    check ((status = 'accepted') = (accepted_at is not null))
);
create unique index org_invitations_open_key on public.org_invitations (org_id, lower(email)) where status = 'pending';
create index org_invitations_invited_by_idx on public.org_invitations (org_id, invited_by);
create index org_invitations_accepted_by_idx on public.org_invitations (org_id, accepted_by);
comment on table public.org_invitations is 'An email invited with a role; single use, seven days. The token''s hash lives in private.invitation_secrets.';

create table private.invitation_secrets (
    org_id uuid not null,
    invitation_id uuid not null,
    token_hash bytea not null check (octet_length(token_hash) = 32),
    primary key (org_id, invitation_id),
    unique (org_id, token_hash),
    foreign key (org_id, invitation_id) references public.org_invitations (org_id, id)
);
comment on table private.invitation_secrets is 'SHA-256 of each invitation''s token; the token itself is only in the email.';

create table public.api_keys (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    name text not null check (length(btrim(name)) between 1 and 100),
    prefix text not null check (prefix ~ '^[0-9a-f]{12}$'),
    scopes text[] not null check (cardinality(scopes) between 1 and 50),
    created_by uuid,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (org_id, id),
    unique (org_id, prefix),
    foreign key (org_id, created_by) references public.profiles (org_id, id)
);
create index api_keys_created_by_idx on public.api_keys (org_id, created_by);
comment on table public.api_keys is 'Server-to-server access for one organisation; acts with scopes, not with a role. The hash lives in private.api_key_secrets.';

create table private.api_key_secrets (
    org_id uuid not null,
    api_key_id uuid not null,
    key_hash bytea not null check (octet_length(key_hash) = 32),
    primary key (org_id, api_key_id),
    foreign key (org_id, api_key_id) references public.api_keys (org_id, id)
);
comment on table private.api_key_secrets is 'SHA-256 of each whole API key; the key itself is shown once and kept nowhere.';

create table public.feature_flags (
    name text primary key check (name ~ '^[a-z][a-z0-9_.-]{0,99}$'),
    description text check (length(description) <= 500),
    enabled boolean not null default false,
    rollout_percentage integer not null default 100 check (rollout_percentage between 0 and 100),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table public.feature_flags is 'Switches of the product, set by the operator, rolled out by percentage of organisations.';

create table public.org_feature_flags (
    org_id uuid not null references public.organizations (id),
    name text not null references public.feature_flags (name) on delete cascade,
    enabled boolean not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, name)
);
create index org_feature_flags_name_idx on public.org_feature_flags (name);
comment on table public.org_feature_flags is 'An organisation''s own answer to a flag; it goes before the rollout.';

create table public.integrations (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    provider text not null check (provider ~ '^[a-z][a-z0-9_]{0,49}$' and provider <> 'vapi'),
    status text not null default 'disconnected' check (status in ('connected', 'disconnected', 'error')),
    account_label text check (length(account_label) <= 200),
    connected_at timestamptz,
    last_checked_at timestamptz,
    last_error text check (length(last_error) <= 500),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    unique (org_id, provider)
);
comment on table public.integrations is 'What an organisation has connected, and its health; never a secret. Vapi is the platform''s own and cannot be connected.';

create table public.integration_settings (
    provider text primary key check (provider ~ '^[a-z][a-z0-9_]{0,49}$'),
    enabled boolean not null default true,
    settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
    updated_at timestamptz not null default now()
);
comment on table public.integration_settings is 'Platform-wide switches per provider, for the operator alone.';

create table public.audit_logs (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    actor_type text not null check (actor_type in ('user', 'api_key', 'system')),
    actor_id uuid,
    action text not null check (action in ('insert', 'update', 'delete')),
    table_name text not null,
    row_id text not null,
    before jsonb,
    after jsonb,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, id),
    check ((actor_type = 'system') = (actor_id is null))
);
create index audit_logs_created_at_idx on public.audit_logs (org_id, created_at desc, id desc);
create index audit_logs_actor_idx on public.audit_logs (org_id, actor_id, created_at desc, id desc);
create index audit_logs_row_idx on public.audit_logs (org_id, table_name, row_id, created_at desc);
comment on table public.audit_logs is 'Who did what to which row, before and after; append-only, written by trigger.';
comment on column public.audit_logs.before is 'The whole row for a delete, the changed columns for an update.';
comment on column public.audit_logs.after is 'The whole row for an insert, the changed columns for an update.';

create table public.security_audit_log (
    org_id uuid not null default '00000000-0000-0000-0000-000000000000',
    id uuid not null default gen_random_uuid(),
    kind text not null check (kind ~ '^[a-z][a-z0-9_]{0,99}$'),
    user_id uuid,
    details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
    ip inet,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, id)
);
create index security_audit_log_created_at_idx on public.security_audit_log (org_id, created_at desc, id desc);
create index security_audit_log_kind_idx on public.security_audit_log (org_id, kind, created_at desc);
create index security_audit_log_user_idx on public.security_audit_log (org_id, user_id) where user_id is not null;
comment on table public.security_audit_log is 'Sign-ins, refused tokens, attempts across organisations, key use; append-only.';
comment on column public.security_audit_log.org_id is 'The nil id where no organisation is known: no organisation has it, so no member reads those rows.';

create table public.credit_wallets (
    org_id uuid primary key references public.organizations (id),
    balance_pence bigint not null default 0,
    held_pence bigint not null default 0 check (held_pence >= 0),
    capped_pence bigint not null default 0 check (capped_pence >= 0),
    debt_limit_pence bigint not null default 500 check (debt_limit_pence >= 0),
    entry_count bigint not null default 0 check (entry_count >= 0),
    last_entry_hash bytea check (octet_length(last_entry_hash) = 32),
    auto_recharge_enabled boolean not null default false,
    auto_recharge_threshold_pence bigint check (auto_recharge_threshold_pence >= 0),
    auto_recharge_amount_pence bigint check (auto_recharge_amount_pence between 2500 and 500000),
    stripe_payment_method_id text check (length(stripe_payment_method_id) <= 255),
    recharge_blocked_until timestamptz,
    low_balance_alert_pence bigint check (low_balance_alert_pence >= 0),
    monthly_cap_pence bigint check (monthly_cap_pence >= 0),
    max_concurrent_calls integer not null default 10 check (max_concurrent_calls between 1 and 1000),
    status text not null default 'active' check (status in ('active', 'suspended')),
    updated_at timestamptz not null default now(),
    check (not auto_recharge_enabled
           or (auto_recharge_threshold_pence is not null and auto_recharge_amount_pence is not null)),
    check ((entry_count = 0) = (last_entry_hash is null))
);
comment on table public.credit_wallets is 'An organisation''s prepaid money. Every movement locks this row first; nothing references it.';

create table public.services (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    name text not null check (length(btrim(name)) between 1 and 200),
    price_pence bigint not null check (price_pence between 0 and 100000000),
    currency text not null default 'GBP' check (currency ~ '^[A-Z]{3}$'),
    keywords text[] not null default '{}' check (cardinality(keywords) <= 100),
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    unique (org_id, name)
);
create index services_keywords_idx on public.services using gin (org_id, keywords);
comment on table public.services is 'What a clinic offers and for how much; the keywords are what callers say for it.';

create table private.default_services (
    name text primary key,
    price_pence bigint not null,
    keywords text[] not null
);
comment on table private.default_services is 'The services a new organisation starts with.';

create table private.personal_subjects (
    subject text primary key check (subject ~ '^[a-z_]+$'),
    table_name text not null,
    identifiers text[] not null check ('id' = any (identifiers))
);
comment on table private.personal_subjects is 'Whose personal data can be exported and erased: the table that holds them, and the columns by which other rows name them.';

create table private.personal_data (
    table_name text not null,
    column_name text not null,
    how text not null check (how in ('erase', 'redact', 'keep')),
    found_by text,
    replacement text,
    reason text not null check (reason <> ''),
    primary key (table_name, column_name),
    check (how <> 'keep' or (found_by is null and replacement is null)),
    check (how <> 'erase' or found_by is not null),
    check (how = 'erase' or replacement is null),
    check (how = 'keep' or column_name <> '*')
);
comment on table private.personal_data is 'Every column that could hold something about a person, and what erasing a person does to it. A column missing here fails the suite.';
comment on column private.personal_data.column_name is 'A column, or * for the columns of a table that are not named themselves.';
comment on column private.personal_data.how is 'erase: emptied. redact: what names the person is taken out of it, the rest stays. keep: left alone, for the reason given.';
comment on column private.personal_data.found_by is 'The column of the same row that names the person by id, email or phone.';
comment on column private.personal_data.replacement is 'What an erased column holds afterwards where it may not be NULL.';

-- What private.membership() finds out about the caller's claims.
create type private.membership_state as (
    state text,
    org_id uuid,
    user_id uuid,
    api_key_id uuid,
    role text,
    scopes text[]
);

create type private.page_position as (
    at timestamptz,
    id uuid
);

create type public.signed_in_user as (
    id uuid,
    email text,
    full_name text,
    avatar_url text,
    phone text,
    last_login timestamptz
);

create type public.wallet_state as (
    balance_pence bigint,
    held_pence bigint,
    available_pence bigint,
    debt_limit_pence bigint,
    low_balance_alert_pence bigint,
    auto_recharge_enabled boolean,
    status text,
    updated_at timestamptz
);

create type public.me_answer as (
    "user" public.signed_in_user,
    organization public.organizations,
    role text,
    wallet public.wallet_state,
    feature_flags text[],
    needs_onboarding boolean
);

create type public.member_addition as (
    member public.profiles,
    invitation public.org_invitations
);

create type public.created_api_key as (
    key text,
    api_key public.api_keys
);

create type public.audit_log_page as (
    items public.audit_logs[],
    next_cursor text
);

create type public.retention_settings as (
    retention_transcripts_days integer,
    retention_recordings_days integer
);

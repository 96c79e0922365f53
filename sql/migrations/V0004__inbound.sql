-- What comes in and goes out besides a request: webhooks, emails, live events, and the answers kept for idempotency keys.

create table private.webhook_inbox (
    id uuid primary key default gen_random_uuid(),
    provider text not null check (provider ~ '^[a-z]+$'),
    event_id text not null check (event_id <> ''),
    event_type text,
    headers jsonb not null default '{}',
    body bytea not null,
    state text not null default 'received' check (state in ('received', 'processed', 'failed', 'dead', 'discarded')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    last_error text,
    org_id uuid,
    received_at timestamptz not null,
    finished_at timestamptz,
    unique (provider, event_id),
    check ((finished_at is not null) = (state in ('processed', 'discarded')))
);
create index webhook_inbox_due_idx on private.webhook_inbox (next_attempt_at) where state in ('received', 'failed');
create index webhook_inbox_undone_idx on private.webhook_inbox (received_at) where finished_at is null;
create index webhook_inbox_finished_idx on private.webhook_inbox (finished_at) where finished_at is not null;
create index webhook_inbox_org_id_idx on private.webhook_inbox (org_id) where org_id is not null;
comment on table private.webhook_inbox is
    'What providers sent, raw, until it is done or a person discards it. No clean-up touches the undone.';

create table public.processed_webhook_events (
    id uuid primary key default gen_random_uuid(),
    event_id text not null unique,
    event_type text not null,
    event_data jsonb not null,
    org_id uuid references public.organizations (id) on delete cascade,
    processed_at timestamptz not null default now(),
    created_at timestamptz not null default now()
);
create index processed_webhook_events_org_id_idx on public.processed_webhook_events (org_id);
create index processed_webhook_events_processed_at_idx on public.processed_webhook_events (processed_at);
comment on table public.processed_webhook_events is
    'Webhook events of every provider that were processed; kept 24 hours for whoever asks whether something arrived.';

create table private.email_settings (
    singleton boolean primary key default true check (singleton),
    app_url text not null check (app_url ~ '^https?://[^/]+(/.*[^/])?$'),
    sender text not null,
    edited_at timestamptz
);
comment on table private.email_settings is
    'Where the links in emails lead, and whom they come from. The server writes its own configuration here when it starts.';

create table private.email_templates (
    name text primary key check (name ~ '^[a-z][a-z0-9_]*$'),
    subject text not null,
    html text not null,
    text text not null,
    edited_at timestamptz
);
comment on table private.email_templates is
    'The wording of every email. {{name}} stands for a parameter; in the HTML its value is escaped.';

create table private.emails (
    org_id uuid not null references public.organizations (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    recipient text not null check (recipient ~ '^[^@[:space:]<>,]+@[^@[:space:]<>,]+$'),
    template text not null,
    subject text not null,
    html text not null,
    text text not null,
    status text not null default 'queued'
        check (status in ('queued', 'sent', 'failed', 'delivered', 'suppressed', 'bounced', 'complained')),
    status_reason text,
    resend_email_id text,
    effect_id uuid,
    idempotency_key text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    unique (org_id, idempotency_key)
);
create index emails_recipient_idx on private.emails (org_id, lower(recipient));
create unique index emails_resend_email_id_idx on private.emails (org_id, resend_email_id) where resend_email_id is not null;
comment on table private.emails is 'Every email there was reason to send, and how far it came.';

create table private.email_suppressions (
    org_id uuid not null references public.organizations (id) on delete cascade,
    address text not null check (address = lower(address)),
    reason text not null check (reason in ('bounced', 'complained', 'suppressed')),
    created_at timestamptz not null default now(),
    primary key (org_id, address)
);
comment on table private.email_suppressions is
    'Addresses an organisation must not write to again: a hard bounce, a complaint, or the provider''s own list.';

-- Five slots of a day each, used in turn (day number modulo five): three full days are kept, today is written, tomorrow's
-- is empty. Rotation truncates a slot that nothing reads instead of creating and dropping partitions, which would lock the
-- parent and, once forgotten, leave a day without a home.
create table private.events (
    slot smallint not null,
    id bigint generated always as identity,
    xid xid8 not null default pg_current_xact_id(),
    org_id uuid not null,
    kind text not null check (kind ~ '^[a-z_]+(\.[a-z_]+)*$'),
    payload jsonb not null,
    created_at timestamptz not null default now(),
    primary key (org_id, xid, id, slot)
) partition by list (slot);
create table private.events_0 partition of private.events for values in (0);
create table private.events_1 partition of private.events for values in (1);
create table private.events_2 partition of private.events for values in (2);
create table private.events_3 partition of private.events for values in (3);
create table private.events_4 partition of private.events for values in (4);
create index events_xid_id_idx on private.events (xid, id);
comment on table private.events is
    'Live events, to be published once every transaction before theirs has ended: the cursor is (xid, id).';

create table private.event_horizon (
    singleton boolean primary key default true check (singleton),
    xid xid8 not null
);
comment on table private.event_horizon is
    'The newest transaction whose live events were dropped. A cursor older than that cannot be resumed without a gap.';

-- Three slots of a day each, used in turn: an answer lives 24 hours, so today and yesterday are read, tomorrow's is empty.
-- An answer may hold what is shown only once, so it is stored encrypted with a key made from the client's own: who reads
-- the table reads no answers.
create table private.idempotency_keys (
    slot smallint not null,
    key bytea not null,
    body_hash bytea not null,
    status integer not null,
    body bytea,
    created_at timestamptz not null,
    primary key (key, slot)
) partition by list (slot);
create table private.idempotency_keys_0 partition of private.idempotency_keys for values in (0);
create table private.idempotency_keys_1 partition of private.idempotency_keys for values in (1);
create table private.idempotency_keys_2 partition of private.idempotency_keys for values in (2);
comment on table private.idempotency_keys is
    'Answers kept for 24 hours so that a repeated request gets the first one''s. The key is a hash of caller, route and Idempotency-Key.';

create type private.webhook_summary as (
    id uuid,
    provider text,
    event_id text,
    event_type text,
    state text,
    attempts integer,
    last_error text,
    org_id uuid,
    received_at timestamptz,
    finished_at timestamptz,
    next_attempt_at timestamptz
);

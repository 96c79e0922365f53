-- Calls, from the ring to the golden record: who answers, what they can do, what was said, and what came of it.

alter table public.agents
    add column tools_status text not null default 'pending' check (tools_status in ('pending', 'linked', 'failed')),
    add column synced_version integer,
    add column synced_at timestamptz,
    add column sync_error text check (length(sync_error) <= 500),
    add column deleted_at timestamptz;
comment on column public.agents.synced_version is 'The version the assistant at Vapi has; the newest one is on its way while it is behind.';
comment on column public.agents.deleted_at is 'A deleted agent stays for the calls it answered.';

create table public.agent_versions (
    org_id uuid not null references public.organizations (id),
    agent_id uuid not null,
    version integer not null check (version > 0),
    settings jsonb not null check (jsonb_typeof(settings) = 'object'),
    saved_by uuid,
    created_at timestamptz not null default now(),
    primary key (org_id, agent_id, version),
    foreign key (org_id, agent_id) references public.agents (org_id, id)
);
comment on table public.agent_versions is 'What an agent was before each save, to go back to.';

create table public.tool_definitions (
    name text primary key check (name ~ '^[a-zA-Z0-9_-]{1,64}$'),
    description text not null check (description <> ''),
    parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
    definition_hash text not null generated always as (
        encode(extensions.digest(description || chr(10) || parameters::text, 'sha256'), 'hex')) stored,
    edited_at timestamptz
);
comment on table public.tool_definitions is
    'What agents can do: registered once at Vapi for everybody. A changed hash is registered anew and linked in the old one''s place.';

create table private.tool_registrations (
    tool_name text not null references public.tool_definitions (name),
    definition_hash text not null,
    vapi_tool_id text check (length(vapi_tool_id) <= 64),
    state text not null default 'pending' check (state in ('pending', 'registered', 'failed', 'retired')),
    error text check (length(error) <= 500),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tool_name, definition_hash),
    check (state not in ('registered', 'retired') or vapi_tool_id is not null)
);
comment on table private.tool_registrations is
    'Which tool at Vapi stands for which definition. A retired one is taken away once no call can still be using it.';

create table public.org_tools (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    tool_name text not null references public.tool_definitions (name),
    enabled boolean not null default true,
    config jsonb not null default '{}' check (jsonb_typeof(config) = 'object'),
    vapi_tool_id text check (length(vapi_tool_id) <= 64),
    definition_hash text,
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    constraint org_tools_tool_name unique (org_id, tool_name)
);
create index org_tools_tool_name_idx on public.org_tools (tool_name);
comment on table public.org_tools is 'Which tools an organisation''s agents use. Without a row a tool is used.';

create table public.voices (
    provider text not null check (provider ~ '^[a-z0-9_-]{1,50}$'),
    voice_id text not null check (length(voice_id) between 1 and 100),
    name text not null,
    language text not null,
    gender text not null check (gender in ('female', 'male', 'neutral')),
    about text not null,
    preview_url text,
    edited_at timestamptz,
    primary key (provider, voice_id)
);
comment on table public.voices is 'Voices an agent may speak with.';

create table public.call_settings (
    org_id uuid primary key references public.organizations (id),
    redact_identifiers boolean not null default true,
    redact_health boolean not null default false,
    calling_hours jsonb not null default
        '{"mon": [["08:00", "20:00"]], "tue": [["08:00", "20:00"]], "wed": [["08:00", "20:00"]], "thu": [["08:00", "20:00"]], "fri": [["08:00", "20:00"]], "sat": [["09:00", "17:00"]]}'
        check (jsonb_typeof(calling_hours) = 'object'),
    updated_at timestamptz not null default now()
);
comment on table public.call_settings is 'How an organisation''s calls are kept, and when it calls people. Without a row the defaults hold.';
comment on column public.call_settings.redact_identifiers is 'Card, national insurance and social security numbers are taken out of transcripts on the way in.';
comment on column public.call_settings.redact_health is 'Health details as well.';
comment on column public.call_settings.calling_hours is 'When people may be called, in the clinic''s zone.';

create table public.calls (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    contact_id uuid,
    agent_id uuid,
    call_direction text not null check (call_direction in ('inbound', 'outbound')),
    from_number text check (length(from_number) <= 100),
    to_number text check (length(to_number) <= 100),
    status text not null default 'pending' check (status in ('pending', 'in_progress', 'completed', 'failed')),
    started_at timestamptz,
    ended_at timestamptz,
    duration_seconds integer check (duration_seconds >= 0),
    transcript text,
    summary text,
    sentiment_label text check (sentiment_label in ('positive', 'neutral', 'negative')),
    sentiment_score numeric(4, 3) check (sentiment_score between 0 and 1),
    sentiment_summary text,
    sentiment_urgency text check (sentiment_urgency in ('low', 'medium', 'high', 'critical')),
    phone_number text check (length(phone_number) <= 100),
    caller_name text check (length(caller_name) <= 200),
    vapi_call_id text check (length(vapi_call_id) <= 255),
    provider_call_sid text check (length(provider_call_sid) <= 255),
    recording_url text check (length(recording_url) <= 2000),
    recording_status text not null default 'none'
        check (recording_status in ('none', 'pending', 'processing', 'completed', 'failed')),
    cost_cents bigint not null default 0 check (cost_cents >= 0),
    provider_cost numeric(12, 6) check (provider_cost >= 0),
    appointment_id uuid,
    tools_used text[] not null default '{}',
    ended_reason text check (length(ended_reason) <= 200),
    outcome text,
    booking_confirmed boolean not null default false,
    financial_value_pence bigint not null default 0 check (financial_value_pence >= 0),
    transfer_to text check (transfer_to ~ '^\+[1-9]\d{6,14}$'),
    transfer_time timestamptz,
    transfer_reason text check (length(transfer_reason) <= 500),
    consent boolean,
    turns jsonb not null default '[]' check (jsonb_typeof(turns) = 'array'),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    constraint calls_vapi_call_id unique (org_id, vapi_call_id),
    foreign key (org_id, contact_id) references public.contacts (org_id, id),
    foreign key (org_id, agent_id) references public.agents (org_id, id),
    foreign key (org_id, appointment_id) references public.appointments (org_id, id)
) with (fillfactor = 85);
create index idx_calls_appointment_id on public.calls (org_id, appointment_id) where appointment_id is not null;
create index idx_calls_cost on public.calls (org_id, cost_cents);
create index calls_created_at_idx on public.calls (org_id, created_at desc, id desc);
create index calls_status_idx on public.calls (org_id, status, created_at desc, id desc);
create index calls_contact_idx on public.calls (org_id, contact_id, created_at desc);
create index calls_agent_idx on public.calls (org_id, agent_id);
create index calls_phone_number_idx on public.calls (org_id, phone_number, created_at desc);
create index calls_words_idx on public.calls using gin (
    org_id,
    to_tsvector('pg_catalog.simple', coalesce(caller_name, '') || ' ' || coalesce(phone_number, '') || ' '
        || coalesce(summary, '') || ' ' || coalesce(left(transcript, 200000), '')));
comment on table public.calls is 'Every call that was let in or placed: the golden record, once it has ended.';
comment on column public.calls.cost_cents is 'Pence charged for it, as the ledger has it.';
comment on column public.calls.turns is 'What was said and done, in order: [{"role", "text", "at_seconds"}].';
comment on column public.calls.provider_cost is 'What the provider says it cost us, in US dollars.';

alter table public.appointments
    add constraint appointments_call_id_fkey foreign key (org_id, call_id) references public.calls (org_id, id);

-- What is known of a call beyond what clients read. The control URL stands in private.call_lines.
create table private.call_records (
    org_id uuid not null,
    call_id uuid not null,
    rank smallint check (rank between 1 and 4),
    ended_at timestamptz,
    seconds bigint check (seconds >= 0),
    body_hash bytea check (octet_length(body_hash) = 32),
    admitted boolean,
    refused_because text,
    assistant_version integer,
    primary key (org_id, call_id),
    foreign key (org_id, call_id) references public.calls (org_id, id) on delete cascade
);
comment on table private.call_records is
    'What a call''s record was made of: the best word of its end so far, in the order the bill uses, then by content.';
comment on column private.call_records.rank is 'Of the word the record was made from: see private.evidence_rank().';

create table private.tool_runs (
    org_id uuid not null,
    call_id uuid not null,
    tool_call_id text not null check (length(tool_call_id) between 1 and 255),
    tool_name text not null check (length(tool_name) <= 100),
    arguments jsonb not null,
    result text not null,
    ok boolean not null,
    created_at timestamptz not null default now(),
    primary key (org_id, call_id, tool_call_id),
    foreign key (org_id, call_id) references public.calls (org_id, id) on delete cascade
);
create index tool_runs_created_at_idx on private.tool_runs (org_id, call_id, created_at);
comment on table private.tool_runs is 'What an agent asked for in a call and what it was told: asked again under the same id, it is told the same.';

create table private.vapi_message_types (
    type text primary key,
    kept boolean not null,
    repeats boolean not null,
    question boolean not null,
    about text not null,
    edited_at timestamptz
);
comment on table private.vapi_message_types is
    'Messages of Vapi''s: which are kept, which may come again with new content, and which wait for an answer. One not named here is kept, may repeat, and waits for none.';

create table private.ended_reasons (
    reason text primary key,
    connected text not null check (connected in ('never', 'known', 'unknown')),
    failed boolean not null,
    told text not null,
    edited_at timestamptz
);
comment on table private.ended_reasons is
    'How calls end at Vapi: a reason, or the beginning of one with a star; the longest that fits counts. connected never: it costs nothing without a start.';

create table private.spoken_sentences (
    key text not null check (key ~ '^[a-z_]+$'),
    language text not null check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    sentence text not null check (sentence <> ''),
    edited_at timestamptz,
    primary key (key, language)
);
comment on table private.spoken_sentences is 'What agents are given to say, a line each, by language. {{name}} stands for a parameter.';

create table private.spoken_calendars (
    language text primary key check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    weekdays text[] not null check (cardinality(weekdays) = 7),
    months text[] not null check (cardinality(months) = 12),
    pattern text not null,
    edited_at timestamptz
);
comment on table private.spoken_calendars is 'How a date, then what joins them, then a time are said, parted by a stroke: {{weekday}}, {{day}}, {{ordinal}}, {{month}} | … | {{time}}, {{hour}}, {{minute}}, {{clock}} (am, pm). Weeks begin on Monday.';

-- Counts of calls by quarter of an hour, so that a dashboard adds up hundreds of rows instead of a million calls. Deltas are
-- inserted beside the call (an insert waits for nobody) and folded in later; whoever reads adds both.
create table private.call_deltas (
    org_id uuid not null,
    id bigint not null generated always as identity,
    quarter timestamptz not null,
    direction text not null,
    calls bigint not null,
    completed bigint not null,
    booked bigint not null,
    seconds bigint not null,
    timed bigint not null,
    sentiment numeric not null,
    felt bigint not null,
    value_pence numeric not null,
    primary key (org_id, id)
);
create table private.call_quarters (
    org_id uuid not null,
    quarter timestamptz not null,
    direction text not null check (direction in ('inbound', 'outbound')),
    calls bigint not null,
    completed bigint not null,
    booked bigint not null,
    seconds bigint not null,
    timed bigint not null,
    sentiment numeric not null,
    felt bigint not null,
    value_pence numeric not null,
    primary key (org_id, quarter, direction)
);
comment on table private.call_quarters is
    'Calls by quarter of an hour of their beginning: every time zone''s midnight falls on one. private.call_deltas is yet to be added.';

create table public.leads (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    contact_id uuid not null,
    call_id uuid not null,
    stage text not null check (stage in ('new', 'contacted', 'hot', 'warm', 'cold', 'booked', 'lost')),
    value_pence bigint not null default 0 check (value_pence >= 0),
    source text not null check (length(source) <= 50),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    unique (org_id, call_id),
    foreign key (org_id, contact_id) references public.contacts (org_id, id),
    foreign key (org_id, call_id) references public.calls (org_id, id)
);
create index leads_contact_idx on public.leads (org_id, contact_id);
create index leads_created_at_idx on public.leads (org_id, created_at, id);
comment on table public.leads is 'What a call may be worth, and how far that has come.';

create table public.messages (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    contact_id uuid,
    call_id uuid,
    appointment_id uuid,
    direction text not null check (direction in ('in', 'out')),
    method text not null check (method in ('sms', 'email', 'export')),
    purpose text not null check (purpose in
        ('followup', 'share', 'export', 'taken_message', 'hot_lead', 'reminder', 'confirmation', 'reply', 'stop')),
    recipient text not null check (length(recipient) <= 254),
    content text not null check (length(content) <= 20000),
    status text not null default 'queued' check (status in ('queued', 'sent', 'delivered', 'failed')),
    service_provider text check (length(service_provider) <= 50),
    external_message_id text check (length(external_message_id) <= 255),
    error_code text check (length(error_code) <= 100),
    effect_id uuid,
    sent_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (org_id, id),
    constraint messages_external_message_id unique (org_id, external_message_id),
    foreign key (org_id, contact_id) references public.contacts (org_id, id),
    foreign key (org_id, call_id) references public.calls (org_id, id),
    foreign key (org_id, appointment_id) references public.appointments (org_id, id)
);
create index messages_created_at_idx on public.messages (org_id, created_at, id);
create index messages_contact_idx on public.messages (org_id, contact_id, created_at);
create index messages_call_idx on public.messages (org_id, call_id) where call_id is not null;
create index messages_appointment_idx on public.messages (org_id, appointment_id) where appointment_id is not null;
comment on table public.messages is
    'Every communication out or in, and every transcript that left: on record before it is sent.';

create table public.hot_lead_alerts (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    contact_id uuid not null,
    call_id uuid not null,
    score integer not null check (score between 0 and 100),
    reason text not null,
    sms_message_id uuid,
    seen_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (org_id, id),
    constraint hot_lead_alerts_once_a_call unique (org_id, call_id),
    foreign key (org_id, contact_id) references public.contacts (org_id, id),
    foreign key (org_id, call_id) references public.calls (org_id, id),
    foreign key (org_id, sms_message_id) references public.messages (org_id, id)
);
create index hot_lead_alerts_contact_idx on public.hot_lead_alerts (org_id, contact_id);
create index hot_lead_alerts_created_at_idx on public.hot_lead_alerts (org_id, created_at, id);
create index hot_lead_alerts_message_idx on public.hot_lead_alerts (org_id, sms_message_id) where sms_message_id is not null;
comment on table public.hot_lead_alerts is 'Callers worth ringing back at once, told to the clinic once a call.';

create table private.recording_links (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    org_id uuid not null,
    call_id uuid not null,
    created_by uuid,
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    foreign key (org_id, call_id) references public.calls (org_id, id) on delete cascade
);
create index recording_links_call_idx on private.recording_links (org_id, call_id);
create index recording_links_expires_at_idx on private.recording_links (expires_at);
comment on table private.recording_links is 'Links to a recording for somebody without an account, until they expire; only a hash of each is kept.';

alter table private.webhook_inbox add column answer jsonb;
comment on column private.webhook_inbox.answer is 'What the sender was told, where it asked: asked again it is told the same.';

create type private.vapi_outcome as (
    org_id uuid,
    answer jsonb
);
comment on type private.vapi_outcome is 'What was made of a message of Vapi''s: whose it was, and what Vapi is told, where it asked.';

create type private.tool_answer as (
    result text,
    ok boolean
);
comment on type private.tool_answer is 'What an agent is given to say when it used a tool, and whether the tool did its work.';

create type private.escalation as (
    number text,
    reason text,
    fallback text
);
comment on type private.escalation is 'Whom a caller is passed on to and why; without a number, what is done instead.';

create type private.tool_wish as (
    day text,
    clock text,
    service text,
    service_id uuid,
    practitioner_id uuid
);
comment on type private.tool_wish is 'What an agent asks for on a caller''s behalf: the day, the time and the service as they were said, and what is meant here.';

-- The clinic, as far as a call makes or reads it: contacts and leads, services, hours, appointments, messages, knowledge.

create table public.contacts (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    phone text check (phone ~ '^\+[1-9]\d{6,14}$'),
    email text check (length(email) <= 254),
    first_name text check (length(first_name) <= 100),
    last_name text check (length(last_name) <= 100),
    lead_status text not null default 'new'
        check (lead_status in ('new', 'contacted', 'hot', 'warm', 'cold', 'booked', 'lost')),
    lead_score integer not null default 0 check (lead_score between 0 and 100),
    services_interested text[] not null default '{}',
    notes text check (length(notes) <= 10000),
    do_not_call boolean not null default false,
    sms_opt_out boolean not null default false,
    last_contacted_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    constraint contacts_phone unique (org_id, phone)
);
create index contacts_created_at_idx on public.contacts (org_id, created_at, id);
create index contacts_score_idx on public.contacts (org_id, lead_score);
comment on table public.contacts is 'Who called or was called: one a telephone number.';

alter table public.services
    add column duration_minutes integer not null default 30 check (duration_minutes between 5 and 600),
    add column buffer_minutes integer not null default 0 check (buffer_minutes between 0 and 240);

create table public.lead_value_defaults (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    urgency text not null check (urgency in ('low', 'medium', 'high', 'critical')),
    value_pence bigint not null check (value_pence between 0 and 100000000),
    primary key (org_id, id),
    unique (org_id, urgency)
);
comment on table public.lead_value_defaults is
    'What a caller is worth who names no service of the clinic''s, by urgency. Without a row it is nothing.';

create table private.lead_score_weights (
    input text not null check (input in ('urgency', 'sentiment', 'value_pence', 'recency_days', 'repeat_calls')),
    at_least numeric not null,
    points integer not null check (points between -100 and 100),
    edited_at timestamptz,
    primary key (input, at_least)
);
comment on table private.lead_score_weights is
    'What each input adds to a lead''s score: of an input''s rows, the one with the greatest at_least that is reached. Urgency counts 0 (low) to 3 (critical).';

create table private.sentiment_words (
    language text not null check (language ~ '^[a-z]{2}$'),
    word text not null check (word = lower(word)),
    weight numeric not null check (weight between -5 and 5 and weight <> 0),
    urgency integer not null default 0 check (urgency between 0 and 3),
    edited_at timestamptz,
    primary key (language, word)
);
comment on table private.sentiment_words is
    'The lexicon for calls whose provider sent no analysis: how much a word says of the mood, and of how urgent it is.';

create table public.practitioners (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    name text not null check (length(btrim(name)) between 1 and 200),
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id)
);
comment on table public.practitioners is 'Who sees patients. A clinic without any is booked as one.';

create table public.opening_hours (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    practitioner_id uuid,
    weekday integer not null check (weekday between 1 and 7),
    opens time not null,
    closes time not null,
    primary key (org_id, id),
    foreign key (org_id, practitioner_id) references public.practitioners (org_id, id) on delete cascade,
    check (opens < closes)
);
create index opening_hours_weekday_idx on public.opening_hours (org_id, practitioner_id, weekday);
comment on table public.opening_hours is
    'When patients are seen, in the clinic''s own zone: of the clinic, or of one practitioner, whose own rows replace the clinic''s.';
comment on column public.opening_hours.weekday is '1 is Monday, 7 Sunday.';

create table public.closures (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    practitioner_id uuid,
    starts_on date not null,
    ends_on date not null,
    reason text check (length(reason) <= 200),
    primary key (org_id, id),
    foreign key (org_id, practitioner_id) references public.practitioners (org_id, id) on delete cascade,
    check (ends_on >= starts_on),
    check (ends_on < starts_on + 400)
);
create index closures_dates_idx on public.closures (org_id, practitioner_id, starts_on);
comment on table public.closures is 'Days on which nobody is seen, the last included: of the clinic, or of one practitioner.';

-- Who is busy from when to when: the exclusion constraint is what keeps two people from one slot. A clinic without
-- practitioners is one resource, known by its own id.
create table public.appointments (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    contact_id uuid,
    practitioner_id uuid,
    resource_id uuid not null generated always as (coalesce(practitioner_id, org_id)) stored,
    service_id uuid,
    title text not null check (length(btrim(title)) between 1 and 200),
    description text check (length(description) <= 5000),
    scheduled_at timestamptz not null,
    duration_minutes integer not null default 30 check (duration_minutes between 5 and 600),
    buffer_minutes integer not null default 0 check (buffer_minutes between 0 and 240),
    busy_until timestamptz not null,
    status text not null default 'scheduled'
        check (status in ('scheduled', 'confirmed', 'completed', 'cancelled', 'no-show')),
    location text check (length(location) <= 500),
    notes text check (length(notes) <= 5000),
    confirmation_sent boolean not null default false,
    reminder_sent_at timestamptz,
    call_id uuid,
    vapi_call_id text check (length(vapi_call_id) <= 255),
    calendar_event_id text check (length(calendar_event_id) <= 1024),
    calendar_status text check (calendar_status in ('pending', 'synced', 'failed')),
    idempotency_key text check (length(idempotency_key) between 1 and 300),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    constraint appointments_idempotency_key unique (org_id, idempotency_key),
    foreign key (org_id, contact_id) references public.contacts (org_id, id),
    foreign key (org_id, practitioner_id) references public.practitioners (org_id, id),
    foreign key (org_id, service_id) references public.services (org_id, id),
    check (busy_until = scheduled_at + make_interval(mins => duration_minutes + buffer_minutes)),
    constraint appointments_nobody_twice exclude using gist (
        org_id extensions.gist_uuid_ops with operator(pg_catalog.=),
        resource_id extensions.gist_uuid_ops with operator(pg_catalog.=),
        tstzrange(scheduled_at, busy_until) with operator(pg_catalog.&&)
    ) where (status in ('scheduled', 'confirmed'))
);
create index appointments_scheduled_at_idx on public.appointments (org_id, scheduled_at, id);
create index appointments_contact_idx on public.appointments (org_id, contact_id, scheduled_at);
create index appointments_practitioner_idx on public.appointments (org_id, practitioner_id);
create index appointments_service_idx on public.appointments (org_id, service_id);
create index appointments_created_at_idx on public.appointments (org_id, created_at);
create index idx_appointments_call_id on public.appointments (org_id, call_id) where call_id is not null;
create index idx_appointments_vapi_call_id on public.appointments (org_id, vapi_call_id) where vapi_call_id is not null;
comment on table public.appointments is 'Who comes when, to whom. Two people never get one slot: appointments_nobody_twice.';
comment on column public.appointments.busy_until is 'End of the appointment and of the time kept free behind it.';

create table public.escalation_rules (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    name text not null check (length(btrim(name)) between 1 and 200),
    priority integer not null default 100,
    trigger text not null check (trigger in ('keyword', 'urgency', 'request', 'after_hours')),
    keywords text[] not null default '{}' check (cardinality(keywords) <= 100),
    min_urgency text check (min_urgency in ('low', 'medium', 'high', 'critical')),
    hours jsonb not null default '{}' check (jsonb_typeof(hours) = 'object'),
    transfer_to text check (transfer_to ~ '^\+[1-9]\d{6,14}$'),
    fallback text not null default 'message' check (fallback in ('message', 'voicemail')),
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    check (trigger <> 'keyword' or cardinality(keywords) > 0),
    check (trigger <> 'urgency' or min_urgency is not null)
);
create index escalation_rules_priority_idx on public.escalation_rules (org_id, priority, id);
comment on table public.escalation_rules is
    'When a caller is passed on to a person, and to whom: the first that applies, by priority, then by id.';
comment on column public.escalation_rules.hours is
    'When the rule holds, in the clinic''s zone: {"mon": [["09:00", "17:00"]], …}; empty: always.';

create table public.knowledge_base (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    title text not null check (length(btrim(title)) between 1 and 300),
    source text not null check (source in ('upload', 'text', 'url')),
    mime_type text check (length(mime_type) <= 200),
    content text not null,
    content_hash bytea not null check (octet_length(content_hash) = 32),
    status text not null default 'processing' check (status in ('processing', 'ready', 'failed')),
    error text,
    version integer not null default 1 check (version > 0),
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id)
);
create index knowledge_base_created_at_idx on public.knowledge_base (org_id, created_at, id);
comment on table public.knowledge_base is 'What a clinic has told its agents about itself.';

create table public.knowledge_base_chunks (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    knowledge_base_id uuid not null,
    position integer not null check (position >= 0),
    content text not null check (content <> ''),
    tsv tsvector not null generated always as (to_tsvector('pg_catalog.english', content)) stored,
    token_count integer not null check (token_count > 0),
    primary key (org_id, id),
    unique (org_id, knowledge_base_id, position),
    foreign key (org_id, knowledge_base_id) references public.knowledge_base (org_id, id) on delete cascade
);
create index knowledge_base_chunks_tsv_idx on public.knowledge_base_chunks using gin (org_id, tsv);
comment on table public.knowledge_base_chunks is 'Passages of the knowledge base, as an agent quotes them.';

create table public.knowledge_gaps (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    question text not null check (length(btrim(question)) between 1 and 500),
    asked_count integer not null default 1 check (asked_count > 0),
    first_asked_at timestamptz not null default now(),
    last_asked_at timestamptz not null default now(),
    primary key (org_id, id),
    unique (org_id, question)
);
create index knowledge_gaps_count_idx on public.knowledge_gaps (org_id, asked_count, id);
comment on table public.knowledge_gaps is 'Questions that nothing in the knowledge base answers, and how often they were asked.';

create table private.default_opening_hours (
    weekday integer not null check (weekday between 1 and 7),
    opens time not null,
    closes time not null,
    edited_at timestamptz,
    primary key (weekday, opens),
    check (opens < closes)
);
comment on table private.default_opening_hours is
    'When a clinic sees patients that has not said when, in its own zone. The first row of its own replaces them all.';

create type private.clinic_moment as (at timestamptz, problem text);
comment on type private.clinic_moment is
    'A time as somebody said it: when that is, or the problem with it (unreadable, past, skipped, too_far).';

create type private.visit as (org_id uuid, practitioner_id uuid, minutes integer, buffer integer, replaces uuid);
comment on type private.visit is
    'What is to find a place in a diary: with whom (null: with anybody), how long, how much is kept free behind it, and which appointment gives way to it.';

create type private.free_slot as (
    starts_at timestamptz, ends_at timestamptz, practitioner_id uuid, practitioner_name text);
comment on type private.free_slot is 'A time at which somebody can come, and to whom.';

create type private.booking as (
    outcome text, appointment public.appointments, alternatives private.free_slot[]);
comment on type private.booking is
    'What came of a wish for an appointment: booked, already, taken, closed, past or cancelled; the appointment, or the nearest free slots.';

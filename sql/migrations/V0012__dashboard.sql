-- What a dashboard reads of calls: the answers' shapes, and indexes for the lists' filters.

-- One index for every combination of the list's filters: a status alone is two beginnings of it, a direction alone four.
drop index public.calls_status_idx;
create index calls_status_direction_idx on public.calls (org_id, status, call_direction, created_at desc, id desc);

-- Words, and beside them tokens that no text can hold, for they begin with #: the status, the direction, the day and two
-- sizes of groups of days, and the number's digits both ways. So one index answers a search with all of its filters, and
-- one for a frequent word can be asked day by day, newest first, instead of for all there ever was.
drop index public.calls_words_idx;
create index calls_words_idx on public.calls using gin (
    org_id,
    (to_tsvector('pg_catalog.simple', coalesce(caller_name, '') || ' ' || coalesce(phone_number, '') || ' '
        || coalesce(left(summary, 20000), '') || ' ' || coalesce(left(transcript, 200000), ''))
     || array_to_tsvector(array[
        '#status ' || status,
        '#direction ' || call_direction,
        '#day ' || floor(extract(epoch from created_at at time zone 'UTC') / 86400)::text,
        '#days ' || floor(extract(epoch from created_at at time zone 'UTC') / 1382400)::text,
        '#season ' || floor(extract(epoch from created_at at time zone 'UTC') / 22118400)::text,
        '#digits ' || coalesce(regexp_replace(phone_number, '\D', '', 'g'), ''),
        '#stigid ' || coalesce(reverse(regexp_replace(phone_number, '\D', '', 'g')), '')])));

alter table private.call_deltas
    alter column value_pence type bigint,
    add column connected bigint not null,
    add column engaged bigint not null;
alter table private.call_quarters
    alter column value_pence type bigint,
    add column connected bigint not null,
    add column engaged bigint not null;
alter table private.call_deltas set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
alter table private.call_quarters set (fillfactor = 80);
comment on column private.call_quarters.connected is 'Somebody or something answered.';
comment on column private.call_quarters.engaged is 'They stayed to talk: see private.count_of_call().';

create type private.call_count as (
    calls bigint,
    completed bigint,
    connected bigint,
    engaged bigint,
    booked bigint,
    seconds bigint,
    timed bigint,
    sentiment numeric,
    felt bigint,
    value_pence bigint
);
comment on type private.call_count is 'What one call, or many, add to a count.';

create type public.call_item as (
    id uuid,
    created_at timestamptz,
    started_at timestamptz,
    duration_seconds integer,
    status text,
    call_direction text,
    contact_id uuid,
    agent_id uuid,
    phone_number text,
    caller_name text,
    has_recording boolean,
    has_transcript boolean,
    recording_status text,
    cost_cents bigint,
    appointment_id uuid,
    booking_confirmed boolean,
    financial_value_pence bigint,
    tools_used text[],
    sentiment_label text,
    sentiment_score numeric,
    sentiment_summary text,
    sentiment_urgency text,
    outcome text,
    ended_reason text
);
comment on type public.call_item is 'A call in a list.';

create type public.call_page as (
    items public.call_item[],
    next_cursor text
);

create type public.call_appointment as (
    id uuid,
    title text,
    scheduled_at timestamptz,
    duration_minutes integer,
    status text,
    practitioner_name text,
    service_name text
);

create type public.call_tool_run as (
    tool_name text,
    arguments jsonb,
    result text,
    ok boolean,
    at timestamptz
);
comment on type public.call_tool_run is 'What the agent asked for during a call, and what it was told.';

create type public.call_moment as (
    at timestamptz,
    at_seconds numeric,
    kind text,
    text text,
    method text,
    status text
);
comment on type public.call_moment is 'Something said or done in a call, or a message because of it. kind: agent, caller, tool, system, message.';

create type public.call_detail as (
    id uuid,
    created_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    duration_seconds integer,
    status text,
    call_direction text,
    contact_id uuid,
    agent_id uuid,
    agent_name text,
    from_number text,
    to_number text,
    phone_number text,
    caller_name text,
    has_recording boolean,
    has_transcript boolean,
    recording_status text,
    cost_cents bigint,
    appointment_id uuid,
    appointment public.call_appointment,
    booking_confirmed boolean,
    financial_value_pence bigint,
    tools_used text[],
    tools public.call_tool_run[],
    sentiment_label text,
    sentiment_score numeric,
    sentiment_summary text,
    sentiment_urgency text,
    outcome text,
    summary text,
    transcript text,
    ended_reason text,
    transfer_to text,
    transfer_time timestamptz,
    transfer_reason text,
    consent boolean,
    timeline public.call_moment[]
);
comment on type public.call_detail is 'All there is to read of a call.';

create type public.call_stats as (
    total_calls bigint,
    inbound_calls bigint,
    outbound_calls bigint,
    completed_calls bigint,
    live_calls bigint,
    appointments_booked bigint,
    avg_sentiment numeric,
    avg_duration_seconds integer,
    success_rate numeric,
    pipeline_value_pence bigint
);

create type public.dashboard_pulse as (
    period text,
    "from" timestamptz,
    "to" timestamptz,
    total_calls bigint,
    appointments_booked bigint,
    avg_sentiment numeric,
    avg_duration_seconds integer,
    success_rate numeric,
    pipeline_value_pence bigint
);

create type public.activity_item as (
    kind text,
    id uuid,
    at timestamptz,
    text text,
    path text
);
comment on type public.activity_item is 'Something that happened, and where in the dashboard it is. kind: call, booking, hot_lead, message, topup.';

create type public.call_series_point as (
    at timestamptz,
    calls bigint,
    appointments_booked bigint,
    avg_sentiment numeric,
    avg_duration_seconds integer,
    pipeline_value_pence bigint
);

create type public.call_funnel as (
    period text,
    "from" timestamptz,
    "to" timestamptz,
    calls bigint,
    connected bigint,
    engaged bigint,
    booked bigint
);
comment on type public.call_funnel is 'Of the calls, how many were answered, of those how many stayed to talk, of those how many booked.';

create type public.recording_source as (
    call_id uuid,
    vapi_call_id text
);
comment on type public.recording_source is 'Where a recording is fetched.';

-- The effects queue: everything outside Postgres is a row here first, written in the transaction that decided it.

-- Effects are ordered by a sequence, not by a clock that can step back: the id begins with it.
create sequence private.effect_order as bigint;

create table private.effects (
    id uuid primary key,
    org_id uuid,
    kind text not null,
    queue_key text check (queue_key <> ''),
    priority smallint not null check (priority in (10, 50, 100, 200)),
    payload jsonb not null,
    state text not null check (state in ('waiting', 'ready', 'running')),
    run_at timestamptz not null,
    attempts integer not null default 0,
    lease_token uuid,
    lease_until timestamptz,
    worker text,
    last_error text,
    created_at timestamptz not null,
    check ((state = 'running') = (lease_token is not null)),
    check ((state = 'running') = (lease_until is not null)),
    check (state <> 'waiting' or queue_key is not null)
) with (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = 1000,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0
);
create index effects_ready_idx on private.effects (priority, run_at, id) where state = 'ready';
create index effects_lease_until_idx on private.effects (lease_until) where state = 'running';
create unique index effects_running_key on private.effects (queue_key) where state = 'running';
create index effects_queue_key_idx on private.effects (queue_key, id) where queue_key is not null;
comment on table private.effects is
    'Effects that are not finished: waiting behind another of their key, ready from run_at on, or running under a lease.';
comment on column private.effects.priority is
    'One of four classes, so that claiming can start each from its own run_at floor: 10 a person is waiting, 50 soon, 100 ordinary, 200 bulk.';
comment on column private.effects.lease_token is 'Who holds this token may finish the effect; a new claim makes a new one.';

create table private.effects_done (
    id uuid not null,
    org_id uuid,
    kind text not null,
    queue_key text,
    priority smallint not null,
    payload jsonb not null,
    outcome text not null check (outcome in ('done', 'refused', 'dead', 'cancelled')),
    result jsonb,
    last_error text,
    attempts integer not null,
    lease_token uuid,
    run_at timestamptz not null,
    created_at timestamptz not null,
    finished_at timestamptz not null,
    primary key (id, finished_at)
) partition by range (finished_at);
create index effects_done_dead_idx on private.effects_done (finished_at) where outcome = 'dead';
create table private.effects_done_default partition of private.effects_done default;
comment on table private.effects_done is
    'Finished effects, a partition a day, kept 30 days. The default partition is there so that finishing never fails.';

create table private.effect_kinds (
    kind text primary key check (kind ~ '^[a-z_]+\.[a-z_]+$'),
    provider text not null,
    priority smallint not null check (priority in (10, 50, 100, 200)),
    max_attempts integer not null check (max_attempts between 1 and 100),
    backoff_base_seconds numeric not null check (backoff_base_seconds > 0),
    backoff_cap_seconds numeric not null check (backoff_cap_seconds >= backoff_base_seconds),
    backoff_jitter numeric not null check (backoff_jitter between 0 and 1),
    timeout_seconds numeric not null check (timeout_seconds > 0),
    lease_seconds numeric not null,
    continuation text check (continuation ~ '^[a-z][a-z0-9_]*$'),
    result_for_callers boolean not null,
    edited_at timestamptz,
    check (lease_seconds > timeout_seconds)
);
comment on table private.effect_kinds is
    'What kinds of effect there are and how each is tried: last attempt, back-off, time-out, lease, and the function that takes the next step.';
comment on column private.effect_kinds.continuation is
    'private.<continuation>(p_effect jsonb, p_outcome text, p_result jsonb), called once, in the transaction that finishes the effect.';
comment on column private.effect_kinds.result_for_callers is
    'Whether GET /api/operations/:id shows the result to a member of the organisation.';

create table private.provider_limits (
    provider text primary key,
    per_second numeric not null check (per_second > 0),
    burst integer not null check (burst >= 1),
    edited_at timestamptz
);
comment on table private.provider_limits is
    'How many effects a second a provider takes, and how many at once after a pause. A provider without a row has no limit.';

-- How much of each limit is used: the moment from which on the provider is idle again, and the last moment handed out
-- to an effect that has to wait.
create table private.provider_buckets (
    provider text primary key,
    busy_until timestamptz not null,
    pushed_until timestamptz not null
) with (fillfactor = 50);
comment on table private.provider_buckets is 'What private.provider_limits has left at this moment; only claims write it.';

create table private.alerts (
    id uuid primary key default gen_random_uuid(),
    org_id uuid,
    kind text not null,
    last_sent_at timestamptz not null,
    suppressed integer not null default 0,
    unique nulls not distinct (org_id, kind)
);
comment on table private.alerts is 'When which alert was last sent, so that each is sent at most once an hour.';

create table private.schedules (
    name text primary key check (name ~ '^[a-z][a-z0-9_]*$'),
    every interval check (every >= interval '1 second'),
    daily_at time,
    function text check (function ~ '^[a-z][a-z0-9_]*$'),
    effect_kind text,
    payload jsonb,
    enabled boolean not null,
    edited_at timestamptz,
    check (num_nonnulls(every, daily_at) = 1),
    check (num_nonnulls(function, effect_kind) = 1)
);
comment on table private.schedules is
    'What happens by itself and when: every so often, or once a day at a time (UTC); private.<function>(p_now), or an effect of a kind.';

-- Apart from the definitions, so that a release that changes those forgets no run.
create table private.schedule_state (
    name text primary key,
    next_run_at timestamptz not null,
    last_run_at timestamptz,
    last_ok boolean
);
comment on table private.schedule_state is 'When each schedule runs next and how its last run went.';

create table private.schedule_runs (
    id bigint generated always as identity primary key,
    name text not null,
    due_at timestamptz not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    ok boolean not null,
    result text,
    error text,
    unique (name, due_at)
);
create index schedule_runs_started_at_idx on private.schedule_runs (started_at);
comment on table private.schedule_runs is 'Each run of each schedule, kept 30 days. A due moment runs once, whoever is first.';

create type private.claimed_effect as (
    id uuid,
    org_id uuid,
    kind text,
    payload jsonb,
    attempts integer,
    lease_token uuid,
    lease_seconds double precision,
    timeout_seconds double precision,
    late_seconds double precision,
    alone boolean,
    priority integer
);
comment on type private.claimed_effect is 'What a worker is handed to carry out an effect.';

create type public.operation as (
    id uuid,
    kind text,
    status text,
    result jsonb,
    created_at timestamptz,
    finished_at timestamptz
);
comment on type public.operation is
    'How far something is that was promised with a 202: queued, running, done, failed or cancelled.';

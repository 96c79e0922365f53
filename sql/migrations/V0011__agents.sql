-- What an agent may be made of, and finding the agents whose assistant at Vapi is behind.

create table public.agent_models (
    provider text not null check (provider ~ '^[a-z0-9_-]{1,50}$'),
    model text not null check (length(model) between 1 and 100),
    about text not null,
    is_default boolean not null default false,
    edited_at timestamptz,
    primary key (provider, model)
);
comment on table public.agent_models is 'Models an agent may think with, as Vapi names them.';
create unique index agent_models_one_default on public.agent_models (is_default) where is_default;

create table public.agent_languages (
    language text primary key check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    name text not null,
    transcriber jsonb not null check (jsonb_typeof(transcriber) = 'object'),
    edited_at timestamptz
);
comment on table public.agent_languages is 'Languages an agent may speak, and how Vapi is told to listen to them.';

alter table public.voices
    add column is_default boolean not null default false,
    add column options jsonb not null default '{}' check (jsonb_typeof(options) = 'object');
comment on column public.voices.options is 'What else Vapi is told of the voice.';
create unique index voices_one_default on public.voices (is_default) where is_default;

create index agents_behind_idx on public.agents (org_id, id)
    where deleted_at is null and (tools_status <> 'linked' or synced_version is distinct from version);
create index tool_registrations_vapi_tool_id_idx on private.tool_registrations (vapi_tool_id) where vapi_tool_id is not null;
create index org_tools_vapi_tool_id_idx on public.org_tools (vapi_tool_id) where vapi_tool_id is not null;

create type public.agent_tool as (
    tool_name text,
    description text,
    enabled boolean,
    config jsonb,
    status text,
    vapi_tool_id text,
    updated_at timestamptz
);
comment on type public.agent_tool is
    'A tool as an organisation uses it. Its status: unused, pending until its agents are linked to the current one, linked, or failed.';

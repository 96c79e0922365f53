-- What the rules are written against: the error registry, the grant matrix, and the directory of outside objects.

create table private.error_registry (
    code text primary key check (code ~ '^[a-z][a-z0-9_]*$'),
    status integer not null check (status between 400 and 599),
    sentence text not null check (sentence <> '')
);
comment on table private.error_registry is
    'Every refusal a caller can meet: a stable code, its HTTP status and a sentence for a person.';

create table private.grant_matrix (
    function text primary key,
    anon boolean not null,
    authenticated boolean not null,
    service_role boolean not null,
    least_role text check (least_role in ('user', 'manager', 'admin')),
    scope text check (scope ~ '^[a-z_]+:(read|write)$'),
    endpoint text
);
comment on table private.grant_matrix is
    'Who may call which function: the client roles that may execute it, the least role in the organisation, the scope an API key needs, the endpoint that uses it.';

create table private.directory (
    kind text not null,
    key text not null,
    org_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (kind, key)
);
create index directory_org_id_idx on private.directory (org_id);
comment on table private.directory is
    'What must be found without knowing the organisation: an outside object belongs to one organisation for ever.';

create type private.caller as (
    org_id uuid,
    user_id uuid,
    api_key_id uuid,
    role text
);
comment on type private.caller is 'Who is asking, once private.authorize() has let them in.';

-- The migration ledger: which release the database is at, and every version of every SQL file it has run.
--
-- migrate runs this file first and always, since nothing can be recorded before it.
create schema if not exists private;

create table if not exists private.schema_release (
    singleton boolean primary key default true check (singleton),
    release text not null,
    min_server_release text not null,
    changed_at timestamptz not null default now()
);
comment on table private.schema_release is
    'The newest release that has migrated this database, and the oldest server release that may still start against it.';

create table if not exists private.sql_versions (
    id bigint generated always as identity primary key,
    path text not null,
    release text not null,
    hash text,
    content text,
    signatures text[] not null default '{}',
    state text not null default 'live' check (state in ('live', 'retired', 'dropped')),
    applied_at timestamptz not null default now()
);
create index if not exists sql_versions_path_id_idx on private.sql_versions (path, id);
comment on table private.sql_versions is
    'Every version of every SQL file, with the release and the time it went live: the newest row of a path says what runs today, '
    'older ones which rule was live when. Retired: gone from the release, kept for servers of the one before it.';

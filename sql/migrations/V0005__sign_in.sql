-- What signing in without Supabase remembers: sessions, their rotating refresh tokens, and attempts.
--
-- Where Supabase Auth stands these tables stay empty; the functions over them refuse.

create table private.auth_sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    successor_key bytea not null check (octet_length(successor_key) = 32),
    ip inet,
    user_agent text check (length(user_agent) <= 500),
    created_at timestamptz not null default now(),
    refreshed_at timestamptz not null default now(),
    ends_at timestamptz not null,
    revoked_at timestamptz,
    revoked_because text check (revoked_because in ('signed_out', 'password_changed', 'token_reused')),
    check ((revoked_at is null) = (revoked_because is null))
);
create index auth_sessions_user_id_idx on private.auth_sessions (user_id);
create index auth_sessions_ends_at_idx on private.auth_sessions (ends_at);
comment on table private.auth_sessions is
    'One sign-in on one device: a family of refresh tokens, revoked as a whole.';
comment on column private.auth_sessions.successor_key is
    'Each refresh token is the HMAC of its predecessor under this key, so that two tabs refreshing at once are given the same one although only hashes are stored.';

create table private.refresh_tokens (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    session_id uuid not null references private.auth_sessions (id) on delete cascade,
    created_at timestamptz not null default now(),
    rotated_at timestamptz
);
create index refresh_tokens_session_id_idx on private.refresh_tokens (session_id);
create unique index refresh_tokens_current_key on private.refresh_tokens (session_id) where rotated_at is null;
comment on table private.refresh_tokens is
    'SHA-256 of every refresh token of a session; only the one not yet rotated is good. A rotated one that comes back revokes the session.';

create table private.sign_in_attempts (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('sign_in', 'sign_up')),
    email text check (length(email) <= 254),
    ip inet,
    succeeded boolean not null,
    attempted_at timestamptz not null default now()
);
create index sign_in_attempts_email_idx on private.sign_in_attempts (email, attempted_at);
create index sign_in_attempts_ip_idx on private.sign_in_attempts (ip, attempted_at);
create index sign_in_attempts_attempted_at_idx on private.sign_in_attempts (attempted_at);
comment on table private.sign_in_attempts is
    'Sign-ins and sign-ups tried in the last hours, counted by email and by address.';

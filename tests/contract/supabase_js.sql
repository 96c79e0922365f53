-- Functions of every form, for the Supabase door's tests. Not shipped.
create table public.door_notes (note text not null);
grant select, insert on public.door_notes to authenticated;

create type public.door_pair as (id integer, name text, data jsonb, born date);

create function public.door_hello() returns text language sql stable as $$ select 'hello' $$;
create function public.door_add(a integer, b integer default 10) returns integer language sql immutable as $$ select a + b $$;
create function public.door_null() returns text language sql stable as $$ select null::text $$;
create function public.door_echo(p_value jsonb) returns jsonb language sql stable as $$ select p_value $$;
create function public.door_sum(p_values integer[]) returns bigint language sql stable as $$ select sum(v) from unnest(p_values) v $$;
create function public.door_many(variadic p_values integer[]) returns bigint language sql stable as $$ select sum(v) from unnest(p_values) v $$;
create function public.door_over(a integer) returns text language sql stable as $$ select 'one' $$;
create function public.door_over(a integer, b integer) returns text language sql stable as $$ select 'two' $$;
create function public.door_twin(a integer) returns text language sql stable as $$ select 'integer' $$;
create function public.door_twin(a text) returns text language sql stable as $$ select 'text' $$;
create function public.door_raw(jsonb) returns jsonb language sql stable as $$ select $1 $$;
create function public.door_text(text) returns text language sql stable as $$ select $1 || '!' $$;
create function public.door_bytes(bytea) returns integer language sql stable as $$ select octet_length($1) $$;
create function public.door_numbers(n integer) returns setof integer language sql stable as $$ select generate_series(1, n) $$;
create function public.door_one_column() returns table (id integer) language sql stable as $$ select 7 $$;
create function public.door_out(out sum integer, out product integer) language sql stable as $$ select 3, 2 $$;
create function public.door_rows() returns setof public.door_pair language sql stable as $$
    values (1, 'ant', '{"year": 1999}'::jsonb, '2021-01-01'::date), (2, 'bee', null, '2020-02-02'), (3, 'c,at', '{"year": 2005}', null)
$$;
create function public.door_pair_of(p_id integer) returns public.door_pair language sql stable as $$
    select * from public.door_rows() r where r.id = p_id
$$;
create function public.door_note(p_note text) returns void language sql volatile as $$
    insert into public.door_notes values (p_note)
$$;
create function public.door_note_twice() returns setof text language sql volatile as $$
    insert into public.door_notes values ('once'), ('twice') returning note
$$;
create function public.door_count_notes() returns bigint language sql stable as $$ select count(*) from public.door_notes $$;
create function public.door_whoami() returns jsonb language sql stable as $$
    select jsonb_build_object('sub', auth.uid(), 'org_id', public.auth_org_id(), 'role', current_user)
$$;
create function public.door_organizations() returns setof public.organizations language sql stable as $$
    select * from public.organizations
$$;
create function public.door_fail() returns void language sql volatile as $$
    select private.fail('role_too_low', '{"needs": "admin"}')
$$;
create function public.door_raise() returns void language plpgsql volatile as $$
begin
    raise exception 'I refuse' using detail = 'so there', hint = 'ask nicely';
end $$;
create function public.door_refuse() returns jsonb language plpgsql volatile security definer as $$
begin
    insert into public.door_notes values ('refused');
    return private.refuse('too_many_requests');
end $$;
create function public.door_created() returns jsonb language plpgsql volatile as $$
begin
    perform set_config('response.status', '201', true);
    perform set_config('response.headers', '[{"x-made-by": "door"}]', true);
    return '{"made": true}';
end $$;
create function public.door_secret() returns bigint language sql stable as $$ select count(*) from private.auth_sessions $$;
create function public.door_duplicate() returns void language plpgsql volatile as $$
begin
    create temporary table door_unique (id integer primary key) on commit drop;
    insert into door_unique values (1), (1);
end $$;
create function public.door_missing() returns void language plpgsql stable as $$
begin
    perform * from public.door_nowhere;
end $$;
create function public.door_internal() returns void language plpgsql stable as $$
begin
    raise exception 'door_internal knows too much' using errcode = 'XX000', hint = 'private';
end $$;
create function public.door_busy() returns void language plpgsql stable as $$
begin
    raise exception 'relation private.x is locked' using errcode = '55P03';
end $$;
create function public.door_denied() returns text language sql stable as $$ select 'for servers' $$;
create function public.door_age_tokens(p_user_id uuid) returns void language sql volatile security definer as $$
    update private.refresh_tokens t set rotated_at = t.rotated_at - interval '1 minute'
    from private.auth_sessions s
    where s.id = t.session_id and s.user_id = p_user_id and t.rotated_at is not null
$$;

do $$
declare
    v_function regprocedure;
begin
    for v_function in
        select p.oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'public' and p.proname like 'door\_%'
    loop
        execute format('grant execute on function %s to anon, authenticated, service_role', v_function);
    end loop;
    revoke execute on function public.door_denied() from public, anon, authenticated;
    grant all on public.door_notes to authenticated;
end $$;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.org('Erase') as org, tests.org('Other') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member, tests.admin(:'other') as stranger \gset
select email as member_email from public.profiles where id = :'member' \gset
update public.profiles set full_name = 'Petronella Unforgettable', phone = '+447700900999' where id = :'member';
update public.profiles set full_name = 'Petronella Forgettable' where id = :'member';
select private.record_security_event('sign_in_failed', null, null, jsonb_build_object('email', :'member_email'), '10.1.2.3');
select private.record_security_event('sign_in', :'org', :'member', '{}', '10.1.2.3');
insert into private.webhook_inbox (provider, event_id, body, next_attempt_at, received_at, org_id)
values ('resend', 'erase-1', convert_to(jsonb_build_object('to', :'member_email')::text, 'UTF8'), now(), now(), :'org'),
       ('resend', 'erase-2', convert_to(jsonb_build_object('to', :'member_email')::text, 'UTF8'), now(), now(), :'other');
select private.emit_event(:'org', 'planted', jsonb_build_object('text', 'Petronella Unforgettable called'));

-- Where a text still stands in any table of an organisation, or of none.
create function pg_temp.traces(p_org uuid, p_value text) returns setof text language plpgsql as $$
declare v_table regclass; v_found boolean;
begin
    for v_table in select c.oid::regclass from pg_class c
                   where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p') and not c.relispartition
                     and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id')
    loop
        execute format('select exists (select from %s t where coalesce(t.org_id, $1) in ($1, ''00000000-0000-0000-0000-000000000000'') and (to_jsonb(t)::text ilike $2 or to_jsonb(t)::text ilike $3))', v_table)
        into v_found using p_org, '%' || p_value || '%', '%' || encode(convert_to(p_value, 'UTF8'), 'hex') || '%';
        if v_found then return next v_table::text; end if;
    end loop;
end $$;
select isnt_empty(format('select pg_temp.traces(%L, %L)', :'org', :'member_email'), 'the email stands in many places');

select tests.as_user(:'admin');
select tests.throws_code(format($$ select * from public.erase_personal_data('member', %L) $$, :'admin'), 'last_admin', 'the last admin cannot be erased');
select tests.throws_code(format($$ select * from public.erase_personal_data('member', %L) $$, :'stranger'), 'person_not_found', 'another organisation''s people are not there');
select tests.throws_code(format($$ select * from public.erase_personal_data('ghost', %L) $$, :'member'), 'unknown_subject');
select set_has(
    format($$ select table_name from public.erase_personal_data('member', %L) $$, :'member'),
    $$ values ('public.profiles'), ('public.audit_logs'), ('private.emails'), ('private.effects'), ('private.webhook_inbox'), ('private.events') $$,
    'it answers where something was erased');

select tests.as_owner();
select is_empty(format('select pg_temp.traces(%L, %L)', :'org', :'member_email'), 'the email stands nowhere any more');
select is_empty(format('select pg_temp.traces(%L, %L)', :'org', '+447700900999'), 'nor the phone number');
select is_empty(format('select pg_temp.traces(%L, %L)', :'org', 'Petronella Forgettable'), 'nor the name');
select is_empty(format('select pg_temp.traces(%L, %L)', :'org', 'Petronella Unforgettable'), 'nor an older one');
select is((select status from public.profiles where id = :'member'), 'inactive', 'the membership is over');
select is_empty(format('select from auth.users where id = %L', :'member'), 'and the account with it');
select is((select count(*) from public.audit_logs where row_id = :'member' and action = 'insert'), 1::bigint, 'that something happened stays on record');
select is_empty(format($$ select from public.security_audit_log where user_id = %L and ip is not null $$, :'member'), 'from where does not');
select is(
    (select body from private.webhook_inbox where event_id = 'erase-2'), convert_to(jsonb_build_object('to', :'member_email')::text, 'UTF8'),
    'another organisation''s rows are not touched');
select is((select count(*) from public.profiles where org_id = :'org' and email is not null), 1::bigint, 'nor anybody else''s');
select is((select count(*) from public.security_audit_log where org_id = :'org' and kind = 'personal_data_erased'), 1::bigint, 'it is on record that it was done');
select tests.as_user(:'admin');
select lives_ok(format($$ select * from public.erase_personal_data('member', %L) $$, :'member'), 'doing it again harms nothing');

select * from finish();
rollback;

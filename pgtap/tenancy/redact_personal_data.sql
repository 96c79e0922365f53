begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(21);

select tests.org('Redact') as org, tests.org('Other') as other \gset
select tests.user(:'org', 'user') as member, tests.user(:'org', 'manager') as bystander \gset
select (select email from auth.users where id = :'member') as email, (select email from auth.users where id = :'bystander') as other_email \gset
update public.profiles set full_name = 'Roderick Redactable', phone = '+447700900123', avatar_url = 'https://x.test/r.png' where id = :'member';
update public.profiles set full_name = 'Beatrice Bystander' where id = :'bystander';
insert into public.integrations (org_id, provider, account_label, last_error)
values (:'org', 'google', :'email', 'No mailbox of Roderick Redactable'), (:'other', 'google', :'email', null);
update public.credit_wallets set balance_pence = 1234 where org_id = :'org';
select private.record_security_event('sign_in', :'org', :'member', jsonb_build_object('email', :'email', 'tries', 3), '10.1.2.3');
select private.record_security_event('sign_in', :'org', :'bystander', jsonb_build_object('email', :'other_email'), '10.1.2.4');
select private.record_security_event('sign_in_failed', null, null, jsonb_build_object('email', :'email'), '10.1.2.5');
delete from private.effects where org_id = :'org';
select private.enqueue_effect(:'org', 'slack.message', jsonb_build_object('text', 'Roderick Redactable called', 'count', 7)) as effect \gset
select private.enqueue_effect(:'other', 'slack.message', jsonb_build_object('text', 'Roderick Redactable called')) as other_effect \gset
create temp table others as
select to_jsonb(p) as held from public.profiles p where p.id <> :'member'
union all select to_jsonb(i) from public.integrations i where i.org_id = :'other'
union all select to_jsonb(e) from private.effects e where e.id = :'other_effect'
union all select to_jsonb(l) from public.security_audit_log l where l.user_id = :'bystander';

create temp table changed as select * from private.redact_personal_data(:'org', 'member', :'member');
select is(
    (select string_agg(table_name, ' ' order by table_name) from changed where table_name in (
        'public.profiles', 'public.integrations', 'public.security_audit_log', 'private.effects', 'public.audit_logs',
        'public.org_invitations', 'private.emails', 'private.webhook_inbox', 'public.credit_wallets')),
    'private.effects private.emails public.audit_logs public.integrations public.org_invitations public.profiles public.security_audit_log',
    'it answers which tables changed, and names none that did not');
select is(
    (select rows_changed from changed where table_name = 'public.integrations'), 1::bigint, 'with how many of their rows');
select results_eq(
    format('select email, full_name, phone, avatar_url, id, role, status from public.profiles where id = %L', :'member'),
    format($$ values (null::text, null::text, null::text, null::text, %L::uuid, 'user', 'active') $$, :'member'),
    'the person''s own row loses who they are, and keeps id, rights and state');
select results_eq(
    format('select email, full_name, role, status from public.org_invitations where org_id = %L and accepted_by = %L', :'org', :'member'),
    $$ values ('erased@example.invalid', null::text, 'user', 'accepted') $$, 'a column that must hold something holds something else');
select is(
    (select recipient from private.emails where org_id = :'org' and idempotency_key = 'welcome:' || :'member'), 'erased@example.invalid',
    'emails went to nobody');
select results_eq(
    format('select account_label, last_error from public.integrations where org_id = %L', :'org'),
    $$ values ('[erased]', 'No mailbox of [erased]') $$, 'their values go wherever they stand, and the rest of a text stays');
select results_eq(
    format($$ select details, host(ip) from public.security_audit_log where user_id = %L and kind = 'sign_in' $$, :'member'),
    $$ values ('{"email": "[erased]", "tries": 3}'::jsonb, null::text) $$, 'rows that are written once lose them too');
select is(
    (select details ->> 'email' from public.security_audit_log where user_id is null and host(ip) = '10.1.2.5' and kind = 'sign_in_failed'
       and org_id = '00000000-0000-0000-0000-000000000000' and created_at >= now()),
    '[erased]', 'so do those of no organisation');
select is(
    (select payload from private.effects where id = :'effect'), '{"text": "[erased] called", "count": 7}'::jsonb,
    'nor will anything be sent that names them');
select is_empty(
    format($$ select from public.audit_logs l where l.org_id = %L and l::text ilike any (array[%L, '%%Redactable%%', '%%447700900123%%']) $$, :'org', '%' || :'email' || '%'),
    'what erasing wrote into the audit is erased with it');
select is((select balance_pence from public.credit_wallets where org_id = :'org'), 1234::bigint, 'money stays');
select is_empty(
    format($$ select held from others except (
        select to_jsonb(p) from public.profiles p where p.id <> %L
        union all select to_jsonb(i) from public.integrations i
        union all select to_jsonb(e) from private.effects e
        union all select to_jsonb(l) from public.security_audit_log l) $$, :'member'),
    'other people''s rows stay, and another organisation''s even where they name this one');
select throws_ok(
    format($$ update public.security_audit_log set details = '{}' where user_id = %L $$, :'member'), '23001', null,
    'afterwards rows that are written once are so again');

-- Again, and those it does not know.
create temp table stands as
select to_jsonb(p) as held from public.profiles p union all select to_jsonb(l) from public.audit_logs l
union all select to_jsonb(s) from public.security_audit_log s union all select to_jsonb(e) from private.emails e;
select is_empty(
    format($$ select * from private.redact_personal_data(%L, 'member', %L) $$, :'org', :'member'), 'doing it again changes no table');
select is_empty(
    $$ (select to_jsonb(p) from public.profiles p union all select to_jsonb(l) from public.audit_logs l
        union all select to_jsonb(s) from public.security_audit_log s union all select to_jsonb(e) from private.emails e)
       except select held from stands $$, 'and no row');
select is_empty(
    format($$ select * from private.redact_personal_data(%L, 'member', %L) $$, :'other', :'bystander'),
    'a person of another organisation is not there');
select is((select full_name from public.profiles where id = :'bystander'), 'Beatrice Bystander', 'and keeps their name');
select is_empty(
    format($$ select * from private.redact_personal_data(%L, 'member', gen_random_uuid()) $$, :'org'), 'nor is somebody who never was');
select tests.throws_code(
    format($$ select * from private.redact_personal_data(%L, 'ghost', %L) $$, :'org', :'bystander'), 'unknown_subject');
select throws_ok(
    $$ delete from public.security_audit_log where kind = 'sign_in' $$, '23001', null, 'whatever it answered, nothing is left open');
select tests.as_user(tests.admin(:'org'));
select throws_ok(
    format($$ select * from private.redact_personal_data(%L, 'member', %L) $$, :'org', :'bystander'), '42501', null,
    'nobody redacts without being authorized first');

select * from finish();
rollback;

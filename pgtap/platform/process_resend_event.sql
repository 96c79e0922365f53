begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(23);

select tests.org('Smile') as org \gset
create function pg_temp.email(p_key text) returns uuid language plpgsql as $$
declare v_id uuid;
begin
    v_id := private.send_email((select id from public.organizations where name = 'Smile'), p_key || '@example.test', 'welcome',
        '{"full_name": "A", "organization_name": "S"}', p_key);
    perform private.email_accepted((select id from public.organizations where name = 'Smile'), v_id, 're_' || p_key);
    return v_id;
end $$;
create function pg_temp.hear(p_key text, p_type text, p_more jsonb default '{}') returns uuid language sql as $$
    select private.process_resend_event(jsonb_build_object(
        'type', p_type, 'created_at', now(), 'data', jsonb_build_object('email_id', 're_' || p_key) || p_more));
$$;
create function pg_temp.status(p_key text) returns text language sql as $$
    select e.status from private.emails e where e.idempotency_key = p_key;
$$;
select pg_temp.email(k) from unnest(array['ok', 'soft', 'hard', 'angry', 'failed', 'listed', 'late']) as k;

select is(pg_temp.hear('ok', 'email.delivered'), :'org', 'an event belongs to the organisation of its email');
select is(pg_temp.status('ok'), 'delivered', 'delivered');
select pg_temp.hear('ok', 'email.sent');
select is(pg_temp.status('ok'), 'delivered', 'an older event that comes later changes nothing');
select pg_temp.hear('ok', 'email.opened');
select is(pg_temp.status('ok'), 'delivered', 'nor does one that says nothing about its way');
select is(pg_temp.hear('ok', 'email.something_new'), :'org', 'nor one of a type we do not know');

select pg_temp.hear('soft', 'email.bounced', '{"bounce": {"type": "Transient", "message": "mailbox full"}}');
select is(pg_temp.status('soft'), 'bounced', 'a soft bounce is a bounce');
select is(status_reason, 'mailbox full', 'and says why') from private.emails where idempotency_key = 'soft';
select is(count(*)::integer, 0, 'but the address may be written to again') from private.email_suppressions where address = 'soft@example.test';

select pg_temp.hear('hard', 'email.bounced', '{"bounce": {"type": "Permanent", "message": "no such user"}}');
select is(reason, 'bounced', 'a hard bounce suppresses the address') from private.email_suppressions where org_id = :'org' and address = 'hard@example.test';
select pg_temp.hear('hard', 'email.delivered');
select is(pg_temp.status('hard'), 'bounced', 'and stands, whatever comes after it');

select pg_temp.hear('angry', 'email.complained');
select is(pg_temp.status('angry'), 'complained', 'a complaint');
select is(reason, 'complained', 'suppresses the address') from private.email_suppressions where address = 'angry@example.test';
select pg_temp.hear('angry', 'email.delivered');
select is(pg_temp.status('angry'), 'complained', 'also when the delivery is heard of later');

select pg_temp.hear('failed', 'email.failed', '{"failed": {"reason": "reached_daily_quota"}}');
select results_eq(
    $$ select status, status_reason from private.emails where idempotency_key = 'failed' $$,
    $$ values ('failed', 'reached_daily_quota') $$, 'a failure says why');
select is(count(*)::integer, 0, 'and suppresses nothing') from private.email_suppressions where address = 'failed@example.test';

select pg_temp.hear('listed', 'email.suppressed', '{"suppressed": {"reason": "previous_bounce"}}');
select is(pg_temp.status('listed'), 'suppressed', 'Resend''s own suppression');
select is(reason, 'suppressed', 'becomes ours') from private.email_suppressions where address = 'listed@example.test';

select private.send_email(:'org', 'early@example.test', 'welcome', '{"full_name": "A", "organization_name": "S"}', 'early') as early \gset
select is(
    pg_temp.hear('early', 'email.delivered', jsonb_build_object('tags', jsonb_build_object('org_id', :'org', 'email_id', :'early'))),
    :'org', 'an event that overtakes Resend''s answer is found by its tags');
select results_eq(
    $$ select status, resend_email_id from private.emails where idempotency_key = 'early' $$,
    $$ values ('delivered', 're_early') $$, 'and brings the id along');
select is(pg_temp.hear('unknown', 'email.delivered'), null, 'an email that is not ours belongs to nobody');
select is(
    pg_temp.hear('unknown', 'email.delivered', '{"tags": {"org_id": "x''; --", "email_id": "y"}}'), null,
    'tags that are none are no harm');
select is(
    pg_temp.hear('mixed', 'email.delivered', jsonb_build_object(
        'tags', jsonb_build_object('org_id', tests.org('Other'), 'email_id', :'early'))),
    null, 'nor those that mix two organisations');
select is(
    pg_temp.hear('late', 'email.delivered', jsonb_build_object('to', jsonb_build_array('someone@else.test'))), :'org',
    'only the id counts, not the address in the event');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

select tests.org('Smile') as org \gset
select private.send_email(:'org', 'a@example.test', 'welcome', '{"full_name": "A", "organization_name": "S"}', 'a') as a,
       private.send_email(:'org', 'b@example.test', 'welcome', '{"full_name": "B", "organization_name": "S"}', 'b') as b \gset
select to_jsonb(f) as effect_a from private.effects f where payload ->> 'email_id' = :'a' \gset
select to_jsonb(f) || '{"last_error": "domain not verified"}' as effect_b from private.effects f where payload ->> 'email_id' = :'b' \gset

select private.resend_email_finished(:'effect_a', 'done', '{"id": "re_1"}');
select results_eq(
    format($$ select status, resend_email_id from private.emails where id = %L $$, :'a'),
    $$ values ('sent', 're_1') $$, 'what Resend took is sent');
select is(org_id, :'org', 'and its id leads to the organisation') from private.directory where kind = 'resend_email' and key = 're_1';
select private.resend_email_finished(:'effect_a', 'done', '{"id": "re_1"}');
select is(status, 'sent', 'hearing it twice changes nothing') from private.emails where id = :'a';
update private.emails set status = 'delivered' where id = :'a';
select private.email_accepted(:'org', :'a', 're_1');
select is(status, 'delivered', 'hearing it late does not go back') from private.emails where id = :'a';
select private.email_failed(:'org', :'a', 'too late');
select is(status, 'delivered', 'nor does a failure') from private.emails where id = :'a';

select private.resend_email_finished(:'effect_b', 'refused', null);
select results_eq(
    format($$ select status, status_reason from private.emails where id = %L $$, :'b'),
    $$ values ('failed', 'domain not verified') $$, 'what Resend refused has failed, and says why');
select private.resend_email_finished(:'effect_b', 'done', '{"id": "re_2"}');
select is(resend_email_id, 're_2', 'a replay that succeeds is known by its id') from private.emails where id = :'b';

select * from finish();
rollback;

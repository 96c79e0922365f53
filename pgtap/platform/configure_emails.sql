begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

select private.configure_emails('https://app.voxanne.example/', 'Clinic <hello@voxanne.example>');
select results_eq(
    $$ select app_url, sender, edited_at is not null from private.email_settings $$,
    $$ values ('https://app.voxanne.example', 'Clinic <hello@voxanne.example>', true) $$,
    'the server''s configuration is taken over, and a release leaves it alone from then on');
select private.configure_emails('https://other.voxanne.example');
select results_eq(
    $$ select app_url, sender from private.email_settings $$,
    $$ values ('https://other.voxanne.example', 'Clinic <hello@voxanne.example>') $$,
    'without a sender the old one stays');
select throws_ok($$ select private.configure_emails('javascript:alert(1)') $$, '23514', null, 'a link must be one');
select tests.as_user(tests.user(tests.org()));
select throws_ok($$ select private.configure_emails('https://evil.example') $$, '42501', null, 'no client may change it');

select * from finish();
rollback;

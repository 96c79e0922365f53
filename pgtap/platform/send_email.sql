begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(16);

select tests.org('Smile') as org, tests.org('Other') as other \gset
select private.configure_emails('https://app.voxanne.example', 'Voxanne <hello@voxanne.example>');
select private.send_email(:'org', 'Ann@example.test', 'welcome',
    '{"full_name": "Ann <b>", "organization_name": "Smile"}', 'welcome:ann') as email \gset

select is(status, 'queued', 'an email begins queued') from private.emails where org_id = :'org' and id = :'email';
select matches(html, 'Welcome, Ann &lt;b&gt;', 'the HTML escapes what it is given') from private.emails where id = :'email';
select matches(text, 'Welcome, Ann <b>\.', 'the text does not') from private.emails where id = :'email';
select matches(html, 'https://app\.voxanne\.example/dashboard', 'links lead to the front end') from private.emails where id = :'email';
select results_eq(
    format($$ select f.kind, f.payload - 'html' - 'text' - 'subject' from private.effects f
              join private.emails e on e.effect_id = f.id where e.id = %L $$, :'email'),
    format($$ select 'resend.email', jsonb_build_object('email_id', %1$L, 'org_id', %2$L,
              'from', 'Voxanne <hello@voxanne.example>', 'to', jsonb_build_array('Ann@example.test'),
              'tags', jsonb_build_array(jsonb_build_object('name', 'org_id', 'value', %2$L),
                                        jsonb_build_object('name', 'email_id', 'value', %1$L),
                                        jsonb_build_object('name', 'template', 'value', 'welcome')),
              'idempotency_key', 'email/' || %1$L) $$, :'email', :'org'),
    'its sending is on record, with tags that lead back');

select is(
    private.send_email(:'org', 'ann@example.test', 'welcome', '{"full_name": "A", "organization_name": "S"}', 'welcome:ann'),
    :'email', 'the same key answers the first email');
select is(count(*)::integer, 1, 'and nothing is sent again') from private.effects where payload ->> 'email_id' = :'email';
select isnt(
    private.send_email(:'other', 'ann@example.test', 'welcome', '{"full_name": "A", "organization_name": "S"}', 'welcome:ann'),
    :'email', 'another organisation''s key is another key');

insert into private.email_suppressions (org_id, address, reason) values (:'org', 'bad@example.test', 'bounced');
select private.send_email(:'org', 'BAD@example.test', 'welcome', '{"full_name": "B", "organization_name": "S"}', 'k2') as bad \gset
select results_eq(
    format($$ select status, status_reason, effect_id from private.emails where id = %L $$, :'bad'),
    $$ values ('suppressed', 'bounced', null::uuid) $$, 'an address that bounced is not written to again');
select private.send_email(:'other', 'bad@example.test', 'welcome', '{"full_name": "B", "organization_name": "S"}', 'k2') as may \gset
select is(status, 'queued', 'another organisation may') from private.emails where id = :'may';

select private.send_email(:'org', 'c@example.test', 'welcome', jsonb_build_object(
    'full_name', 'C', 'organization_name', E'Smile\r\nBcc: everyone@example.test'), 'k3') as crlf \gset
select is(
    subject, 'Welcome to Voxanne, Smile Bcc: everyone@example.test', 'a subject stays one line') from private.emails where id = :'crlf';
select throws_ok(
    format($$ select private.send_email(%L, E'a@b.c\nBcc: x@y.z', 'welcome', '{"full_name": "", "organization_name": ""}', 'k4') $$, :'org'),
    '23514', null, 'so does a recipient');
select throws_ok(
    format($$ select private.send_email(%L, 'a@b.c', 'no_such_template', '{}', 'k5') $$, :'org'), 'XX000', null,
    'a template must exist');
select throws_ok(
    format($$ select private.send_email(%L, 'a@b.c', 'welcome', '{}', 'k6') $$, :'org'), 'XX000', null,
    'and have all its values');
select isnt(private.send_email(:'org', 'd@example.test', 'invitation',
    '{"organization_name": "S", "inviter_name": "Ann", "role": "user", "token": "t0ken"}', 'k7'), null, 'invitations too');
select matches(text, 'https://app\.voxanne\.example/invitations/t0ken', 'carry their link')
from private.emails where idempotency_key = 'k7' and org_id = :'org';

select * from finish();
rollback;

-- How calls are kept, and when people are called, by default and as the clinic says.
begin;
select plan(6);

create temporary table o as select tests.org() as id;
select results_eq($$ select redact_identifiers, redact_health, calling_hours from private.call_settings_of((select id from o)) $$,
    $$ select true, false, private.default_calling_hours() $$, 'numbers of cards are taken out unless the clinic says otherwise');
insert into public.call_settings (org_id) select id from o;
select is((select calling_hours from public.call_settings), private.default_calling_hours(), 'a row begins with the same hours');
update public.call_settings set redact_identifiers = false, redact_health = true;
select results_eq($$ select redact_identifiers, redact_health from private.call_settings_of((select id from o)) $$,
    $$ values (false, true) $$, 'what the clinic says holds');
select ok(not private.is_within_hours(private.default_calling_hours(), 'Europe/London', '2026-03-01 12:00+00'),
    'nobody is called on a Sunday');
update public.organizations set timezone = 'America/New_York' where id = (select id from o);
select is(private.zone_of((select id from o)), 'America/New_York', 'the clock is the clinic''s');
select ok(private.line_patience() between '7 seconds' and '10 seconds', 'nobody waits on the line for longer than Vapi does');

select * from finish();
rollback;

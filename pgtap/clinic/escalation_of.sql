-- The clinic's rules decide whom a caller is passed on to: the first that applies; then the agent's number; else nobody.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(43);

select tests.org() as org, tests.org('Other') as other \gset
select tests.in_call(:'org') as call \gset
insert into public.opening_hours (org_id, weekday, opens, closes) select :'org', d, '09:00', '17:00' from generate_series(1, 5) as d;
create function pg_temp.to(p_said text default null, p_urgency text default null, p_now timestamptz default '2026-07-01 09:00+00') returns text language sql as $$
    select concat_ws(' ', (x.e).number, (x.e).reason, (x.e).fallback)
    from (select private.escalation_of(c, p_said, p_urgency, p_now) as e from public.calls c where c.vapi_call_id = 'vapi-1' and c.created_at = '2026-07-01 09:00+00') as x $$;
create function pg_temp.rule(p_org uuid, p_name text, p_priority integer, p_trigger text, p_to text, p_more jsonb default '{}') returns void language sql as $$
    insert into public.escalation_rules (org_id, name, priority, trigger, transfer_to, keywords, min_urgency, hours, fallback)
    values (p_org, p_name, p_priority, p_trigger, p_to, coalesce((select array_agg(k) from jsonb_array_elements_text(p_more -> 'keywords') as k), '{}'),
        p_more ->> 'min_urgency', coalesce(p_more -> 'hours', '{}'), coalesce(p_more ->> 'fallback', 'message')) $$;

-- Without rules.
select is(pg_temp.to(), 'message', 'without a rule and a number nobody is rung: a message is taken');
update public.agents set transfer_number = '+442079460100' where org_id = :'org';
select is(pg_temp.to(), '+442079460100 message', 'without a rule the agent''s number is rung');
select pg_temp.rule(:'other', 'Theirs', 1, 'request', '+442079460999');
select is(pg_temp.to(), '+442079460100 message', 'another clinic''s rules are theirs');

-- The first that applies.
select pg_temp.rule(:'org', 'Complaints', 10, 'keyword', '+442079460101', '{"keywords": ["complaint", "speak to a manager", "Müller"]}');
select pg_temp.rule(:'org', 'Emergency', 20, 'urgency', '+442079460102', '{"min_urgency": "high"}');
select pg_temp.rule(:'org', 'Closed', 30, 'after_hours', null, '{"fallback": "voicemail"}');
select pg_temp.rule(:'org', 'Desk on Fridays', 40, 'request', '+442079460103', '{"hours": {"fri": [["08:00", "18:00"]]}}');
select is(pg_temp.to(s), e, coalesce(s, 'nothing was said'))
from (values ('I have a complaint.', '+442079460101 Complaints message'), ('A COMPLAINT!', '+442079460101 Complaints message'), ('Can I speak  to a, manager', '+442079460101 Complaints message'),
    ('Herr MÜLLER bitte', '+442079460101 Complaints message'), ('uncomplaintive', '+442079460100 message'), ('complaints', '+442079460100 message'), ('speak to the manager', '+442079460100 message'),
    ('', '+442079460100 message'), (null, '+442079460100 message')) as v (s, e);
select is(pg_temp.to(null, u), e, coalesce(u, 'no urgency'))
from (values ('low', '+442079460100 message'), ('medium', '+442079460100 message'), ('high', '+442079460102 Emergency message'), ('critical', '+442079460102 Emergency message'),
    ('very', '+442079460100 message'), (null, '+442079460100 message')) as v (u, e);
select is(pg_temp.to('complaint', 'critical'), '+442079460101 Complaints message', 'of two the one with the lower priority');
select is(pg_temp.to(null, null, '2026-07-01 19:00+00'), 'Closed voicemail', 'when nobody is there, the rule for it: without a number nobody is rung');
select is(pg_temp.to(null, null, '2026-07-01 16:30+00'), 'Closed voicemail', 'on the clinic''s clock');
select is(pg_temp.to(null, null, '2026-07-01 15:30+00'), '+442079460100 message', 'until it closes');
select is(pg_temp.to('complaint', null, '2026-07-01 19:00+00'), '+442079460101 Complaints message', 'an earlier rule holds then, too');
select is(pg_temp.to(null, null, '2026-07-03 09:00+00'), '+442079460103 Desk on Fridays message', 'a rule with hours holds in them');
insert into public.closures (org_id, starts_on, ends_on) values (:'org', '2026-07-03', '2026-07-03');
select is(pg_temp.to(null, null, '2026-07-03 09:00+00'), 'Closed voicemail', 'a closed day is after hours');
update public.agents set business_hours = '{"fri": [["08:00", "12:00"]]}' where org_id = :'org';
select is(pg_temp.to(null, null, '2026-07-03 09:00+00'), '+442079460103 Desk on Fridays message', 'the agent''s own hours come first');
select is(pg_temp.to(null, null, '2026-07-01 09:00+00'), 'Closed voicemail', 'and last');
update public.agents set business_hours = '{}' where org_id = :'org';
update public.escalation_rules set is_active = false where org_id = :'org' and name = 'Complaints';
select is(pg_temp.to('complaint'), '+442079460100 message', 'a rule that is turned off does not apply');
insert into public.escalation_rules (org_id, id, name, priority, trigger, transfer_to)
values (:'org', 'f0000000-0000-0000-0000-000000000000', 'Later', 5, 'request', '+442079460105'), (:'org', 'a0000000-0000-0000-0000-000000000000', 'Sooner', 5, 'request', '+442079460104');
select is(pg_temp.to(), '+442079460104 Sooner message', 'of two with one priority the one with the lower id');

-- Numbers that are never rung.
delete from public.escalation_rules where org_id = :'org';
create function pg_temp.may(p_number text) returns boolean language sql as $$
    select private.may_be_rung(c, p_number) from public.calls c where c.vapi_call_id = 'vapi-1' and c.created_at = '2026-07-01 09:00+00' $$;
insert into public.phone_number_mapping (phone_number, org_id) values ('+442079469001', :'org'), ('+442079469002', :'other');
insert into public.managed_phone_numbers (org_id, phone_number, country_code, routing_direction, twilio_sid, subaccount_sid, vapi_phone_id, status, price_pence)
values (:'org', '+442079469003', 'GB', 'inbound', 'PN' || md5('3'), 'AC' || md5('3'), 'p3', 'active', 100);
insert into private.org_credentials (org_id, provider, type, phone_number) values (:'org', 'twilio', 'default', '+442079469004');
insert into public.verified_caller_ids (org_id, phone_number, status, verified_at, twilio_caller_id_sid)
values (:'org', '+442079469005', 'verified', now(), 'PN' || md5('5'));
select is(pg_temp.may(n), e, w)
from (values ('+442079460100', true, 'a phone of the clinic''s is rung'), ('+442079469001', false, 'a number that rings here is not'), ('+442079469002', true, 'another''s is a phone like any'),
    ('+442079469003', false, 'a number bought here is not'), ('+442079469004', false, 'the number of its own account is not'), ('+442079469005', true, 'a phone it calls with is'),
    ('+442079460018', false, 'the number that was called is not'), ('+447700900123', false, 'nor the caller''s own'), ('+449011234567', false, 'nor one that costs more than a call'),
    ('+19005550100', false, 'anywhere'), ('02079460100', false, 'nor what is no number'), (null, false, 'nor nothing')) as v (n, e, w);
select pg_temp.rule(:'org', 'Own', 1, 'request', '+442079469001', '{"fallback": "voicemail"}');
select is(pg_temp.to(), '+442079460100 Own voicemail', 'where a rule''s number leads back here, the agent''s is rung');
update public.agents set transfer_number = '+449011234567' where org_id = :'org';
select is(pg_temp.to(), 'Own voicemail', 'and where that may not be rung either, nobody is');

select * from finish();
rollback;

-- A record knows of the booking that a call made, whichever way it was made, and both know of each other.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org('Booked') as org, tests.org('Booked Else') as other \gset
create function pg_temp.report(p_more jsonb default '{}') returns jsonb language sql as $$
    select '{"startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-02T10:02:00Z", "endedReason": "customer-ended-call"}' || p_more $$;
select private.contact_of_number(:'org', '+447700900123', 'Jane Smith', tests.now()) as jane,
       private.contact_of_number(:'org', '+447700900124', null, tests.now()) as john,
       private.contact_of_number(:'other', '+447700900123', null, tests.now()) as stranger \gset
select id as botox from public.services where org_id = :'org' and name = 'Botox' \gset

select tests.rung(:'org', 'none') as c \gset
select is((tests.recorded(:'c', pg_temp.report())).booking_confirmed, false, 'without an appointment nothing is booked');

select tests.rung(:'org', 'linked') as c \gset
select tests.booked_for(:'org', jsonb_build_object('call_id', :'c', 'contact_id', :'jane', 'service_id', :'botox')) as a \gset
create temporary table got as select * from tests.recorded(:'c', pg_temp.report());
select is((select appointment_id from got), :'a', 'the appointment that names the call is the call''s');
select is((select booking_confirmed from got), true, 'it is booked');
select is((select financial_value_pence from got), 40000::bigint, 'it is worth the service that was booked, though nobody named it');
select is((select outcome from got), 'Jane Smith rang and spoke for 2 minutes. An appointment was booked for Tuesday 3 March 2026, 10:00. They hung up.',
    'the list says for when, on the clinic''s own clock');
select is((select lead_status from public.contacts where id = :'jane'), 'booked', 'the contact has booked');
select is((select stage from public.leads where call_id = :'c'), 'booked', 'so has the lead');

select tests.rung(:'org', 'meanwhile', '{"phone_number": "+447700900124"}') as c \gset
select tests.booked_for(:'org', jsonb_build_object('contact_id', :'john', 'created_at', '2026-03-02 10:01+00', 'scheduled_at', '2026-03-04 10:00+00')) as a \gset
select is((tests.recorded(:'c', pg_temp.report())).appointment_id, :'a', 'one that the contact was given while the call lasted is the call''s as well');
select is((select row(call_id, vapi_call_id)::text from public.appointments where id = :'a'), format('(%s,meanwhile)', :'c'), 'and knows the call');
select is((tests.recorded(:'c', pg_temp.report('{"cost": 1}'))).appointment_id, :'a', 'a later word of the call finds it again');

select tests.rung(:'org', 'before', '{"phone_number": "+447700900124"}') as c \gset
select tests.booked_for(:'org', jsonb_build_object('contact_id', :'john', 'created_at', '2026-03-02 09:59+00', 'scheduled_at', '2026-03-05 10:00+00')) as a \gset
select tests.booked_for(:'other', jsonb_build_object('contact_id', :'stranger', 'created_at', '2026-03-02 10:01+00', 'scheduled_at', '2026-03-05 10:00+00')) as b \gset
select is((tests.recorded(:'c', pg_temp.report())).booking_confirmed, false, 'one made before the call is not, nor another organisation''s');

select tests.rung(:'org', 'cancelled') as c \gset
select tests.booked_for(:'org', jsonb_build_object('call_id', :'c', 'contact_id', :'jane', 'status', 'cancelled', 'updated_at', '2026-03-02 10:01+00')) as a \gset
select is((tests.recorded(:'c', pg_temp.report())).booking_confirmed, false, 'one cancelled in the same call is no booking');
update public.appointments set updated_at = '2026-03-09 10:00+00' where id = :'a';
select is((tests.recorded(:'c', pg_temp.report('{"cost": 1}'))).booking_confirmed, true, 'one cancelled days later was one');

select tests.rung(:'org', 'tool', '{"phone_number": "+447700900125"}') as c \gset
insert into private.tool_runs (org_id, call_id, tool_call_id, tool_name, arguments, result, ok) values
    (:'org', :'c', 't1', 'bookClinicAppointment', '{"patientName": "Ann Other", "card": "4111 1111 1111 1111"}', 'Taken.', false);
select is((tests.recorded(:'c', pg_temp.report())).booking_confirmed, false, 'a tool that could not book has not booked');
select is((select arguments ->> 'card' from private.tool_runs where tool_call_id = 't1' and call_id = :'c'), '[card number]', 'no card is kept of what a tool was told');
insert into private.tool_runs (org_id, call_id, tool_call_id, tool_name, arguments, result, ok) values
    (:'org', :'c', 't2', 'bookClinicAppointment', '{}', 'Booked.', true);
select is((select row(booking_confirmed, tools_used, caller_name)::text from tests.recorded(:'c', pg_temp.report('{"cost": 1}'))),
    '(t,{bookClinicAppointment},"Ann Other")', 'one that could has, and its name for the caller is the caller''s');
select is((select first_name from public.contacts where org_id = :'org' and phone = '+447700900125'), 'Ann', 'and the contact''s');

select * from finish();
rollback;

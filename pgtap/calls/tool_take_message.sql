-- A message for the clinic is on record, emailed, and never lost.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(25);

select tests.org() as org, tests.org('No address') as bare \gset
select tests.in_call(:'org') as call, tests.in_call(:'bare', 'vapi-2') as bare_call, tests.in_call(:'org', 'vapi-3', 'anonymous') as withheld \gset
update public.organizations set email = 'desk@harbour.test', clinic_name = 'Harbour Clinic' where id = :'org';
update public.organizations set email = null where id = :'bare';
insert into public.contacts (org_id, phone) values (:'org', '+447700900123') returning id as contact \gset

select is(tests.told(:'call', 'takeMessage', '{"message": "Please ring me about <my> bill, card 4111 1111 1111 1111.", "name": "Ada Byron", "urgency": "high"}'),
    'I have noted that down for the clinic.', 'a message is taken');
select results_eq(format($$ select direction, method, purpose, recipient, contact_id, status, created_at from public.messages where call_id = %L $$, :'call'),
    format($$ values ('in', 'email', 'taken_message', 'desk@harbour.test', %L::uuid, 'delivered', '2026-07-01 09:00+00'::timestamptz) $$, :'contact'), 'on record, of the caller''s contact');
select matches((select content from public.messages where call_id = :'call'), '^Please ring me about <my> bill, card \[[^0-9]*\]\.$', 'without what must not be kept');
select is((select first_name || ' ' || last_name from public.contacts where id = :'contact'), 'Ada Byron', 'whose name is known now');
select is((select payload ->> 'contact_id' from private.events where org_id = :'org' and kind = 'message.taken'), :'contact', 'screens hear of it');
select results_eq(format($$ select recipient, subject, status from private.emails where org_id = %L and template = 'taken_message' $$, :'org'),
    $$ values ('desk@harbour.test', 'Urgent: Message for Harbour Clinic from Ada Byron, +447700900123', 'queued') $$, 'the clinic gets an email');
select ok(html like '%about &lt;my&gt; bill%' and html not like '%4111%' and text like '%Wednesday the 1st of July at 10:00 am%', 'with what was said and when')
from private.emails where org_id = :'org' and template = 'taken_message';
select is((select count(*) from private.effects where org_id = :'org' and kind = 'resend.email' and payload ->> 'subject' like '%Message for%'), 1::bigint, 'which is on its way');

-- Once.
select is(tests.told(:'call', 'takeMessage', '{"message": "Please ring me about <my> bill, card 4111 1111 1111 1111."}'), 'I have noted that down for the clinic.', 'the same words again in the call');
select is((select count(*) from public.messages where call_id = :'call'), 1::bigint, 'are the same message');
select is(tests.told(:'call', 'takeMessage', '{"message": "And bring my file.", "phone": "07700 900777"}'), 'I have noted that down for the clinic.', 'other words');
select is((select count(*) from public.messages where call_id = :'call'), 2::bigint, 'are another');
select is((select c.phone from public.messages m join public.contacts c on c.org_id = m.org_id and c.id = m.contact_id where m.content = 'And bring my file.'), '+447700900777', 'of the number to ring back');
select is((select count(*) from private.emails where org_id = :'org' and template = 'taken_message'), 2::bigint, 'with an email of its own');

-- Nothing is lost.
select is(tests.told(:'bare_call', 'takeMessage', '{"message": "Hello"}'), 'I have noted that down for the clinic.', 'a clinic without an address');
select is((select recipient from public.messages where call_id = :'bare_call'), '+442079460018', 'has it on record all the same');
select is((select array_agg(recipient) from private.emails where org_id = :'bare' and template = 'taken_message'),
    (select array_agg(email) from public.profiles where org_id = :'bare'), 'and its admins get the email');
update public.profiles set email = null where org_id = :'bare';
select is(tests.told(:'bare_call', 'takeMessage', '{"message": "Hello again"}'), 'I have noted that down for the clinic.', 'one that nobody could write to');
select is((select array_agg(content order by content) from public.messages where call_id = :'bare_call'), array['Hello', 'Hello again'], 'has it on record');
select is(tests.told(:'withheld', 'takeMessage', '{"message": "It is me"}'), 'I have noted that down for the clinic.', 'a caller whose number is withheld');
select is((select contact_id from public.messages where call_id = :'withheld'), null, 'leaves one of nobody''s');
select is((select subject from private.emails where org_id = :'org' and template = 'taken_message' and subject not like '%Ada%' and subject not like '%777' limit 1), 'Message for Harbour Clinic from Somebody whose number is withheld', 'and the email says so');

-- Bad input.
select is(tests.told(:'call', 'takeMessage', a::jsonb), 'What would you like me to tell the clinic?', a || ' is asked for')
from unnest(array['{}', '{"message": ""}', '{"message": {"x": 1}}']) as a;

select * from finish();
rollback;

-- An agent says goodbye, and the call ends once that is spoken.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(8);

select tests.org() as org \gset
select tests.in_call(:'org') as call, tests.in_call(:'org', 'vapi-2', '+447700900200', 'es-MX') as mute \gset
delete from private.call_lines where call_id = :'mute';
select is(tests.told(:'call', 'endCall', '{"reason": "Done"}'), 'Thank you for your call. Goodbye.', 'a goodbye');
select is((select payload - 'org_id' - 'call_id' from private.effects where org_id = :'org' and kind = 'vapi.say'),
    '{"control_url": "https://control.example/vapi-1", "text": "Thank you for your call. Goodbye.", "end_call_after_spoken": true, "reason": "Done"}', 'with which the call ends');
select is((select priority::integer from private.effects where org_id = :'org' and kind = 'vapi.say'), 10, 'before anything else');
select is(tests.told(:'call', 'endCall'), 'Thank you for your call. Goodbye.', 'asked again');
select is((select count(*) from private.effects where org_id = :'org' and kind = 'vapi.say'), 1::bigint, 'it ends once');
select is(tests.told(:'mute', 'endCall'), 'Gracias por su llamada. Adiós.', 'where the call cannot be controlled, still a goodbye');
update public.calls set ended_at = now() where id = :'mute';
select is(tests.told(:'mute', 'endCall'), 'Gracias por su llamada. Adiós.', 'and after its end');
select is((select count(*) from private.effects where org_id = :'org' and kind = 'vapi.say'), 1::bigint, 'without anything being done');

select * from finish();
rollback;

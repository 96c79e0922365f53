-- The call that checks a forwarding is a call of our own: no agent answers it, and nobody pays for it.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.answering('+442071230099') as org \gset
select tests.admin(:'org') as admin \gset
select tests.own_twilio(:'org', '+442071230009', '+442071230010');
select tests.verified_phone(:'org') as phone \gset
select tests.as_user(:'admin');
select ((public.save_forwarding_config(:'phone', 'total_ai', 'ee')).config).id as id \gset
select public.check_forwarding(:'id') \gset
select tests.as_owner();

select tests.hear_vapi(tests.vapi_message('assistant-request', 'check', '{}', '+442071230099', '+442071230010')) as answer \gset
select is(:'answer'::jsonb ->> 'error', private.line_refusal('forwarding_check', 'en') ->> 'error', 'it hears what it was for');
select is((select count(*) from public.calls), 0::bigint, 'and is no call of the clinic''s');
select is((select count(*) from public.credit_reservations), 0::bigint, 'nor one that is paid for');
select is(private.line_refusal('line_unavailable', 'de-AT') ->> 'error' like 'Es tut mir leid%', true,
    'whoever is not let in hears it in a language of theirs');
select ok(tests.hear_vapi(tests.vapi_message('assistant-request', 'patient', '{}', '+442071230099', '+447700900999')) ? 'assistantId',
    'a patient who calls meanwhile is answered');

select * from finish();
rollback;

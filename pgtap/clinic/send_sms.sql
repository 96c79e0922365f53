begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(27);

select tests.org('Smile') as org, tests.org('Other') as other \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900123') returning id as contact \gset
create function pg_temp.text(p_org uuid, p_to text default '+447700900123', p_text text default 'Hello') returns uuid language sql as $$
    select private.send_sms(p_org, null, null, p_to, p_text, 'followup', now());
$$;
create function pg_temp.kept(p_id uuid) returns text language sql as $$
    select concat_ws(' ', status, external_message_id, error_code, sent_at - now()) from public.messages where id = p_id;
$$;

-- Who sends.
select tests.throws_code(format('select pg_temp.text(%L)', :'org'), 'telephony_not_configured', 'nobody sends without a number');
select is(private.try_sms(:'org', null, null, '+447700900123', 'Hello', 'hot_lead'), null, 'which what goes on without need not hear');
select tests.funded(5000) as rich \gset
select private.add_credits(:'org', 5000, 'topup', 'stripe:pi_1');
select tests.bought_number(:'org', 'inbound', '+442071230001') \gset
select pg_temp.text(:'org') as first \gset
select is(tests.answered(:'org', 'twilio.send_sms', '{"sid": "SM1", "status": "queued"}') - 'since', jsonb_build_object(
    'account', jsonb_build_object('org_id', :'org', 'sid', 'AC' || md5(:'org'), 'type', 'subaccount'), 'org_id', :'org', 'message_id', :'first',
    'from', '+442071230001', 'to', '+447700900123', 'body', 'Hello'), 'what the executor is told: the one number there is sends');
select is(pg_temp.kept(:'first'), 'sent SM1 00:00:00', 'Twilio has it');
select tests.bought_number(:'org', 'outbound', '+442071230002') \gset
select private.send_sms(:'org', :'contact', null, '+447700900123', 'Hello again', 'reminder', now()) as second \gset
select is(tests.carried_out(:'org', 'twilio.send_sms', now()) #>> '{payload,from}', '+442071230002', 'the outbound number sends where there is one');
select results_eq(format('select contact_id, direction, method, purpose, recipient, content, status, service_provider, effect_id is not null from public.messages where id = %L', :'second'),
    format($$ values (%L::uuid, 'out', 'sms', 'reminder', '+447700900123', 'Hello again', 'queued', 'twilio', true) $$, :'contact'), 'it is on record before it is sent');
select tests.own_twilio(:'other', '+442071230009');
select pg_temp.text(:'other') \gset
select is(tests.carried_out(:'other', 'twilio.send_sms', now()) #>> '{payload,account,type}', 'default', 'with an own account, that sends');

-- What may be sent, and where.
select tests.throws_code(format('select pg_temp.text(%L, %L, %L)', :'org', '+447700900123', t), 'message_invalid', 'a text of ' || length(t))
from unnest(array['', '  ', repeat('x', 1601)]) as t;
select tests.throws_code(format('select pg_temp.text(%L, %L)', :'org', p), 'phone_number_invalid', p) from unnest(array['07700900123', '999', '+44']) as p;
select tests.throws_code(format('select pg_temp.text(%L, null)', :'org'), 'phone_number_invalid', 'nowhere');
select tests.throws_code(format('select pg_temp.text(%L, %L)', :'org', '+448712345678'), 'premium_number');

-- What became of it.
select tests.answered(:'org', 'twilio.send_sms', '{"refused": "sms_refused", "error_code": "21211", "said": "no"}') \gset
select is(pg_temp.kept(:'second'), 'failed 21211', 'one that Twilio refused has failed, and why is kept');
select pg_temp.text(:'org') as third \gset
select tests.answered(:'org', 'twilio.send_sms', null, 'dead') \gset
select is(pg_temp.kept(:'third'), 'failed dead', 'so has one that could not be handed over');
select pg_temp.text(:'org') as fourth \gset
select tests.answered(:'org', 'twilio.send_sms', '{"sid": "SM1", "status": "queued"}') \gset
select is(pg_temp.kept(:'fourth'), 'sent 00:00:00', 'an id that another message has is not taken from it');

-- STOP.
select pg_temp.text(:'org') as waiting \gset
select pg_temp.text(:'org', '+447700900999') as others \gset
select private.set_sms_opt_out(:'org', '+447700900123', true, now());
select is(pg_temp.kept(:'waiting'), 'failed sms_opted_out', 'what waits is taken back when somebody says STOP');
select is((select outcome from private.effects_done d join public.messages m on m.effect_id = d.id where m.id = :'waiting'), 'cancelled', 'and never sent');
select is(pg_temp.kept(:'others'), 'queued', 'what waits for others is not');
select tests.throws_code(format('select pg_temp.text(%L)', :'org'), 'sms_opted_out', 'whoever said STOP is texted no more');
select is(private.try_sms(:'org', null, null, '+447700900123', 'Hello', 'reminder'), null, 'by nobody');
select lives_ok(format('select pg_temp.text(%L)', :'other'), 'another organisation was not told to stop');
select private.set_sms_opt_out(:'org', '+447700900123', false, now());
select lives_ok(format('select pg_temp.text(%L)', :'org'), 'START lets messages through again');
select private.set_sms_opt_out(:'org', '+447700900777', true, now());
select ok((select sms_opt_out from public.contacts where org_id = :'org' and phone = '+447700900777'), 'STOP of a stranger is kept as well');

-- STOP that was said elsewhere.
select pg_temp.text(:'org', '+447700900888') as elsewhere \gset
update private.effects set state = 'running', lease_token = gen_random_uuid(), lease_until = now() + interval '1 minute' where payload ->> 'message_id' = :'elsewhere';
select tests.answered(:'org', 'twilio.send_sms', '{"refused": "sms_refused", "error_code": "21610", "said": "stop"}') \gset
select is(concat_ws(' ', pg_temp.kept(:'elsewhere'), (select sms_opt_out from public.contacts where org_id = :'org' and phone = '+447700900888')), 'failed 21610 t', 'a STOP that Twilio knows of is learned');

select * from finish();
rollback;

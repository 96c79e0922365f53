-- No secret that Vapi repeats to us is kept.
begin;
select plan(6);

create function pg_temp.kept(p_text text) returns text
language sql as $$ select convert_from(private.without_secrets(convert_to(p_text, 'UTF8')), 'UTF8'); $$;

select is(pg_temp.kept('{"phoneNumber": {"number": "+44", "twilioAuthToken": "5ecret"}}'),
    '{"phoneNumber": {"number": "+44", "twilioAuthToken": "[taken out]"}}', 'not the token of a number');
select is(pg_temp.kept('{"server": {"headers": {"X-Vapi-Secret" :  "a\"b"}}, "a": "b"}'),
    '{"server": {"headers": {"X-Vapi-Secret" :  "[taken out]"}}, "a": "b"}', 'not the header that proves who asks, however it is written');
select is(pg_temp.kept('{"message": "my secret is 5"}'), '{"message": "my secret is 5"}', 'what somebody says stays');
select is(pg_temp.kept('{"twilioAuthToken": null}'), '{"twilioAuthToken": null}', 'so does a token that is not there');

select count(*) from private.ingest_vapi_message('{}', convert_to(
    '{"message": {"type": "hang", "call": {"id": "c1"}, "phoneNumber": {"twilioAuthToken": "5ecret"}}}', 'UTF8'), now());
select is((select count(*) from private.webhook_inbox where position('5ecret' in convert_from(body, 'UTF8')) > 0), 0::bigint,
    'it never gets into the inbox');
select is((select count(*) from private.webhook_inbox where event_type = 'hang'), 1::bigint, 'the message does');

select * from finish();
rollback;

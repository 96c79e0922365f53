-- Card, national insurance and social security numbers do not get into what is kept, however they are said; other numbers do.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(58);

create temporary table said (text text, kept text);
insert into said values
    ('my card is 4111111111111111 thanks', 'my card is [card number] thanks'),
    ('4111 1111 1111 1111', '[card number]'),
    ('4111-1111-1111-1111.', '[card number].'),
    ('4111.1111.1111.1111', '[card number]'),
    ('4111, 1111, 1111, 1111', '[card number]'),
    ('+44 7700 900123 4242424242424242', '+44 7700 900123 [card number]'),
    ('4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', '[card number]'),
    ('amex 3782 822463 10005', 'amex [card number]'),
    ('5555 5555 5555 4444 expiry 12 27', '[card number] expiry 12 27'),
    ('5555 5555 5555 4444 12 27 123', '[card number] 12 27 123'),
    ('ring 07700 900123 4242 4242 4242 4242', 'ring 07700 900123 [card number]'),
    ('two: 4242424242424242, 5105105105105100', 'two: [card number], [card number]'),
    ('4242 4242 4242 4242 5105 1051 0510 5100', '[card number] [card number]'),
    ('mastercard 2223003122003222', 'mastercard [card number]'),
    ('maestro 6759649826438453', 'maestro [card number]'),
    ('discover 6011111111111117', 'discover [card number]'),
    ('diners 30569309025904', 'diners [card number]'),
    ('AB 12 34 56 C is mine', '[national insurance number] is mine'),
    ('AB123456C', '[national insurance number]'),
    ('ab123456c', '[national insurance number]'),
    ('A B 1 2 3 4 5 6 C', '[national insurance number]'),
    ('AB-12-34-56-C', '[national insurance number]'),
    ('AB.12.34.56.C', '[national insurance number]'),
    ('My national insurance number is a b one, ab 12 34 56 c.', 'My national insurance number is a b one, [national insurance number].'),
    ('078-05-1120', '[social security number]'),
    ('078 05 1120', '[social security number]'),
    ('078.05.1120', '[social security number]'),
    ('my social security number is 078051120 ok', 'my social security number is [social security number] ok'),
    ('SSN: 0 7 8 0 5 1 1 2 0', 'SSN: [social security number]');
insert into said select t, t from unnest(array[
    '4111 1111 1111 1112', 'call me on +44 7700 900123', '+4915112345678 is German', '020 7123 0000', 'order 1234567890123',
    'on 12 11 26 a table', 'at 10:30 on 2026-11-24T10:30:00Z', '550e8400-e29b-41d4-a716-446655440000', 'ISBN 978-3-16-148410-0',
    'GB12 3456', '000-12-3456', '666-12-3456', '900-12-3456', '123-45-67890', 'ext 123 45 678', 'from 9 to 5', '', '£1,234.56',
    'at 1719717577744 ms', 'room 12 34 56', '24 11 2026 and 25 11 2026', '12345678', '0000 0000 0000 0000']) as t;
select is(private.redact_identifiers(text), kept, text) from said;
select is(private.redact_identifiers(null), null, 'nothing stays nothing');

-- What an organisation asks for decides.
select tests.org('Redact') as org \gset
select is(private.redact_call_text(:'org', 'diabetes, 4111 1111 1111 1111'), 'diabetes, [card number]', 'numbers are taken out unless an organisation says no');
insert into public.call_settings (org_id, redact_identifiers, redact_health) values (:'org', false, true);
select is(private.redact_call_text(:'org', 'Diabetes, 4111 1111 1111 1111, and my high blood pressure.'),
    '[health detail], 4111 1111 1111 1111, and my high [health detail].', 'health details when it says yes');
select is(private.redact_call_text(:'org', 'Ich bin schwanger. Cancerian.'), 'Ich bin [health detail]. Cancerian.', 'whole words, in every language');
update public.call_settings set redact_identifiers = true where org_id = :'org';
select is(private.redact_call_json(:'org', '{"a": ["4111 1111 1111 1111", 4111111111111111, 5, null, true], "b": {"c": "I have HIV"}}'),
    '{"a": ["[card number]", "[card number]", 5, null, true], "b": {"c": "I have [health detail]"}}', 'and in every value of a tool''s arguments');
select is(
    (select row(r.transcript, r.summary, r.turns, r.transfer_reason)::text
     from tests.recorded(tests.rung(:'org', 'red'), $${"endedReason": "customer-ended-call", "destination": {"number": "+442071230000"},
         "analysis": {"summary": "Paid with 4111 1111 1111 1111."}, "artifact": {"transcript": "User: 4111 1111 1111 1111", "messages": [
             {"role": "user", "message": "4111 1111 1111 1111"},
             {"role": "tool_calls", "toolCalls": [{"function": {"name": "transferCall", "arguments": "{\"reason\": \"card 4111 1111 1111 1111\"}"}}]}]}}$$) r),
    $$("User: [card number]","Paid with [card number].","[{""role"": ""caller"", ""text"": ""[card number]"", ""at_seconds"": null}, {""role"": ""tool"", ""text"": ""transferCall({\\""reason\\"": \\""card [card number]\\""})"", ""at_seconds"": null}]","card [card number]")$$,
    'a record is kept without them, in whatever part they were said');

select * from finish();
rollback;

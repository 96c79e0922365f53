-- What messages are made of: which number sends, what is kept of one that comes, and what becomes of one that went out.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(56);

select tests.org() as org, tests.org('Other') as other \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900123') returning id as jane \gset

-- The number that sends.
create function pg_temp.sender(p_org uuid, p_account text default 'mine') returns text language sql as $$
    select private.sender_number(p_org, (p_org, 'AC' || md5(p_account), 'default')::private.telephony_account) $$;
create function pg_temp.credential(p_org uuid, p_type text, p_phone text, p_account text default null,
    p_provider text default 'twilio') returns void language sql as $$
    insert into private.org_credentials (org_id, provider, type, phone_number, account_sid, is_active)
    values (p_org, p_provider, p_type, p_phone, 'AC' || md5(p_account), true) $$;
select is(pg_temp.sender(:'org'), null, 'without a number nobody sends');
select pg_temp.credential(:'org', 'outbound', '+442071230005', null, 'google'), pg_temp.credential(:'other', 'default', '+442071230006');
select is(pg_temp.sender(:'org'), null, 'another provider''s, or another organisation''s, is none');
select pg_temp.credential(:'org', 'inbound', '+442071230003', 'mine');
select is(pg_temp.sender(:'org'), '+442071230003', 'the inbound one where there is no other');
select pg_temp.credential(:'org', 'default', '+442071230002', 'mine');
select is(pg_temp.sender(:'org'), '+442071230002', 'the own account''s before it');
select pg_temp.credential(:'org', 'outbound', '+442071230001');
select is(pg_temp.sender(:'org'), '+442071230001', 'the outbound one before both; one that names no account is in whichever acts');
select is(pg_temp.sender(:'org', 'yours'), '+442071230001', 'in another, too');
select is(private.sender_number(:'org', null), null, 'where no account acts none sends');
update private.org_credentials set is_active = false where org_id = :'org' and type = 'outbound';
select is(pg_temp.sender(:'org'), '+442071230002', 'one that is turned off does not send');
select is(pg_temp.sender(:'org', 'yours'), null, 'nor one in another account');
update private.org_credentials set is_active = true, phone_number = null where org_id = :'org' and type = 'outbound';
select is(pg_temp.sender(:'org'), '+442071230002', 'nor one without a number');

-- A message that comes.
create function pg_temp.hear(p_org uuid, p_sid text, p_body text, p_more jsonb default '{}') returns public.messages language plpgsql as $$
begin
    perform private.sms_received(p_org, jsonb_build_object('MessageSid', p_sid, 'From', '+447700900123', 'To', '+442071230001', 'Body',
        p_body) || p_more, '2026-03-02 10:00+00');
    return (select m from public.messages m where m.org_id = p_org and m.external_message_id = p_sid);
end $$;
create function pg_temp.opted_out(p_org uuid) returns boolean language sql as $$
    select c.sms_opt_out from public.contacts c where c.org_id = p_org and c.phone = '+447700900123' $$;
select is(to_jsonb(m) - 'id', jsonb_build_object('org_id', :'org', 'contact_id', :'jane', 'call_id', null, 'appointment_id', null, 'direction', 'in',
    'method', 'sms', 'purpose', 'reply', 'recipient', '+442071230001', 'content', 'See you', 'status', 'delivered', 'service_provider', 'twilio',
    'external_message_id', 'SM1', 'error_code', null,
    'effect_id', null, 'sent_at', '2026-03-02T10:00:00+00:00', 'created_at', '2026-03-02T10:00:00+00:00'),
    'a message that comes is kept, with who wrote it')
from pg_temp.hear(:'org', 'SM1', 'See you') as m;
select is(payload, jsonb_build_object('id', m.id, 'contact_id', :'jane'), 'open screens hear of it')
from private.events e, public.messages m where e.org_id = :'org' and e.kind = 'message.received' and m.external_message_id = 'SM1';
select is((pg_temp.hear(:'org', 'SM1', 'Something else')).content, 'See you', 'told again it is the one that is there');
select is(count(*), 1::bigint, 'which nobody hears of again') from private.events where org_id = :'org' and kind = 'message.received';
select isnt((pg_temp.hear(:'other', 'SM1', 'Hello')).contact_id, :'jane', 'to another organisation it is another, from a contact of its own');
select is((pg_temp.hear(:'org', 'SM2' || n, b, more)).content, e, 'its content is ' || coalesce(nullif(left(e, 20), ''), 'nothing'))
from (values (1, 'Look', '{"NumMedia": "2"}'::jsonb, 'Look [2 attached]'), (2, '', '{"NumMedia": "1"}', '[1 attached]'),
    (3, 'No picture', '{"NumMedia": "0"}', 'No picture'),
    (4, 'Too many', '{"NumMedia": "1000"}', 'Too many'), (5, 'No number', '{"NumMedia": "x"}', 'No number'), (6, null, '{}', ''),
    (7, repeat('y', 20001), '{}', repeat('y', 20000))) as v (n, b, more, e);
select is((pg_temp.hear(:'org', 'SM3' || length(e), 'Hi', jsonb_build_object('To', t))).recipient, e,
    'it came to ' || coalesce(nullif(left(e, 9), ''), 'nowhere'))
from (values (null, ''), (repeat('1', 255), repeat('1', 254))) as v (t, e);
select is(row(m.contact_id, m.purpose)::text, '(,reply)', 'a sender without a number is nobody')
from pg_temp.hear(:'org', 'SM4', 'Your parcel', '{"From": "PARCEL"}') as m;

-- STOP and START.
select is((pg_temp.hear(:'org', 'SM5', 'Start')).purpose, 'reply', 'a START where nobody said STOP is a reply');
select is(pg_temp.opted_out(:'org'), false, 'that changes nothing');
select is((pg_temp.hear(:'org', 'SM6', 'Stop')).purpose, 'stop', 'a STOP is kept as one');
select is(pg_temp.opted_out(:'org'), true, 'and obeyed');
select is(e.payload ->> 'word', 'stop', 'open screens hear the word') from private.events e, public.messages m
where e.org_id = :'org' and e.kind = 'message.received' and m.external_message_id = 'SM6' and e.payload ->> 'id' = m.id::text;
select is((pg_temp.hear(:'org', 'SM7', 'Help')).purpose, 'reply', 'who asks for help');
select is(pg_temp.opted_out(:'org'), true, 'is not written to');
select is((pg_temp.hear(:'org', 'SM8', 'Ja', '{"OptOutType": "START"}')).purpose, 'reply', 'a START is a reply');
select is(pg_temp.opted_out(:'org'), false, 'that is obeyed');
select is((pg_temp.hear(:'org', 'SM6', 'Stop')).purpose, 'stop', 'a STOP that is told again');
select is(pg_temp.opted_out(:'org'), false, 'was obeyed before');
select is((pg_temp.hear(:'org', 'SM9', 'Stop', '{"From": "PARCEL"}')).purpose, 'stop', 'a STOP of a sender without a number is kept');
select is(pg_temp.opted_out(:'org'), false, 'and is nobody''s');
select is((select count(*) from public.contacts where phone is null and org_id = :'org'), 0::bigint, 'who becomes no contact');
select is(pg_temp.opted_out(:'other'), false, 'nobody told the other organisation to stop');

-- What Twilio answered.
create function pg_temp.went_out(p_org uuid, p_effect uuid default null) returns uuid language sql as $$
    insert into public.messages (org_id, direction, method, purpose, recipient, content, effect_id)
    values (p_org, 'out', 'sms', 'reminder', '+447700900123', 'Tomorrow', p_effect) returning id $$;
create function pg_temp.answered(p_org uuid, p_outcome text, p_result jsonb) returns text language plpgsql as $$
declare
    v_id constant uuid := pg_temp.went_out(p_org);
begin
    perform private.sms_sent(jsonb_build_object('payload', jsonb_build_object('org_id', p_org, 'message_id', v_id), 'ended_at',
        '2026-03-02T10:05:00Z'), p_outcome, p_result);
    return (select row(m.status, m.external_message_id, m.error_code, m.sent_at at time zone 'UTC')::text from public.messages m where m.id = v_id);
end $$;
select is(pg_temp.answered(:'org', o, r), e, format('%s %s', o, coalesce(r::text, 'without a word')))
from (values ('done', '{"sid": "SM51"}'::jsonb, '(sent,SM51,,"2026-03-02 10:05:00")'),
    ('done', '{"refused": "sms_refused", "error_code": "21211"}', '(failed,,21211,)'),
    ('done', '{"refused": "sms_refused"}', '(failed,,refused,)'), ('done', null, '(sent,,,"2026-03-02 10:05:00")'), ('dead', null, '(failed,,dead,)'),
    ('cancelled', '{}', '(failed,,cancelled,)'), ('dead', '{"error_code": "30001"}', '(failed,,30001,)')) as v (o, r, e);

-- What becomes of an email, by the trigger private.note_emailed_message.
create function pg_temp.email(p_org uuid, p_effect uuid, p_resend text) returns uuid language sql as $$
    insert into private.emails (org_id, recipient, template, subject, html, text, effect_id, resend_email_id, idempotency_key)
    values (p_org, 'jane@example.com', 'recording_shared', 'A recording', '', '', p_effect, p_resend, p_resend) returning id $$;
create function pg_temp.emailed(p_org uuid, variadic p_said text[]) returns text language plpgsql as $$
declare
    v_effect constant uuid := gen_random_uuid();
    v_id constant uuid := pg_temp.went_out(p_org, v_effect);
    v_email constant uuid := pg_temp.email(p_org, v_effect, 're_' || left(v_id::text, 8));
begin
    for n in 1 .. cardinality(p_said) loop
        update private.emails set status = p_said[n], updated_at = '2026-03-02 11:00+00'::timestamptz + n * interval '1 minute' where id = v_email;
    end loop;
    return (select concat_ws(' ', m.status, m.error_code, to_char(m.sent_at at time zone 'UTC', 'HH24:MI'),
        (m.external_message_id = 're_' || left(v_id::text, 8))::text)
            from public.messages m where m.id = v_id);
end $$;
select is(pg_temp.emailed(:'org', variadic s), e, 'a message that is an email goes its way: ' || array_to_string(s, ', '))
from (values (array['sent'], 'sent 11:01 true'), (array['delivered'], 'delivered 11:01 true'), (array['sent', 'delivered'], 'delivered 11:01 true'),
    (array['bounced'], 'failed bounced true'),
    (array['failed'], 'failed failed true'), (array['suppressed'], 'failed suppressed true'), (array['sent', 'bounced'], 'failed bounced 11:01 true'),
    (array['delivered', 'complained'], 'delivered 11:01 true')) as v (s, e);
select gen_random_uuid() as effect \gset
select pg_temp.went_out(:'other', :'effect') as theirs, pg_temp.email(:'org', :'effect', 're_alone') as email \gset
update private.emails set status = 'sent' where id = :'email';
select is(status, 'queued', 'not another organisation''s') from public.messages where id = :'theirs';

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(32);

select tests.funded(5000) as org, tests.funded(5000) as other \gset
select tests.bought_number(:'org', 'outbound', '+442071230002') \gset
select tests.own_twilio(:'other', '+442071230009');
select private.claim_outside('twilio_account', 'AC' || md5(:'other'), :'other') \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900123') returning id as contact \gset
create function pg_temp.hear(p_org uuid, p_sid text, p_status text, p_more jsonb default '{}') returns uuid language sql as $$
    select private.process_twilio_sms(jsonb_build_object('AccountSid', 'AC' || md5(p_org::text), 'MessageSid', p_sid, 'SmsStatus', p_status, 'From', '+442071230002', 'To', '+447700900123')
        || case when p_status = 'received' then '{"From": "+447700900123", "To": "+442071230002"}' else jsonb_build_object('MessageStatus', p_status) end || p_more, now());
$$;
create function pg_temp.kept(p_id uuid) returns text language sql as $$ select concat_ws(' ', status, external_message_id, error_code) from public.messages where id = p_id; $$;
create function pg_temp.text(p_org uuid) returns uuid language sql as $$ select private.send_sms(p_org, null, null, '+447700900123', 'Hello', 'reminder', now()); $$;

-- Whose account.
select is(private.sms_account('AC' || md5(:'org')), (:'org', 'AC' || md5(:'org'), 'subaccount')::private.telephony_account, 'a subaccount is the organisation''s it was made for');
select is(private.sms_account('AC' || md5(:'other')), (:'other', 'AC' || md5(:'other'), 'default')::private.telephony_account, 'an own account is whose who brought it');
select is(private.sms_account('AC' || md5('nobody')), null, 'any other is nobody''s');
select is(private.process_twilio_sms(jsonb_build_object('AccountSid', 'AC' || md5('nobody'), 'MessageSid', 'SM0', 'SmsStatus', 'received', 'From', '+447700900123', 'Body', 'STOP')), null, 'whose word changes nothing');
select is((select count(*) from public.messages where external_message_id = 'SM0'), 0::bigint, 'and is not kept');

-- What becomes of a message, in every order.
create function pg_temp.after(p_org uuid, variadic p_said text[]) returns text language plpgsql as $$
declare
    v_id constant uuid := pg_temp.text(p_org);
    v_said text;
begin
    foreach v_said in array p_said loop
        if v_said = 'answer' then
            perform tests.answered(p_org, 'twilio.send_sms', jsonb_build_object('sid', 'SM' || v_id, 'status', 'queued'));
        else
            perform pg_temp.hear(p_org, 'SM' || v_id, v_said, jsonb_build_object('message_id', v_id, 'ErrorCode', case when v_said = 'undelivered' then '30003' end));
        end if;
    end loop;
    return (select concat_ws(' ', status, external_message_id = 'SM' || v_id, error_code) from public.messages where id = v_id);
end
$$;
select is(pg_temp.after(:'org', variadic o), 'delivered t', 'delivered, heard as ' || array_to_string(o, ', '))
from (values (array['answer', 'queued', 'sent', 'delivered']), (array['delivered', 'sent', 'queued', 'answer']), (array['answer', 'delivered', 'sent']), (array['sent', 'answer', 'delivered', 'delivered'])) as orders (o);
select is(pg_temp.after(:'org', variadic o), 'failed t 30003', 'undelivered, heard as ' || array_to_string(o, ', '))
from (values (array['answer', 'sent', 'undelivered']), (array['undelivered', 'sent', 'answer'])) as orders (o);
select is(pg_temp.after(:'org', 'answer', 'read', 'undelivered'), 'delivered t', 'what was read was delivered');
select is(pg_temp.after(:'org', 'answer', 'teleported'), 'sent t', 'a status that nobody knows says nothing');

-- Of others.
select pg_temp.text(:'org') as mine \gset
select is(pg_temp.hear(:'other', 'SM9', 'delivered', jsonb_build_object('message_id', :'mine')), :'other', 'one organisation''s account');
select is(pg_temp.kept(:'mine'), 'queued', 'says nothing of another''s messages');
select lives_ok(format('select pg_temp.hear(%L, %L, %L, %L)', :'org', 'SM8', 'delivered', '{"message_id": "nonsense"}'), 'an id that is none is nobody''s');

-- What comes.
select pg_temp.hear(:'org', 'SM10', 'received', '{"Body": "See you then"}') \gset
select results_eq(format('select contact_id, direction, method, purpose, recipient, content, status from public.messages where org_id = %L and external_message_id = %L', :'org', 'SM10'),
    format($$ values (%L::uuid, 'in', 'sms', 'reply', '+442071230002', 'See you then', 'delivered') $$, :'contact'), 'a reply is kept, with whose it is');
select pg_temp.hear(:'org', 'SM10', 'received', '{"Body": "See you then"}') \gset
select is((select count(*) from public.messages where external_message_id = 'SM10'), 1::bigint, 'once');
select pg_temp.hear(:'org', 'SM11', 'received', '{"Body": "", "NumMedia": "2"}') \gset
select is((select content from public.messages where external_message_id = 'SM11'), '[2 attached]', 'that there was a picture is noted');
select pg_temp.hear(:'org', 'SM12', 'received', '{"Body": "Hi", "From": "+447700900999"}') \gset
select is((select c.phone from public.messages m join public.contacts c on c.org_id = m.org_id and c.id = m.contact_id where m.external_message_id = 'SM12'), '+447700900999', 'a stranger who writes is a contact from then on');
select pg_temp.hear(:'org', 'SM13', 'received', '{"Body": "Your parcel", "From": "PARCEL"}') \gset
select is((select contact_id from public.messages where external_message_id = 'SM13'), null, 'a sender without a number is none');
select is((select count(*) from private.events where org_id = :'org' and kind = 'message.received'), 4::bigint, 'open screens hear of each');

-- STOP and START.
create function pg_temp.says(p_org uuid, p_text text, p_more jsonb default '{}') returns boolean language plpgsql as $$
begin
    perform pg_temp.hear(p_org, 'SM' || gen_random_uuid(), 'received', jsonb_build_object('Body', p_text) || p_more);
    return (select sms_opt_out from public.contacts where org_id = p_org and phone = '+447700900123');
end
$$;
select is((select array_agg(w order by w) from unnest(array['STOP', 'stop', ' Stop. ', 'STOP ALL', 'Stop!', 'UNSUBSCRIBE', 'Cancel', 'END', 'quit', 'opt-out', 'Stopp', 'ARRÊT', 'please stop']) as w where private.sms_keyword(w) is distinct from 'stop'), null, 'stop is written in many ways');
select is((select array_agg(w order by w) from unnest(array['Please do not stop', 'The bus stop', 'I want to end my treatment', 'Help me', 'yes please', '', null]) as w where private.sms_keyword(w) is not null), null, 'a sentence that has the word in it is a sentence');
select ok(pg_temp.says(:'org', 'Stop'), 'STOP is obeyed');
select is((select purpose from public.messages where org_id = :'org' and content = 'Stop'), 'stop', 'and kept as that');
select ok(pg_temp.says(:'org', 'Hello?'), 'a reply does not undo it');
select ok(pg_temp.says(:'org', 'HELP'), 'nor does a cry for help');
select ok(not pg_temp.says(:'org', 'START'), 'START does');
select ok(pg_temp.says(:'org', 'Lasst das', '{"OptOutType": "STOP"}'), 'what Twilio took for a STOP is one');
select ok(not pg_temp.says(:'org', 'Unstop'), 'and it can be taken back');
select ok(not coalesce((select bool_or(sms_opt_out) from public.contacts where org_id = :'other'), false), 'other organisations were not told anything');

select * from finish();
rollback;

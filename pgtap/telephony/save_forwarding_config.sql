begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(50);

select tests.org('Smile') as org, tests.org('Grin') as other, tests.org('Bare') as bare \gset
select tests.admin(:'org') as admin, tests.user(:'org') as member, tests.admin(:'other') as stranger, tests.admin(:'bare') as nobody \gset
select tests.own_twilio(:'org'), tests.own_twilio(:'other', '+442071230008');
select tests.verified_phone(:'org') as phone, tests.verified_phone(:'other') as theirs, tests.verified_phone(:'bare') as bares \gset

-- Set up.
select tests.as_user(:'admin');
select is((public.get_forwarding_config(:'phone')).config, null, 'a number forwards nowhere at first');
select to_jsonb(c) as config from public.save_forwarding_config(:'phone', 'safety_net', 'vodafone', 15) as s, lateral (select (s.config).*) as c \gset
select is(:'config'::jsonb - 'id' - 'instructions', jsonb_build_object(
    'verifiedCallerId', :'phone', 'simPhoneNumber', '+447700900123', 'forwardingType', 'safety_net', 'carrier', 'vodafone', 'ringTimeSeconds', 15,
    'generatedActivationCode', '**61*+442071230009*11*15#', 'generatedDeactivationCode', '##61#', 'status', 'pending_setup', 'userConfirmedSetup', false,
    'lastCheckedAt', null, 'lastCheckReached', null), 'what to dial, to the organisation''s own number');
select is(:'config'::jsonb -> 'instructions', '[
    "Take the phone with the number +447700900123 and open its keypad.",
    "Dial **61*+442071230009*11*15# and press call.",
    "Wait until the network says that forwarding is on. From then on calls you do not answer go to Voxanne.",
    "Come back here, confirm, and have the forwarding checked.",
    "To end it, dial ##61# on the same phone."]'::jsonb, 'step by step');
select :'config'::jsonb ->> 'id' as id \gset
select tests.as_user(:'member');
select is(to_jsonb((public.get_forwarding_config(:'phone')).config), :'config'::jsonb, 'every member reads it');
select tests.throws_code(format('select public.save_forwarding_config(%L, ''total_ai'', ''ee'')', :'phone'), 'role_too_low');
select tests.throws_code(format('select public.confirm_forwarding_config(%L)', :'id'), 'role_too_low');
select tests.throws_code(format('select public.delete_forwarding_config(%L)', :'id'), 'role_too_low');

-- Confirmed.
select tests.as_user(:'admin');
select is(((public.confirm_forwarding_config(:'id')).config)."userConfirmedSetup", true, 'who dialled it confirms');
select private.confirm_forwarding_config(:'id', now() + interval '1 hour') \gset
select tests.as_owner();
select is((status, user_confirmed_setup, confirmed_at)::text, format('(active,t,"%s")', now()), 'the first time counts') from public.hybrid_forwarding_configs where id = :'id';
update public.hybrid_forwarding_configs set last_checked_at = now(), check_result = '{"reached": true}', check_effect_id = gen_random_uuid() where id = :'id';

-- Set up anew.
select tests.as_user(:'admin');
select is((to_jsonb(c) - 'instructions' - 'verifiedCallerId' - 'simPhoneNumber'), jsonb_build_object('id', :'id', 'forwardingType', 'total_ai', 'carrier', 'att', 'ringTimeSeconds', 25,
    'generatedActivationCode', '*21*+442071230009#', 'generatedDeactivationCode', '#21#', 'status', 'pending_setup', 'userConfirmedSetup', false,
    'lastCheckedAt', null, 'lastCheckReached', null), 'a repeated one replaces the first, and is to be confirmed and checked again; no ring time is looked at where nothing rings')
from public.save_forwarding_config(:'phone', 'total_ai', 'att', 99) as s, lateral (select (s.config).*) as c;
select tests.as_owner();
select is(count(*), 1::bigint, 'there is one for a phone') from public.hybrid_forwarding_configs where org_id = :'org';
select is((carrier_country_code, check_effect_id)::text, '(US,)', 'the carrier''s country is kept, a check of the old one is not heard') from public.hybrid_forwarding_configs where id = :'id';
select tests.as_user(:'admin');
select is((((public.save_forwarding_config(:'phone', 'safety_net', 'verizon', 3)).config)."generatedActivationCode"), '*71+442071230009', 'nor where the carrier has none');
select is((((public.save_forwarding_config(:'phone', 'safety_net', 'other_gsm')).config)."ringTimeSeconds"), 25, 'without a wish it rings for 25 seconds');
select tests.as_owner();
select is(carrier_country_code, 'GB', 'a carrier of no country is of the phone''s') from public.hybrid_forwarding_configs where id = :'id';

-- Ended.
select tests.as_user(:'admin');
select is(public.delete_forwarding_config(:'id'), (true, 'Forwarding was ended here. Dial ##61# on the phone with the number +447700900123 to end it there too.')::public.telephony_done, 'what to dial to end it');
select is(((public.get_forwarding_config(:'phone')).config).status, 'disabled', 'it stays to be read');
select is(((public.list_verified_numbers()).numbers)[1]."hasForwardingConfig", false, 'though the number forwards no more');
select is((public.delete_forwarding_config(:'id')).message like '%##61#%', true, 'the code may be asked for again');
select tests.throws_code(format('select public.confirm_forwarding_config(%L)', :'id'), 'forwarding_ended');
select tests.throws_code(format('select public.check_forwarding(%L)', :'id'), 'forwarding_ended');
select is(((public.save_forwarding_config(:'phone', 'total_ai', 'o2')).config).status, 'pending_setup', 'and it may be set up again');
select is(((public.list_verified_numbers()).numbers)[1]."hasForwardingConfig", true, 'then the number forwards');

-- What it takes.
select tests.throws_code(format('select public.save_forwarding_config(%L, ''total_ai'', ''sky'')', :'phone'), 'carrier_unknown');
select tests.throws_code(format('select public.save_forwarding_config(%L, ''sometimes'', ''ee'')', :'phone'), 'forwarding_type_invalid');
select tests.throws_code(format('select public.save_forwarding_config(%L, ''safety_net'', ''ee'', 31)', :'phone'), 'ring_time_out_of_range');
select tests.throws_code(format('select public.save_forwarding_config(%L, ''safety_net'', ''att'', 61)', :'phone'), 'ring_time_out_of_range');
select is(((public.get_forwarding_config(:'phone')).config)."generatedActivationCode", '**21*+442071230009#', 'what was refused changed nothing');
select public.initiate_caller_id('+447700900124') \gset
select (n).id as pending from unnest((public.list_verified_numbers()).numbers) as n where (n).status = 'pending' \gset
select tests.throws_code(format('select public.save_forwarding_config(%L, ''total_ai'', ''ee'')', :'pending'), 'caller_id_not_verified');
select tests.as_user(:'nobody');
select tests.throws_code(format('select public.save_forwarding_config(%L, ''total_ai'', ''ee'')', :'bares'), 'no_inbound_number', 'without a number that answers there is nowhere to forward to');
select tests.as_owner();
select tests.verified_phone(:'org', '+442071230009') as itself \gset
select tests.as_user(:'admin');
select tests.throws_code(format('select public.save_forwarding_config(%L, ''total_ai'', ''ee'')', :'itself'), 'forwarding_to_itself');

-- Whose it is.
select tests.throws_code(format('select public.save_forwarding_config(%L, ''total_ai'', ''ee'')', i), 'caller_id_not_found', 'another''s number, nobody''s, or none: not there')
from unnest(array[:'theirs', gen_random_uuid()::text, null]) as i;
select tests.throws_code(format('select public.get_forwarding_config(%L)', i), 'caller_id_not_found', 'nor how it forwards')
from unnest(array[:'theirs', gen_random_uuid()::text, null]) as i;
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.%s(%L)', f, i), 'forwarding_config_not_found', 'nor to be touched: ' || f)
from unnest(array['confirm_forwarding_config', 'delete_forwarding_config', 'check_forwarding', 'forwarding_checked']) as f, unnest(array[:'id', gen_random_uuid()::text]) as i;
select is(((public.save_forwarding_config(:'theirs', 'total_ai', 'three')).config)."generatedActivationCode", '**21*+442071230008#', 'the same phone of another organisation forwards to that one''s number');
select tests.as_owner();
select is(count(*), 7::bigint, 'who changed what is on record') from public.audit_logs where org_id = :'org' and table_name = 'hybrid_forwarding_configs' and actor_id = :'admin';

-- The number it leads to is given back.
select private.unlink_number(:'org', '+442071230009', null, now()) \gset
select tests.as_user(:'admin');
select is(((public.get_forwarding_config(:'phone')).config).status, 'disabled', 'with its number a forwarding ends');
select tests.throws_code(format('select public.save_forwarding_config(%L, ''total_ai'', ''ee'')', :'phone'), 'no_inbound_number', 'and none is set up to a number that is gone');
select is(((public.get_forwarding_config(:'phone')).config).status, 'disabled', 'nor does the old one come back');

select * from finish();
rollback;

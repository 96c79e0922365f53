begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

update private.telephony_countries set bundle_sid = 'BU' || repeat('0', 32) where country_code = 'GB';
select tests.funded(5000) as org \gset
select tests.admin(:'org') as admin \gset

-- One live number in each direction, whatever it is at.
select (private.claim_direction(:'org', 'GB', 'inbound', now())).id as first \gset
select tests.throws_code(format('select private.claim_direction(%L, %L, %L, now())', :'org', 'US', 'inbound'), 'direction_taken', 'a number on its way takes the direction, of whatever country');
select lives_ok(format('select private.claim_direction(%L, %L, %L, now())', :'org', 'GB', 'outbound'), 'the other direction is free');
select lives_ok(format('select private.claim_direction(%L, %L, %L, now())', tests.org(), 'GB', 'inbound'), 'and so is the same one of another organisation');
update public.managed_phone_numbers n set status = 'failed' where n.id = :'first';
select lives_ok(format('select private.claim_direction(%L, %L, %L, now())', :'org', 'GB', 'inbound'), 'one that failed leaves it free');

-- A number is not given back while it is still being bought.
select tests.funded(1000) as hasty \gset
select tests.as_user(tests.admin(:'hasty'));
select public.provision_number('GB', 'inbound', '+442071230001') ->> 'id' as saga \gset
select tests.as_owner();
select tests.step_done(:'saga', jsonb_build_object('subaccount_sid', 'AC' || repeat('7', 32), 'sealed', encode(decode(repeat('ab', 40), 'hex'), 'base64'), 'key_version', 1));
select tests.step_done(:'saga', jsonb_build_object('phone_number', '+442071230001', 'twilio_sid', 'PN' || repeat('7', 32)));
select tests.as_user(tests.admin(:'hasty'));
select tests.throws_code($$select public.release_number('+442071230001')$$, 'number_not_active', 'a number that is being bought is not given back');
select tests.as_owner();
select tests.step_done(:'saga', jsonb_build_object('vapi_phone_id', gen_random_uuid()));
select is((select n.status from public.managed_phone_numbers n where n.org_id = :'hasty'), 'active', 'not even when it is written down already');
select tests.as_user(tests.admin(:'hasty'));
select tests.throws_code($$select public.release_number('+442071230001')$$, 'number_not_active', 'and its last step is still to come');
select tests.as_owner();
select tests.step_done(:'saga');
select tests.as_user(tests.admin(:'hasty'));
select lives_ok($$select public.release_number('+442071230001')$$, 'after it, it is');
select tests.as_owner();

-- Who brings an account of its own buys its numbers there.
select tests.funded(1000) as own \gset
update public.organizations o set telephony_mode = 'byoc' where o.id = :'own';
select tests.as_user(tests.admin(:'own'));
select tests.throws_code($$select public.provision_number('GB', 'inbound')$$, 'telephony_own_account', 'an organisation with its own Twilio account is sold no number');
select tests.as_owner();
update public.organizations o set telephony_mode = 'none' where o.id = :'own';
insert into private.org_credentials (org_id, provider, type, account_sid) values (:'own', 'twilio', 'default', 'AC' || repeat('8', 32));
select tests.as_user(tests.admin(:'own'));
select tests.throws_code($$select public.provision_number('GB', 'inbound')$$, 'telephony_own_account', 'also while its keys are still being looked at');
select tests.as_owner();
select is((tests.wallet(:'own')).balance_pence, 1000::bigint, 'and pays nothing');

select * from finish();

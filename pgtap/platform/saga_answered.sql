begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(50);

update private.telephony_countries set bundle_sid = 'BU' || repeat('0', 32) where country_code = 'GB';

-- Begins to buy a number and takes the saga's steps up to the one given. Returns the saga.
create function pg_temp.at_step(p_org uuid, p_step integer) returns uuid language plpgsql as $$
declare
    v_saga uuid;
begin
    perform tests.as_user(tests.admin(p_org));
    v_saga := public.provision_number('GB', 'inbound') ->> 'id';
    perform tests.as_owner();
    if p_step > 2 then
        perform tests.step_done(v_saga, jsonb_build_object('subaccount_sid', 'AC' || md5(p_org::text), 'sealed', encode(decode(repeat('ab', 40), 'hex'), 'base64'), 'key_version', 1));
    end if;
    if p_step > 3 then
        perform tests.step_done(v_saga, jsonb_build_object('phone_number', '+4420' || (20000000 + abs(hashtext(p_org::text)) % 70000000), 'twilio_sid', 'PN' || md5(p_org::text)));
    end if;
    if p_step > 4 then
        perform tests.step_done(v_saga, jsonb_build_object('vapi_phone_id', p_org));
    end if;
    return v_saga;
end
$$;

-- What an organisation has to show for it.
create function pg_temp.has(p_org uuid) returns text language sql as $$
    select concat_ws(' ',
        (tests.wallet(p_org)).balance_pence,
        (select string_agg(n.status, ',') from public.managed_phone_numbers n where n.org_id = p_org),
        (select count(*) from private.org_credentials c where c.org_id = p_org),
        (select count(*) from public.phone_number_mapping m where m.org_id = p_org));
$$;

-- A provider's no, at every step that asks one.
create temp table tried as
select step, tests.funded(1000) as org from unnest(array[2, 3, 4, 6]) as step;
alter table tried add column saga uuid;
grant select on tried to authenticated;
update tried set saga = pg_temp.at_step(org, step);
select is(tests.step_done((select saga from tried where step = 2), '{"refused": "provider_refused", "said": "No more subaccounts."}'), 'undone 0 ', 'no subaccount: nothing was bought, nothing is to be released');
select is(tests.step_done((select saga from tried where step = 3), '{"refused": "number_unavailable"}'), 'undoing 3 twilio.release_number', 'no number: what may have been bought is looked for and released');
select is(tests.step_done((select saga from tried where step = 3), '{"released": false}'), 'undone 0 ', 'there was none');
select is(tests.step_done((select saga from tried where step = 4), '{"refused": "vapi_refused_number"}'), 'undoing 4 vapi.release_number', 'no import: Vapi is asked to forget it');
select is(tests.step_done((select saga from tried where step = 4)), 'undoing 3 twilio.release_number', 'then Twilio');
select is(tests.step_done((select saga from tried where step = 4)), 'undone 0 ', 'then the money is back');
select is(pg_temp.has((select org from tried where step = 6)), '0 active 1 1', 'at the last step everything is written already');
select is(tests.step_done((select saga from tried where step = 6), '{}', 'refused'), 'undoing 4 vapi.release_number', 'a refusal there takes it out again');
select is(pg_temp.has((select org from tried where step = 6)), '0 provisioning 0 0', 'at once, before the providers hear of it');
select tests.step_done((select saga from tried where step = 6));
select is(tests.step_done((select saga from tried where step = 6)), 'undone 0 ', 'and the providers follow');
select is(array(select pg_temp.has(org) from tried order by step), array_fill('1000 failed 0 0'::text, array[4]), 'each time the organisation has its money and no number');
select is(array(select s.error_code from tried t join private.sagas s on s.id = t.saga order by t.step), array['provider_refused', 'number_unavailable', 'vapi_refused_number', 'provider_refused'], 'and the first reason is kept');
select is(array(select (select count(*) from public.credit_transactions c where c.org_id = t.org and c.type = 'refund') from tried t), array_fill(1::bigint, array[4]), 'the price is paid back once');
select tests.as_user(tests.admin(org)) from tried where step = 3;
select is((public.get_operation((select saga from tried where step = 3))).result ->> 'code', 'number_unavailable', 'the operation says why');
select tests.throws_code(format('select public.provisioned_number(%L)', (select saga from tried where step = 3)), 'number_unavailable', 'and so does who asks for the number');
select lives_ok($$select public.provision_number('GB', 'inbound')$$, 'the direction is free again');
select tests.as_owner();

-- Tries that are used up: what the step did is unknown, so it is taken back like the others.
select tests.funded(1000) as dark \gset
select pg_temp.at_step(:'dark', 3) as saga \gset
select is(tests.step_done(:'saga', null, 'dead'), 'undoing 3 twilio.release_number', 'a purchase whose answer never came may have happened');
select is((select e.payload ->> 'name' from private.effects e where e.org_id = :'dark' and e.kind = 'twilio.release_number'), 'voxanne:' || (select n.id from public.managed_phone_numbers n where n.org_id = :'dark'), 'it is looked for by its name');
select is(tests.step_done(:'saga', null, 'dead'), 'undoing 3 twilio.release_number', 'a release that fails is tried again');
select is((select count(*) from private.alerts a where a.org_id = :'dark' and a.kind = 'saga_stuck'), 1::bigint, 'and an operator hears of it: no number is paid for in silence');
select ok((select e.run_at > now() + interval '4 minutes' from private.effects e where e.org_id = :'dark' and e.kind = 'twilio.release_number'), 'after a pause');
select is(tests.step_done(:'saga', null, 'refused', now() + interval '5 minutes'), 'undoing 3 twilio.release_number', 'as often as it takes');
select ok((select e.run_at > now() + interval '14 minutes' from private.effects e where e.org_id = :'dark' and e.kind = 'twilio.release_number'), 'each pause longer than the one before');
select is(pg_temp.has(:'dark'), '0 provisioning 0 0', 'until then the direction is taken and the money is out');
select is(tests.step_done(:'saga', '{"released": true}'), 'undone 0 ', 'it works in the end');
select is(pg_temp.has(:'dark'), '1000 failed 0 0', 'and all is as before');

-- A local step's no.
select tests.funded(1000) as robbed, tests.org() as robber \gset
select pg_temp.at_step(:'robbed', 4) as saga \gset
insert into public.phone_number_mapping (phone_number, org_id) select s.facts ->> 'phone_number', :'robber' from private.sagas s where s.id = :'saga';
select is(tests.step_done(:'saga', jsonb_build_object('vapi_phone_id', :'robbed')), 'undoing 4 vapi.release_number', 'a number that rings for another organisation meanwhile is given up');
select tests.step_done(:'saga');
select is(tests.step_done(:'saga'), 'undone 0 ', 'at both providers');
select is(pg_temp.has(:'robbed') || ' ' || pg_temp.has(:'robber'), '1000 failed 0 0 0 0 1', 'the money is back, and it rings where it rang');
select tests.as_user(tests.admin(:'robbed'));
select tests.throws_code(format('select public.provisioned_number(%L)', :'saga'), 'number_taken', 'and who bought it hears why');
select tests.as_owner();
select tests.funded(2000) as twice \gset
select tests.bought_number(:'twice', 'outbound') \g /dev/null
select pg_temp.at_step(:'twice', 2) as saga \gset
select is(tests.step_done(:'saga', jsonb_build_object('subaccount_sid', 'AC' || md5('another'), 'sealed', encode(decode(repeat('cd', 40), 'hex'), 'base64'), 'key_version', 1)), 'undone 0 ', 'a number is not bought in another subaccount than the one before');
select is((select s.subaccount_sid from private.twilio_subaccounts s where s.org_id = :'twice'), 'AC' || md5(:'twice'), 'which stays');
select tests.as_user(tests.admin(:'twice'));
select tests.throws_code(format('select public.provisioned_number(%L)', :'saga'), 'twilio_account_inactive', 'and who wanted it hears why');
select tests.as_owner();

-- What comes late or twice.
select tests.funded(1000) as late \gset
select pg_temp.at_step(:'late', 3) as saga \gset
select to_jsonb(e) || jsonb_build_object('ended_at', now()) as bought from private.effects e where e.org_id = :'late' and e.kind = 'twilio.buy_number' \gset
select tests.step_done(:'saga', null, 'dead');
select private.saga_answered(:'bought'::jsonb, 'done', '{"phone_number": "+442071230009", "twilio_sid": "PN00000000000000000000000000000009"}');
select is((select s.state from private.sagas s where s.id = :'saga'), 'undoing', 'a purchase replayed by hand after the saga turned back does not turn it round');
select is(tests.ordered(:'late', 'twilio.release_number'), 2::bigint, 'what it bought is released as well');
select tests.step_done(:'saga');
select is(pg_temp.has(:'late'), '1000 failed 0 0', 'nothing is left of it');
select tests.funded(1000) as twice \gset
select pg_temp.at_step(:'twice', 4) as saga \gset
select to_jsonb(e) || jsonb_build_object('ended_at', now()) as imported from private.effects e where e.org_id = :'twice' and e.kind = 'vapi.import_number' \gset
select tests.step_done(:'saga', jsonb_build_object('vapi_phone_id', :'twice'));
select private.saga_answered(:'imported'::jsonb, 'done', jsonb_build_object('vapi_phone_id', gen_random_uuid()));
select is((select s.facts ->> 'vapi_phone_id' from private.sagas s where s.id = :'saga'), :'twice', 'an answer that comes a second time changes nothing');
select is(tests.step_done(:'saga'), 'done 6 ', 'the saga goes on');

-- An effect somebody cancelled.
select tests.funded(1000) as lost \gset
select pg_temp.at_step(:'lost', 3) as saga \gset
select is(private.sweep_sagas(now() + interval '1 hour'), 0, 'a saga whose effect is on record is left alone');
delete from private.effects e where e.org_id = :'lost';
select is(private.sweep_sagas(now() + interval '4 minutes'), 0, 'one whose effect has just gone is given time');
select is(private.sweep_sagas(now() + interval '6 minutes'), 1, 'then the effect is ordered again');
select is(tests.step_done(:'saga', null, 'dead'), 'undoing 3 twilio.release_number', 'and the saga goes on, this time back');
delete from private.effects e where e.org_id = :'lost';
select is(private.sweep_sagas(now() + interval '1 hour'), 1, 'on the way back likewise');
select is((select e.kind from private.sagas s join private.effects e on e.id = s.effect_id where s.id = :'saga'), 'twilio.release_number', 'with the step back it was at');

-- The data that drives them.
select is_empty($$
    select s.saga, s.name, k.kind from private.saga_steps s
    cross join lateral unnest(array[s.effect_kind, s.undo_effect_kind]) as k (kind)
    left join private.effect_kinds e on e.kind = k.kind
    where k.kind is not null and e.continuation is distinct from 'saga_answered'$$,
    'every effect of a saga leads back to it');
select is_empty($$
    select s.saga, s.name, f.name from private.saga_steps s
    cross join lateral unnest(array[s.apply, s.undo_apply]) as f (name)
    where f.name is not null and to_regprocedure(format('private.%I(private.sagas, jsonb, timestamptz)', f.name)) is null$$,
    'every function a step names is there');
select is_empty($$
    select a.saga from private.saga_steps a
    where exists (select from private.saga_steps b where b.saga = a.saga and b.step = a.step - 1)
          is distinct from (a.step > 1)$$,
    'steps are counted from one without gaps');
select is_empty($$select s.saga, s.name from private.saga_steps s where s.on_failure = 'again' and s.undo_about is not null$$, 'what only goes forward takes nothing back');

select tests.throws_code(format('select private.begin_saga(%L, %L, gen_random_uuid(), %L, null, now())', tests.org(), 'provision_number', '{}'), 'insufficient_balance', 'a first step that cannot be taken begins nothing');
select lives_ok(format('select private.saga_answered(%L, %L, null)', jsonb_build_object('id', gen_random_uuid(), 'kind', 'vapi.link_number', 'payload', jsonb_build_object('org_id', tests.org(), 'saga_id', gen_random_uuid()), 'ended_at', now()), 'done'), 'an effect of no saga is nobody''s');

select * from finish();
rollback;

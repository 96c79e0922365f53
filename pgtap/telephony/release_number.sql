begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(27);

select tests.funded(3000) as org \gset
insert into public.agents (org_id, name, direction) values (:'org', 'Bob', 'outbound');
select tests.bought_number(:'org', 'inbound', '+442071230001') as inbound \gset
select tests.bought_number(:'org', 'outbound', '+442071230002') as outbound \gset
select tests.admin(:'org') as admin \gset

select tests.as_user(:'admin');
select tests.throws_code($$select public.release_number('+442071239999')$$, 'number_not_found', 'only what one has can be given back');
select (public.release_number('+442071230001')).id as saga \gset
select tests.as_owner();
select is((select n.status from public.managed_phone_numbers n where n.id = :'inbound'), 'releasing', 'it stops being the organisation''s at once');
select is((select count(*) from public.phone_number_mapping m where m.phone_number = '+442071230001'), 0::bigint, 'nothing rings any more');
select is((select array_agg(c.type) from private.org_credentials c where c.org_id = :'org'), array['outbound'], 'its credentials are gone for good');
select is((select e.payload #>> '{account,sid}' from private.effects e where e.org_id = :'org' and e.kind = 'vapi.release_number'), (select s.subaccount_sid from private.twilio_subaccounts s where s.org_id = :'org'), 'the providers are told with the account it was bought in');
select tests.as_user(:'admin');
select is((public.release_number('+442071230001')).id, :'saga'::uuid, 'asking again is told of the same operation');
select is((public.get_operation(:'saga')).status, 'running', 'which goes on');
select tests.as_owner();
select is(tests.step_done(:'saga', null, 'dead'), 'running 2 vapi.release_number', 'a provider that cannot be reached is asked again');
select is((select count(*) from private.alerts a where a.org_id = :'org' and a.kind = 'saga_stuck'), 1::bigint, 'and an operator hears of it');
select is(tests.step_done(:'saga', '{"released": true}'), 'running 3 twilio.release_number', 'then Twilio is told');
select is(tests.step_done(:'saga', null, 'refused'), 'running 3 twilio.release_number', 'also a no is asked again: the number must go');
select is(tests.step_done(:'saga', '{"released": true}'), 'done 4 ', 'until it is done');
select is((select n.status || ' ' || (n.released_at is not null) from public.managed_phone_numbers n where n.id = :'inbound'), 'released true', 'the number stays as history');
select is((tests.wallet(:'org')).balance_pence, 1000::bigint, 'nothing is paid back');
select tests.as_user(:'admin');
select is((public.get_operation(:'saga')).status, 'done', 'the operation has ended');
select tests.throws_code(format('select public.provisioned_number(%L)', :'saga'), 'operation_not_found', 'and was no purchase');
select tests.throws_code($$select public.release_number('+442071230001')$$, 'number_not_found', 'it cannot be given back twice');
select tests.as_owner();

select is((select a.vapi_phone_number_id is not null from public.agents a where a.org_id = :'org'), true, 'the other number is untouched');
select tests.as_user(:'admin');
select (public.release_number('+442071230002')).id as saga \gset
select tests.as_owner();
select is((select a.vapi_phone_number_id from public.agents a where a.org_id = :'org'), null, 'agents who called with it have none now');
select is((select array_agg(l.action || ' ' || (l.after ->> 'status') order by l.created_at) from public.audit_logs l where l.org_id = :'org' and l.row_id = :'outbound' and l.after ? 'status' and l.actor_type = 'user'), array['update releasing'], 'who gave it back is on record');

-- While one is being released, its direction is free.
select lives_ok(format('select tests.bought_number(%L, %L, %L)', :'org', 'inbound', '+442071230003'), 'another one can be bought meanwhile');
select is((select count(*) from public.managed_phone_numbers n where n.org_id = :'org' and n.status = 'active'), 1::bigint, 'and is the one that lives');

-- A number that comes back, to someone else.
select tests.funded(1000) as other \gset
select is(private.call_organization('call-before', '+442071230003'), :'org'::uuid, 'a call finds whose number it rang');
select tests.as_user(:'admin');
select (public.release_number('+442071230003')).id as saga \gset
select tests.as_owner();
select is(private.call_organization('call-between', '+442071230003'), null, 'a number of nobody leads nowhere');
select tests.bought_number(:'other', 'inbound', '+442071230003');
select is(private.call_organization('call-before', '+442071230003'), :'org'::uuid, 'a call stays where it began, though its number moved');
select is(private.call_organization('call-after', '+442071230003'), :'other'::uuid, 'the next one finds the new owner');
select tests.as_user(tests.admin(:'other'));
select tests.throws_code($$select public.release_number('+442071230001')$$, 'number_not_found', 'another organisation''s number is none');

select * from finish();
rollback;

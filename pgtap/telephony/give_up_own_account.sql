begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select 'AC' || md5(:'org') as sid, 'AC' || md5('more') as more \gset
create function pg_temp.saga(p_org uuid, p_sid text) returns private.sagas language sql as $$
    insert into private.sagas (org_id, saga, subject_id, state, facts, finished_at)
    values (p_org, 'disconnect_twilio', gen_random_uuid(), 'done', jsonb_build_object('account', jsonb_build_object('sid', p_sid)), now())
    returning sagas;
$$;
-- What of this key is whose.
create function pg_temp.owned(p_key text) returns text language sql as $$
    select string_agg(d.kind || ' ' || o.name, ', ' order by d.kind) from private.directory d join public.organizations o on o.id = d.org_id where d.key = p_key;
$$;
select private.own_outside('twilio_account', :'sid', :'org'), private.own_outside('vapi_phone_number', :'sid', :'org'), private.own_outside('twilio_account', :'more', :'org') \g /dev/null
insert into private.twilio_subaccounts (org_id, subaccount_sid, encrypted_token, key_version) values (:'org', :'sid', decode(repeat('ab', 40), 'hex'), 1);

select is(private.give_up_own_account(pg_temp.saga(:'org', :'sid'), '{}', now()), '{}', 'an account that is given up');
select is(pg_temp.owned(:'sid'), 'twilio_account Smile, vapi_phone_number Smile', 'stays the organisation''s where it is the subaccount that we made');
delete from private.twilio_subaccounts where org_id = :'org';
select private.give_up_own_account(pg_temp.saga(:'other', :'sid'), '{}', now()) \g /dev/null
select is(pg_temp.owned(:'sid'), 'twilio_account Smile, vapi_phone_number Smile', 'is not another organisation''s to give up');
select private.give_up_own_account(pg_temp.saga(:'org', :'sid'), '{}', now()) \g /dev/null
select is(pg_temp.owned(:'sid'), 'vapi_phone_number Smile', 'and is nobody''s once whoever had it gives it up, which what we made there is not');
select is(pg_temp.owned(:'more'), 'twilio_account Smile', 'another account of the organisation''s stays');
select ok(private.claim_outside('twilio_account', :'sid', :'other') and not private.claim_outside('twilio_account', :'sid', :'org'), 'the next to say so has it, and nobody beside them');

select * from finish();
rollback;

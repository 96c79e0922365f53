begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(31);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org') as member, tests.admin(:'other') as stranger \gset
select tests.own_twilio(:'org'), tests.own_twilio(:'other', '+442071230008');
select tests.verified_phone(:'org', '+447700900123', now() - interval '2 hours') as one, tests.verified_phone(:'org', '+447700900124') as two, tests.verified_phone(:'other') as theirs \gset

-- The list.
select tests.as_user(:'admin');
select (public.save_forwarding_config(:'one', 'total_ai', 'ee')).config as config \gset
select tests.as_user(:'member');
select is(l.numbers, array[
    (:'two', '+447700900124', 'Front desk', 'verified', now(), false)::public.verified_number,
    (:'one', '+447700900123', 'Front desk', 'verified', now() - interval '2 hours', true)::public.verified_number], 'the organisation''s own, the newest first, with what forwards')
from public.list_verified_numbers() as l;
select is(public.list_verified_caller_ids(), public.list_verified_numbers(), 'the other door lists the same');
select is(array_length((public.list_verified_caller_ids()).numbers, 1), 2, 'each once');

-- Who may delete what.
select tests.throws_code(format('select public.delete_verified_number(%L)', :'one'), 'role_too_low');
select tests.as_user(:'admin');
select tests.throws_code(format('select public.delete_verified_number(%L)', :'theirs'), 'caller_id_not_found', 'another organisation''s is not there');
select tests.throws_code(format('select public.delete_verified_number(%L)', gen_random_uuid()), 'caller_id_not_found', 'no more than one that is nowhere');
select tests.throws_code($$ select public.delete_verified_number(null) $$, 'caller_id_not_found');
select tests.throws_code($$ select public.delete_verified_caller_id('+447700900199') $$, 'caller_id_not_found');
select tests.throws_code($$ select public.delete_verified_caller_id(null) $$, 'caller_id_not_found');

-- Deleted, with what forwards through it.
select is(public.delete_verified_number(:'two'), (true, 'The number +447700900124 was removed.')::public.telephony_done, 'removed');
select (public.confirm_forwarding_config((f.c).id)).success from (select :'config'::public.forwarding_config as c) f \gset
select is(public.delete_verified_caller_id('+447700900123'),
    (true, 'The number +447700900123 was removed. Its phone may still forward calls: dial ##21# on it to end that.')::public.telephony_done, 'a phone that forwards goes on until the code is dialled');
select is((public.list_verified_numbers()).numbers, '{}', 'the list is empty');
select tests.as_owner();
select is(count(*), 0::bigint, 'its forwarding is gone') from public.hybrid_forwarding_configs where org_id = :'org';
select is(count(*), 1::bigint, 'another organisation''s is untouched') from public.verified_caller_ids where id = :'theirs';
select results_eq(format($$ select payload ->> 'caller_id_sid', payload -> 'account' ->> 'sid' from private.effects where org_id = %L and kind = 'twilio.delete_caller_id' order by id $$, :'org'),
    format($$ values ('PN' || md5('+447700900124'), 'AC' || md5(%1$L)), ('PN' || md5('+447700900123'), 'AC' || md5(%1$L)) $$, :'org'), 'both leave Twilio''s list');
select is(count(*), 2::bigint, 'who did it is on record') from public.audit_logs where org_id = :'org' and table_name = 'verified_caller_ids' and action = 'delete' and actor_id = :'admin';

-- In the order it was decided in.
select tests.as_user(:'admin');
select public.initiate_caller_id('+447700900123') ->> 'id' as op \gset
select tests.as_owner();
select is(state, 'waiting', 'begun anew, Twilio is asked once the number has left its list') from private.effects where id = :'op';

-- Not ours to take away.
insert into public.verified_caller_ids (org_id, phone_number, status, twilio_caller_id_sid, verified_at) values (:'org', '+447700900150', 'verified', 'PN' || repeat('1', 32), now());
select tests.as_user(:'admin');
select is((public.delete_verified_caller_id('+447700900150')).success, true, 'one that was on the list before us');
select tests.as_owner();
select is(count(*), 2::bigint, 'stays on it') from private.effects where org_id = :'org' and kind = 'twilio.delete_caller_id';
select tests.verified_phone(:'org', '+447700900151') as left \gset
update public.organizations set telephony_mode = 'none' where id = :'org';
select tests.as_user(:'admin');
select is((public.delete_verified_number(:'left')).success, true, 'an organisation that left its account can still delete');
select tests.as_owner();
select is(count(*), 2::bigint, 'and nobody is asked') from private.effects where org_id = :'org' and kind = 'twilio.delete_caller_id';

-- The code that ends a forwarding is told to the last.
select tests.verified_phone(:'org', '+447700900152') as dialled, tests.verified_phone(:'org', '+447700900153') as ended \gset
select tests.as_user(:'admin');
select public.save_forwarding_config(:'dialled', 'safety_net', 'ee') \gset
select is((public.delete_verified_number(:'dialled')).message like '%dial ##61# on it to end that.', true, 'one that was dialled and not confirmed forwards all the same');
select ((public.save_forwarding_config(:'ended', 'total_ai', 'ee')).config).id as config_id \gset
select public.delete_forwarding_config(:'config_id') \gset
select is((public.delete_verified_number(:'ended')).message like '%dial ##21# on it to end that.', true, 'so may one that was ended here');

-- Locked after wrong codes.
select tests.as_owner();
insert into public.verified_caller_ids (org_id, phone_number, verification_attempts, locked_until) values (:'org', '+447700900160', 3, now() + interval '1 hour') returning id as locked \gset
insert into public.verified_caller_ids (org_id, phone_number, status, verification_attempts, locked_until) values (:'org', '+447700900161', 'expired', 3, now() + interval '1 hour') returning id as expired \gset
insert into public.verified_caller_ids (org_id, phone_number, verification_attempts) values (:'org', '+447700900162', 2) returning id as open \gset
insert into public.verified_caller_ids (org_id, phone_number, status, verified_at, twilio_caller_id_sid, locked_until) values (:'org', '+447700900163', 'verified', now(), 'PN' || repeat('2', 32), now() + interval '1 hour') returning id as verified \gset
select tests.as_user(:'admin');
select tests.throws_code(format('select public.delete_verified_number(%L)', :'locked'), 'caller_id_locked', 'a number that is locked stays, or it could be begun anew');
select tests.throws_code($$ select public.delete_verified_caller_id('+447700900160') $$, 'caller_id_locked', 'by either door');
select tests.throws_code(format('select public.delete_verified_number(%L)', :'expired'), 'caller_id_locked', 'however its verification stands');
select tests.throws_code(format('select private.delete_verified_number(%L, now() + interval ''59 minutes 59 seconds'')', :'locked'), 'caller_id_locked', 'for the whole hour');
select is((private.delete_verified_number(:'locked', now() + interval '1 hour')).success, true, 'then it may go');
select is((public.delete_verified_number(:'open')).success, true, 'wrong codes that lock nothing keep nothing');
select is((public.delete_verified_number(:'verified')).success, true, 'a verified number has no attempts to guard');
select is(array(select (n)."phoneNumber" from unnest((public.list_verified_numbers()).numbers) as n where (n)."phoneNumber" like '+44770090016%'), array['+447700900161'], 'the locked one is left');

select * from finish();
rollback;

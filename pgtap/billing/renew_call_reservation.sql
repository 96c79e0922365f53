begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(20);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(1000) as org, tests.funded(10000) as rich \gset
select tests.call_of(:'org', 1) as call, tests.call_of(:'org', 2) as other, tests.call_of(:'rich', 1) as capped \gset

select private.reserve_call_credits(:'org', :'call', p_now => :'t');
select private.reserve_call_credits(:'org', :'other', p_now => :'t');
select is((private.renew_call_reservation(:'call', timestamptz :'t' + interval '4 minutes')).reserved_pence, 560::bigint, 'a renewal takes another slice of five minutes, though 440 are available');
select is((tests.bill(:'call')).hold_ends_at, timestamptz '2026-11-02 12:10+00', 'the hold lasts five minutes longer');
select is((tests.bill(:'call')).expires_at, timestamptz '2026-11-02 13:04+00', 'and expires an hour after its last renewal');
select is((tests.wallet(:'org')).held_pence, 840::bigint, 'the wallet holds it');
select is((tests.wallet(:'org')).capped_pence, 1120::bigint, 'the cap stays: the provider cannot be asked to move it');
select is((tests.bill(:'call')).renewals, 1, 'renewals are counted');
select is((tests.ordered(:'org', 'billing.hold_deadline')), 3::bigint, 'the new end has its deadline');

select is((private.renew_call_reservation(:'call', timestamptz :'t' + interval '5 minutes')).reserved_pence, 560::bigint, 'no hold outgrows its cap');
select is((private.renew_call_reservation(:'other', timestamptz :'t' + interval '4 minutes')).reserved_pence, 440::bigint, 'the other call gets what is left of the wallet');
select is((tests.wallet(:'org')).balance_pence - (tests.wallet(:'org')).held_pence, 0::bigint, 'and not a penny more: available is never negative');
select is((private.renew_call_reservation(:'other', timestamptz :'t' + interval '5 minutes')).renewals, 1, 'with nothing left nothing is renewed');
select is((tests.bill(:'other')).expires_at, timestamptz '2026-11-02 13:04+00', 'and nothing prolonged');

select private.reserve_call_credits(:'rich', :'capped', 400, p_now => :'t');
select is((private.renew_call_reservation(:'capped', timestamptz :'t' + interval '4 minutes')).reserved_pence, 374::bigint, 'a renewal takes what is left of the cap');
select private.reserve_call_credits(:'rich', tests.call_of(:'rich', 2), 3300, p_now => :'t');
select is((private.renew_call_reservation(tests.call_of(:'rich', 2), timestamptz :'t' + interval '4 minutes')).reserved_pence, 560::bigint, 'a long call of a rich wallet takes its slice');
select is((private.renew_call_reservation(tests.call_of(:'rich', 2), timestamptz :'t' + interval '9 minutes')).reserved_pence, 840::bigint, 'and then another, so that all share what there is');
select private.commit_reserved_credits(:'capped', 60, 'status', p_now => timestamptz :'t' + interval '5 minutes');
select is((private.renew_call_reservation(:'capped', timestamptz :'t' + interval '6 minutes')).reserved_pence, 374::bigint, 'a call that is over is not renewed');
select is((tests.wallet(:'rich')).held_pence, 840::bigint, 'nor held for');

select tests.funded(10000) as stopped \gset
select private.reserve_call_credits(:'stopped', tests.call_of(:'stopped', 1), p_now => :'t');
update public.credit_wallets set status = 'suspended', suspended_by = 'operator' where org_id = :'stopped';
select is((private.renew_call_reservation(tests.call_of(:'stopped', 1), :'t')).reserved_pence, 280::bigint, 'a suspended wallet renews nothing');
select private.set_wallet_suspension(:'stopped', true, :'t');
select private.set_wallet_suspension(:'stopped', false, :'t');
select is((private.renew_call_reservation(tests.call_of(:'stopped', 1), :'t')).reserved_pence, 280::bigint, 'a call that was told to end is not renewed either');
select tests.throws_code('select private.renew_call_reservation(gen_random_uuid())', 'call_not_found', 'what was never let in has no hold');

select * from finish();
rollback;

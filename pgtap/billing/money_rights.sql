begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);

-- Functions that move money, or look at all of it, are the worker's; what they are made of is nobody's.
create temp table money (name text, signature text);
insert into money select p.proname, p.oid::regprocedure::text
from pg_proc p
where p.pronamespace = 'private'::regnamespace
  and p.proname in (
      'lock_wallet', 'lock_call', 'post_entry', 'add_credits', 'check_balance_and_deduct_asset_cost', 'reserve_call_credits',
      'open_reservation', 'refuse_call', 'extend_hold', 'renew_call_reservation', 'keep_hold', 'set_hold_deadline', 'warn_call',
      'end_call', 'order_hang_up', 'note_evidence', 'settle_call', 'commit_reserved_credits', 'release_reserved_credits',
      'deduct_call_credits', 'cut_holds', 'protect_wallet', 'wallet_moved', 'expire_hold', 'expire_holds',
      'expire_stale_reservations', 'write_off_call', 'start_call_clock', 'note_call_line', 'set_wallet_suspension', 'sweep_calls',
      'sweep_organization', 'poll_silent_calls', 'call_polled', 'hold_deadline_reached', 'end_call_answered',
      'end_call_by_carrier_answered', 'hang_up_issued', 'tell_low_balance', 'first_admission');
select is((select count(*) from money), 40::bigint, 'there are forty of them');
select is_empty($$ select signature from money where has_function_privilege('anon', signature, 'execute') $$, 'who is not signed in moves no money');
select is_empty($$ select signature from money where has_function_privilege('authenticated', signature, 'execute') $$, 'nor does a client');
select results_eq(
    $$ select name from money where has_function_privilege('service_role', signature, 'execute') order by name $$,
    $$ values ('add_credits'), ('check_balance_and_deduct_asset_cost'), ('commit_reserved_credits'), ('deduct_call_credits'),
              ('expire_stale_reservations'), ('keep_hold'), ('note_call_line'), ('release_reserved_credits'), ('renew_call_reservation'),
              ('reserve_call_credits'), ('set_wallet_suspension'), ('start_call_clock'), ('sweep_calls'), ('write_off_call') $$,
    'the worker moves it by whole steps, and by none of their parts');
select is_empty(
    $$ select p.oid::regprocedure from pg_proc p join money m on m.signature = p.oid::regprocedure::text
       where p.provolatile = 'v' and not 'search_path=pg_catalog, pg_temp' = any (p.proconfig) $$, 'each has its search path');

select tests.funded(5000) as org, tests.funded(5000) as other \gset
select private.reserve_call_credits(:'org', tests.call_of(:'org', 1), p_now => '2026-11-02 12:00+00'), private.reserve_call_credits(:'other', tests.call_of(:'other', 1), p_now => '2026-11-02 12:00+00');
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member \gset
select tests.as_user(:'admin');
select throws_ok(format('select private.add_credits(%L, 1, %L, %L)', :'org', 'bonus', 'mine'), '42501', null, 'an admin gives the own organisation no bonus');
select results_eq('select org_id from public.credit_reservations', format('values (%L::uuid)', :'org'), 'and sees the own organisation''s calls alone');
select throws_ok('update public.credit_reservations set reserved_pence = 0', '42501', null, 'without writing them');
select throws_ok('delete from public.call_refusals', '42501', null, 'nor what was refused');
select tests.as_user(:'member');
select is_empty('select from public.credit_reservations union all select from public.call_refusals', 'a user sees none');
select tests.as_service();
select is((private.renew_call_reservation(tests.call_of(:'org', 1), '2026-11-02 12:01+00')).reserved_pence, 560::bigint, 'the worker calls them');
select throws_ok('update public.credit_reservations set reserved_pence = 0', '42501', null, 'and writes nothing beside them');

select * from finish();
rollback;

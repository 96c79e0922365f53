begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

-- One lock for all that moves an organisation's money.
select tests.funded(5000) as org \gset
select is((private.lock_wallet(:'org')).org_id, :'org'::uuid, 'every movement begins with the wallet');
select tests.throws_code('select private.lock_wallet(gen_random_uuid())', 'organization_not_found', 'that of an organisation which is there');
select private.reserve_call_credits(:'org', tests.call_of(:'org', 1), p_now => '2026-11-02 12:00+00');
select is((private.lock_call(tests.call_of(:'org', 1))).org_id, :'org'::uuid, 'a call''s wallet is found by the call alone');
select tests.throws_code('select private.lock_call(gen_random_uuid())', 'call_not_found', 'by one that is known');
insert into private.directory (kind, key, org_id) values ('call', tests.call_of(:'org', 2)::text, :'org');
select tests.throws_code(format('select private.lock_call(%L)', tests.call_of(:'org', 2)), 'call_not_found', 'and has a bill');
select is_empty(
    $$ select p.proname from pg_proc p
       where p.pronamespace = 'private'::regnamespace
         and p.proname in (
             'add_credits', 'check_balance_and_deduct_asset_cost', 'reserve_call_credits', 'deduct_call_credits', 'keep_hold',
             'expire_holds', 'sweep_organization', 'set_wallet_suspension', 'hang_up_issued', 'lock_call')
         and p.prosrc !~ 'private\.lock_wallet\(' $$, 'what moves money takes it');

select * from finish();
rollback;

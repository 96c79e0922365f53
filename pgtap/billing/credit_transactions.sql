-- Alone: it tries to truncate the ledger, which every file about money writes to.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(24);

select tests.funded(5000) as org, tests.funded(700) as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member \gset

select throws_ok(format('update public.credit_transactions set amount_pence = 1, balance_after_pence = balance_before_pence + 1 where org_id = %L', :'org'), '23001', null, 'a row of the ledger does not change, for its owner neither');
select throws_ok(format('update public.credit_transactions set created_at = now() where org_id = %L', :'org'), '23001', null, 'nor does its time');
select throws_ok(format('delete from public.credit_transactions where org_id = %L', :'org'), '23001', null, 'nor go');
select throws_ok('truncate public.credit_transactions', '23001', null, 'nor all of them');
set local voxanne.redacting = 'on';
select throws_ok(format('update public.credit_transactions set amount_pence = 1, balance_after_pence = balance_before_pence + 1 where org_id = %L', :'org'), '23001', null, 'erasing a person changes no amount');
select lives_ok(format('update public.credit_transactions set description = %L where org_id = %L', 'erased', :'org'), 'but what the row says in words');
set local voxanne.redacting = 'off';

prepare plant as
    insert into public.credit_transactions (
        org_id, seq, amount_pence, type, description, stripe_payment_intent_id, idempotency_key, balance_before_pence,
        balance_after_pence, entry_hash)
    values ($1, $2, $3, $4, 'Planted', $5, $6, $7, $8, sha256(''));
select throws_ok(format('execute plant(%L, 2, 100, %L, null, %L, 5000, 5101)', :'org', 'topup', 'k'), '23514', null, 'before and amount make after');
select throws_ok(format('execute plant(%L, 2, 0, %L, null, %L, 5000, 5000)', :'org', 'adjustment', 'k'), '23514', null, 'no row moves nothing');
select throws_ok(format('execute plant(%L, 2, -1, %L, null, %L, 5000, 4999)', :'org', 'topup', 'k'), '23514', null, 'a top-up brings');
select throws_ok(format('execute plant(%L, 2, -1, %L, null, %L, 5000, 4999)', :'org', 'bonus', 'k'), '23514', null, 'a bonus, too');
select throws_ok(format('execute plant(%L, 2, 1, %L, null, %L, 5000, 5001)', :'org', 'deduction', 'k'), '23514', null, 'and a deduction takes');
select throws_ok(format('execute plant(%L, 2, 1, %L, null, %L, 5000, 5001)', :'org', 'gift', 'k'), '23514', null, 'there are five types');
select throws_ok(format('execute plant(%L, 1, 1, %L, null, %L, 5000, 5001)', :'org', 'bonus', 'k'), '23505', null, 'a number is given once');
select throws_ok(format('execute plant(%L, 2, 1, %L, null, %L, 5000, 5001)', :'org', 'bonus', 'stripe:pi_funded'), '23505', null, 'a key is used once');
select lives_ok(format('execute plant(%L, 2, 1, %L, %L, %L, 5000, 5001)', :'org', 'bonus', 'pi_1', 'k1'), 'a payment intent is credited');
select throws_ok(format('execute plant(%L, 3, 1, %L, %L, %L, 5001, 5002)', :'org', 'bonus', 'pi_1', 'k2'), '23505', null, 'once');

select tests.as_user(:'admin');
select is((select count(*) from public.credit_transactions), 2::bigint, 'an admin reads the organisation''s ledger and no other');
select throws_ok('delete from public.credit_transactions', '42501', null, 'and has no right to write it');
select tests.as_user(:'manager');
select is_empty(format('select from public.credit_transactions where org_id <> %L', :'org'), 'a manager reads no other organisation''s');
select isnt_empty('select from public.credit_transactions', 'but the own');
select tests.as_user(:'member');
select is_empty('select from public.credit_transactions', 'a user reads none');
select tests.as_anon();
select throws_ok('select from public.credit_transactions', '42501', null, 'who is not signed in has no right to');
select tests.as_service();
select throws_ok('insert into public.credit_transactions (org_id) values (gen_random_uuid())', '42501', null, 'the worker writes through functions alone');
select throws_ok('update public.credit_transactions set description = $$x$$', '42501', null, 'and changes nothing');

select * from finish();
rollback;

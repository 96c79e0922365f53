-- Alone: it takes the ledger's triggers away.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

alter table public.credit_transactions disable trigger user;
select tests.lived_in_wallet() as org \gset
select md5('call 1 ' || :'org')::uuid as over, md5('call 3 ' || :'org')::uuid as live \gset
select format('update public.credit_wallets set %%s where org_id = %L', :'org') as wallet,
       format('update public.credit_reservations set %%s where org_id = %L and call_id = %%L', :'org') as call,
       'spent %s (calls of ' || to_char(private.london_month(now()), 'YYYY-MM') || ')' as spent \gset

select is(tests.drift_after(:'org', format(:'wallet', 'held_pence = 281')), 'held 1', 'a penny held too much is seen');
select is(tests.drift_after(:'org', format(:'call', 'reserved_pence = 270', :'live')), 'held 10', 'so is a hold that shrank by itself');
select is(
    tests.drift_after(:'org', format(:'call', 'reserved_pence = 9999', :'over')), 'nothing',
    'a call that is over holds nothing, whatever it held');
select is(
    tests.drift_after(:'org', format(:'call', 'status = ''expired''', :'live') || ';' || format(:'wallet', 'held_pence = 0')), 'nothing',
    'nor does one that expired, though its cap counts');
select is(tests.drift_after(:'org', format(:'wallet', 'capped_pence = 0')), 'capped -560', 'caps that were forgotten are seen');
select is(
    tests.drift_after(:'org', format(:'call', 'cap_released_at = now(), written_off_because = ''planted''', :'live')),
    'capped 560', 'so is a cap that was freed and still counts');
select is(
    tests.drift_after(:'org', format(:'wallet', 'spent_pence = 200')), format(:'spent', -24), 'and a month that cost more than it says');
select is(
    tests.drift_after(:'org', format(:'wallet', 'spent_month = spent_month - interval ''1 month''')), format(:'spent', -224),
    'and one that is another month''s');
select is(
    tests.drift_after(:'org', format($$
        update public.credit_transactions set created_at = created_at - interval '40 days' where org_id = %L and seq = 2 $$, :'org')),
    'time 1 (entry 2); chain 1 (entry 2); ' || format(:'spent', 112), 'calls of other months do not count');
select is(
    tests.drift_after(:'org', format($$
        update public.credit_wallets set held_pence = 3277 where org_id = %1$L;
        update public.credit_reservations set reserved_pence = 3277 where org_id = %1$L and status = 'active' $$, :'org')),
    'available 1 (held beyond the balance)', 'holds beyond the balance are seen');
select is(
    tests.drift_after(:'org', format($$
        select private.add_credits(%1$L, -4000, 'adjustment', 'correction') $$, :'org')),
    'nothing', 'a correction may take the balance below nothing');
select is(
    tests.drift_after(:'org', format($$
        select private.lock_wallet(%1$L);
        select private.post_entry(%1$L, -4000, 'deduction', 'number:2', 'A number');
        select private.wallet_moved(%1$L) $$, :'org')),
    'purchases 1 (entry 9)', 'a purchase may not');
select is(
    tests.drift_after(:'org', format($$
        select private.commit_reserved_credits(%L, 6000, 'report', now()) $$, :'live')),
    'nothing', 'a settlement may take it past the debt limit');
select is(
    tests.drift_after(:'org', format(:'wallet', 'status = ''suspended'', suspended_by = ''debt''')),
    'debt_suspension 1 (suspended for a debt that is paid)', 'whoever owes nothing is not suspended for a debt');
select is(
    tests.drift_after(:'org', format(:'wallet', 'status = ''suspended'', suspended_by = ''operator''')), 'nothing',
    'an operator may suspend whom they will');

select * from finish();
rollback;

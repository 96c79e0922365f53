begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(2);

select tests.org() as org \gset
select tests.admin(:'org') as admin, gen_random_uuid() as call \gset
select (private.post_entry(:'org', -112, 'deduction', 'call:a:1', 'Call', p_call_id => :'call', p_vapi_call_id => 'v1', p_now => '2026-11-21 12:00+00')).id as entry \gset

select tests.as_user(:'admin');
select is(
    (select private.shown_entry(t) from public.credit_transactions t),
    (select row(
        :'entry', 1, 'deduction', 'call', -112, 0, -112, 'Call', :'call', 'v1', null, null, encode(t.entry_hash, 'hex'),
        '2026-11-21 12:00+00')::public.wallet_transaction from public.credit_transactions t),
    'each part is in its place');
select matches((select (private.shown_entry(t)).entry_hash from public.credit_transactions t), '^[0-9a-f]{64}$', 'the hash is shown in hex');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select tests.org() as org, gen_random_uuid() as call \gset
select tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member \gset
select private.post_entry(:'org', 2500, 'topup', 'stripe:pi_1', 'Top-up', 'pi_1', p_now => '2026-09-30 12:00+00') is not null;
select private.post_entry(:'org', -112, 'deduction', 'call:a:1', '+44 20, two minutes', p_call_id => :'call', p_now => '2026-10-02 12:00+00') is not null;

select tests.as_user(:'manager');
select regexp_split_to_array(public.wallet_statement_csv('2026-10'), E'\r\n') as lines \gset
select is((:'lines'::text[])[1], 'record,created_at,seq,kind,entries,description,amount_gbp,amount_pence,balance_gbp,balance_pence,vat_percent,net_gbp,net_pence,vat_gbp,vat_pence');
select is((:'lines'::text[])[2], 'opening,2026-09-30T23:00:00Z,,,,,,,25.00,2500,,,,,');
select is((:'lines'::text[])[3], 'entry,2026-10-02T12:00:00Z,2,call,,"''+44 20, two minutes",-1.12,-112,23.88,2388,,,,,');
select is((:'lines'::text[])[4], 'closing,2026-11-01T00:00:00Z,,,,,,,23.88,2388,,,,,');
select is((:'lines'::text[])[6], 'total,,,call,1,,-1.12,-112,,,,,,,');
select is((:'lines'::text[])[11:], array['vat,,,call,,,1.12,112,,,20.00,0.93,93,0.19,19', ''], 'the tax ends it');
select is(array_length(regexp_split_to_array(public.wallet_statement_csv('2026-10', false), E'\r\n'), 1), 11, 'without lines it has one less');
select tests.throws_code($$ select public.wallet_statement_csv('1999-01') $$, 'statement_not_found');
select tests.as_user(:'member');
select tests.throws_code($$ select public.wallet_statement_csv('2026-10') $$, 'role_too_low');

select * from finish();
rollback;

-- A statement as a file: a row for each thing it says, in its order, none shifted.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

create function pg_temp.entry(p_seq bigint, p_kind text, p_pence bigint, p_after bigint, p_description text,
    p_at timestamptz) returns public.wallet_transaction language sql as $$
    select (gen_random_uuid(), p_seq, 'deduction', p_kind, p_pence, p_after - p_pence, p_after, p_description, gen_random_uuid(), 'vapi-1', 'pi_1',
        'ch_1', 'hash', p_at)::public.wallet_transaction $$;
create function pg_temp.lines(p_more jsonb default '{}') returns text[] language sql as $$
    select regexp_split_to_array(private.statement_csv(jsonb_populate_record((
        '2026-10', '2026-09-30 23:00+00', '2026-11-01 00:00+00', true, 'Smile, Ltd', 'gbp', 2500,
        array[pg_temp.entry(12, 'call', -112, 2388, 'Two "minutes", about', '2026-10-02 12:00:00.9+00'),
            pg_temp.entry(13, 'topup', 500000, 502388, null, '2026-10-01 12:00+02'),
              pg_temp.entry(9, 'adjustment', 0, 502388, '=1+1', '2026-10-03 00:00+00')],
        502388, array[('topup', 1, 500000), ('call', 1, -112), ('refund', 0, 0)]::public.wallet_statement_total[],
        array[('call', 20, 112, 93, 19), ('call', 17.5, -5, -4, -1)]::public.wallet_statement_vat[], 107, 89, 18)::public.wallet_statement,
            p_more)), E'\r\n') $$;

select is((pg_temp.lines())[1], 'record,created_at,seq,kind,entries,description,amount_gbp,amount_pence,balance_gbp,balance_pence,vat_percent,net_gbp,net_pence,vat_gbp,vat_pence', 'it names its columns');
select is((pg_temp.lines())[2], 'opening,2026-09-30T23:00:00Z,,,,,,,25.00,2500,,,,,', 'what the month opened with');
select is((pg_temp.lines())[n], e, 'then its entries, as they come: ' || n)
from (values (3, 'entry,2026-10-02T12:00:00Z,12,call,,"Two ""minutes"", about",-1.12,-112,23.88,2388,,,,,'),
    (4, 'entry,2026-10-01T10:00:00Z,13,topup,,,5000.00,500000,5023.88,502388,,,,,'),
    (5, 'entry,2026-10-03T00:00:00Z,9,adjustment,,''=1+1,0.00,0,5023.88,502388,,,,,')) as v (n, e);
select is((pg_temp.lines())[6], 'closing,2026-11-01T00:00:00Z,,,,,,,5023.88,502388,,,,,', 'what it closed with');
select is((pg_temp.lines())[7:9], '{"total,,,topup,1,,5000.00,500000,,,,,,,","total,,,call,1,,-1.12,-112,,,,,,,","total,,,refund,0,,0.00,0,,,,,,,"}', 'what it adds up to, by kind');
select is((pg_temp.lines())[10:11], '{"vat,,,call,,,1.12,112,,,20,0.93,93,0.19,19","vat,,,call,,,-0.05,-5,,,17.5,-0.04,-4,-0.01,-1"}',
    'and the tax, by kind and rate');
select is((pg_temp.lines())[12:], '{""}', 'the last line ends, too');
select is(array(select distinct cardinality(string_to_array(l, ',')) from unnest((pg_temp.lines())[:2] || (pg_temp.lines())[4:11]) as l), '{15}',
    'each line has all columns');
select is((pg_temp.lines('{"lines": null}'))[:3], (pg_temp.lines())[:2] || (pg_temp.lines())[6], 'without entries');
select is(array_length(pg_temp.lines('{"lines": null, "totals": [], "vat": []}'), 1), 4, 'or sums, it is short');
select is((select count(*) from unnest(pg_temp.lines(jsonb_build_object('lines',
    (select jsonb_agg(jsonb_build_object('seq', n, 'kind', 'call', 'amount_pence', -1, 'balance_after_pence', n,
    'created_at', '2026-10-02')) from generate_series(1, 20000) as n)))) with ordinality as l (line, n)
        where split_part(l.line, ',', 3) = (l.n - 2)::text), 20000::bigint, 'with all entries that a statement may have they are in order');

select * from finish();
rollback;

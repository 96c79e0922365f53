-- Alone: it takes the ledger's triggers away, and exports every head there is.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

alter table public.credit_transactions disable trigger user;
select tests.lived_in_wallet() as org, tests.lived_in_wallet() as other, tests.org() as empty \gset
create function pg_temp.exported() returns setof jsonb language sql as $$
    select payload from private.effects where kind = 'ledger.export_heads' order by id $$;
create function pg_temp.problems(p_heads jsonb) returns text language sql as $$
    select string_agg(format('%s: %s', c.seq, c.problem), '; ') from private.check_heads(p_heads) c $$;
-- What the heads say after some damage, which is undone, and whether the wallet adds up.
create function pg_temp.after(p_org uuid, p_heads jsonb, p_damage text) returns text language plpgsql as $$
declare
    v_said text;
begin
    begin
        execute p_damage;
        v_said := (select count(*) from private.reconcile_wallet(p_org) r where r.drift <> 0) || ' drift; ' || pg_temp.problems(p_heads);
        raise exception 'enough seen' using errcode = 'UNDOO';
    exception when sqlstate 'UNDOO' then
        return v_said;
    end;
end $$;

select tests.as_service();
select is(private.export_ledger_heads('2026-11-21 00:00:01+00'), 1::bigint, 'the heads of a few go in one part');
select tests.as_owner();
select results_eq(
    $$ select p ->> 'day', p ->> 'part', p ->> 'parts' from pg_temp.exported() p $$, $$ values ('2026-11-21', '1', '1') $$, 'of one day');
select set_eq(
    $$ select (h ->> 'org_id')::uuid, (h ->> 'seq')::bigint, h ->> 'hash' from pg_temp.exported() p, jsonb_array_elements(p -> 'heads') h $$,
    $$ select w.org_id, w.entry_count, encode(w.last_entry_hash, 'hex') from public.credit_wallets w where w.entry_count > 0 $$,
    'with every ledger that has entries, and no other');
select results_eq(
    $$ select h ->> 'org_id' from pg_temp.exported() p, jsonb_array_elements(p -> 'heads') h $$,
    $$ select h ->> 'org_id' from pg_temp.exported() p, jsonb_array_elements(p -> 'heads') h order by 1 $$, 'in the organisations'' order');

insert into public.organizations (name) select 'Many' from generate_series(1, 10000);
insert into public.credit_wallets (org_id, entry_count, last_entry_hash, last_entry_at)
select o.id, 1, sha256(''), now() from public.organizations o where o.name = 'Many';
delete from private.effects where kind = 'ledger.export_heads';
select is(private.export_ledger_heads(now()), 2::bigint, 'ten thousand heads go in a part, and the others in another');
select results_eq(
    $$ select p ->> 'part', p ->> 'parts', jsonb_array_length(p -> 'heads') from pg_temp.exported() p $$,
    format($$ values ('1', '2', 10000), ('2', '2', %s) $$, (select count(*) - 10000 from public.credit_wallets where entry_count > 0)),
    'both say so');

select jsonb_build_array(jsonb_build_object('org_id', w.org_id, 'seq', w.entry_count, 'hash', encode(w.last_entry_hash, 'hex'))) as heads
from public.credit_wallets w where w.org_id = :'org' \gset
select tests.as_service();
select is_empty(format('select from private.check_heads(%L)', :'heads'), 'a head that is still in its ledger is no problem');
select is_empty('select from private.check_heads(''[]'')', 'nor are no heads');
select tests.as_owner();
select private.add_credits(:'org', 100, 'bonus', 'a gift');
select is(pg_temp.problems(:'heads'), null, 'a ledger may have grown since');

select is(
    pg_temp.after(:'org', :'heads', format($$
        delete from public.credit_transactions where org_id = %1$L and seq > 6;
        delete from private.stripe_disputes where org_id = %1$L;
        update public.credit_wallets w set balance_pence = t.balance_after_pence, entry_count = 6, last_entry_hash = t.entry_hash, last_entry_at = t.created_at
        from public.credit_transactions t where w.org_id = %1$L and t.org_id = w.org_id and t.seq = 6 $$, :'org')),
    '0 drift; 8: the ledger ends at entry 6', 'a tail that was cut off with the head made to match adds up, and is found');
select is(
    pg_temp.after(:'org', :'heads', format($$
        with recursive anew as (
            select (t).seq, private.entry_hash(null, t) as hash
            from (select row(t.org_id, t.id, t.seq, t.amount_pence, t.type, t.description, t.stripe_payment_intent_id, t.stripe_object_id, t.call_id,
                             t.vapi_call_id, t.idempotency_key || '!', t.balance_before_pence, t.balance_after_pence, t.entry_hash,
                             t.created_at)::public.credit_transactions as t
                  from public.credit_transactions t where t.org_id = %1$L and t.seq = 1) as f
            union all
            select n.seq, private.entry_hash(a.hash, n)
            from anew a join public.credit_transactions n on n.org_id = %1$L and n.seq = a.seq + 1
        )
        update public.credit_transactions t set entry_hash = a.hash, idempotency_key = t.idempotency_key || case t.seq when 1 then '!' else '' end
        from anew a where t.org_id = %1$L and t.seq = a.seq;
        update public.credit_wallets w set last_entry_hash = (
            select t.entry_hash from public.credit_transactions t where t.org_id = w.org_id order by t.seq desc limit 1)
        where w.org_id = %1$L $$, :'org')),
    '0 drift; 8: entry 8 is not the one that was there', 'a ledger that was written anew adds up, and is found');
select is(
    pg_temp.after(:'org', :'heads', format('delete from public.credit_transactions where org_id = %L and seq = 8', :'org')),
    '6 drift; 8: entry 8 is gone', 'an entry that is gone is missed');
select is(
    pg_temp.after(:'org', :'heads', format('update public.credit_wallets set entry_count = 7 where org_id = %L', :'org')),
    '1 drift; 8: the wallet counts 7 entries', 'a wallet that counts fewer is named');
select is(
    pg_temp.after(:'org', :'heads', format('delete from public.credit_wallets where org_id = %L', :'org')) ~ '; 8: the organisation has no wallet$', true,
    'so is one that is gone');
select is(
    pg_temp.problems(jsonb_build_array(jsonb_build_object('org_id', :'other', 'seq', 8, 'hash', :'heads'::jsonb #> '{0,hash}'))),
    '8: entry 8 is not the one that was there', 'a head is its own organisation''s alone');

select * from finish();
rollback;

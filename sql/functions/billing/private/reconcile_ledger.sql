-- Does an organisation's ledger add up with its wallet, row after row? One walk over the rows answers all of it.
--
-- `sequence`, `continuity`, `time` and `chain` count the rows that do not follow from the row before them and name the
-- first: a row that was changed shows in `chain`, one that is gone or came in between in `sequence`, `continuity` and
-- `chain`. What a tail hides that was cut off together with the wallet's head, private.check_heads() shows.
create or replace function private.reconcile_ledger(p_org_id uuid)
returns table (check_name text, expected text, found text, drift bigint, detail text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with walked as (
        select t.seq, t.amount_pence, t.balance_before_pence, t.created_at,
               lag(t.seq, 1, 0::bigint) over w as seq_before,
               lag(t.balance_after_pence, 1, 0::bigint) over w as balance_before,
               t.balance_after_pence <> t.balance_before_pence + t.amount_pence as miscounted,
               lag(t.created_at) over w as time_before,
               t.entry_hash <> private.entry_hash(lag(t.entry_hash) over w, t) as forged
        from public.credit_transactions t
        where t.org_id = p_org_id
        window w as (order by t.seq)
    ),
    ledger as (
        select count(*) as entries, coalesce(sum(w.amount_pence), 0)::bigint as pence,
               count(*) filter (where w.seq <> w.seq_before + 1) as gaps,
               min(w.seq) filter (where w.seq <> w.seq_before + 1) as first_gap,
               count(*) filter (where w.balance_before_pence <> w.balance_before or w.miscounted) as breaks,
               min(w.seq) filter (where w.balance_before_pence <> w.balance_before or w.miscounted) as first_break,
               count(*) filter (where w.created_at < w.time_before) as returns,
               min(w.seq) filter (where w.created_at < w.time_before) as first_return,
               count(*) filter (where w.forged) as forgeries,
               min(w.seq) filter (where w.forged) as first_forgery
        from walked w
    ),
    head as (
        select t.seq, encode(t.entry_hash, 'hex') as hash, t.created_at
        from public.credit_transactions t
        where t.org_id = p_org_id
        order by t.seq desc
        limit 1
    ),
    wallet as (
        select w.balance_pence, w.entry_count, encode(w.last_entry_hash, 'hex') as hash, w.last_entry_at
        from public.credit_wallets w
        where w.org_id = p_org_id
    )
    select c.check_name, c.expected, c.found, c.drift, c.detail
    from ledger l
    left join head h on true
    left join wallet w on true
    cross join lateral (values
        ('wallet', '1', (w is not null)::integer::text, (w is null)::integer::bigint, null),
        ('balance', l.pence::text, w.balance_pence::text, coalesce(w.balance_pence, 0) - l.pence, null),
        ('entry_count', l.entries::text, w.entry_count::text, coalesce(w.entry_count, 0) - l.entries, null),
        ('sequence', '0', l.gaps::text, l.gaps, 'entry ' || l.first_gap),
        ('continuity', '0', l.breaks::text, l.breaks, 'entry ' || l.first_break),
        ('time', '0', l.returns::text, l.returns, 'entry ' || l.first_return),
        ('chain', '0', l.forgeries::text, l.forgeries, 'entry ' || l.first_forgery),
        ('head', h.hash, w.hash, (h.hash is distinct from w.hash)::integer::bigint, 'entry ' || h.seq),
        ('head_time', h.created_at::text, w.last_entry_at::text,
         (h.created_at is distinct from w.last_entry_at)::integer::bigint, 'entry ' || h.seq)
    ) as c (check_name, expected, found, drift, detail);
$$;

revoke execute on function private.reconcile_ledger(uuid) from public, anon, authenticated, service_role;

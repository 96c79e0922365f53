-- What the proofs of the money core look through. It is put into a test's own database and is no part of the product.
create schema proof;
grant usage on schema proof to public;

-- What an expression answers, or the code it refuses with. Whatever is no refusal of ours fails the test.
create function proof.attempt(p_expression text) returns jsonb language plpgsql as $$
declare
    v_answer jsonb;
    v_code text;
    v_hint text;
begin
    begin
        execute 'select to_jsonb(x) from ' || p_expression || ' as x' into v_answer;
    exception when others then
        get stacked diagnostics v_code = returned_sqlstate, v_hint = pg_exception_hint;
        if v_code not like 'PT%' then
            raise;
        end if;
        return jsonb_build_object('refused', v_hint);
    end;
    return jsonb_build_object('answer', v_answer);
end
$$;

-- An organisation with a wallet of so much, put in through the ledger's own door.
create function proof.organization(p_balance_pence bigint, p_now timestamptz) returns uuid language plpgsql as $$
declare
    v_org_id uuid;
begin
    insert into public.organizations (name) values ('Proof') returning id into v_org_id;
    insert into public.credit_wallets (org_id, max_concurrent_calls) values (v_org_id, 1000) on conflict do nothing;
    update public.credit_wallets set max_concurrent_calls = 1000 where org_id = v_org_id;
    if p_balance_pence > 0 then
        perform private.add_credits(v_org_id, p_balance_pence, 'topup', 'opening', p_now => p_now);
    end if;
    return v_org_id;
end
$$;

-- The deadlines of a call that are due by p_now, carried out as their continuation would. They are left where they are, so
-- that a second time is a redelivery of each.
create function proof.carry_out_deadlines(p_call_id uuid, p_now timestamptz) returns void language plpgsql as $$
declare
    v_effect private.effects;
begin
    for v_effect in
        select * from private.effects e
        where e.kind = 'billing.hold_deadline' and e.payload ->> 'call_id' = p_call_id::text and e.run_at <= p_now
        order by e.run_at, e.id
    loop
        perform private.hold_deadline_reached(
            to_jsonb(v_effect) || jsonb_build_object('last_error', null, 'ended_at', p_now), 'done', '{}');
    end loop;
end
$$;

-- One effect of a call, leased as by a worker that claimed it.
create function proof.lease(p_call_id uuid, p_kind text) returns private.claimed_effect language sql security definer as $$
    select l.*
    from (select array_agg(e.id) as ids from private.effects e
          where e.payload ->> 'call_id' = p_call_id::text and e.kind = p_kind) as found
    cross join lateral private.lease_effects(found.ids, 'proof', now()) as l;
$$;
create index on private.effects ((payload ->> 'call_id'));

-- A call's deadline for the hold it has at this moment.
create function proof.keep_hold(p_org_id uuid, p_call_id uuid, p_now timestamptz) returns text language sql security definer as $$
    select private.keep_hold(p_org_id, p_call_id, (
        select r.hold_ends_at from public.credit_reservations r
        where r.org_id = p_org_id and r.call_id = p_call_id), p_now);
$$;

-- Orders a call to be ended, as the kill switch does.
create function proof.tell_to_end(p_call_id uuid, p_now timestamptz) returns void language sql security definer as $$
    select private.end_call(private.lock_call(p_call_id), 'hold_exhausted', p_now, p_now);
$$;

-- What is not as the books are defined; nothing, when all is well.
create function proof.drift() returns setof text language sql as $$
    with entries as (
        select t.*,
               row_number() over w as place,
               lag(t.balance_after_pence, 1, 0::bigint) over w as carried,
               lag(t.entry_hash) over w as previous,
               lag(t.created_at) over w as before,
               private.entry_hash(lag(t.entry_hash) over w, t) as hash
        from public.credit_transactions t
        window w as (partition by t.org_id order by t.seq)
    ),
    sums as (
        select w.*,
               (select coalesce(sum(t.amount_pence), 0) from public.credit_transactions t where t.org_id = w.org_id) as posted,
               (select coalesce(sum(r.reserved_pence), 0) from public.credit_reservations r
                where r.org_id = w.org_id and r.status = 'active') as held,
               (select coalesce(sum(r.cap_pence), 0) from public.credit_reservations r
                where r.org_id = w.org_id and r.cap_released_at is null) as capped,
               (select t.entry_hash from public.credit_transactions t
                where t.org_id = w.org_id order by t.seq desc limit 1) as head,
               (select count(*) from public.credit_transactions t where t.org_id = w.org_id) as entries
        from public.credit_wallets w
    )
    select format('%s: the balance is %s, the ledger says %s', s.org_id, s.balance_pence, s.posted)
    from sums s where s.balance_pence <> s.posted
    union all
    select format('%s: %s are held, the holds say %s', s.org_id, s.held_pence, s.held)
    from sums s where s.held_pence <> s.held
    union all
    select format('%s: %s are capped, the calls say %s', s.org_id, s.capped_pence, s.capped)
    from sums s where s.capped_pence <> s.capped
    union all
    select format('%s: the head is not the last of %s entries', s.org_id, s.entries)
    from sums s where s.entry_count <> s.entries or s.last_entry_hash is distinct from s.head
    union all
    select format('%s: entry %s stands at place %s', e.org_id, e.seq, e.place) from entries e where e.seq <> e.place
    union all
    select format('%s: entry %s begins with %s instead of %s', e.org_id, e.seq, e.balance_before_pence, e.carried)
    from entries e where e.balance_before_pence <> e.carried
    union all
    select format('%s: the chain breaks at entry %s', e.org_id, e.seq) from entries e where e.entry_hash <> e.hash
    union all
    select format('%s: entry %s is older than the one before', e.org_id, e.seq) from entries e where e.created_at < e.before
    union all
    select format('%s: the call %s committed %s and posted %s', r.org_id, r.call_id, r.committed_pence, -coalesce(p.posted, 0))
    from public.credit_reservations r
    left join lateral (
        select sum(t.amount_pence) as posted from public.credit_transactions t
        where t.org_id = r.org_id and t.call_id = r.call_id) as p on true
    where r.committed_pence <> -coalesce(p.posted, 0)
    union all
    select format('%s: the call %s was charged %s times', t.org_id, t.call_id, count(*))
    from public.credit_transactions t where t.type = 'deduction' and t.call_id is not null
    group by t.org_id, t.call_id having count(*) > 1;
$$;
grant execute on all functions in schema proof to public;

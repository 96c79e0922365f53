begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(27);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(280) as missed, tests.funded(5000) as kept, tests.funded(5000) as quiet \gset
create function pg_temp.sweep(p_org uuid, p_at timestamptz) returns text language plpgsql as $$
begin
    delete from private.sweep_rescues where org_id = p_org;
    perform private.sweep_organization(jsonb_build_object('payload', jsonb_build_object('org_id', p_org), 'ended_at', p_at), 'done', '{}');
    return (select string_agg(format('%s %s', s.what, coalesce((s.call_id = tests.call_of(p_org, 1))::text, '-')), ', ' order by s.id) from private.sweep_rescues s where s.org_id = p_org);
end
$$;
create function pg_temp.found(p_org uuid, p_at timestamptz) returns boolean language plpgsql as $$
declare
    v_found boolean;
begin
    perform private.sweep_calls(p_at);
    delete from private.effects where kind = 'billing.sweep' and org_id = p_org;
    v_found := found;
    delete from private.effects where kind = 'billing.sweep';
    return v_found;
end
$$;

-- Deadlines that nobody carried out.
select private.reserve_call_credits(:'missed', tests.call_of(:'missed', 1), p_now => :'t');
select private.reserve_call_credits(:'kept', tests.call_of(:'kept', 1), p_now => :'t');
select ok(not pg_temp.found(:'missed', timestamptz :'t' + interval '279 s'), 'while a deadline may still be carried out the sweep leaves it alone');
select ok(pg_temp.found(:'missed', timestamptz :'t' + interval '280 s'), 'twenty seconds before a hold ends it looks');
select is(pg_temp.sweep(:'missed', timestamptz :'t' + interval '280 s'), 'hold_warned true', 'a caller nobody warned is warned, and it is noted');
select is(tests.ordered(:'missed', 'vapi.say'), 1::bigint, 'in so many words');
select ok(not pg_temp.found(:'missed', timestamptz :'t' + interval '299 s'), 'who was warned is left to the last deadline');
select ok(pg_temp.found(:'missed', timestamptz :'t' + interval '300 s'), 'unless that is missed too');
select is(pg_temp.sweep(:'missed', timestamptz :'t' + interval '290 s'), null, 'nothing is noted where nothing was missed');
select is(pg_temp.sweep(:'missed', timestamptz :'t' + interval '340 s'), 'hold_ended true', 'a call nobody ended is ended, and it is noted');
select is((tests.bill(tests.call_of(:'missed', 1))).end_reason, 'hold_exhausted', 'for the reason it should have been');
select is((tests.bill(tests.call_of(:'missed', 1))).end_requested_at - (tests.bill(tests.call_of(:'missed', 1))).end_due_at, interval '43 seconds', 'and it shows how late');
select ok(not pg_temp.found(:'missed', timestamptz :'t' + interval '341 s'), 'then it is left alone');
select is(pg_temp.sweep(:'kept', timestamptz :'t' + interval '300 s'), 'hold_renewed true', 'a hold nobody renewed is renewed');
select is((tests.bill(tests.call_of(:'kept', 1))).reserved_pence, 560::bigint, 'by a slice');

-- Silence and expiry.
select ok(pg_temp.found(:'missed', timestamptz :'t' + interval '370 s'), 'half a minute after a call was told to end somebody asks whether it has');
select is(pg_temp.sweep(:'missed', timestamptz :'t' + interval '370 s'), null, 'which is no rescue');
select is((tests.bill(tests.call_of(:'missed', 1))).polls, 1, 'but is done');
update public.credit_reservations set expires_at = timestamptz :'t' + interval '10 minutes', end_requested_at = now(), end_reason = 'x', next_poll_at = null where org_id = :'kept';
select ok(not pg_temp.found(:'kept', timestamptz :'t' + interval '599 s'), 'a hold that is good is left alone');
select ok(pg_temp.found(:'kept', timestamptz :'t' + interval '10 minutes'), 'one that expired is found');
select is(pg_temp.sweep(:'kept', timestamptz :'t' + interval '10 minutes'), 'hold_expired -', 'given back, and noted');
select is((tests.wallet(:'kept')).held_pence, 0::bigint, 'so that its money is free');
select private.commit_reserved_credits(tests.call_of(:'missed', 1), null, 'status', p_now => timestamptz :'t' + interval '371 s');
update public.credit_reservations set next_poll_at = timestamptz :'t' + interval '1 day', end_requested_at = null, end_reason = null where org_id = :'missed';
select ok(not pg_temp.found(:'missed', timestamptz :'t' + interval '400 s'), 'a call that is known to have ended needs no deadline');

-- One organisation, one effect.
select ok(not pg_temp.found(:'quiet', timestamptz :'t' + interval '1 day'), 'an organisation without calls is left alone');
select private.reserve_call_credits(:'quiet', tests.call_of(:'quiet', n), p_now => :'t') from generate_series(1, 3) n;
select private.sweep_calls(timestamptz :'t' + interval '6 minutes'), private.sweep_calls(timestamptz :'t' + interval '7 minutes');
select results_eq(format('select payload, queue_key from private.effects where org_id = %L and kind = %L', :'quiet', 'billing.sweep'), format($$ values (jsonb_build_object('org_id', %1$L), 'sweep:' || %1$L) $$, :'quiet'), 'however many calls and rounds, an organisation has one sweep waiting');
select private.sweep_organization(tests.carried_out(:'quiet', 'billing.sweep', timestamptz :'t' + interval '7 minutes'), 'done', '{}');
select is((select count(*) from private.sweep_rescues where org_id = :'quiet'), 3::bigint, 'which looks after each');

insert into private.sweep_rescues (org_id, what, created_at) values (:'quiet', 'hold_old', timestamptz :'t' - interval '30 days 1 s'), (:'quiet', 'hold_new', timestamptz :'t' - interval '30 days');
select cmp_ok(private.drop_old_rescues(:'t'), '>=', 1, 'what was found 30 days ago is forgotten');
select is_empty(format('select from private.sweep_rescues where org_id = %L and what = %L', :'quiet', 'hold_old'), 'and no more is known of it');
select isnt_empty(format('select from private.sweep_rescues where org_id = %L and what = %L', :'quiet', 'hold_new'), 'nothing younger is');

select * from finish();
rollback;

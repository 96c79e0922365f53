-- The demo clinic's money: five weeks of calls, top-ups and a number, moved by the functions that move it in life.
--
-- The first call comes before there is any money, and is refused.
do $$
declare
    v_org_id constant uuid := (select p.org_id from public.profiles p where p.email = 'demo@voxanne.test');
    v_start constant timestamptz := date_trunc('hour', now()) - interval '35 days';
    v_at timestamptz;
begin
    update public.organizations o set created_at = v_start where o.id = v_org_id;
    perform private.reserve_call_credits(v_org_id, gen_random_uuid(), p_now => v_start);
    perform private.add_credits(
        v_org_id, 5000, 'topup', 'demo:topup:0', 'Top-up', p_now => v_start + interval '1 hour');
    perform private.add_credits(
        v_org_id, 500, 'bonus', 'demo:welcome', 'Welcome', p_now => v_start + interval '2 hours');
    perform private.check_balance_and_deduct_asset_cost(
        v_org_id, null, 'managed_number', 'demo:number', 'Number +44 20 7946 0018', v_start + interval '3 hours');

    for v_day in 1 .. 34 loop
        if v_day in (14, 27) then
            perform private.add_credits(
                v_org_id, 5000, 'topup', format('demo:topup:%s', v_day), 'Top-up',
                p_now => v_start + v_day * interval '1 day');
        end if;
        for v_call in 1 .. 1 + v_day % 3 loop
            v_at := v_start + v_day * interval '1 day' + v_call * interval '2 hours';
            perform private.deduct_call_credits(
                v_org_id, gen_random_uuid(), format('demo-%s-%s', v_day, v_call), 45 + (v_day * 37 + v_call * 101) % 180,
                p_ended_at => v_at, p_now => v_at);
        end loop;
    end loop;
end
$$;

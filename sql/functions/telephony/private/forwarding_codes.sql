-- What to dial at a carrier, from its row: public.generate_forwarding_codes() without its door. The number keeps its +.
--
-- Ring time matters where a phone rings first and the carrier lets one say how long: then it is within the carrier's limits
-- and a multiple of its step, 25 seconds without a wish or as near as the carrier comes to it. Elsewhere it is ignored.
--
-- Raises 400 phone_number_invalid, 422 carrier_unknown, 422 forwarding_type_invalid, 422 ring_time_out_of_range.
create or replace function private.forwarding_codes(
    p_carrier text, p_type text, p_destination text, p_ring_seconds integer
)
returns public.forwarding_codes
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rule public.carrier_forwarding_rules;
    v_ring integer;
begin
    select * into v_rule from public.carrier_forwarding_rules r where r.carrier = p_carrier;
    if not found then
        perform private.fail('carrier_unknown');
    elsif p_type is null or p_type not in ('total_ai', 'safety_net') then
        perform private.fail('forwarding_type_invalid');
    elsif p_destination is null or p_destination !~ '^\+[1-9]\d{6,14}$' then
        perform private.fail('phone_number_invalid');
    end if;
    if p_type = 'total_ai' then
        return (replace(v_rule.total_ai_on, 'DEST', p_destination), v_rule.total_ai_off, null)::public.forwarding_codes;
    end if;

    if v_rule.ring_time_supported then
        v_ring := coalesce(p_ring_seconds, least(25, v_rule.ring_max) / v_rule.ring_step * v_rule.ring_step);
        if v_ring not between v_rule.ring_min and v_rule.ring_max or v_ring % v_rule.ring_step <> 0 then
            perform private.fail('ring_time_out_of_range', jsonb_build_object(
                'least', v_rule.ring_min, 'most', v_rule.ring_max, 'step', v_rule.ring_step));
        end if;
    end if;
    return (
        replace(replace(v_rule.safety_net_on, 'SECS', coalesce(v_ring::text, '')), 'DEST', p_destination),
        v_rule.safety_net_off, v_ring)::public.forwarding_codes;
end
$$;

revoke execute on function private.forwarding_codes(text, text, text, integer) from public, anon, authenticated, service_role;

-- Whether somebody may be called now: not whoever asked not to be, not outside the clinic's calling hours, not one of its own
-- numbers that answer here, and nobody while another call to them is under way.
--
-- A test may ring the phone of whoever runs the clinic at any hour; anybody else's only when people may be called. The caller
-- holds the wallet, so that of two wishes at once the second sees the first.
--
-- Raises 400 phone_number_invalid, 422 premium_number, 409 do_not_call, 409 outside_calling_hours, 409 number_answers_here,
-- 409 call_under_way.
create or replace function private.check_call_wish(
    p_org_id uuid, p_to text, p_purpose text, p_user_id uuid, p_now timestamptz
)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_hours constant jsonb := (private.call_settings_of(p_org_id)).calling_hours;
    v_zone constant text := private.zone_of(p_org_id);
begin
    perform private.check_phone_number(p_to);
    if exists (select from public.contacts c where c.org_id = p_org_id and c.phone = p_to and c.do_not_call) then
        perform private.fail('do_not_call');
    elsif exists (select from public.phone_number_mapping m where m.org_id = p_org_id and m.phone_number = p_to) then
        perform private.fail('number_answers_here');
    elsif not private.is_within_hours(v_hours, v_zone, p_now)
          and not (p_purpose = 'test' and private.is_own_phone(p_org_id, p_user_id, p_to)) then
        perform private.fail('outside_calling_hours', jsonb_build_object('calling_hours', v_hours, 'time_zone', v_zone));
    elsif exists (
        select from public.calls c
        where c.org_id = p_org_id and c.phone_number = p_to and c.created_at > p_now - interval '2 hours'
          and c.call_direction = 'outbound' and c.status in ('pending', 'in_progress')
    ) then
        perform private.fail('call_under_way');
    end if;
end
$$;

revoke execute on function private.check_call_wish(uuid, text, text, uuid, timestamptz)
    from public, anon, authenticated, service_role;

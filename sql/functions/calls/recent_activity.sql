-- The last ten things that happened in the caller's organisation, newest first, each with the page of the dashboard that
-- shows it: calls, bookings, hot leads, messages, and money put in.
--
-- Everyone sees what they may read: money only managers and admins, a key what its scopes say.
--
-- Raises what private.authorize() raises.
create or replace function public.recent_activity()
returns setof public.activity_item
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.recent_activity');
begin
    return query
        (select 'call', c.id, c.created_at, private.told_call(c), '/dashboard/calls/' || c.id
         from public.calls c where c.org_id = v_caller.org_id
         order by c.created_at desc, c.id desc limit 10)
        union all
        (select 'booking', a.id, a.created_at, a.title || ' was booked', '/dashboard/appointments/' || a.id
         from public.appointments a where a.org_id = v_caller.org_id
         order by a.created_at desc limit 10)
        union all
        (select 'hot_lead', h.id, h.created_at,
                format('%s may be worth ringing back, score %s', private.told_contact(c), h.score), '/dashboard/leads/' || h.contact_id
         from public.hot_lead_alerts h
         join public.contacts c on c.org_id = h.org_id and c.id = h.contact_id
         where h.org_id = v_caller.org_id
         order by h.created_at desc, h.id desc limit 10)
        union all
        (select 'message', m.id, m.created_at,
                format(case m.direction when 'in' then 'A message came from %s' else 'A message to %s' end, m.recipient),
                coalesce('/dashboard/calls/' || m.call_id, '/dashboard/leads/' || m.contact_id, '/dashboard')
         from public.messages m where m.org_id = v_caller.org_id
         order by m.created_at desc, m.id desc limit 10)
        union all
        (select 'topup', t.id, t.created_at, to_char(t.amount_pence / 100.0, 'FM£999999990.00') || ' came into the wallet', '/dashboard/wallet'
         from public.credit_transactions t where t.org_id = v_caller.org_id and t.type = 'topup'
         order by t.seq desc limit 10)
        order by 3 desc, 2 desc
        limit 10;
end
$$;

revoke execute on function public.recent_activity() from public, anon, authenticated, service_role;
grant execute on function public.recent_activity() to authenticated;

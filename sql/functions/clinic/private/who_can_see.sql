-- Who would see a visit that begins at this time, or why nobody can: `past`; `closed`, because nobody sees patients then or
-- the diary is not open that far (four hundred days); `taken`, because all who do are busy.
--
-- Of several the one whom private.free_slots() names. A time need not be on a quarter hour: it is offered on those only.
create or replace function private.who_can_see(
    p_visit private.visit, p_starts_at timestamptz, p_now timestamptz, out outcome text, out practitioner_id uuid
)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_zone constant text := private.zone_of(p_visit.org_id);
    v_visit constant tstzrange := tstzrange(p_starts_at, p_starts_at + make_interval(mins => p_visit.minutes));
    v_taken constant tstzrange :=
        tstzrange(p_starts_at, p_starts_at + make_interval(mins => p_visit.minutes + p_visit.buffer));
    v_before constant uuid := private.practitioner_of(p_visit.org_id, p_visit.replaces);
begin
    if p_starts_at <= p_now then
        outcome := 'past';
        return;
    elsif p_starts_at is null or p_starts_at > p_now + interval '400 days' then
        outcome := 'closed';
        return;
    end if;

    select case when d.busy && v_taken then 'taken' end, d.practitioner_id into outcome, practitioner_id
    from private.diary(p_visit, lower(v_taken), upper(v_taken)) as d
    where d.hours @> v_visit
    order by d.busy && v_taken, d.practitioner_id is not distinct from v_before desc, (
        select coalesce(sum(a.duration_minutes + a.buffer_minutes), 0)
        from public.appointments a
        where a.org_id = p_visit.org_id and a.practitioner_id = d.practitioner_id
          and a.status in ('scheduled', 'confirmed') and a.id is distinct from p_visit.replaces
          and a.scheduled_at between p_starts_at - interval '2 days' and p_starts_at + interval '2 days'
          and (a.scheduled_at at time zone v_zone)::date = (p_starts_at at time zone v_zone)::date), d.practitioner_id
    limit 1;
    if not found then
        outcome := 'closed';
    end if;
end
$$;

revoke execute on function private.who_can_see(private.visit, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;

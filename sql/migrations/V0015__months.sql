-- Years of calls as months; and a result that must not lie about.

create table private.call_months (like private.call_quarters including all);
alter table private.call_months rename column quarter to month;
alter table private.call_months
    add check (month = date_trunc('month', month, 'UTC')),
    set (fillfactor = 80);
comment on table private.call_months is
    'private.call_quarters by month of UTC, kept by its trigger: years of a clinic with many calls are a few dozen rows.';

-- The trigger is here, and not first with the triggers: whatever is folded while this release comes up is in its month too, or
-- fails for want of private.add_to_month() and is folded a minute later. It locks the quarters until they are added up.
create function private.count_months()
returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op <> 'INSERT' then
        perform private.add_to_month(old, -1);
    end if;
    if tg_op <> 'DELETE' then
        perform private.add_to_month(new, 1);
    end if;
    return null;
end
$$;
revoke execute on function private.count_months() from public;
create trigger count_months
    after insert or update or delete on private.call_quarters
    for each row execute function private.count_months();
insert into private.call_months (
    org_id, month, direction, calls, completed, booked, seconds, timed, sentiment, felt, value_pence, connected, engaged)
select q.org_id, date_trunc('month', q.quarter, 'UTC'), q.direction, sum(q.calls), sum(q.completed), sum(q.booked), sum(q.seconds),
       sum(q.timed), sum(q.sentiment), sum(q.felt), sum(q.value_pence), sum(q.connected), sum(q.engaged)
from private.call_quarters q
group by 1, 2, 3;

-- What Vapi says of a call that fell silent is a whole transcript: it becomes a record, as much of it as may be kept.
alter table private.effect_kinds add column result_kept boolean not null default true;
comment on column private.effect_kinds.result_kept is
    'False where the next step takes what it needs and the rest must not lie about for a month.';

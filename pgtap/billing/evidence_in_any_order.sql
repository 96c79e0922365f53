begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

-- Word of one call in every order, each absent or once: the same words always come to the same.
create temp table words (n integer, source text, seconds bigint, ended_at timestamptz);
insert into words values
    (1, 'start', null, '2026-11-02 12:00:30+00'), (2, 'status', null, '2026-11-02 12:02:30+00'),
    (3, 'poll', 90, '2026-11-02 12:02+00'), (4, 'report', null, null), (5, 'release', 0, null);
create temp table orders as
with recursive grown as (
    select array[]::integer[] as told
    union all
    select g.told || w.n from grown g join words w on w.n <> all (g.told)
)
select row_number() over () as n, told from grown;

create function pg_temp.after_hearing(p_told integer[], p_twice boolean) returns text language plpgsql as $$
declare
    v_call constant uuid := gen_random_uuid();
    v_org constant uuid := current_setting('tests.org')::uuid;
    v_word words;
    v_at constant timestamptz := '2026-11-02 12:10+00';
begin
    perform private.reserve_call_credits(v_org, v_call, p_now => '2026-11-02 12:00+00');
    for v_word in select w.* from unnest(p_told) with ordinality t (n, place) join words w using (n), generate_series(1, 1 + p_twice::integer) order by t.place loop
        if v_word.source = 'start' then
            perform private.start_call_clock(v_call, v_word.ended_at, v_at);
        else
            perform private.commit_reserved_credits(v_call, v_word.seconds, v_word.source, v_word.ended_at, v_at);
        end if;
    end loop;
    return (select format('%s %s %s, held %s, capped %s, started %s, posted %s', r.status, r.committed_pence,
                          r.settled_at is not null, w.held_pence, w.capped_pence, r.started_at,
                          (select coalesce(sum(t.amount_pence), 0) from public.credit_transactions t where t.org_id = v_org and t.call_id = v_call))
            from public.credit_reservations r, public.credit_wallets w where r.call_id = v_call and w.org_id = v_org);
end
$$;
create function pg_temp.undone(p_told integer[], p_twice boolean) returns text language plpgsql as $$
declare
    v_end text;
begin
    begin
        v_end := pg_temp.after_hearing(p_told, p_twice);
        raise exception 'seen' using errcode = 'UNDOO';
    exception when sqlstate 'UNDOO' then
        return v_end;
    end;
end
$$;
select set_config('tests.org', tests.funded(100000)::text, true);
create temp table ends as
select told, (select array_agg(x order by x) from unnest(told) x) as heard, pg_temp.undone(told, false) as once, pg_temp.undone(told, true) as twice
from orders;

select is((select count(*) from ends), 326::bigint, 'five words have 326 orders');
select is_empty('select heard from ends group by heard having count(distinct once) > 1', 'in whatever order they are heard, the same words end the same');
select is_empty('select told from ends where once <> twice', 'also when each is heard twice');
select results_eq(
    $$ select string_agg(heard::text || ': ' || split_part(once, ',', 1), E'\n' order by heard) from (select distinct heard, once from ends where cardinality(heard) in (1, 5)) e $$,
    $$ values (E'{1}: active 0 f\n{1,2,3,4,5}: committed 84 t\n{2}: active 0 f\n{3}: committed 84 t\n{4}: active 0 f\n{5}: released 0 t') $$,
    'and it is the surest word that is charged');

select * from finish();
rollback;

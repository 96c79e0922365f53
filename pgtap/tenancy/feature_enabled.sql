begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(10);

insert into public.feature_flags (name, enabled, rollout_percentage) values
    ('off', false, 100), ('on', true, 100), ('none', true, 0), ('some', true, 30), ('overruled', false, 0);
select tests.org() as org \gset
select tests.admin(:'org') as admin \gset
insert into public.org_feature_flags (org_id, name, enabled) values (:'org', 'overruled', true), (:'org', 'on', false);

select tests.as_user(:'admin');
select ok(not public.feature_enabled('off'), 'a flag that is off is off');
select ok(not public.feature_enabled('none'), 'one rolled out to nobody is off');
select ok(public.feature_enabled('overruled'), 'the organisation''s own answer goes first');
select ok(not public.feature_enabled('on'), 'either way');
select ok(not public.feature_enabled('unknown'), 'an unknown flag is off');
select is(public.feature_enabled('some'), public.feature_enabled('some'), 'an answer is stable');

-- The share and its growth, over organisations that exist nowhere else: the rule is a hash of organisation and name.
select tests.as_owner();
insert into public.organizations (id, name) select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Rollout ' || n from generate_series(1, 400) n;
insert into public.profiles (org_id, id, role) select o.id, o.id, 'user' from public.organizations o where o.name like 'Rollout %';
create function pg_temp.with_flag() returns uuid[] language plpgsql as $$
declare v_on uuid[] := '{}'; v_org uuid;
begin
    for v_org in select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid from generate_series(1, 400) n loop
        perform tests.as_claims(jsonb_build_object('role', 'authenticated', 'sub', v_org, 'app_metadata', jsonb_build_object('org_id', v_org)));
        if public.feature_enabled('some') then v_on := v_on || v_org; end if;
    end loop;
    perform tests.as_owner();
    return v_on;
end $$;
select pg_temp.with_flag() as first \gset
select ok(cardinality(:'first'::uuid[]) between 80 and 160, 'about the share of the organisations has it');
select is(pg_temp.with_flag(), :'first'::uuid[], 'asked again, the same');
update public.feature_flags set rollout_percentage = 60 where name = 'some';
select ok(pg_temp.with_flag() @> :'first'::uuid[], 'a growing share takes it from nobody');
update public.feature_flags set rollout_percentage = 100 where name = 'some';
select is(cardinality(pg_temp.with_flag()), 400, 'until everybody has it');

select * from finish();
rollback;

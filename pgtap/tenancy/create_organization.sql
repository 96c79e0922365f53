begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

-- Sign-up makes one by itself; a second one made for the same account shows this function alone.
select tests.org('First') as first \gset
select tests.admin(:'first') as person \gset
update auth.users
set raw_user_meta_data = '{"clinic_name": " Smile\t Dental ", "organization_name": "Smile Ltd", "role": "user", "timezone": "Asia/Tokyo",
                           "org_id": "00000000-0000-0000-0000-000000000001", "balance_pence": 100000}'
where id = :'person';
select email from auth.users where id = :'person' \gset
select private.create_organization(:'person') as org \gset

select isnt(:'org'::uuid, :'first', 'it makes an organisation whenever it is called: whether to is the caller''s question');
select results_eq(
    format('select name, clinic_name, email, timezone, telephony_mode, settings, suspended_at, stripe_customer_id from public.organizations where id = %L', :'org'),
    format($$ values ('Smile Dental', 'Smile Dental', %L, 'Europe/London', 'none', '{}'::jsonb, null::timestamptz, null::text) $$, :'email'),
    'named as its owner names the clinic, which is all the owner decides');
select results_eq(
    format('select balance_pence, held_pence, entry_count, auto_recharge_enabled, status from public.credit_wallets where org_id = %L', :'org'),
    $$ values (0::bigint, 0::bigint, 0::bigint, false, 'active') $$, 'with a wallet that is empty');
select bag_eq(
    format('select name, price_pence, currency, keywords, is_active from public.services where org_id = %L', :'org'),
    $$ select name, price_pence, 'GBP' as currency, keywords, true as is_active from private.default_services $$, 'and the default services');
select results_eq(
    format('select id, role, status from public.profiles where org_id = %L', :'org'),
    format($$ values (%L::uuid, 'admin', 'active') $$, :'person'), 'they are its one member, and its admin whatever they said');
select is((select org_id from private.directory where kind = 'user' and key = :'person'), :'org'::uuid, 'the directory says so');
select is((select raw_app_meta_data ->> 'org_id' from auth.users where id = :'person'), :'org', 'and so will the next token');

insert into private.default_services (name, price_pence, keywords) values ('Planted', 1, '{planted}');
create function pg_temp.name(p_email text, p_meta jsonb default '{}') returns text language plpgsql volatile as $$
declare v_org public.organizations; v_user constant uuid := tests.sign_up(p_email, p_meta); v_id constant uuid := private.create_organization(v_user);
begin
    select * into v_org from public.organizations where id = v_id;
    return v_org.name || coalesce(' / ' || v_org.clinic_name, '');
end $$;
select is(
    pg_temp.name(tests.email('x'), '{"organization_name": "Smile Ltd", "clinic_name": " \n "}'), 'Smile Ltd',
    'an empty clinic name is none, the organisation''s counts');
select is(pg_temp.name('dr.jo_o+new-er@create-organization.test'), 'Dr Jo O New Er''s clinic', 'without either the email gives one');
select is(pg_temp.name('...@create-organization.test'), 'New clinic', 'if there is a name in it');
select is(pg_temp.name(null), 'New clinic', 'or an email at all');
select is(
    length(pg_temp.name(repeat('e', 200) || '@create-organization.test')), 189, 'one of any length');
select is(
    pg_temp.name(tests.email('x'), '{"clinic_name": ["Smile"]}'), '["Smile"] / ["Smile"]', 'what is no text does no harm');
select is(
    (select count(*) from public.services s where s.name = 'Planted'), 12::bigint, 'new organisations start with the services of their day');
select throws_ok($$ select private.create_organization(gen_random_uuid()) $$, 'P0002', null, 'without an account there is none');

select * from finish();
rollback;

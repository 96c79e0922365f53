-- Alone: it plants triggers on tables that every sign-up writes to.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.sign_up('anna.smith@clinic.test', '{"clinic_name": "Smile\n Dental ", "full_name": "Anna Smith", "org_id": "00000000-0000-0000-0000-000000000001", "role": "user"}') as anna \gset
select org_id as org from public.profiles where id = :'anna' \gset

select results_eq(
    format('select name, clinic_name, email, timezone, telephony_mode, onboarding_completed_at is null from public.organizations where id = %L', :'org'),
    $$ values ('Smile Dental', 'Smile Dental', 'anna.smith@clinic.test', 'Europe/London', 'none', true) $$,
    'an account makes an organisation, named as its owner names the clinic');
select results_eq(
    format('select role, status, full_name, email from public.profiles where org_id = %L', :'org'),
    $$ values ('admin', 'active', 'Anna Smith', 'anna.smith@clinic.test') $$,
    'whose admin it is, whatever it says of itself');
select results_eq(
    format('select balance_pence, held_pence, capped_pence, debt_limit_pence, max_concurrent_calls, status from public.credit_wallets where org_id = %L', :'org'),
    $$ values (0::bigint, 0::bigint, 0::bigint, 500::bigint, 10, 'active') $$,
    'the wallet is there and empty');
select results_eq(
    format('select name, price_pence, keywords from public.services where org_id = %L order by name', :'org'),
    $$ values ('Botox', 40000::bigint, '{botox,wrinkle,injection}'::text[]),
              ('Breast Augmentation', 750000, '{"breast augmentation",implants,"boob job"}'),
              ('Consultation', 15000, '{consultation,consult,assessment}'),
              ('Facelift', 800000, '{facelift,"face lift"}'),
              ('Fillers', 50000, '{filler,fillers,"lip filler"}'),
              ('Liposuction', 500000, '{liposuction,lipo,"fat removal"}'),
              ('Rhinoplasty', 600000, '{rhinoplasty,"nose job"}') $$,
    'so are the seven services');
select is((select raw_app_meta_data ->> 'org_id' from auth.users where id = :'anna'), :'org', 'the account carries the organisation');
select is((select org_id from private.directory where kind = 'user' and key = :'anna'), :'org'::uuid, 'the directory knows it');
select is(
    (select count(*) from private.emails where org_id = :'org' and recipient = 'anna.smith@clinic.test' and template = 'welcome'),
    1::bigint, 'a welcome is on its way');

select tests.sign_up('bob_the-builder@clinic.test') as bob \gset
select is(
    (select o.name from public.organizations o join public.profiles p on p.org_id = o.id where p.id = :'bob'),
    'Bob The Builder''s clinic', 'without a name the email gives one');
select tests.sign_up('c@clinic.test', jsonb_build_object('organization_name', repeat('x', 999), 'full_name', 42)) as carl \gset
select is(
    (select length(o.name) from public.organizations o join public.profiles p on p.org_id = o.id where p.id = :'carl'),
    200, 'a name that is too long is cut');
select tests.sign_up(null) as phone_only \gset
select is(
    (select o.name from public.organizations o join public.profiles p on p.org_id = o.id where p.id = :'phone_only'),
    'New clinic', 'an account without an email has an organisation too');

create function pg_temp.refuse() returns trigger language plpgsql as $$ begin raise exception 'no wallets today'; end $$;
create trigger planted before insert on public.credit_wallets for each row execute function pg_temp.refuse();
select lives_ok($$ select tests.sign_up('dora@clinic.test') $$, 'a sign-up does not fail for what can be mended later');
drop trigger planted on public.credit_wallets;
select is_empty($$ select from public.profiles where email = 'dora@clinic.test' $$, 'nothing of it stands half-done');
select is(
    (select l.details ->> 'message' from public.security_audit_log l join auth.users u on u.id = l.user_id
     where l.kind = 'sign_up_incomplete' and u.email = 'dora@clinic.test'),
    'no wallets today', 'and why is on record');

create trigger planted before insert on private.emails for each row execute function pg_temp.refuse();
select lives_ok($$ select tests.sign_up('eve@clinic.test') $$, 'nor for an email');
drop trigger planted on private.emails;
select is((select role from public.profiles where email = 'eve@clinic.test'), 'admin', 'the rest of it stands');
select is(
    (select count(*) from public.security_audit_log l join public.profiles p on p.org_id = l.org_id
     where l.kind = 'welcome_email_failed' and p.email = 'eve@clinic.test'),
    1::bigint, 'and the missing email is on record');
select is(
    (select count(*) from public.audit_logs l where l.org_id = :'org' and l.table_name = 'profiles' and l.actor_type = 'system'),
    1::bigint, 'the audit says that nobody in particular did it');

select * from finish();
rollback;

-- A text names services by their names and keywords, as whole words; the dearest counts, and nobody else's.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

select tests.org('Price') as org, tests.org('Price Else') as other \gset
select tests.user(:'org', 'user') as member, tests.api_key(:'org', '{calls:read}') as key \gset
insert into public.services (org_id, name, price_pence, keywords) values (:'other', 'Moon dust', 9900000, '{moon dust}');
create function pg_temp.price(p_text text) returns text language sql as $$
    select s.service_name || ' ' || s.price_pence from public.get_service_price_by_keyword(p_text) s $$;
grant execute on function pg_temp.price(text) to authenticated;

select tests.as_user(:'member');
select is(pg_temp.price('How much is Botox?'), 'Botox 40000', 'a service is found by its name');
select is(pg_temp.price('I would like a NOSE   job, please.'), 'Rhinoplasty 600000', 'or a keyword of several words, however it is written');
select is(pg_temp.price('Botox, fillers or a face-lift'), 'Facelift 800000', 'of several the dearest');
select is(pg_temp.price('We sell botoxin and refillers'), null, 'parts of words name nothing');
select is(pg_temp.price('moon dust'), null, 'nor does what another organisation offers');
select is(pg_temp.price(''), null, 'nor an empty text');
select is(pg_temp.price(null), null, 'nor none');
select tests.as_owner();
update public.services set is_active = false where org_id = :'org' and name = 'Facelift';
insert into public.services (org_id, name, price_pence, keywords) values (:'org', 'Odd', 1, '{"", "!?", " "}');
select tests.as_user(:'member');
select is(pg_temp.price('Botox or a face lift'), 'Botox 40000', 'what is not offered any more does not count');
select is(pg_temp.price('!? anything'), null, 'a keyword without letters names nothing');
select is((select row(currency, service_id is not null)::text from public.get_service_price_by_keyword('botox')), '(GBP,t)', 'which service, in which currency');
select tests.as_api_key(:'key');
select tests.throws_code($$ select * from public.get_service_price_by_keyword('botox') $$, 'scope_missing', 'a key needs the scope');
select tests.as_anon();
select throws_ok($$ select * from public.get_service_price_by_keyword('botox') $$, '42501', null, 'nobody asks without signing in');
select tests.as_owner();
select is(array(select s.name from private.services_in(:'org', 'botox fillers consultation') s), '{Fillers,Botox,Consultation}', 'all that are named come dearest first');

select * from finish();
rollback;

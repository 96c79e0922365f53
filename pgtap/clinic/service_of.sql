begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(23);

select tests.org() as org, tests.org('Other') as other \gset
insert into public.services (org_id, name, price_pence, keywords) values (:'org', 'Lip Fillers', 60000, '{"lip filler"}'), (:'org', 'Crème Peel', 9000, '{}');
insert into public.services (org_id, name, price_pence, keywords, is_active) values (:'org', 'Botox Deluxe', 90000, '{"botox de luxe"}', false);
insert into public.services (org_id, name, price_pence, keywords) values (:'other', 'Theirs', 1, '{moonlight}');
update public.services set keywords = '{filler,fillers}' where org_id = :'org' and name = 'Fillers';

select is((private.service_of(:'org', said)).name, meant, said)
from (values
    ('botox', 'Botox'), ('I would like some BOTOX, please.', 'Botox'), ('a nose-job', 'Rhinoplasty'), ('nose jobs', 'Rhinoplasty'),
    ('fillers', 'Fillers'), ('a lip filler', 'Lip Fillers'), ('lip fillers', 'Lip Fillers'), ('creme  peel', 'Crème Peel'), ('CRÈME PEEL', 'Crème Peel'),
    ('botox deluxe', 'Botox'), ('botox de luxe', 'Botox'), ('a consultation about fillers', 'Consultation'),
    ('moonlight', null), ('botoxic', null), ('lipogram', null), ('', null), ('…', null), ('.*', null), (null, null)) as t (said, meant);

select is(private.fold_text('  Łódź,  Ærø & Straße: O’Neill-Œuvre '), 'lodz aero strasse oneill oeuvre', 'accents, case and marks are not heard');
select is(private.fold_text('Ｆｕｌｌ ﬁx Ünï'), 'full fix uni', 'nor how a letter is written');
select is(private.name_key(' Núñez  MARÍA-josé '), private.name_key('Maria Jose Nunez'), 'a name is its words');
select is(private.name_key(' - '), null, 'and nothing is no name');

select * from finish();
rollback;

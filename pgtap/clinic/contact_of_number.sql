-- One number is one contact; a caller without a number is none, and a name fills what is empty only.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(24);

select tests.org('Contact') as org, tests.org('Contact Else') as other \gset
create function pg_temp.of(p_org uuid, p_phone text, p_name text default null) returns uuid language sql as $$
    select private.contact_of_number(p_org, p_phone, p_name, tests.now()) $$;

select pg_temp.of(:'org', '+447700900123') as jane \gset
select isnt(:'jane'::text, null, 'a new number is a new contact');
select is((select row(lead_status, lead_score, first_name)::text from public.contacts where id = :'jane'), '(new,0,)', 'new, and nothing known of it');
select is((select payload ->> 'contact_id' from private.events where org_id = :'org' and kind = 'contact.created'), :'jane', 'open screens hear of it');
select is(pg_temp.of(:'org', '+44 7700 (900)-123'), :'jane', 'however it is spaced it is the same');
select is(pg_temp.of(:'org', '+447700900123', 'Jane van der Berg'), :'jane', 'the number alone says who it is');
select is((select first_name || '|' || last_name from public.contacts where id = :'jane'), 'Jane|van der Berg', 'a name is taken where there was none');
select is(pg_temp.of(:'org', '+447700900123', 'Bob'), :'jane', 'another name is no other contact');
select is((select first_name from public.contacts where id = :'jane'), 'Jane', 'and does not take the first one''s place');
select isnt(pg_temp.of(:'other', '+447700900123'), :'jane'::uuid, 'another organisation knows the number by itself');
select is((select count(*) from private.events where org_id = :'org' and kind = 'contact.created'), 1::bigint, 'a contact is new once');
select is(pg_temp.of(:'org', p), null, 'no contact: ' || coalesce(p, 'nothing'))
from unnest(array[null, '', 'anonymous', 'Restricted', '+266696687', '+86282452253', '07700900123', '+0123456789', 'sip:jane@example.com', '+44 7700 ext 5', '+1234567890123456']) as p;

select set_eq($$ select private.person_name(n) from unnest(array['unknown', ' Jane  Smith ', 'N/A', '+447700900123', '{{name}}', repeat('x', 201), 'O''Neill', '李雷']) as n $$,
    $$ values (null), ('Jane Smith'), ('O''Neill'), ('李雷') $$, 'what is no name is not taken for one');
select is(private.name_contact(:'org', :'jane', 'Janet Berg', tests.now(), 'Jane van der Berg'), true, 'a better word''s name takes the lesser one''s place');
select is(private.name_contact(:'org', :'jane', 'Jack', tests.now(), 'Jane van der Berg'), false, 'and nobody else''s');

select * from finish();
rollback;

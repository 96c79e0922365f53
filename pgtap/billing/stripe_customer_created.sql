begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select 'cus_k' || substr(:'org', 1, 8) as customer \gset
create function pg_temp.created(p_id text, p_metadata jsonb) returns text language sql as $$
    select tests.hear_stripe('customer.created', jsonb_build_object('object', 'customer', 'id', p_id, 'metadata', p_metadata));
$$;
select is(pg_temp.created(:'customer', jsonb_build_object('org_id', :'org')), 'processed', 'a customer that names its organisation');
select is(stripe_customer_id, :'customer', 'is its customer') from public.organizations where id = :'org';
select is(org_id, :'org', 'and leads to it') from private.directory where kind = 'stripe_customer' and key = :'customer';
select is(pg_temp.created(:'customer', jsonb_build_object('org_id', :'org')), 'processed', 'the same again is no harm');
select is(pg_temp.created(:'customer' || 'b', jsonb_build_object('org_id', :'org')), 'failed: The organisation has another customer.', 'a second customer is not taken');
select is(stripe_customer_id, :'customer', 'the first stays') from public.organizations where id = :'org';
select is_empty(format($$ select from private.directory where key = %L $$, :'customer' || 'b'), 'and the second leads nowhere');
select is(pg_temp.created(:'customer', jsonb_build_object('org_id', :'other')), 'failed: The customer belongs to another organisation.', 'another''s customer is not taken');
select is(stripe_customer_id, null, 'and nobody gets it') from public.organizations where id = :'other';
select is(pg_temp.created('cus_nobody', '{}'), 'failed: Its metadata names no organisation of ours.', 'a customer of nobody');
select is(pg_temp.created('cus_nobody', '{"org_id": "x''; --"}'), 'failed: Its metadata names no organisation of ours.', 'or of nonsense');
select is(pg_temp.created('cus_nobody', jsonb_build_object('org_id', gen_random_uuid())), 'failed: Its metadata names no organisation of ours.', 'or of someone we do not know');
select is_empty($$ select from private.directory where kind = 'stripe_customer' and key = 'cus_nobody' $$, 'is parked');

select * from finish();
rollback;

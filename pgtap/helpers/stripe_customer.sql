-- Gives an organisation its customer at Stripe, the way Stripe tells of one, and answers its id.
create or replace function tests.stripe_customer(p_org uuid)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id constant text := 'cus_' || replace(p_org::text, '-', '');
begin
    perform tests.hear_stripe('customer.created', jsonb_build_object(
        'object', 'customer', 'id', v_id, 'metadata', jsonb_build_object('org_id', p_org)));
    return v_id;
end
$$;

-- A payment of a customer nobody knows goes to whom its metadata names.
--
-- Caught by: pgtap/billing/process_stripe_event.sql
select tests.patch('private.stripe_event_org', $old$if v_orgs is null then$old$, $new$v_orgs := coalesce(v_orgs, array[private.uuid_or_null(p_object #>> '{metadata,org_id}')]);
    if v_orgs is null then$new$);

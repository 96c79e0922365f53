-- A refusal leaves no trace.
--
-- Caught by: pgtap/billing/refuse_call.sql
select tests.patch('private.refuse_call', $old$on conflict do nothing;$old$, $new$on conflict do nothing;
    delete from public.call_refusals f where f.org_id = p_wallet.org_id and f.call_id = p_call_id;$new$);

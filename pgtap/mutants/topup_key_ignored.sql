-- A repeated top-up opens a second page.
--
-- Caught by: pgtap/billing/start_topup.sql
select tests.patch('private.start_topup', $old$coalesce(p_idempotency_key, gen_random_uuid()::text)$old$, $new$gen_random_uuid()::text$new$);

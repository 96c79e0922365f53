-- Effects run before their time.
--
-- Caught by: pgtap/platform/claim_effects.sql
select tests.patch('private.claim_effects', $old$and r.run_at <= p_now$old$, $new$$new$);

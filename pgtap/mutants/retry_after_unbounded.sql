-- A provider that says "in ten years" is believed.
--
-- Caught by: pgtap/platform/fail_effect.sql
select tests.patch('private.fail_effect', $old$least(p_retry_after, interval '1 day')$old$, $new$p_retry_after$new$);

-- An effect is ended though someone else holds it now.
--
-- Caught by: pgtap/platform/end_effect.sql
select tests.patch('private.end_effect', $old$e.lease_token is not distinct from p_effect.lease_token and $old$, '');

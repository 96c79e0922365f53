-- Any key with a known prefix is right.
--
-- Caught by: pgtap/tenancy/authenticate_api_key.sql
select tests.patch('private.authenticate_api_key', $old$s.key_hash = p_hash into$old$, $new$true into$new$);

-- The operator gets a token for an account that was deleted.
--
-- Caught by: pgtap/tenancy/operator_token_claims.sql
select tests.patch('private.operator_token_claims', $old$ and u.deleted_at is null$old$, '');

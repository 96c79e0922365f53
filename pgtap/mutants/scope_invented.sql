-- An API key may be given a scope that nothing knows.
--
-- Caught by: pgtap/tenancy/create_api_key.sql
select tests.patch('private.create_api_key', $old$or not exists (select from private.grant_matrix g where g.scope = s.scope)$old$, $new$$new$);

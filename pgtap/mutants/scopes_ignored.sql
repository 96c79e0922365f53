-- An API key may do what its scopes do not name.
--
-- Caught by: pgtap/tenancy/authorize.sql
select tests.patch('private.authorize', $old$v_entry.scope is null or v_entry.scope <> all (v_member.scopes)$old$, $new$false$new$);

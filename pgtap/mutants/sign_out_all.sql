-- Signing out here signs out everywhere.
--
-- Caught by: pgtap/tenancy/sign_out.sql
select tests.patch('private.sign_out', $old$when 'local' then id = p_session_id$old$, $new$when 'local' then true$new$);

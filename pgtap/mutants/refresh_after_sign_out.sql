-- A refresh token works after signing out.
--
-- Caught by: pgtap/tenancy/refresh_session.sql pgtap/tenancy/sign_out.sql
select tests.patch('private.refresh_session', $old$v_session.revoked_at is not null$old$, $new$false$new$);

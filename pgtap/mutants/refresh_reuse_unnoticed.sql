-- A stolen refresh token works beside the real one.
--
-- Caught by: pgtap/tenancy/refresh_session.sql
select tests.patch('private.refresh_session', $old$v_presented.rotated_at < p_now - interval '10 seconds'$old$, $new$false$new$);

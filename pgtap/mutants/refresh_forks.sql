-- A second tab is given a token of its own, so that one session becomes two families.
--
-- Caught by: pgtap/tenancy/refresh_session.sql
select tests.patch('private.refresh_session', $old$if v_presented.rotated_at is null then$old$, $new$if v_presented.rotated_at is null or v_presented.rotated_at < p_now then$new$);

-- A consent serves whoever brings its state, not only the person who asked.
--
-- Caught by: pgtap/telephony/take_oauth_code.sql
select tests.patch('private.take_oauth_code', $old$ and f.user_id = p_user_id$old$, $new$$new$);

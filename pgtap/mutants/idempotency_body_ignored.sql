-- A key used with another body answers the first request.
--
-- Caught by: pgtap/platform/idem_begin.sql
select tests.patch('private.idem_begin', $old$v_row.body_hash <> v_body_hash$old$, $new$false$new$);

-- A name may bring its own HTML into an email.
--
-- Caught by: pgtap/platform/render_template.sql
select tests.patch('private.render_template', $old$'<', '&lt;'$old$, $new$'<', '<'$new$);

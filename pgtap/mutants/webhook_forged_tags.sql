-- A webhook about one organisation's email is filed under another.
--
-- Caught by: pgtap/platform/process_resend_event.sql
select tests.patch('private.process_resend_event', $old$where e.org_id = (p_event #>> '{data,tags,org_id}')::uuid and e.id$old$, $new$where e.id$new$);

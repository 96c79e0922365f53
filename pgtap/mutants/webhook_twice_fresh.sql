-- A webhook that comes again is taken for a new one.
--
-- Caught by: pgtap/platform/ingest_webhook.sql
select tests.patch('private.ingest_webhook', $old$w.id, false from$old$, $new$w.id, true from$new$);

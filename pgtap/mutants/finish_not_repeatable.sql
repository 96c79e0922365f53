-- A finish whose answer was lost is told that it lost its lease.
--
-- Caught by: pgtap/platform/finish_effect.sql
select tests.patch('private.finish_effect', $old$then 'done' else 'lost' end$old$, $new$then 'lost' else 'lost' end$new$);

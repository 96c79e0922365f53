-- A cancelled effect takes its next step all the same.
--
-- Caught by: pgtap/platform/end_effect.sql
select tests.patch('private.end_effect', $old$ and p_outcome <> 'cancelled'$old$, '');

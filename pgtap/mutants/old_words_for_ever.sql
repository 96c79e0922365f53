-- What was said is kept whatever an organisation asks.
--
-- Caught by: pgtap/calls/erase_old_words.sql
select tests.patch('private.erase_words_before', $old$transcript = null, summary = null, turns = '[]'$old$, $new$summary = null, turns = '[]'$new$);

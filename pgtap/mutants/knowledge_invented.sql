-- One common word is enough to answer a question.
--
-- Caught by: pgtap/knowledge/search_knowledge.sql
select tests.patch('private.search_knowledge', $old$ and m.found * 2 >= cardinality(v_each)$old$, $new$$new$);

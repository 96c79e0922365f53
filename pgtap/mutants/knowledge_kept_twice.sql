-- The same text under another title is kept twice.
--
-- Caught by: pgtap/knowledge/save_knowledge_text.sql
select tests.patch('private.save_knowledge_text', $old$(k.content_hash = v_hash or lower(k.title) = lower(v_title))$old$, $new$lower(k.title) = lower(v_title)$new$);

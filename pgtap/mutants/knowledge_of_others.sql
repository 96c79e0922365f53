-- A question is answered from another organisation's knowledge.
--
-- Caught by: pgtap/knowledge/search_knowledge.sql
select tests.patch('private.search_knowledge', $old$where c.org_id = p_org_id and c.tsv @@ v_all$old$, $new$where c.tsv @@ v_all$new$);

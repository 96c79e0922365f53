-- The passages of an organisation's knowledge that answer a question best, with the title each is from.
--
-- A passage with every word of the question comes before any that has only some of them; one must have at least half. What
-- is left without a single word to look for (only "what", "do", "you") finds nothing. Filtered by organisation first, over
-- knowledge_base_chunks_tsv_idx.
create or replace function private.search_knowledge(p_org_id uuid, p_query text, p_limit integer default 3)
returns table (title text, passage text, rank real)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_words constant text[] := tsvector_to_array(to_tsvector('pg_catalog.english', left(p_query, 1000)));
    v_all constant tsquery := websearch_to_tsquery('pg_catalog.english', left(p_query, 1000));
    v_each tsquery[];
    v_any tsquery;
begin
    if numnode(v_all) > 0 then
        return query
        select k.title, c.content, ts_rank_cd(c.tsv, v_all)
        from public.knowledge_base_chunks c
        join public.knowledge_base k on k.org_id = c.org_id and k.id = c.knowledge_base_id and k.is_active and k.status = 'ready'
        where c.org_id = p_org_id and c.tsv @@ v_all
        order by 3 desc, k.title, k.id, c.position
        limit p_limit;
        if found then
            return;
        end if;
    end if;
    if cardinality(v_words) = 0 then
        return;
    end if;

    select array_agg(quote_literal(w.word)::tsquery), string_agg(quote_literal(w.word), ' | ')::tsquery
    into v_each, v_any
    from unnest(v_words) as w (word);
    return query
    select k.title, c.content, ts_rank(c.tsv, v_any)
    from public.knowledge_base_chunks c
    join public.knowledge_base k on k.org_id = c.org_id and k.id = c.knowledge_base_id and k.is_active and k.status = 'ready'
    cross join lateral (
        select count(*) as found from unnest(v_each) as e (word) where c.tsv @@ e.word) as m
    where c.org_id = p_org_id and c.tsv @@ v_any and m.found * 2 >= cardinality(v_words)
    order by m.found desc, 3 desc, k.title, k.id, c.position
    limit p_limit;
end
$$;

revoke execute on function private.search_knowledge(uuid, text, integer) from public, anon, authenticated, service_role;

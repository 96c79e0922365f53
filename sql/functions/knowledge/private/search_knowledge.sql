-- The passages of an organisation's knowledge that answer a question best, with the title each is from.
--
-- A passage with everything the question is about comes before any that has only some of it; one must have at least half.
-- Whoever asks how much something is asks for its price, whatever word the clinic has for that. What is left without a
-- single word to look for (only "what", "do", "you") finds nothing. Filtered by organisation first, over
-- knowledge_base_chunks_tsv_idx.
create or replace function private.search_knowledge(p_org_id uuid, p_query text, p_limit integer default 3)
returns table (title text, passage text, rank real)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_of_price constant text := '\m(how much|costs?|prices?|pricing|charges?|fees?)\M';
    v_price constant tsquery := to_tsquery('pg_catalog.english', 'price | cost | charge | fee');
    v_query constant text := left(p_query, 1000);
    v_rest constant text := regexp_replace(v_query, v_of_price, ' ', 'gi');
    v_each tsquery[] := array(
        select quote_literal(w.word)::tsquery from unnest(tsvector_to_array(to_tsvector('pg_catalog.english', v_rest))) as w (word));
    v_all tsquery := websearch_to_tsquery('pg_catalog.english', v_rest);
    v_any tsquery;
begin
    if v_query ~* v_of_price then
        v_each := v_each || v_price;
        v_all := case when numnode(v_all) > 0 then v_all && v_price else v_price end;
    end if;
    if cardinality(v_each) = 0 then
        return;
    end if;
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

    v_any := (select string_agg('(' || e.word::text || ')', ' | ')::tsquery from unnest(v_each) as e (word));
    return query
    select k.title, c.content, ts_rank(c.tsv, v_any)
    from public.knowledge_base_chunks c
    join public.knowledge_base k on k.org_id = c.org_id and k.id = c.knowledge_base_id and k.is_active and k.status = 'ready'
    cross join lateral (select count(*) as found from unnest(v_each) as e (word) where c.tsv @@ e.word) as m
    where c.org_id = p_org_id and c.tsv @@ v_any and m.found * 2 >= cardinality(v_each)
    order by m.found desc, 3 desc, k.title, k.id, c.position
    limit p_limit;
end
$$;

revoke execute on function private.search_knowledge(uuid, text, integer) from public, anon, authenticated, service_role;

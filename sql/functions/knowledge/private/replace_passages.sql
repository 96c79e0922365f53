-- Replaces the passages of an entry by those of its text. Each begins with the title, so that it is found by it and says
-- what it is about.
--
-- Locks: the passages; the caller holds the entry.
create or replace function private.replace_passages(p_org_id uuid, p_knowledge_base_id uuid, p_title text, p_content text)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    delete from public.knowledge_base_chunks c
    where c.org_id = p_org_id and c.knowledge_base_id = p_knowledge_base_id;
    insert into public.knowledge_base_chunks (org_id, knowledge_base_id, position, content, token_count)
    select p_org_id, p_knowledge_base_id, p.place - 1, w.content, greatest(length(w.content) / 4, 1)
    from private.passages(p_content, 480) with ordinality as p (passage, place)
    cross join lateral (
        select case when starts_with(lower(p.passage), lower(p_title)) then p.passage
                    else rtrim(p_title, ' .:') || ': ' || p.passage end as content) as w;
$$;

revoke execute on function private.replace_passages(uuid, uuid, text, text) from public, anon, authenticated, service_role;

-- Counts a question that nothing answered: by its words alone, whatever the letter case, spacing and punctuation; an
-- apostrophe is of a word within it only. What should not be kept of calls the caller has taken out.
--
-- Locks: the question's row.
create or replace function private.note_knowledge_gap(p_org_id uuid, p_question text, p_now timestamptz)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into public.knowledge_gaps as g (org_id, question, first_asked_at, last_asked_at)
    select p_org_id, q.question, p_now, p_now
    from (select left(btrim(regexp_replace(
        regexp_replace(replace(lower(p_question), '’', ''''), '(?<![[:alnum:]])''|''(?![[:alnum:]])', ' ', 'g'),
        '[^[:alnum:]''€£$%]+', ' ', 'g')), 500) as question) as q
    where q.question <> ''
    on conflict (org_id, question) do update
    set asked_count = g.asked_count + 1, last_asked_at = greatest(g.last_asked_at, excluded.last_asked_at);
$$;

revoke execute on function private.note_knowledge_gap(uuid, text, timestamptz) from public, anon, authenticated, service_role;

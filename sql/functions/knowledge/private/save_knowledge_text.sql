-- Keeps what a clinic says about itself, as a text with a title, and cuts it into passages. Answers its id.
--
-- The same text again, whatever its title and spacing, is the one that is there. Another text under a title that is there
-- takes its place: a new version, its passages replaced in this transaction.
--
-- Locks: an advisory lock for the organisation's knowledge, so that the same text twice at once is one; then the entry. Raises 422 invalid_value where
-- the title or the text is empty.
create or replace function private.save_knowledge_text(p_org_id uuid, p_title text, p_content text, p_now timestamptz default now())
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_title constant text := left(btrim(regexp_replace(p_title, '\s+', ' ', 'g')), 300);
    v_plain constant text := btrim(regexp_replace(p_content, '\s+', ' ', 'g'));
    v_hash constant bytea := sha256(convert_to(v_plain, 'UTF8'));
    v_entry public.knowledge_base;
begin
    if v_title = '' or v_plain = '' then
        perform private.fail('invalid_value');
    end if;
    perform pg_advisory_xact_lock(hashtextextended('knowledge:' || p_org_id, 0));
    select * into v_entry
    from public.knowledge_base k
    where k.org_id = p_org_id and (k.content_hash = v_hash or lower(k.title) = lower(v_title)) and k.is_active
    order by k.content_hash = v_hash desc, k.created_at, k.id
    limit 1
    for update;
    if v_entry.content_hash = v_hash and v_entry.status = 'ready' then
        return v_entry.id;
    elsif v_entry.id is null then
        insert into public.knowledge_base (
            org_id, title, source, mime_type, content, content_hash, status, created_at, updated_at)
        values (p_org_id, v_title, 'text', 'text/plain', p_content, v_hash, 'ready', p_now, p_now)
        returning * into v_entry;
    else
        update public.knowledge_base k
        set title = v_title, content = p_content, content_hash = v_hash, status = 'ready', error = null,
            version = k.version + 1, updated_at = p_now
        where k.org_id = p_org_id and k.id = v_entry.id;
    end if;
    perform private.replace_passages(p_org_id, v_entry.id, v_title, p_content);
    return v_entry.id;
end
$$;

revoke execute on function private.save_knowledge_text(uuid, text, text, timestamptz) from public, anon, authenticated, service_role;

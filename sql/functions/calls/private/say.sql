-- A sentence for an agent to say, in one line: in exactly this language, else in its base (de for de-AT), else in English.
--
-- p_values stand in it for their {{names}}. A key without an English sentence is a mistake of the program and raises.
create or replace function private.say(p_key text, p_language text, p_values jsonb default '{}')
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sentence text;
begin
    select s.sentence into v_sentence
    from private.spoken_sentences s
    where s.key = p_key and s.language in (p_language, left(p_language, 2), 'en')
    order by s.language = p_language desc, s.language = left(p_language, 2) desc
    limit 1;
    if not found then
        raise exception 'There is no sentence %.', p_key using errcode = 'XX000';
    end if;
    return private.one_line(private.render_template(v_sentence, p_values, false), 2000);
end
$$;

revoke execute on function private.say(text, text, jsonb) from public, anon, authenticated, service_role;

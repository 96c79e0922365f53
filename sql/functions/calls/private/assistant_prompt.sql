-- What an agent is told to be: what its clinic says, and how the tools it has are used, which no clinic has to think of.
create or replace function private.assistant_prompt(p_agent public.agents, p_language text, p_tools jsonb)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select concat_ws(
        chr(10) || chr(10),
        nullif(p_agent.system_prompt, ''),
        format('Speak %s. You are on the telephone: short sentences, no lists, one question at a time.',
               coalesce(p_language, p_agent.language)),
        case when p_tools ? 'queryKnowledgeBase' then
            'Whenever you are asked about the clinic, its services, prices, people or rules, ask queryKnowledgeBase first and '
            'say only what it answers.' end,
        case when p_tools ?& array['checkAvailability', 'bookClinicAppointment'] then
            'Offer only times that checkAvailability names. Book with bookClinicAppointment only after checkAvailability in '
            'this call and once the caller agrees to one time. After that pass the caller on or end the call, as they wish.' end,
        case when p_tools <> '{}' then 'Tell the caller what a tool answers in your own voice, and never more than it says.' end);
$$;

revoke execute on function private.assistant_prompt(public.agents, text, jsonb)
    from public, anon, authenticated, service_role;

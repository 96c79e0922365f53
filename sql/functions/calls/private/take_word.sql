-- A call with what a word of it says, column by column: of each, the greatest word that spoke of it counts, whatever the
-- order they came in. What the product itself knew of a call (whom it was with, passed on to, or what it was told in it)
-- stands, unless it came from such a word.
create or replace function private.take_word(
    p_call public.calls, p_parts jsonb, p_facts jsonb, p_key text, out call public.calls, out parts jsonb
)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_populate_record(p_call, coalesce(jsonb_object_agg(f.key, f.value) filter (where f.counts), '{}')),
           p_parts || coalesce(jsonb_object_agg(f.key, p_key) filter (where f.counts), '{}')
    from (
        select e.key, e.value,
               case
                   when p_parts ? e.key then (p_parts ->> e.key) collate "C" <= p_key collate "C"
                   when e.key in ('phone_number', 'caller_name', 'provider_call_sid', 'transfer_to', 'transfer_time',
                                  'transfer_reason', 'consent') then o.own -> e.key = 'null'
                   else true
               end as counts
        from jsonb_each(p_facts) as e
        cross join (select to_jsonb(p_call) - '{transcript,turns}'::text[]) as o (own)
    ) as f;
$$;

revoke execute on function private.take_word(public.calls, jsonb, jsonb, text)
    from public, anon, authenticated, service_role;

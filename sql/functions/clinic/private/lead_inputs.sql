-- What a contact's score is made of, from the last 90 days: how urgent the last call was and in what mood, the dearest
-- service spoken of, days since the last call, and how many there were. What is not known is absent.
create or replace function private.lead_inputs(p_org_id uuid, p_contact_id uuid, p_now timestamptz)
returns table (input text, amount numeric)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with heard as (
        select coalesce(c.sentiment_urgency, 'low') as sentiment_urgency, c.sentiment_score, c.financial_value_pence,
               coalesce(c.ended_at, c.started_at, c.created_at) as at, c.id
        from public.calls c
        where c.org_id = p_org_id and c.contact_id = p_contact_id
          and c.created_at > p_now - interval '90 days' and c.status in ('completed', 'failed') and private.is_connected(c)
    ),
    last as (
        select * from heard h order by h.at desc, h.id limit 1
    )
    select 'urgency', array_position(array['low', 'medium', 'high', 'critical'], l.sentiment_urgency) - 1::numeric from last l
    union all
    select 'sentiment', l.sentiment_score from last l where l.sentiment_score is not null
    union all
    select 'recency_days', greatest(floor(extract(epoch from p_now - l.at) / 86400), 0) from last l
    union all
    select 'value_pence', max(h.financial_value_pence) from heard h having count(*) > 0
    union all
    select 'repeat_calls', count(*) from heard h having count(*) > 0;
$$;

revoke execute on function private.lead_inputs(uuid, uuid, timestamptz) from public, anon, authenticated, service_role;

-- What the provider's analysis says of a call's mood and urgency, under the columns' names; what it does not say is absent.
--
-- A score may come as 0 to 1, as -1 to 1 or in per cent.
create or replace function private.report_opinion(p_message jsonb)
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with answers as materialized (
        select private.report_answers(p_message) as said
    )
    select jsonb_strip_nulls(jsonb_build_object(
        'sentiment_label', case
            when o.mood ~ '^(very )?(positive|happy|satisfied|good)' then 'positive'
            when o.mood ~ '^(very )?(negative|unhappy|dissatisfied|frustrated|angry|bad)' then 'negative'
            when o.mood ~ '^(neutral|mixed)' then 'neutral' end,
        'sentiment_score', round(case
            when o.score between 0 and 1 then o.score
            when o.score between -1 and 0 then (o.score + 1) / 2
            when o.score between 1 and 100 then o.score / 100 end, 3),
        'sentiment_summary', left(o.summary, 2000),
        'sentiment_urgency', case
            when o.urgency ~ '^(critical|emergency)' then 'critical'
            when o.urgency ~ '^(high|urgent)' then 'high'
            when o.urgency ~ '^(medium|moderate|normal)' then 'medium'
            when o.urgency ~ '^(low|none)' then 'low' end))
    from (
        select lower(btrim(coalesce(a.said ->> 'sentimentlabel', a.said ->> 'sentiment', a.said ->> 'callersentiment'))) as mood,
               private.report_number(coalesce(a.said -> 'sentimentscore', a.said -> 'sentiment')) as score,
               nullif(btrim(case when jsonb_typeof(a.said -> 'sentimentsummary') = 'string'
                                 then a.said ->> 'sentimentsummary' end), '') as summary,
               lower(btrim(coalesce(a.said ->> 'sentimenturgency', a.said ->> 'urgency', a.said ->> 'urgencylevel'))) as urgency
        from answers a
    ) as o;
$$;

revoke execute on function private.report_opinion(jsonb) from public, anon, authenticated, service_role;

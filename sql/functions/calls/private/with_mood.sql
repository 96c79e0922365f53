-- A call with its mood and its urgency: as the provider's analysis has them, else by the lexicon. Of a call that nobody
-- was reached in only what the provider itself says is known.
create or replace function private.with_mood(p_call public.calls, p_parts jsonb, p_connected boolean)
returns public.calls
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call public.calls := p_call;
    v_mood record;
begin
    if not p_connected then
        return jsonb_populate_record(p_call, jsonb_build_object(
            'sentiment_label', null, 'sentiment_score', null, 'sentiment_summary', null, 'sentiment_urgency', null)
            - array(select jsonb_object_keys(p_parts)));
    end if;

    select * into v_mood from private.lexicon_mood(private.said_by_caller(p_call), private.language_of(p_call));
    if not p_parts ? 'sentiment_score' then
        v_call.sentiment_score := case
            when not p_parts ? 'sentiment_label' then v_mood.score
            else case p_call.sentiment_label when 'positive' then 0.8 when 'negative' then 0.2 else 0.5 end end;
    end if;
    if not p_parts ? 'sentiment_label' then
        v_call.sentiment_label := case
            when v_call.sentiment_score >= 0.6 then 'positive'
            when v_call.sentiment_score <= 0.4 then 'negative'
            when v_call.sentiment_score is not null then 'neutral' end;
    end if;
    if not p_parts ? 'sentiment_summary' then
        v_call.sentiment_summary := case v_call.sentiment_label
            when 'positive' then 'They sounded pleased.'
            when 'negative' then 'They sounded displeased.'
            when 'neutral' then 'They sounded neither pleased nor displeased.' end;
    end if;
    if not p_parts ? 'sentiment_urgency' then
        v_call.sentiment_urgency := (array['low', 'medium', 'high', 'critical'])[v_mood.urgency + 1];
    end if;
    return v_call;
end
$$;

revoke execute on function private.with_mood(public.calls, jsonb, boolean) from public, anon, authenticated, service_role;

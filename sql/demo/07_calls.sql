-- What was said in the calls that the demo clinic has paid for: their reports, made into records as in life.
do $$
declare
    v_org_id constant uuid := (select p.org_id from public.profiles p where p.email = 'demo@voxanne.test');
    v_said constant jsonb := $said$[
        {"caller": "What does Botox cost, and can I come this week?", "agent": "Botox is four hundred pounds. I can look for a time this week.",
         "summary": "The caller asked for the price of Botox and a time this week.", "mood": "positive", "score": 0.82, "urgency": "medium"},
        {"caller": "I only wanted to know when you open on Saturdays.", "agent": "We are closed on Saturdays, and open from Monday to Friday.",
         "summary": "The caller asked for the opening hours.", "mood": "neutral", "score": 0.55, "urgency": "low"},
        {"caller": "My lip is swollen since the fillers yesterday, it hurts.", "agent": "I am sorry to hear that. I will pass you on to a nurse at once.",
         "summary": "The caller reported swelling after fillers and asked for help.", "mood": "negative", "score": 0.18, "urgency": "high"},
        {"caller": "I would like a consultation about a nose job.", "agent": "With pleasure. A consultation takes half an hour.",
         "summary": "The caller wants a consultation about a rhinoplasty.", "mood": "positive", "score": 0.9, "urgency": "medium"},
        {"caller": "Please move my appointment to next month.", "agent": "Of course, I have moved it.",
         "summary": "The caller moved an appointment.", "mood": "neutral", "score": 0.6, "urgency": "low"}]$said$;
    v_bill public.credit_reservations;
    v_turn jsonb;
    v_call public.calls;
    v_n integer := 0;
begin
    for v_bill in
        select * from public.credit_reservations r where r.org_id = v_org_id and r.evidence_seconds > 0 order by r.created_at
    loop
        v_turn := v_said -> (v_n % jsonb_array_length(v_said));
        insert into public.calls as c (
            org_id, id, agent_id, call_direction, from_number, to_number, phone_number, vapi_call_id, cost_cents, created_at)
        values (
            v_org_id, v_bill.call_id,
            (select a.id from public.agents a where a.org_id = v_org_id and a.direction = 'inbound' order by a.created_at limit 1),
            'inbound', '+4477009' || lpad((v_n * 37 % 23)::text, 5, '0'), '+442079460001',
            '+4477009' || lpad((v_n * 37 % 23)::text, 5, '0'), v_bill.vapi_call_id, v_bill.committed_pence,
            v_bill.evidence_ended_at - make_interval(secs => v_bill.evidence_seconds))
        returning * into v_call;
        perform private.record_report(
            v_call,
            jsonb_build_object(
                'type', 'end-of-call-report', 'endedReason', 'customer-ended-call',
                'startedAt', v_call.created_at, 'endedAt', v_bill.evidence_ended_at, 'cost', v_bill.evidence_seconds * 0.0009,
                'transcript', format('AI: Good day, how can I help?%sUser: %s%sAI: %s', chr(10), v_turn ->> 'caller', chr(10), v_turn ->> 'agent'),
                'analysis', jsonb_build_object('summary', v_turn ->> 'summary', 'structuredData', jsonb_build_object(
                    'sentiment_label', v_turn ->> 'mood', 'sentiment_score', v_turn -> 'score',
                    'sentiment_urgency', v_turn ->> 'urgency'))),
            'report', sha256(convert_to(v_bill.call_id::text, 'UTF8')), v_bill.evidence_ended_at);
        v_n := v_n + 1;
    end loop;
end
$$;

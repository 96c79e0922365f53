-- The golden record of a call: takes a word of its end, and makes everything anew that follows from what is now known.
--
-- p_message is the end-of-call report of any year ('report'), the call as the provider had it when asked ('poll') or its last
-- status ('status', which makes no record by itself). Of each part the greatest word counts (private.take_word), so that
-- the record is the same in whatever order they come, and however often. What a lesser word made, a lead or a state of the
-- contact, is replaced and never doubled; what has been told has been told.
--
-- Locks: none of the wallet, the reservation and the call, which the caller holds; then the contact, the appointment; then
-- enqueues.
--
-- Raises 422 unknown_source.
create or replace function private.record_report(
    p_call public.calls, p_message jsonb, p_source text, p_body_hash bytea, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rank constant smallint := private.evidence_rank(p_source);
    v_facts constant jsonb := private.redact_facts(p_call.org_id, private.report_facts(p_message));
    v_before public.calls;
    v_record private.call_records;
    v_taken record;
begin
    if v_rank is null then
        perform private.fail('unknown_source');
    end if;
    insert into private.call_records (org_id, call_id) values (p_call.org_id, p_call.id) on conflict do nothing;
    select * into strict v_record from private.call_records r
    where r.org_id = p_call.org_id and r.call_id = p_call.id for no key update;
    select * into strict v_before from public.calls c where c.org_id = p_call.org_id and c.id = p_call.id for no key update;

    v_taken := private.take_word(
        v_before, v_record.parts, private.talked_times(p_message), private.word_key(0, v_facts, p_body_hash));
    v_taken := private.take_word(v_taken.call, v_taken.parts, v_facts, private.word_key(v_rank, v_facts, p_body_hash));
    v_record.parts := v_taken.parts;
    v_taken.call.tools_used := private.tools_used(v_before, private.report_tools(p_message));
    if v_rank > 2 or v_record.rank is not null then
        perform private.complete_record(
            v_before, v_taken.call, private.greater_word(v_record, v_rank, v_facts, p_body_hash), p_now);
    else
        update private.call_records r set parts = v_record.parts
        where r.org_id = p_call.org_id and r.call_id = p_call.id;
        perform private.keep_record(v_before, v_taken.call, p_now);
    end if;
end
$$;

revoke execute on function private.record_report(public.calls, jsonb, text, bytea, timestamptz)
    from public, anon, authenticated, service_role;

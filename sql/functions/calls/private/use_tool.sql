-- Uses the tool of this name.
create or replace function private.use_tool(p_call public.calls, p_tool_name text, p_arguments jsonb, p_now timestamptz)
returns private.tool_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return case p_tool_name
        when 'checkAvailability' then private.tool_check_availability(p_call, p_arguments, p_now)
        when 'bookClinicAppointment' then private.tool_book_clinic_appointment(p_call, p_arguments, p_now)
        when 'rescheduleAppointment' then private.tool_reschedule_appointment(p_call, p_arguments, p_now)
        when 'cancelAppointment' then private.tool_cancel_appointment(p_call, p_arguments, p_now)
        when 'queryKnowledgeBase' then private.tool_query_knowledge_base(p_call, p_arguments, p_now)
        when 'transferCall' then private.tool_transfer_call(p_call, p_arguments, p_now)
        when 'takeMessage' then private.tool_take_message(p_call, p_arguments, p_now)
        when 'endCall' then private.tool_end_call(p_call, p_arguments, p_now)
    end;
end
$$;

revoke execute on function private.use_tool(public.calls, text, jsonb, timestamptz) from public, anon, authenticated, service_role;

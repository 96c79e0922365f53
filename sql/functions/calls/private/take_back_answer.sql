-- Somebody on the line was told p_told, because our answer came too late, or not at all: it is taken back, and answers
-- whether a call was let in by it that is now let go.
--
-- A question that nothing was made of yet is closed: whoever asked has gone on, and what an agent wanted done must not be done
-- behind its caller's back. What a tool has done already stays done; asked again it finds it so. Better word of a call that
-- ran all the same still charges it.
--
-- Locks: the row, the wallet, the reservation, the call.
--
-- Raises 404 webhook_not_found.
create or replace function private.take_back_answer(p_id uuid, p_told jsonb, p_now timestamptz default now())
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row private.webhook_inbox;
    v_call_id uuid;
begin
    select * into v_row from private.webhook_inbox w where w.id = p_id for update;
    if not found then
        perform private.fail('webhook_not_found');
    end if;
    if v_row.event_type = 'assistant-request' then
        v_call_id := private.uuid_or_null(v_row.answer #>> '{assistantOverrides,metadata,call_id}');
    end if;
    update private.webhook_inbox w
    set state = 'processed', answer = p_told, finished_at = coalesce(w.finished_at, p_now),
        last_error = 'not answered in time'
    where w.id = p_id;
    if v_call_id is not null then
        perform private.release_reserved_credits(v_call_id, 'not_answered_in_time', 'release', p_now);
        update private.call_records r set admitted = false, refused_because = 'not_answered_in_time'
        where r.org_id = v_row.org_id and r.call_id = v_call_id;
        perform private.refresh_call_status(v_row.org_id, v_call_id, p_now);
    end if;
    perform private.alert(v_row.org_id, 'line_not_answered', format(
        'Somebody on the telephone line was not answered in time (%s).', v_row.event_type), p_now);
    return v_call_id is not null;
end
$$;

revoke execute on function private.take_back_answer(uuid, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.take_back_answer(uuid, jsonb, timestamptz) to service_role;

-- Says why there is no money, or no line, for a call, in the clinic's words, and commits: the refusal stays on record.
--
-- Refuses with 402 wallet_suspended, 402 insufficient_balance, 402 monthly_cap_reached, 402 cap_too_small, 409 too_many_calls,
-- 403 account_suspended.
create or replace function private.refuse_placing(p_admission private.call_admission)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_told constant text := (select r.told from private.refusal_reasons r where r.reason = p_admission.reason);
begin
    return case p_admission.reason
        when 'wallet_suspended' then private.refuse('wallet_suspended', p_sentence => v_told)
        when 'insufficient_balance' then private.refuse('insufficient_balance', p_sentence => v_told)
        when 'monthly_cap_reached' then private.refuse('monthly_cap_reached', p_sentence => v_told)
        when 'cap_too_small' then private.refuse('cap_too_small', p_sentence => v_told)
        when 'too_many_calls' then private.refuse('too_many_calls', p_sentence => v_told)
        else private.refuse('account_suspended', p_sentence => v_told)
    end;
end
$$;

revoke execute on function private.refuse_placing(private.call_admission) from public, anon, authenticated, service_role;

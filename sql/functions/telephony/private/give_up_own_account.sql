-- No provider has anything of an organisation's own Twilio account any more: whoever proves next that it is theirs has it.
--
-- What we make at a provider is its organisation's for ever, a subaccount too. An account of a customer's own is theirs, not
-- ours: a clinic that signs up anew brings it along. Two organisations never have it at once: the one before keeps it until
-- Vapi has let go, and the next one is the first to say so (private.claim_outside()).
--
-- Locks: the account's key in the directory.
create or replace function private.give_up_own_account(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from private.directory d
    where d.kind = 'twilio_account' and d.key = p_saga.facts #>> '{account,sid}' and d.org_id = p_saga.org_id
      and not exists (
          select from private.twilio_subaccounts s where s.org_id = d.org_id and s.subaccount_sid = d.key);
    return '{}'::jsonb;
end
$$;

revoke execute on function private.give_up_own_account(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;

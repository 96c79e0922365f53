-- Each night: asks Twilio for the numbers of each subaccount, at an organisation's own moment of an hour, to compare its books
-- with ours (private.number_books_listed()). A suspended one is asked too: so we hear when it works again.
create or replace function private.compare_number_books(p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_account private.twilio_subaccounts;
    v_count integer := 0;
begin
    for v_account in
        select s.* from private.twilio_subaccounts s where s.status <> 'closed' order by s.org_id
    loop
        perform private.enqueue_effect(
            p_org_id => v_account.org_id,
            p_kind => 'twilio.list_numbers',
            p_payload => jsonb_build_object(
                'org_id', v_account.org_id,
                'account', row(v_account.org_id, v_account.subaccount_sid, 'subaccount')::private.telephony_account),
            p_run_at => p_now + mod(abs(hashtext(v_account.org_id::text)::bigint), 3600) * interval '1 second');
        v_count := v_count + 1;
    end loop;
    return format('%s subaccounts to compare', v_count);
end
$$;

revoke execute on function private.compare_number_books(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.compare_number_books(timestamptz) to service_role;

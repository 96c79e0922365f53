-- Whether this email or this address has tried too often, so that the next attempt is not even looked at.
--
-- Sign-ins: 10 wrong passwords for an email since it last got in, 100 from an address, within 15 minutes. Sign-ups: 100
-- from an address within an hour. An unknown address is not counted. The email is locked for the transaction, so that
-- guesses sent at once are counted one after the other. Locks: advisory, the email.
create or replace function private.sign_in_limited(
    p_kind text, p_email text, p_ip inet, p_now timestamptz default now()
)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_since constant timestamptz := p_now - case p_kind when 'sign_up' then interval '1 hour' else interval '15 minutes' end;
    v_last_in bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('sign_in:' || p_email, 0));

    if (select count(*) >= 100 from (
            select from private.sign_in_attempts a
            where a.ip = p_ip and a.kind = p_kind and a.attempted_at > v_since
              and (p_kind = 'sign_up' or not a.succeeded)
            limit 100) as from_address)
    then
        return true;
    end if;

    if p_kind = 'sign_up' then
        return false;
    end if;

    select max(a.id) into v_last_in
    from private.sign_in_attempts a
    where a.email = p_email and a.kind = 'sign_in' and a.succeeded and a.attempted_at > v_since;

    return (
        select count(*) >= 10 from (
            select from private.sign_in_attempts a
            where a.email = p_email and a.kind = 'sign_in' and not a.succeeded
              and a.attempted_at > v_since and a.id > coalesce(v_last_in, 0)
            limit 10) as for_email
    );
end
$$;

revoke execute on function private.sign_in_limited(text, text, inet, timestamptz)
    from public, anon, authenticated, service_role;

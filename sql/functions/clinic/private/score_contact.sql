-- Scores a contact anew, 0 to 100, and answers the score: for each of private.lead_inputs() the points of its greatest
-- weight that is reached (private.lead_score_weights).
--
-- Locks: the contact.
create or replace function private.score_contact(p_org_id uuid, p_contact_id uuid, p_now timestamptz)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_score integer;
begin
    select least(greatest(coalesce(sum(w.points), 0), 0), 100)::integer into v_score
    from private.lead_inputs(p_org_id, p_contact_id, p_now) i
    cross join lateral (
        select s.points from private.lead_score_weights s
        where s.input = i.input and s.at_least <= i.amount
        order by s.at_least desc
        limit 1
    ) as w;
    update public.contacts c set lead_score = v_score, updated_at = p_now
    where c.org_id = p_org_id and c.id = p_contact_id and c.lead_score <> v_score;
    return v_score;
end
$$;

revoke execute on function private.score_contact(uuid, uuid, timestamptz) from public, anon, authenticated, service_role;

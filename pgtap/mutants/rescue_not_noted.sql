-- The sweep does a deadline's work and nobody learns that it was missed.
--
-- Caught by: pgtap/billing/sweep_organization.sql
select tests.patch('private.note_rescue',
    $old$values (p_org_id, p_call_id, p_what, p_now);$old$,
    $new$select p_org_id, p_call_id, p_what, p_now where false;$new$);

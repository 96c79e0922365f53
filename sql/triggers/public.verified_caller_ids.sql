-- Who had which number verified, and what became of it.
create or replace trigger audit_row
    after insert or update or delete on public.verified_caller_ids
    for each row execute function private.audit_row('effect_id');

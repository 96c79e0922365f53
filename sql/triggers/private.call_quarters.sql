-- The months follow their quarters, whoever writes them.
create or replace trigger count_months
    after insert or update or delete on private.call_quarters
    for each row execute function private.count_months();

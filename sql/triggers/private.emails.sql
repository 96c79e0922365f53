-- Emails that are on record as messages, too, are followed there.
create or replace trigger note_emailed_message
    after update of status on private.emails
    for each row when (old.status <> new.status and new.effect_id is not null) execute function private.note_emailed_message();

-- Sign-up, and keeping what the account carries about its organisation true. The table is Supabase's where Supabase is:
-- `create or replace trigger` is all its `postgres` may do there.
create or replace trigger voxanne_user_created
    after insert on auth.users
    for each row execute function private.on_user_created();

create or replace trigger voxanne_user_updated
    before update on auth.users
    for each row
    when (old.* is distinct from new.*)
    execute function private.on_user_updated();

create or replace trigger voxanne_user_deleted
    after delete on auth.users
    for each row execute function private.on_user_deleted();

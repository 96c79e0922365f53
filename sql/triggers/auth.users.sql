-- Sign-up, and keeping what the account carries about its organisation true. The table is Supabase's where Supabase is:
-- `create or replace trigger` is all its `postgres` may do there.
create or replace trigger voxanne_user_created
    after insert on auth.users
    for each row execute function private.on_user_created();

create or replace trigger voxanne_user_updated
    before update on auth.users
    for each row
    when (old.raw_app_meta_data is distinct from new.raw_app_meta_data
          or old.email is distinct from new.email
          or old.last_sign_in_at is distinct from new.last_sign_in_at)
    execute function private.on_user_updated();

create or replace trigger voxanne_user_deleted
    after delete on auth.users
    for each row execute function private.on_user_deleted();

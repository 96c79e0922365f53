-- An audit row can be rewritten.
--
-- Caught by: pgtap/tenancy/append_only.sql
select tests.patch('private.append_only', $old$if tg_op = 'UPDATE'
       and$old$, $new$if tg_op = 'UPDATE' then
        return new;
    end if;
    if tg_op = 'UPDATE'
       and$new$);

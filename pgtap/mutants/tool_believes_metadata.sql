-- A message whose metadata names another organisation's call is carried out.
--
-- Caught by: pgtap/calls/run_tools.sql
select tests.patch('private.run_tools', $old$v_named := private.names_others(p_call, private.metadata_of(p_message), false);$old$, $new$v_named := null;$new$);

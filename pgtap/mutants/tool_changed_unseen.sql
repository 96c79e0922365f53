-- A changed definition is not registered.
--
-- Caught by: pgtap/calls/tool_registered.sql
select tests.patch('private.keep_tools', $old$r.tool_name = d.name and r.definition_hash = d.definition_hash and r.state <> 'retired'$old$, $new$r.tool_name = d.name and r.state <> 'retired'$new$);

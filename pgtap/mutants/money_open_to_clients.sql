-- A client may give itself money.
--
-- Caught by: pgtap/billing/money_rights.sql
grant execute on function private.add_credits(uuid, bigint, text, text, text, text, text, timestamptz) to authenticated;

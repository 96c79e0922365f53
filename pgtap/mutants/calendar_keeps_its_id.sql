-- A new consent is the same credential, so late word about the old one breaks it.
--
-- Caught by: pgtap/telephony/oauth_exchanged.sql pgtap/telephony/oauth_checked.sql
select tests.patch('private.connect_calendar', $old$id = excluded.id, $old$, $new$$new$);

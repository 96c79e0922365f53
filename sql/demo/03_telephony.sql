-- The operator's papers for British numbers, as the stand-in for Twilio has them: the demo clinic can buy one.
select public.set_country_papers('GB', 'BU5a0db0c0ffee5a0db0c0ffee5a0db0c0', null);

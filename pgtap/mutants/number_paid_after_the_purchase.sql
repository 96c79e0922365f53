-- A number is bought before it is paid for: who cannot pay has cost us one.
--
-- Caught by: pgtap/telephony/provision_number.sql
update private.saga_steps s set step = s.step + 10 where s.saga = 'provision_number' and s.step <= 3;
update private.saga_steps s set step = case s.name when 'subaccount' then 1 when 'buy' then 2 else 3 end
where s.saga = 'provision_number' and s.step > 10;

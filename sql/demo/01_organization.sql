-- The demo clinic: what its admin would have filled in during the first hour.
update public.organizations o
set name = 'Harbour Street Clinic',
    clinic_name = 'Harbour Street Clinic',
    specialty = 'Dermatology',
    email = 'desk@harbourstreet.test',
    phone = '+442079460018',
    website = 'https://harbourstreet.test',
    onboarding_completed_at = now()
from public.profiles p
where p.email = 'demo@voxanne.test' and o.id = p.org_id;

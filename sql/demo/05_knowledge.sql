-- What the demo clinic has told its agents about itself, and whom they pass callers on to.
do $$
declare
    v_org_id constant uuid := (select p.org_id from public.profiles p where p.email = 'demo@voxanne.test');
begin
    perform private.save_knowledge_text(v_org_id, k.title, k.content)
    from (values
        ('Prices', E'A consultation costs 150 pounds. It is taken off the price of the treatment if you go ahead within three months.\n\n'
            'Botox starts at 400 pounds for one area. Dermal fillers start at 500 pounds a syringe.\n\n'
            'Facelifts, rhinoplasty and breast surgery are quoted after a consultation, because no two are alike.'),
        ('Parking and how to find us', E'The clinic is at 12 Harbour Street, three minutes on foot from the station.\n\n'
            'There are six free spaces behind the building, reached through Mill Lane. On Saturdays use the car park in Mill Lane, which costs two pounds an hour.\n\n'
            'The entrance has no steps, and there is a lift to the treatment rooms.'),
        ('Before botox and fillers', E'Do not drink alcohol for 24 hours before the treatment, and tell us about blood thinners, aspirin and ibuprofen beforehand.\n\n'
            'We do not treat anybody who is pregnant or breastfeeding.'),
        ('Aftercare for botox and fillers', E'Do not rub the area and do not lie down for four hours. Do not exercise, sunbathe or use a sauna for 24 hours.\n\n'
            'Small bruises and swelling are normal and pass within a week. Call us at once about severe pain, white or blue skin, or changes to your sight.'),
        ('Payment, deposits and cancelling', E'We take cards, bank transfer and monthly finance. Private insurance does not cover cosmetic treatment.\n\n'
            'There is no deposit for a consultation. A treatment of more than 1,000 pounds needs a deposit of ten per cent.\n\n'
            'Moving or cancelling is free until 24 hours before the appointment. After that we charge 50 pounds.'),
        ('Opening hours', 'We see patients from Monday to Friday, nine to one and two to half past five, and on Saturday mornings from nine to one.')
    ) as k (title, content);

    insert into public.escalation_rules (org_id, name, priority, trigger, keywords, min_urgency, hours, transfer_to, fallback)
    values
        (v_org_id, 'Something is wrong after a treatment', 10, 'keyword',
            '{severe pain,bleeding,infection,blue skin,white skin,cannot see,allergic reaction}', null, '{}', '+442079460130', 'message'),
        (v_org_id, 'Urgent', 20, 'urgency', '{}', 'critical', '{}', '+442079460130', 'message'),
        (v_org_id, 'Complaints go to the manager', 30, 'keyword', '{complaint,complain,manager,refund}', null,
            '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]], "wed": [["09:00", "17:00"]], "thu": [["09:00", "17:00"]], "fri": [["09:00", "17:00"]]}',
            '+442079460131', 'message'),
        (v_org_id, 'Nobody is at the desk', 40, 'after_hours', '{}', null, '{}', null, 'message'),
        (v_org_id, 'The desk', 50, 'request', '{}', null, '{}', '+442079460132', 'message');
end
$$;

-- Surer word that names no time makes the time forgotten that lesser word named.
--
-- Caught by: pgtap/billing/evidence_in_any_order.sql pgtap/billing/commit_reserved_credits.sql
select tests.patch('private.note_evidence', $old$order by e.ended_at is null, e.rank$old$, $new$order by e.rank$new$);

-- The last word on a call counts, whoever says it.
--
-- Caught by: pgtap/billing/commit_reserved_credits.sql pgtap/billing/evidence_in_any_order.sql
select tests.patch('private.note_evidence',
    $old$order by e.rank desc nulls last, e.ended_at desc nulls last, e.seconds desc nulls last$old$,
    $new$order by e.seconds is distinct from p_seconds or e.rank is distinct from v_rank$new$);

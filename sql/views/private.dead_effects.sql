-- The dead letters: what was given up, since when and why. private.replay_effect(id) gives one another life.
create or replace view private.dead_effects with (security_invoker = true) as
    select d.id, d.org_id, d.kind, d.queue_key, d.payload, d.attempts, d.last_error, d.created_at, d.finished_at
    from private.effects_done d
    where d.outcome = 'dead';

comment on view private.dead_effects is
    'Effects that were given up after their last attempt; private.replay_effect(id) gives one another life.';
revoke all on private.dead_effects from public, anon, authenticated, service_role;

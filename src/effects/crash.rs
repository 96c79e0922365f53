//! Named moments at which a test may have the process killed. Nothing of it is in a release build.

/// Kills this process with signal 9, as a machine that loses power would, when `VOXANNE_CRASH_AT` names the point.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
    if std::env::var("VOXANNE_CRASH_AT").is_ok_and(|wanted| wanted == name) {
        let _ = std::process::Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
pub fn point(_name: &str) {}

/// The same, at that moment in the life of one kind of thing: `after_provider:stripe.charge`.
#[cfg(debug_assertions)]
pub fn point_of(name: &str, kind: &str) {
    point(&format!("{name}:{kind}"));
}

#[cfg(not(debug_assertions))]
pub fn point_of(_name: &str, _kind: &str) {}

//! The heads of the ledgers, on their way out of the database.

use std::path::Path;

use serde_json::{Value, json};
use voxanne::{
    effects::{Effect, Registry, Verdict},
    ledger_heads::{SigningKey, read_verified},
};

use super::provider::{effect, error_of, registry};

const SEED: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

fn executors(directory: &Path) -> Registry {
    let directory = directory.to_str().expect("a path");
    registry(&[("LEDGER_SIGNING_KEY", SEED), ("LEDGER_HEADS_DIR", directory)])
}

fn export(heads: Value) -> Effect {
    effect("ledger.export_heads", json!({ "day": "2026-11-21", "part": 1, "parts": 1, "heads": heads }))
}

fn heads() -> Value {
    json!([{ "org_id": "0b9a4a52-6f3e-4c1c-9c44-000000000001", "seq": 7, "hash": "ab".repeat(32) }])
}

#[tokio::test]
async fn heads_are_kept_signed_and_exporting_again_does_no_harm() {
    let folder = tempfile::tempdir().expect("a folder");
    let executors = executors(folder.path());
    let path = folder.path().join("heads-2026-11-21-001.json");
    for _ in 0..2 {
        let verdict = executors.run(&export(heads())).await;
        assert_eq!(verdict, Verdict::Done(json!({ "path": path, "heads": 1 })));
    }

    let key = SigningKey::from_base64(SEED).expect("a key").public_key();
    let read = read_verified(folder.path(), &key).expect("readable");
    assert!(read.doubts.is_empty(), "{:?}", read.doubts);
    assert_eq!(serde_json::to_value(&read.sheets[0].heads).expect("JSON"), heads());

    let verdict = executors.run(&export(json!([]))).await;
    assert!(error_of(&verdict).ends_with("is there with other heads."), "evidence is not replaced: {verdict:?}");
}

#[tokio::test]
async fn what_cannot_be_kept_is_said_and_a_full_disk_is_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = folder.path().to_str().expect("a path");
    let verdict = registry(&[("LEDGER_HEADS_DIR", directory)]).run(&export(heads())).await;
    assert_eq!(verdict, Verdict::refused("LEDGER_SIGNING_KEY is missing, so the ledgers' heads cannot be signed."));
    let verdict = registry(&[("LEDGER_SIGNING_KEY", SEED)]).run(&export(heads())).await;
    assert_eq!(verdict, Verdict::refused("LEDGER_HEADS_DIR is missing, so the ledgers' heads cannot be kept."));

    let executors_here = executors(folder.path());
    let odd = json!([{ "org_id": "0b9a4a52-6f3e-4c1c-9c44-000000000001", "seq": 7, "hash": "short" }]);
    assert!(matches!(executors_here.run(&export(odd)).await, Verdict::Refused { .. }));

    let file = folder.path().join("a file");
    std::fs::write(&file, "in the way").expect("written");
    let verdict = executors(&file).run(&export(heads())).await;
    assert!(matches!(verdict, Verdict::Retry { .. }), "{verdict:?}");
}

use secrecy::ExposeSecret;
use uuid::Uuid;

use super::*;

const SECRET: &[u8] = br#"{"account_sid":"AC1","auth_token":"planted"}"#;

fn key(byte: u8) -> String {
    STANDARD.encode([byte; 32])
}

fn vault(keys: &str) -> Vault {
    Vault::from_keys(keys).expect("good keys")
}

fn aad(org_id: Uuid) -> Aad<'static> {
    Aad { org_id, provider: "twilio", kind: "default" }
}

#[test]
fn what_was_sealed_opens_where_it_was_sealed() {
    let (vault, at) = (vault(&format!("1:{}", key(1))), aad(Uuid::new_v4()));
    for plain in [SECRET, b"", "ä".repeat(5000).as_bytes()] {
        let sealed = vault.seal(&at, plain);
        assert_eq!(vault.open(&at, &sealed).expect("opens").expose_secret().as_bytes(), plain);
        assert_eq!(STANDARD.decode(&sealed.sealed).expect("base64").len(), NONCE_LEN + plain.len() + 16);
    }
}

#[test]
fn it_opens_for_no_other_organisation_provider_or_type() {
    let (vault, org_id) = (vault(&format!("1:{}", key(1))), Uuid::new_v4());
    let sealed = vault.seal(&aad(org_id), SECRET);
    let elsewhere = [
        aad(Uuid::new_v4()),
        Aad { provider: "google", ..aad(org_id) },
        Aad { kind: "subaccount", ..aad(org_id) },
        Aad { provider: "twilio|default", kind: "", ..aad(org_id) },
    ];
    for other in elsewhere {
        assert_eq!(vault.open(&other, &sealed).err(), Some(Shut::Foreign), "{other:?}");
    }
}

#[test]
fn a_single_altered_byte_keeps_it_shut() {
    let (vault, at) = (vault(&format!("1:{}", key(1))), aad(Uuid::new_v4()));
    let whole = STANDARD.decode(vault.seal(&at, SECRET).sealed).expect("base64");
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        let altered = Sealed { sealed: STANDARD.encode(&bytes), key_version: 1 };
        assert_eq!(vault.open(&at, &altered).err(), Some(Shut::Foreign), "byte {place}");
        let cut = Sealed { sealed: STANDARD.encode(&whole[..place]), key_version: 1 };
        assert_eq!(vault.open(&at, &cut).err(), Some(Shut::Foreign), "cut at {place}");
    }
    let garbled = Sealed { sealed: "not base64".into(), key_version: 1 };
    assert_eq!(vault.open(&at, &garbled).err(), Some(Shut::Foreign));
}

#[test]
fn an_old_key_opens_and_the_new_one_seals() {
    let at = aad(Uuid::new_v4());
    let before = vault(&format!("1:{}", key(1))).seal(&at, SECRET);
    let rotating = vault(&format!("2:{}, 1:{}", key(2), key(1)));
    assert_eq!((rotating.current(), rotating.versions()), (2, vec![2, 1]));
    assert_eq!(rotating.open(&at, &before).expect("opens").expose_secret().as_bytes(), SECRET);
    assert_eq!(rotating.seal(&at, SECRET).key_version, 2);
}

#[test]
fn a_key_that_is_gone_is_named_and_one_that_was_exchanged_opens_nothing() {
    let at = aad(Uuid::new_v4());
    let sealed = vault(&format!("1:{}", key(1))).seal(&at, SECRET);
    assert_eq!(vault(&format!("2:{}", key(2))).open(&at, &sealed).err(), Some(Shut::UnknownKey(1)));
    assert!(Shut::UnknownKey(1).to_string().contains("key 1, which is not in VAULT_KEYS"));
    assert_eq!(vault(&format!("1:{}", key(9))).open(&at, &sealed).err(), Some(Shut::Foreign));
}

#[test]
fn the_same_secret_never_looks_the_same_twice() {
    let (vault, at) = (vault(&format!("1:{}", key(1))), aad(Uuid::new_v4()));
    let seals: std::collections::BTreeSet<_> = (0..100).map(|_| vault.seal(&at, SECRET).sealed).collect();
    assert_eq!(seals.len(), 100);
}

#[test]
fn keys_that_are_none_are_refused_in_words_that_hold_no_key() {
    let good = key(1);
    let refused = [
        (good.clone(), BadKeys::Entry(1)),
        (String::new(), BadKeys::Entry(1)),
        (format!("1:{good},"), BadKeys::Entry(2)),
        (format!("0:{good}"), BadKeys::Entry(1)),
        (format!("-1:{good}"), BadKeys::Entry(1)),
        (format!("one:{good}"), BadKeys::Entry(1)),
        (format!("1:{}", STANDARD.encode([1; 31])), BadKeys::Length(1)),
        ("1:plainly planted".to_owned(), BadKeys::Length(1)),
        (format!("1:{good},1:{}", key(2)), BadKeys::Twice(1)),
    ];
    for (keys, why) in refused {
        let said = Vault::from_keys(&keys).expect_err("must be refused");
        assert_eq!(said, why, "{keys}");
        assert!(!said.to_string().contains(&good) && !said.to_string().contains("planted"), "{said}");
    }
}

#[test]
fn nothing_is_seen_of_keys_and_secrets() {
    let (vault, at) = (vault(&format!("1:{}", key(1))), aad(Uuid::new_v4()));
    let opened = vault.open(&at, &vault.seal(&at, SECRET)).expect("opens");
    let printed = format!("{vault:?} {opened:?}");
    assert!(!printed.contains("planted") && !printed.contains(&key(1)), "{printed}");
}

//! Seals and opens customers' secrets: AES-256-GCM, under keys that only the environment holds.
//!
//! A sealed secret opens in the row it was sealed for and nowhere else: organisation, provider and type are its associated
//! data. Which key sealed it is written beside it, so a new key can come before the old one goes: `voxanne rotate-keys`.

mod keyring;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use aws_lc_rs::aead::{self, AES_256_GCM, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{SecretSlice, SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::keyring::{Account, Keyring, Strongroom, Unavailable};

/// What a sealed secret is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aad<'a> {
    pub org_id: Uuid,
    pub provider: &'a str,
    pub kind: &'a str,
}

impl Aad<'_> {
    fn text(&self) -> String {
        format!("{}|{}|{}", self.org_id, self.provider, self.kind)
    }
}

/// A sealed secret, as it may lie anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Base64 of nonce, ciphertext and tag.
    pub sealed: String,
    pub key_version: i32,
}

/// What came out of a seal: printed by nothing, wiped when it is dropped.
pub type Secret = SecretString;

/// Why a secret stays shut. Nothing of the secret is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Shut {
    #[error("it was sealed with key {0}, which is not in VAULT_KEYS")]
    UnknownKey(i32),
    #[error("it was sealed for something else, with another key of the same number, or was altered")]
    Foreign,
}

/// Why keys are none, in words for whoever set them.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    #[error("VAULT_KEYS takes `1:<key>`, several separated by commas with the current one first: entry {0} is not so.")]
    Entry(usize),
    #[error("VAULT_KEYS: key {0} is not 32 bytes in base64: make one with `openssl rand -base64 32`.")]
    Length(i32),
    #[error("VAULT_KEYS has version {0} twice: each key has a number of its own.")]
    Twice(i32),
}

/// VAULT_KEYS: the key that seals, and those that still open.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    current: i32,
    all: Vec<(i32, RandomizedNonceKey)>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(..)")
    }
}

impl Vault {
    /// `2:<base64 of 32 bytes>,1:<base64 of 32 bytes>`, the current key first.
    pub fn from_keys(keys: &str) -> Result<Self, BadKeys> {
        let mut all: Vec<(i32, RandomizedNonceKey)> = Vec::new();
        for (place, entry) in keys.split(',').enumerate() {
            let (version, key) = entry.trim().split_once(':').ok_or(BadKeys::Entry(place + 1))?;
            let version =
                version.trim().parse().ok().filter(|version| *version > 0).ok_or(BadKeys::Entry(place + 1))?;
            if all.iter().any(|(known, _)| *known == version) {
                return Err(BadKeys::Twice(version));
            }
            all.push((version, read_key(key).ok_or(BadKeys::Length(version))?));
        }
        let current = all.first().map(|(version, _)| *version).ok_or(BadKeys::Entry(1))?;
        Ok(Self(Arc::new(Keys { current, all })))
    }

    /// The version that seals.
    pub fn current(&self) -> i32 {
        self.0.current
    }

    pub fn versions(&self) -> Vec<i32> {
        self.0.all.iter().map(|(version, _)| *version).collect()
    }

    pub fn seal(&self, aad: &Aad, plain: &[u8]) -> Sealed {
        let mut text = Zeroizing::new(plain.to_vec());
        let (_, key) = &self.0.all[0];
        let (nonce, tag) = key
            .seal_in_place_separate_tag(aead::Aad::from(aad.text()), &mut text)
            .expect("a secret is far shorter than what the cipher can take");
        let sealed = [nonce.as_ref().as_slice(), &text, tag.as_ref()].concat();
        Sealed { sealed: STANDARD.encode(sealed), key_version: self.0.current }
    }

    pub fn open(&self, aad: &Aad, sealed: &Sealed) -> Result<Secret, Shut> {
        let (_, key) = (self.0.all.iter())
            .find(|(version, _)| *version == sealed.key_version)
            .ok_or(Shut::UnknownKey(sealed.key_version))?;
        let mut text = Zeroizing::new(STANDARD.decode(&sealed.sealed).map_err(|_| Shut::Foreign)?);
        let (nonce, rest) = text.split_at_mut_checked(NONCE_LEN).ok_or(Shut::Foreign)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Shut::Foreign)?;
        let plain = key.open_in_place(nonce, aead::Aad::from(aad.text()), rest).map_err(|_| Shut::Foreign)?;
        std::str::from_utf8(plain).map(Secret::from).map_err(|_| Shut::Foreign)
    }
}

fn read_key(text: &str) -> Option<RandomizedNonceKey> {
    let key = SecretSlice::from(STANDARD.decode(text.trim()).ok()?);
    RandomizedNonceKey::new(&AES_256_GCM, secrecy::ExposeSecret::expose_secret(&key)).ok()
}

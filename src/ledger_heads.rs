//! Heads of the ledgers, signed and kept outside the database.
//!
//! The hash chain of a ledger shows a row that was changed in the middle; it does not show a tail that was cut off with
//! the wallet's head rewritten to match. A head that was written down elsewhere does.
//!
//! A day's heads are files `heads-<day>-<part>.json`, each
//! `{"signed": "<JSON text>", "signature": "<base64>", "public_key": "<base64>"}`. The signature is Ed25519 over the exact
//! bytes of `signed`, which is `{"day", "part", "parts", "heads": [{"org_id", "seq", "hash"}]}`. The public key in the file
//! only says which key it was: whoever reads brings the key they trust.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use time::{Date, format_description::well_known::Iso8601};
use uuid::Uuid;

/// The head of one organisation's ledger: its newest entry when it was exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub org_id: Uuid,
    pub seq: i64,
    /// `entry_hash`, in hex.
    pub hash: String,
}

/// One part of one day's heads: what is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// `2026-11-21`.
    pub day: String,
    /// Counted from 1.
    pub part: u32,
    pub parts: u32,
    pub heads: Vec<Head>,
}

/// The file as it lies there.
#[derive(Debug, Serialize, Deserialize)]
struct Envelope {
    signed: String,
    signature: String,
    public_key: String,
}

/// Signs heads: LEDGER_SIGNING_KEY.
pub struct SigningKey(Ed25519KeyPair);

/// Tells whether heads were signed with the key it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

/// Why heads were not written.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    /// Trying again would not help.
    #[error("{0}")]
    Unfit(String),
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
}

/// What was read: the heads to believe, and a sentence for everything that is not to be believed or not there.
#[derive(Debug, Default)]
pub struct Verified {
    /// In the order of day and part.
    pub sheets: Vec<Sheet>,
    pub doubts: Vec<String>,
}

impl SigningKey {
    /// From the seed of 32 bytes, in base64. Nothing when it is something else.
    pub fn from_base64(seed: &str) -> Option<Self> {
        let seed = STANDARD.decode(seed.trim()).ok()?;
        Ed25519KeyPair::from_seed_unchecked(&seed).ok().map(Self)
    }

    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public_key().as_ref().to_vec())
    }
}

impl PublicKey {
    /// From 32 bytes in base64, as the files say it. Nothing when it is something else.
    pub fn from_base64(key: &str) -> Option<Self> {
        STANDARD.decode(key.trim()).ok().filter(|key| key.len() == 32).map(Self)
    }

    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

impl Sheet {
    fn file_name(&self) -> String {
        format!("heads-{}-{:03}.json", self.day, self.part)
    }

    /// A file name is made of this, and evidence must not be ambiguous.
    fn flaw(&self) -> Option<String> {
        let day = Date::parse(&self.day, &Iso8601::DATE).ok().filter(|day| day.to_string() == self.day);
        if day.is_none() {
            return Some(format!("the day is \"{}\" and not a date", self.day));
        }
        if self.part == 0 || self.part > self.parts {
            return Some(format!("it says to be part {} of {}", self.part, self.parts));
        }
        let odd = self.heads.iter().find(|head| head.hash.len() != 64 || hex::decode(&head.hash).is_err())?;
        Some(format!("the hash of organisation {} is not one", odd.org_id))
    }
}

/// Signs the sheet and puts its file into the directory, whole or not at all. Answers where it is.
///
/// A file that is there already with the same heads is left as it is, so writing again does no harm. One with other heads
/// is never replaced: that is how evidence would be lost.
///
/// # Errors
/// [`Unwritten::Unfit`] for a sheet that cannot be, [`Unwritten::Io`] for what the disk said.
pub fn write(directory: &Path, sheet: &Sheet, key: &SigningKey) -> Result<PathBuf, Unwritten> {
    if let Some(flaw) = sheet.flaw() {
        return Err(Unwritten::Unfit(format!("These heads cannot be kept: {flaw}.")));
    }
    let path = directory.join(sheet.file_name());
    let failed = |error| Unwritten::Io { path: path.clone(), error };
    fs::create_dir_all(directory).map_err(failed)?;
    if path.try_exists().map_err(failed)? {
        return match read_sheet(&path, &key.public_key()) {
            Ok(there) if there == *sheet => Ok(path),
            Ok(_) => Err(Unwritten::Unfit(format!("{} is there with other heads.", path.display()))),
            Err(doubt) => Err(Unwritten::Unfit(format!("{doubt} It is not replaced."))),
        };
    }

    let signed = serde_json::to_string(sheet).expect("plain data");
    let signature = STANDARD.encode(key.0.sign(signed.as_bytes()));
    let envelope = Envelope { signed, signature, public_key: key.public_key().to_base64() };
    let temporary = directory.join(format!(".{}.{}", sheet.file_name(), Uuid::new_v4().simple()));
    let written = write_through(&temporary, &serde_json::to_vec(&envelope).expect("plain data"))
        .and_then(|()| fs::rename(&temporary, &path))
        .and_then(|()| File::open(directory)?.sync_all());
    if written.is_err() {
        // Best effort: a hidden leftover is never read.
        let _ = fs::remove_file(&temporary);
    }
    written.map(|()| path.clone()).map_err(failed)
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Reads one file of heads, or all of a directory, and believes what was signed with this key.
///
/// A file that was not, that is named otherwise than what it holds, or that cannot be read becomes a doubt; so does a part
/// that is missing from its day. Hidden files and other names are not looked at.
///
/// # Errors
/// Only when the path itself cannot be read.
pub fn read_verified(path: &Path, key: &PublicKey) -> io::Result<Verified> {
    let mut files = Vec::new();
    let whole = fs::metadata(path)?.is_dir();
    if whole {
        for entry in fs::read_dir(path)? {
            let name = entry?.file_name();
            if name.to_str().is_some_and(|name| name.starts_with("heads-") && name.ends_with(".json")) {
                files.push(path.join(name));
            }
        }
    } else {
        files.push(path.to_owned());
    }

    let mut verified = Verified::default();
    for file in files {
        match read_sheet(&file, key) {
            Ok(sheet) => verified.sheets.push(sheet),
            Err(doubt) => verified.doubts.push(doubt),
        }
    }
    verified.sheets.sort_by(|a, b| (&a.day, a.part).cmp(&(&b.day, b.part)));
    if whole {
        verified.doubts.extend(missing_parts(&verified.sheets));
    }
    verified.doubts.sort();
    Ok(verified)
}

/// A sheet to believe, or a sentence why not.
fn read_sheet(path: &Path, key: &PublicKey) -> Result<Sheet, String> {
    let doubt = |why: &str| format!("{} {why}.", path.display());
    let bytes = fs::read(path).map_err(|error| doubt(&format!("cannot be read: {error}")))?;
    let envelope: Envelope = serde_json::from_slice(&bytes).map_err(|_| doubt("is not a file of heads"))?;
    let signature = STANDARD.decode(&envelope.signature).map_err(|_| doubt("has no signature"))?;
    if UnparsedPublicKey::new(&ED25519, &key.0).verify(envelope.signed.as_bytes(), &signature).is_err() {
        let other = PublicKey::from_base64(&envelope.public_key).is_some_and(|named| named != *key);
        return Err(doubt(if other { "is signed with another key" } else { "was changed after it was signed" }));
    }
    let sheet: Sheet = serde_json::from_str(&envelope.signed).map_err(|_| doubt("signs something else than heads"))?;
    if path.file_name().is_none_or(|name| name != sheet.file_name().as_str()) {
        return Err(doubt(&format!("holds the heads of {} and is named otherwise", sheet.file_name())));
    }
    Ok(sheet)
}

fn missing_parts(sheets: &[Sheet]) -> Vec<String> {
    let mut days: BTreeMap<&str, (u32, BTreeSet<u32>)> = BTreeMap::new();
    for sheet in sheets {
        let (parts, there) = days.entry(&sheet.day).or_default();
        *parts = sheet.parts.max(*parts);
        there.insert(sheet.part);
    }
    days.into_iter()
        .filter_map(|(day, (parts, there))| {
            let gone = (1..=parts).filter(|part| !there.contains(part)).count();
            (gone > 0).then(|| format!("{gone} of the {parts} parts of {day} are missing."))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SigningKey {
        SigningKey::from_base64(&STANDARD.encode([byte; 32])).expect("a seed")
    }

    fn sheet(day: &str, part: u32, parts: u32) -> Sheet {
        let head = |seq| Head { org_id: Uuid::from_u128(seq as u128), seq, hash: hex::encode([seq as u8; 32]) };
        Sheet { day: day.to_owned(), part, parts, heads: (1..=3).map(head).collect() }
    }

    fn verified(path: &Path) -> Verified {
        read_verified(path, &key(1).public_key()).expect("readable")
    }

    #[test]
    fn a_key_is_the_published_one_of_its_seed() {
        // RFC 8032, 7.1, test 1.
        let seed = STANDARD
            .encode(hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").expect("hex"));
        let public = hex::encode(SigningKey::from_base64(&seed).expect("a seed").public_key().0);
        assert_eq!(public, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        assert!(SigningKey::from_base64("c2hvcnQ=").is_none());
        assert!(SigningKey::from_base64("not base64").is_none());
    }

    #[test]
    fn heads_that_were_written_are_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let sheets = [sheet("2026-11-20", 1, 1), sheet("2026-11-21", 1, 2), sheet("2026-11-21", 2, 2)];
        for sheet in sheets.iter().rev() {
            write(&folder.path().join("deeper"), sheet, &key(1)).expect("written");
        }
        let all = verified(&folder.path().join("deeper"));
        assert_eq!((all.sheets.as_slice(), all.doubts.as_slice()), (sheets.as_slice(), [].as_slice()));
        let one = verified(&folder.path().join("deeper/heads-2026-11-21-002.json"));
        assert_eq!((one.sheets.as_slice(), one.doubts.len()), (&sheets[2..], 0));
        assert_eq!(fs::read_dir(folder.path().join("deeper")).expect("a folder").count(), 3, "nothing else is left");
    }

    #[test]
    fn writing_again_changes_nothing_and_evidence_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = sheet("2026-11-21", 1, 1);
        let path = write(folder.path(), &first, &key(1)).expect("written");
        let bytes = fs::read(&path).expect("bytes");
        assert_eq!(write(folder.path(), &first, &key(1)).expect("there"), path);

        let mut other = first.clone();
        other.heads.pop();
        assert!(matches!(write(folder.path(), &other, &key(1)), Err(Unwritten::Unfit(_))));
        assert!(matches!(write(folder.path(), &first, &key(2)), Err(Unwritten::Unfit(_))), "another key's");
        assert_eq!(fs::read(&path).expect("bytes"), bytes);
    }

    #[test]
    fn a_file_that_was_changed_or_signed_by_another_is_doubted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = write(folder.path(), &sheet("2026-11-21", 1, 1), &key(1)).expect("written");
        let text = fs::read_to_string(&path).expect("text");

        fs::write(&path, text.replace("\\\"seq\\\":3", "\\\"seq\\\":2")).expect("written");
        let doubts = verified(folder.path()).doubts;
        assert!(doubts[0].ends_with("was changed after it was signed."), "{doubts:?}");

        fs::remove_file(&path).expect("removed");
        write(folder.path(), &sheet("2026-11-21", 1, 1), &key(2)).expect("written");
        let read = verified(folder.path());
        assert!(read.sheets.is_empty() && read.doubts[0].ends_with("is signed with another key."), "{read:?}");

        fs::write(&path, "{}").expect("written");
        assert!(verified(&path).doubts[0].ends_with("is not a file of heads."));
    }

    #[test]
    fn a_file_under_another_days_name_and_a_missing_part_are_doubted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = write(folder.path(), &sheet("2026-11-20", 2, 3), &key(1)).expect("written");
        assert_eq!(verified(folder.path()).doubts, ["2 of the 3 parts of 2026-11-20 are missing."]);
        fs::rename(&path, folder.path().join("heads-2026-11-21-002.json")).expect("renamed");
        let read = verified(folder.path());
        assert!(read.sheets.is_empty() && read.doubts[0].contains("named otherwise"), "{read:?}");
    }

    #[test]
    fn what_is_no_sheet_is_not_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut odd = sheet("2026-11-21", 1, 1);
        odd.heads[0].hash = "abc".to_owned();
        let others = [("../../etc", 1, 1), ("20261121", 1, 1), ("2026-02-30", 1, 1), ("2026-11-21", 0, 1)];
        for wrong in others.map(|(day, part, parts)| sheet(day, part, parts)).into_iter().chain([odd]) {
            assert!(matches!(write(folder.path(), &wrong, &key(1)), Err(Unwritten::Unfit(_))), "{wrong:?}");
        }
        assert!(verified(folder.path()).sheets.is_empty());
    }
}

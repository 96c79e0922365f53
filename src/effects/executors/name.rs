//! What we call the things that we make at a provider, so that they are found again.

use serde::Deserialize;

/// How every name of ours begins: what is called otherwise was made by somebody else, and stays.
const OURS: &str = "voxanne:";

/// `voxanne:<id>`: one for each thing, and the only handle on one whose making was not answered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Name(String);

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.strip_prefix(OURS) {
            Some(id) if !id.is_empty() => Ok(Self(text)),
            _ => Err(format!("a name of ours begins with {OURS}")),
        }
    }
}

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For a provider whose names are short: a UUID is one without its hyphens, too.
    pub fn within(&self, longest: usize) -> String {
        match self.0.len() <= longest {
            true => self.0.clone(),
            false => self.0.chars().filter(|char| *char != '-').take(longest).collect(),
        }
    }
}

/// Whether a name is one that we gave.
pub(super) fn is_ours(name: &str) -> bool {
    name.starts_with(OURS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Result<Name, String> {
        Name::try_from(text.to_owned())
    }

    #[test]
    fn a_name_says_whose_thing_it_is() {
        assert!(name("voxanne:1").is_ok());
        for other in ["", "voxanne:", "Reception", "voxanne"] {
            assert!(name(other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_uuid_fits_into_forty_characters() {
        let long = name("voxanne:0b9a4a52-6f3e-4c1c-9c44-000000000001").expect("a name");
        assert_eq!(long.as_str().len(), 44);
        assert_eq!(long.within(64), long.as_str());
        assert_eq!(long.within(40), "voxanne:0b9a4a526f3e4c1c9c44000000000001");
    }
}

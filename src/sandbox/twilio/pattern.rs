//! What `Contains` matches, by the rules of the official description.

use super::error::{Outcome, Refusal};

#[derive(Debug)]
pub(super) struct Pattern {
    from_start: bool,
    to_end: bool,
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Digit(u8),
    One,
    Any,
}

impl Pattern {
    pub(super) fn read(text: &str) -> Outcome<Self> {
        let wrong = || Refusal::bad(20001, format!("Invalid Pattern Provided: {text}"));
        if !(2..=16).contains(&text.chars().count()) {
            return Err(wrong());
        }
        let body = text.strip_prefix('+').unwrap_or(text);
        let from_start = body.len() < text.len();
        let (body, to_end) = body.strip_suffix('$').map_or((body, false), |body| (body, true));
        let parts: Option<Vec<Part>> = body.bytes().map(part).collect();
        let parts = parts.ok_or_else(wrong)?;
        let wild = |part: &Part| !matches!(part, Part::Digit(_));
        let core: Vec<&Part> = {
            let begin = parts.iter().position(|part| !wild(part)).unwrap_or(parts.len());
            let end = parts.iter().rposition(|part| !wild(part)).map_or(begin, |last| last + 1);
            parts[begin..end].iter().collect()
        };
        let is_wild = parts.iter().any(wild);
        if core.iter().any(|part| wild(part)) || (is_wild && core.len() < 2) {
            return Err(wrong());
        }
        Ok(Self { from_start, to_end, parts })
    }

    pub(super) fn matches(&self, number: &str) -> bool {
        let digits = number.trim_start_matches('+').as_bytes();
        let starts = if self.from_start { 0..=0 } else { 0..=digits.len() };
        starts.into_iter().any(|start| self.fits(&self.parts, &digits[start..]))
    }

    fn fits(&self, parts: &[Part], digits: &[u8]) -> bool {
        match parts.split_first() {
            None => !self.to_end || digits.is_empty(),
            Some((Part::Any, rest)) => (0..=digits.len()).any(|skipped| self.fits(rest, &digits[skipped..])),
            Some((part, rest)) => match digits.split_first() {
                Some((digit, left)) => (*part == Part::One || *part == Part::Digit(*digit)) && self.fits(rest, left),
                None => false,
            },
        }
    }
}

/// Letters as on a telephone's keys.
fn part(byte: u8) -> Option<Part> {
    Some(match byte.to_ascii_uppercase() {
        b'*' => Part::One,
        b'%' => Part::Any,
        digit @ b'0'..=b'9' => Part::Digit(digit),
        letter @ b'A'..=b'Z' => Part::Digit(b"22233344455566677778889999"[usize::from(letter - b'A')]),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_as_it_is_described() {
        let number = "+12125550142";
        for (text, fits) in [
            ("555", true),
            ("+1212", true),
            ("+212", false),
            ("0142$", true),
            ("014$", false),
            ("**55501", true),
            ("KJJ", true),
            ("%0142", true),
            ("212%", true),
            ("+1212*******$", true),
            ("+1212******$", false),
        ] {
            assert_eq!(Pattern::read(text).unwrap().matches(number), fits, "{text}");
        }
        for wrong in ["5", "12345678901234567", "5*5", "5%5", "1*", "**", "5 5", "5ö", "5+5"] {
            assert!(Pattern::read(wrong).is_err(), "{wrong}");
        }
    }
}

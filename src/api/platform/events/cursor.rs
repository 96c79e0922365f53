//! Where a reader of live events stands: everything up to and with this event was seen.

use std::{fmt, str::FromStr};

/// The transaction, then the row: the order in which events are published, whatever order they were committed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub xid: u64,
    pub id: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.xid, self.id)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (xid, id) = text.split_once('-').ok_or(())?;
        if !(xid.bytes().chain(id.bytes())).all(|byte| byte.is_ascii_digit()) {
            return Err(());
        }
        Ok(Self { xid: xid.parse().map_err(|_| ())?, id: id.parse().map_err(|_| ())? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text() {
        let cursor = Cursor { xid: u64::MAX, id: i64::MAX };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in [
            "",
            "-",
            "1",
            "1-",
            "-1",
            "1-2-3",
            "+1-2",
            "1--2",
            "x-1",
            "18446744073709551616-1",
            "1-9223372036854775808",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(()), "{text}");
        }
    }

    #[test]
    fn the_transaction_counts_before_the_row() {
        assert!(Cursor { xid: 1, id: 9 } < Cursor { xid: 2, id: 1 });
        assert!(Cursor { xid: 2, id: 1 } < Cursor { xid: 2, id: 2 });
    }
}

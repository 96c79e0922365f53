//! Checks as a table that a person can read.

use std::fmt::Write as _;

use super::Check;

/// A hash is told by its beginning; with `--json` it is there whole.
const WIDEST: usize = 24;

/// Aligned, with a line of titles; whose it is only where there may be several.
pub fn of_checks(checks: &[Check], with_org: bool) -> String {
    let titles = ["organisation", "check", "expected", "found", "drift", "detail"].map(str::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(titles)
        .chain(checks.iter().map(|check| {
            [
                check.org_id.map(|org_id| org_id.to_string()).unwrap_or_default(),
                check.check_name.clone(),
                short(check.expected.as_deref()),
                short(check.found.as_deref()),
                check.drift.to_string(),
                check.detail.clone().unwrap_or_default(),
            ]
        }))
        .collect();
    let widths: [usize; 6] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let mut text = String::new();
    for [org, check, expected, found, drift, detail] in &rows {
        let [org_width, check_width, expected_width, found_width, drift_width, _] = widths;
        if with_org {
            write!(text, "{org:org_width$}  ").expect("writing to a string");
        }
        let line = format!(
            "{check:check_width$}  {expected:>expected_width$}  {found:>found_width$}  {drift:>drift_width$}  {detail}"
        );
        writeln!(text, "{}", line.trim_end()).expect("writing to a string");
    }
    text
}

fn short(value: Option<&str>) -> String {
    let value = value.unwrap_or("nothing");
    match value.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_beneath_their_titles_and_hashes_are_cut() {
        let check = |name: &str, expected: &str, drift, detail: Option<&str>| Check {
            org_id: None,
            check_name: name.to_owned(),
            expected: Some(expected.to_owned()),
            found: None,
            drift,
            detail: detail.map(str::to_owned),
        };
        let checks = [check("held", "280", -280, None), check("head", &"a".repeat(64), 1, Some("entry 8"))];
        let hash = format!("{}…", "a".repeat(24));
        assert_eq!(
            of_checks(&checks, false).lines().collect::<Vec<_>>(),
            [
                "check                   expected    found  drift  detail",
                "held                         280  nothing   -280",
                &format!("head   {hash}  nothing      1  entry 8"),
            ]
        );
    }
}

//! Numbers that can be bought: a hundred of every area and kind, always the same, and nobody's. Where a regulator keeps numbers
//! for films and books, they are those.
//!
//! What a country asks for, and the prices by the month, are from memory.

use serde::{Deserialize, Serialize};

const OF_EACH: u32 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Local,
    Mobile,
    TollFree,
}

impl Kind {
    /// The last segment of the address that lists them.
    pub(super) fn segment(self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::Mobile => "Mobile",
            Self::TollFree => "TollFree",
        }
    }

    pub(super) fn of_segment(segment: &str) -> Option<Self> {
        [Self::Local, Self::Mobile, Self::TollFree].into_iter().find(|kind| kind.segment() == segment)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Mobile => "mobile",
            Self::TollFree => "toll-free",
        }
    }
}

/// Whose address a country wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    None,
    Any,
    Local,
}

impl Address {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Any => "any",
            Self::Local => "local",
        }
    }
}

#[derive(Debug)]
pub(super) struct Country {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) bundle: bool,
    pub(super) address: Address,
    stocks: &'static [Stock],
}

/// Numbers with the same beginning.
#[derive(Debug)]
pub(super) struct Stock {
    pub(super) kind: Kind,
    stem: &'static str,
    digits: usize,
    pub(super) locality: Option<&'static str>,
    pub(super) region: Option<&'static str>,
    pub(super) sms: bool,
    pub(super) cents: u32,
}

const fn local(
    stem: &'static str,
    digits: usize,
    locality: &'static str,
    region: Option<&'static str>,
    cents: u32,
) -> Stock {
    // Text messages go to landlines of North America only.
    let sms = region.is_some();
    Stock { kind: Kind::Local, stem, digits, locality: Some(locality), region, sms, cents }
}

const fn mobile(stem: &'static str, digits: usize, cents: u32) -> Stock {
    Stock { kind: Kind::Mobile, stem, digits, locality: None, region: None, sms: true, cents }
}

const fn toll_free(stem: &'static str, digits: usize, cents: u32) -> Stock {
    Stock { kind: Kind::TollFree, stem, digits, locality: None, region: None, sms: false, cents }
}

pub(super) const COUNTRIES: &[Country] = &[
    Country {
        code: "US",
        name: "United States",
        bundle: false,
        address: Address::None,
        stocks: &[
            local("+121255501", 2, "New York", Some("NY"), 115),
            local("+141555501", 2, "San Francisco", Some("CA"), 115),
            local("+121355501", 2, "Los Angeles", Some("CA"), 115),
            local("+131255501", 2, "Chicago", Some("IL"), 115),
            local("+130555501", 2, "Miami", Some("FL"), 115),
            local("+180855501", 2, "Hilo", Some("HI"), 115),
            toll_free("+183355501", 2, 215),
        ],
    },
    Country {
        code: "CA",
        name: "Canada",
        bundle: false,
        address: Address::None,
        stocks: &[
            local("+141655501", 2, "Toronto", Some("ON"), 115),
            local("+160455501", 2, "Vancouver", Some("BC"), 115),
            local("+151455501", 2, "Montreal", Some("QC"), 115),
            toll_free("+184455501", 2, 215),
        ],
    },
    Country {
        code: "GB",
        name: "United Kingdom",
        bundle: true,
        address: Address::None,
        stocks: &[
            local("+442079460", 3, "London", None, 115),
            local("+44113496", 4, "Leeds", None, 115),
            local("+44161496", 4, "Manchester", None, 115),
            local("+44121496", 4, "Birmingham", None, 115),
            local("+44131496", 4, "Edinburgh", None, 115),
            local("+44141496", 4, "Glasgow", None, 115),
            local("+44292018", 4, "Cardiff", None, 115),
            mobile("+447700900", 3, 115),
            toll_free("+44808157", 4, 215),
        ],
    },
    Country {
        code: "IE",
        name: "Ireland",
        bundle: true,
        address: Address::Local,
        stocks: &[local("+35320911", 4, "Dublin", None, 100), mobile("+35389555", 4, 200)],
    },
    Country {
        code: "AU",
        name: "Australia",
        bundle: false,
        address: Address::Any,
        stocks: &[
            local("+6125550", 4, "Sydney", None, 300),
            local("+6135550", 4, "Melbourne", None, 300),
            mobile("+61491570", 3, 650),
            toll_free("+611800160", 3, 1600),
        ],
    },
    Country {
        code: "NZ",
        name: "New Zealand",
        bundle: false,
        address: Address::Any,
        stocks: &[local("+6498765", 3, "Auckland", None, 315)],
    },
    Country {
        code: "DE",
        name: "Germany",
        bundle: true,
        address: Address::Local,
        stocks: &[local("+493023125", 3, "Berlin", None, 115), mobile("+4915228895", 3, 1500)],
    },
    Country {
        code: "FR",
        name: "France",
        bundle: true,
        address: Address::Local,
        stocks: &[local("+3319900", 4, "Paris", None, 115), mobile("+3363998", 4, 1500)],
    },
    Country {
        code: "ES",
        name: "Spain",
        bundle: true,
        address: Address::Local,
        stocks: &[local("+34910507", 3, "Madrid", None, 115)],
    },
    Country {
        code: "NL",
        name: "Netherlands",
        bundle: true,
        address: Address::Local,
        stocks: &[local("+3120808", 4, "Amsterdam", None, 115), mobile("+31970108", 4, 600)],
    },
    Country {
        code: "SE",
        name: "Sweden",
        bundle: false,
        address: Address::Any,
        stocks: &[local("+46846500", 3, "Stockholm", None, 115), mobile("+467017406", 2, 300)],
    },
];

impl Country {
    pub(super) fn of_code(code: &str) -> Option<&'static Self> {
        COUNTRIES.iter().find(|country| country.code == code)
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.stocks.iter().any(|stock| stock.kind == kind)
    }

    /// Every number of a kind there ever was, sold or not.
    pub(super) fn numbers(&self, kind: Kind) -> impl Iterator<Item = (&'static Stock, String)> {
        self.stocks.iter().filter(move |stock| stock.kind == kind).flat_map(Stock::numbers)
    }
}

impl Stock {
    fn numbers(&'static self) -> impl Iterator<Item = (&'static Self, String)> {
        (0..OF_EACH.min(10_u32.pow(self.digits as u32)))
            .map(move |place| (self, format!("{}{place:0width$}", self.stem, width = self.digits)))
    }

    fn holds(&self, number: &str) -> bool {
        let rest = number.strip_prefix(self.stem).unwrap_or_default();
        rest.len() == self.digits && rest.parse::<u32>().is_ok_and(|place| place < OF_EACH)
    }
}

/// Where a number of the inventory belongs.
pub(super) fn origin(number: &str) -> Option<(&'static Country, &'static Stock)> {
    COUNTRIES.iter().find_map(|country| Some((country, country.stocks.iter().find(|stock| stock.holds(number))?)))
}

/// `(212) 555-0100` in North America, the number itself elsewhere.
pub(super) fn formatted(number: &str) -> String {
    match number.strip_prefix("+1").filter(|rest| rest.len() == 10) {
        Some(rest) => format!("({}) {}-{}", &rest[..3], &rest[3..6], &rest[6..]),
        None => number.to_owned(),
    }
}

/// The three digits after +1.
pub(super) fn area_code(number: &str) -> Option<&str> {
    number.strip_prefix("+1").and_then(|rest| rest.get(..3))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::sandbox::twilio::params::is_e164;

    #[test]
    fn every_number_is_one_and_belongs_to_its_country() {
        let mut seen = BTreeSet::new();
        for country in COUNTRIES {
            for kind in [Kind::Local, Kind::Mobile, Kind::TollFree] {
                for (stock, number) in country.numbers(kind) {
                    assert!(is_e164(&number), "{number}");
                    let (found, of) = origin(&number).unwrap();
                    assert!(found.code == country.code && of.kind == stock.kind, "{number}");
                    assert!(seen.insert(number));
                }
            }
        }
        assert_eq!(origin("+441134960100").map(|(country, _)| country.code), None);
    }
}

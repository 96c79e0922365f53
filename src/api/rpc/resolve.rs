//! Which function a call means: its name and the set of argument names, as PostgREST decides it.

use std::sync::Arc;

use poem::http::StatusCode;

use super::failure::{Failure, Result};
use crate::db::{Catalogue, Function};

/// The function, and whether it takes the whole body as its one unnamed argument.
#[derive(Debug)]
pub struct Chosen {
    pub function: Arc<Function>,
    pub whole: bool,
}

/// What is known of a call before its function is.
pub struct Asked<'a> {
    pub name: &'a str,
    pub arguments: &'a [String],
    /// Types of one unnamed parameter that would take the body whole; none for a GET.
    pub whole_types: &'a [&'a str],
    /// The body is no set of arguments at all: text or bytes.
    pub only_whole: bool,
    /// The old way (`Prefer: params=single-object`): the body is the one JSON argument, whatever its name.
    pub single_object: bool,
}

/// The function meant, or `None` when there is none: the catalogue may be old.
pub fn choose(catalogue: &Catalogue, asked: &Asked) -> Result<Option<Chosen>> {
    let overloads = catalogue.overloads("public", asked.name);
    let takes_whole = |function: &&Arc<Function>| match function.arguments.as_slice() {
        [only] => (only.name.is_empty() || asked.single_object) && asked.whole_types.contains(&only.sql_type.as_str()),
        _ => false,
    };
    let named = |function: &&Arc<Function>| {
        let given: Vec<&str> = asked.arguments.iter().map(String::as_str).collect();
        !asked.only_whole && !asked.single_object && function.takes(&given)
    };

    for whole in [false, true] {
        let fitting: Vec<_> = match whole {
            false => overloads.iter().filter(named).collect(),
            true => overloads.iter().filter(takes_whole).collect(),
        };
        match fitting.as_slice() {
            [] => {}
            [one] => return Ok(Some(Chosen { function: Arc::clone(one), whole })),
            several => return Err(ambiguous(several)),
        }
    }
    Ok(None)
}

fn ambiguous(several: &[&Arc<Function>]) -> Failure {
    let signatures: Vec<String> = several
        .iter()
        .map(|function| {
            let arguments: Vec<String> = function
                .arguments
                .iter()
                .map(|argument| format!("{} => {}", argument.name, argument.sql_type))
                .collect();
            format!("public.{}({})", function.name, arguments.join(", "))
        })
        .collect();
    Failure::new(
        StatusCode::MULTIPLE_CHOICES,
        "PGRST203",
        format!("Could not choose the best candidate function between: {}", signatures.join(", ")),
    )
    .hint("Try renaming the parameters or the function itself in the database so function overloading can be resolved")
}

/// No such function. The hint names only what this role may call.
pub fn not_found(catalogue: &Catalogue, asked: &Asked, role: &str) -> Failure {
    let Asked { name, arguments, .. } = *asked;
    let listed = arguments.join(", ");
    let (message, mut details) = if asked.only_whole {
        let wanted = asked.whole_types.first().copied().unwrap_or("text");
        (format!("public.{name}"), format!(" with a single unnamed {wanted} parameter"))
    } else if arguments.is_empty() {
        (format!("public.{name} without parameters"), " without parameters".to_owned())
    } else {
        let plural = if arguments.len() > 1 { "s" } else { "" };
        (format!("public.{name}({listed})"), format!(" with parameter{plural} {listed}"))
    };
    if !asked.only_whole && !asked.whole_types.is_empty() {
        details.push_str(" or with a single unnamed json/jsonb parameter");
    }
    let failure = Failure::new(
        StatusCode::NOT_FOUND,
        "PGRST202",
        format!("Could not find the function {message} in the schema cache"),
    )
    .details(format!(
        "Searched for the function public.{name}{details}, but no matches were found in the schema cache."
    ));
    match hint(catalogue, asked, role) {
        Some(meant) => failure.hint(format!("Perhaps you meant to call the function public.{meant}")),
        None => failure,
    }
}

/// The nearest function the role may call: another set of arguments of this name, else another name.
fn hint(catalogue: &Catalogue, asked: &Asked, role: &str) -> Option<String> {
    if asked.only_whole {
        return None;
    }
    let callable = |function: &&Arc<Function>| function.executable_by.iter().any(|allowed| allowed == role);
    let signature = |names: &mut Vec<&str>| {
        names.sort_unstable();
        format!("({})", names.join(", "))
    };
    let overloads: Vec<_> = catalogue.overloads("public", asked.name).iter().filter(callable).collect();
    if overloads.is_empty() {
        let names = catalogue.all().filter(|function| function.schema == "public").filter(callable);
        return nearest(asked.name, names.map(|function| function.name.clone()));
    }
    let given = signature(&mut asked.arguments.iter().map(String::as_str).collect());
    let others = overloads
        .iter()
        .map(|function| signature(&mut function.arguments.iter().map(|argument| argument.name.as_str()).collect()));
    Some(format!("{}{}", asked.name, nearest(&given, others)?))
}

/// The most alike, when it is more alike than not.
fn nearest(wanted: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let longest = |other: &str| wanted.chars().count().max(other.chars().count()).max(1);
    known
        .filter(|other| other.len().abs_diff(wanted.len()) <= wanted.len())
        .map(|other| (1.0 - distance(wanted, &other) as f64 / longest(&other) as f64, other))
        .filter(|(likeness, _)| *likeness > 0.5)
        .max_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| y.cmp(x)))
        .map(|(_, other)| other)
}

/// Letters to change, add or leave out to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let known = || ["wallet_summary", "auth_org_id"].into_iter().map(str::to_owned);
        assert_eq!(nearest("wallet_sumary", known()).as_deref(), Some("wallet_summary"));
        assert_eq!(nearest("zebra", known()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}

use super::*;

fn parsed(query: &str) -> Query {
    Query::parse(query, true).unwrap_or_else(|failure| panic!("{query}: {:?}", failure.body))
}

fn refused(query: &str) -> String {
    Query::parse(query, true).expect_err("a query that must be refused").body.code.into_owned()
}

fn column(name: &str) -> Field {
    Field { column: name.to_owned(), path: Vec::new() }
}

fn eq(name: &str, value: &str) -> Condition {
    Condition::Test { field: column(name), test: Test::Compare { operator: "=", value: value.to_owned() } }
}

#[test]
fn what_supabase_js_sends_is_understood() {
    let query = parsed(
        "select=id,n:name,data->>k,at::date&id=gte.2&name=not.like.a*&order=id.desc.nullslast,name&limit=5&offset=3",
    );
    assert_eq!(query.select.len(), 4);
    assert_eq!(query.filters.len(), 2);
    assert_eq!(query.order.len(), 2);
    assert!(query.order[0].descending && query.order[0].nulls_first == Some(false));
    assert_eq!((query.limit, query.offset), (Some(5), 3));
    let Condition::Not(inner) = &query.filters[1] else { panic!("not.like negates") };
    let Condition::Test { test: Test::Compare { operator, value }, .. } = inner.as_ref() else {
        panic!("a comparison")
    };
    assert_eq!((*operator, value.as_str()), ("like", "a%"));
}

#[test]
fn an_argument_is_what_is_no_filter() {
    let query = parsed("p_email=ann@clinic.test&p_sum=1.5&id=eq.1&v=1&v=2");
    let names: Vec<&str> = query.arguments.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["p_email", "p_sum", "v", "v"]);
    assert_eq!(query.filters, [eq("id", "1")]);
}

#[test]
fn lists_quotes_and_trees_are_read_to_their_end() {
    assert_eq!(
        parsed(r#"name=in.(a,"b,c","d\"e")"#).filters,
        [Condition::Test { field: column("name"), test: Test::In(vec!["a".into(), "b,c".into(), "d\"e".into()]) }]
    );
    assert_eq!(
        parsed("or=(a.eq.1,and(b.eq.2,c.eq.3),not.or(d.eq.x.y))").filters,
        [Condition::Any(vec![
            eq("a", "1"),
            Condition::All(vec![eq("b", "2"), eq("c", "3")]),
            Condition::Not(Box::new(Condition::Any(vec![eq("d", "x.y")]))),
        ])]
    );
    assert_eq!(
        parsed("name=like(any).{a*,b}").filters,
        [Condition::Test {
            field: column("name"),
            test: Test::Quantified { operator: "like", all: false, values: vec!["a%".into(), "b".into()] },
        }]
    );
    assert_eq!(parsed("a=in.()").filters, [Condition::Test { field: column("a"), test: Test::In(vec![]) }]);
}

#[test]
fn what_cannot_be_read_or_is_not_done_here_is_a_clear_400() {
    for query in [
        "select=id,clients(name)",
        "select=...x(y)",
        "select=id::regclass",
        "select=,",
        "a=fts.word",
        "a=is.maybe",
        "a=in.(1",
        "or=(a.eq.1",
        "or=a.eq.1",
        "or=(a.eq.1))",
        "order=id.sideways",
        "limit=many",
        "limit=99999999999999999999",
        "name=in.(\"a)",
    ] {
        assert_eq!(refused(query), "PGRST100", "{query}");
    }
    assert_eq!(refused("limit=-1"), "PGRST103");
    assert_eq!(refused("a.b=eq.1"), "PGRST108");
    let deep = format!("or={}a.eq.1{}", "(and".repeat(40), ")".repeat(40));
    assert_eq!(refused(&deep), "PGRST100");
}

#[test]
fn no_input_makes_the_parser_panic() {
    for text in [
        "",
        "\"",
        "->",
        "a->",
        "a->>-",
        "a->>-1x",
        "ä->ö",
        "::",
        ":",
        "a:",
        "{",
        "(",
        "é\"",
        "-",
        "a.b.c",
        "not.",
        "not.not.eq.1",
    ] {
        for name in ["select", "order", "or", "and", "limit", "offset", "x", text] {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, text).finish();
            let _ = Query::parse(&query, true);
            let query =
                url::form_urlencoded::Serializer::new(String::new()).append_pair(name, &format!("eq.{text}")).finish();
            let _ = Query::parse(&query, false);
        }
    }
}

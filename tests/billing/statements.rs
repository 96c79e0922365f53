//! A month's statement: it joins the one before, it adds up, and it is a file for the accountant.

use rand::{Rng, SeedableRng, rngs::StdRng};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use super::money::{call, topped_up};
use crate::{
    support::{Session, TestServer},
    tenancy::asks::get,
};

/// Half a year of a clinic's money, to the second before and after every midnight of London's months.
async fn half_a_year(server: &TestServer, who: &Session) {
    let owner = server.db.owner().await;
    let mut dice = StdRng::seed_from_u64(20_261_121);
    let mut at = OffsetDateTime::parse("2026-02-27T08:00:00Z", &Rfc3339).expect("a time");
    let midnights = ["2026-03-01T00:00:00Z", "2026-03-31T23:00:00Z", "2026-04-30T23:00:00Z", "2026-06-30T23:00:00Z"];
    let mut moments: Vec<OffsetDateTime> = (0..150)
        .map(|_| {
            at += Duration::seconds(dice.random_range(60..150_000));
            at
        })
        .collect();
    for midnight in midnights {
        let midnight = OffsetDateTime::parse(midnight, &Rfc3339).expect("a time");
        moments.extend([midnight - Duration::microseconds(1), midnight]);
    }
    moments.sort();
    for (n, moment) in moments.iter().enumerate() {
        let when = moment.format(&Rfc3339).expect("a time");
        let (sql, amount) = match if n == 0 { 0 } else { dice.random_range(0..10) } {
            0 => ("select private.add_credits($1, $2, 'topup', $3, 'Top-up', p_now => $4::text::timestamptz)", 50_000),
            1 => (
                "select private.add_credits($1, $2, 'adjustment', $3, 'By hand', p_now => $4::text::timestamptz)",
                dice.random_range(-900..0),
            ),
            2 => (
                "select private.add_credits($1, $2, 'refund', $3, 'Refund', p_stripe_object_id => 'ch_1', p_now => $4::text::timestamptz)",
                -2500,
            ),
            3 => ("select private.add_credits($1, $2, 'bonus', $3, 'Bonus', p_now => $4::text::timestamptz)", 77),
            _ => (
                "select private.deduct_call_credits($1, $3::text::uuid, $3, $2, p_now => $4::text::timestamptz)",
                dice.random_range(1..900),
            ),
        };
        let key = Uuid::from_u128(dice.random()).to_string();
        owner.execute(sql, &[&who.org_id, &i64::from(amount), &key, &when]).await.expect("money moves");
    }
}

async fn statement(server: &TestServer, who: &Session, month: &str) -> Value {
    get(server, who, &format!("/api/billing/wallet/statement/{month}")).await.good()
}

fn sum(rows: &Value, field: &str) -> i64 {
    rows.as_array().expect("rows").iter().map(|row| row[field].as_i64().expect("pence")).sum()
}

#[tokio::test]
async fn statements_join_each_other_add_up_and_end_at_the_balance() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    half_a_year(&server, &admin).await;

    let mut balance = 0;
    let mut lines = 0;
    for month in 2..=11 {
        let said = statement(&server, &admin, &format!("2026-{month:02}")).await;
        assert_eq!(said["opening_pence"], json!(balance), "{month} opens with what the month before left");
        balance = said["closing_pence"].as_i64().expect("pence");
        assert_eq!(
            said["opening_pence"].as_i64().expect("pence") + sum(&said["lines"], "amount_pence"),
            balance,
            "opening and lines make closing in {month}"
        );
        if let Some(last) = said["lines"].as_array().and_then(|lines| lines.last()) {
            assert_eq!(last["balance_after_pence"], said["closing_pence"], "the ledger's own balance says the same");
        }
        assert_eq!(sum(&said["totals"], "gross_pence"), sum(&said["lines"], "amount_pence"), "every line has its kind");

        let used = |field: &str| said[format!("used_{field}_pence")].as_i64().expect("pence");
        assert_eq!(used("net") + used("vat"), used("gross"), "net and tax make up gross in {month}");
        for (field, name) in [("gross", "gross_pence"), ("net", "net_pence"), ("vat", "vat_pence")] {
            assert_eq!(used(field), sum(&said["vat"], name), "{field} in {month}");
        }
        let totals = said["totals"].as_array().expect("totals");
        let spent = |kind: &str| totals.iter().find(|t| t["kind"] == kind).expect("a kind")["gross_pence"].clone();
        let spent: i64 = ["call", "purchase"].iter().filter_map(|kind| spent(kind).as_i64()).sum();
        assert_eq!(used("gross"), -spent, "what was used is what calls and purchases cost in {month}");
        lines += said["lines"].as_array().map_or(0, Vec::len);
    }
    let wallet = get(&server, &admin, "/api/billing/wallet").await.good();
    assert_eq!(wallet["balance_pence"], json!(balance));
    assert_eq!(lines, 158, "every row is in one statement");
}

#[tokio::test]
async fn a_months_midnight_is_londons() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    half_a_year(&server, &admin).await;
    let march = statement(&server, &admin, "2026-03").await;
    let bounds = (march["starts_at"].as_str().expect("a time"), march["ends_at"].as_str().expect("a time"));
    assert_eq!(bounds, ("2026-03-01T00:00:00+00:00", "2026-03-31T23:00:00+00:00"), "clocks go forward in it");
    let lines = march["lines"].as_array().expect("lines");
    assert_eq!(lines.first().expect("a line")["created_at"], "2026-03-01T00:00:00+00:00");
    assert_eq!(lines.last().expect("a line")["created_at"], "2026-03-31T22:59:59.999999+00:00");
    assert_eq!(march["is_final"], true);
}

#[tokio::test]
async fn a_statement_is_a_file_for_the_accountant_too() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    half_a_year(&server, &admin).await;
    let path = "/api/billing/wallet/statement/2026-04";
    let answer = server.get(path, &admin).header(header::ACCEPT, "text/csv").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_DISPOSITION], "attachment; filename=\"voxanne-statement-2026-04.csv\"");
    let text = answer.text().await.expect("a file");
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains('\n'), "lines end as RFC 4180 has it");

    let said = statement(&server, &admin, "2026-04").await;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("every row is whole")).collect();
    let of = |record: &str, column: &str| -> Vec<i64> {
        let place = header.iter().position(|name| name == column).expect("a column");
        rows.iter().filter(|row| &row[0] == record).map(|row| row[place].parse().expect("pence")).collect()
    };
    let entries = of("entry", "amount_pence");
    assert_eq!(entries.len(), said["lines"].as_array().map_or(0, Vec::len));
    assert_eq!(of("opening", "balance_pence")[0] + entries.iter().sum::<i64>(), of("closing", "balance_pence")[0]);
    assert_eq!(of("closing", "balance_pence")[0], said["closing_pence"].as_i64().expect("pence"));
    assert_eq!(of("total", "amount_pence").iter().sum::<i64>(), entries.iter().sum::<i64>());
    assert_eq!(of("vat", "vat_pence").iter().sum::<i64>(), said["used_vat_pence"].as_i64().expect("pence"));
}

#[tokio::test]
async fn a_statement_holds_the_callers_own_money_and_can_be_had_without_its_lines() {
    let server = TestServer::without_workers(&[]).await;
    let (admin, other) = (server.sign_up("Clinic").await, server.sign_up("Other").await);
    topped_up(&server, &admin, 2500).await;
    call(&server, &admin, 120).await;
    topped_up(&server, &other, 9999).await;
    let sql = "select to_char(private.london_month(now()), 'YYYY-MM')";
    let month: String = server.db.owner().await.query_one(sql, &[]).await.expect("the month").get(0);

    let said = statement(&server, &admin, &month).await;
    assert_eq!((&said["closing_pence"], &said["is_final"]), (&json!(2388), &json!(false)));
    assert_eq!(
        (&said["used_gross_pence"], &said["used_net_pence"], &said["used_vat_pence"]),
        (&json!(112), &json!(93), &json!(19))
    );
    let short = statement(&server, &admin, &format!("{month}?lines=false")).await;
    assert_eq!((&short["lines"], &short["closing_pence"]), (&Value::Null, &json!(2388)));
    assert_eq!(short["totals"], said["totals"]);
}

#[tokio::test]
async fn a_month_without_a_statement_is_refused_in_words() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    for (month, status, code) in [
        ("2999-01", 404, "statement_not_found"),
        ("2019-12", 404, "statement_not_found"),
        ("2026-13", 400, "invalid_month"),
        ("2026-1", 400, "invalid_month"),
        ("november", 400, "invalid_month"),
        ("2026-11-01", 400, "invalid_month"),
        ("0000-01", 400, "invalid_month"),
        ("%F0%9F%98%80", 400, "invalid_month"),
        ("2026-11%22%0d%0aX-Evil:1", 400, "invalid_month"),
    ] {
        let path = format!("/api/billing/wallet/statement/{month}");
        get(&server, &admin, &path).await.is(status, code);
        let file = server.get(&path, &admin).header(header::ACCEPT, "text/csv").send().await.expect("an answer");
        assert_eq!(file.status().as_u16(), status, "{month} as a file");
        let said: Value = file.json().await.expect("a refusal is JSON");
        assert_eq!(said["code"], code);
    }
    let refused = get(&server, &admin, "/api/billing/wallet/statement/2999-01").await;
    assert!(refused.text.contains("\"last_month\""), "it says which there are: {}", refused.text);
}

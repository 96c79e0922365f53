//! The stand-ins for Google's and Microsoft's logins, asked as a browser and a client ask.

use serde_json::json;
use url::Url;
use voxanne::sandbox::{Face, Fault};

use super::oauth_support::{ANNA, BACK, EMAIL, EVENTS, FREE_BUSY, Login, answer, code_in, param, text};

const BOTH: [Face; 2] = [Face::Google, Face::Outlook];

#[tokio::test]
async fn a_person_agrees_in_the_browser_and_the_code_becomes_tokens() {
    for face in BOTH {
        let login = Login::at(face).await;
        let page = login.http.get(login.usual_url()).send().await.expect("a page");
        assert_eq!(page.status(), 200);
        let html = page.text().await.expect("text");
        assert!(html.contains("Voxanne wants to use your") && html.contains("calendars"), "{html}");

        let form = "email=Anna%2Bdesk%40clinic.test&act=allow&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcalendar.events\
                    &scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcalendar.freebusy";
        let sent = login.http.post(login.usual_url()).body(form).send().await.expect("an answer");
        assert_eq!(sent.status(), 303);
        let next = Url::parse(sent.headers()["location"].to_str().expect("text")).expect("a URL");
        assert!(next.as_str().starts_with(BACK), "{next}");
        assert_eq!(param(&next, "state").as_deref(), Some("a signed state"));

        let (status, tokens) = login.token(&login.exchanging(&code_in(&next))).await;
        assert_eq!((status, &tokens["token_type"]), (200, &json!("Bearer")), "{tokens}");
        let (path, field) = match face {
            Face::Google => ("/oauth2/v2/userinfo", "email"),
            Face::Outlook => ("/v1.0/me", "mail"),
        };
        let (status, profile) = login.get(path, &text(&tokens, "access_token")).await;
        assert_eq!((status, &profile[field]), (200, &json!(ANNA)), "{profile}");
        let (status, again) = login.refresh(&text(&tokens, "refresh_token")).await;
        assert_eq!(status, 200, "{again}");
        assert_eq!(login.get(path, &text(&again, "access_token")).await.0, 200);
        assert_eq!(again["refresh_token"].is_string(), face == Face::Outlook, "only Microsoft hands out new ones");
    }
}

#[tokio::test]
async fn a_person_who_says_no_is_sent_back_without_a_code() {
    for face in BOTH {
        let login = Login::at(face).await;
        let sent = login.http.post(login.usual_url()).body("act=deny&email=").send().await.expect("an answer");
        let next = Url::parse(sent.headers()["location"].to_str().expect("text")).expect("a URL");
        assert_eq!(param(&next, "error").as_deref(), Some("access_denied"));
        assert_eq!(param(&next, "state").as_deref(), Some("a signed state"));
        assert_eq!(param(&next, "code"), None);
        assert!(login.oauth().consents().is_empty());
        let page = login.http.post(login.usual_url()).body("act=allow&email=anna").send().await.expect("a page");
        assert!(
            page.text().await.expect("text").contains("Enter an email address"),
            "nobody without an address agrees"
        );
    }
}

#[tokio::test]
async fn somebody_may_agree_to_a_part_at_google() {
    let login = Login::at(Face::Google).await;
    let next = login.oauth().allow_without(&login.usual_url(), ANNA, &[EVENTS, EMAIL]).expect("a question");
    let told = param(&next, "scope").expect("scopes");
    let (_, tokens) = login.token(&login.exchanging(&code_in(&next))).await;
    for scopes in [told, text(&tokens, "scope")] {
        let scopes: Vec<&str> = scopes.split(' ').collect();
        assert_eq!(scopes, [FREE_BUSY, EMAIL, "openid"], "who one is cannot be unticked");
    }
    let token = text(&tokens, "access_token");
    let (status, refusal) = login.get("/calendar/v3/calendars/primary/events", &token).await;
    assert_eq!((status, &refusal["error"]["errors"][0]["reason"]), (403, &json!("insufficientPermissions")));

    let outlook = Login::at(Face::Outlook).await;
    let next = outlook.oauth().allow_without(&outlook.usual_url(), ANNA, &["Calendars.ReadWrite"]).expect("a question");
    let (_, tokens) = outlook.token(&outlook.exchanging(&code_in(&next))).await;
    assert_eq!(text(&tokens, "scope"), "Calendars.ReadWrite User.Read");
}

#[tokio::test]
async fn nobody_is_asked_for_a_stranger_or_sent_to_one() {
    for face in BOTH {
        let login = Login::at(face).await;
        for (name, value, status, error) in [
            ("client_id", Some("another"), 401, "invalid_client"),
            ("client_id", None, 401, "invalid_client"),
            ("redirect_uri", Some("https://voxanne.test/api/integrations/callback/"), 400, "redirect_uri_mismatch"),
            ("redirect_uri", Some("https://evil.test/"), 400, "redirect_uri_mismatch"),
            ("redirect_uri", None, 400, "redirect_uri_mismatch"),
        ] {
            let url = login.url_with(name, value);
            for request in [login.http.get(&url), login.http.post(&url).body("act=allow&email=anna@clinic.test")] {
                let page = request.send().await.expect("a page");
                assert_eq!(
                    (page.status().as_u16(), page.headers().get("location")),
                    (status, None),
                    "{name} {value:?}"
                );
                assert!(page.text().await.expect("text").contains(error));
            }
            assert!(login.oauth().allow(&url, ANNA).is_err());
        }
        let twice = format!("{}&state=other", login.usual_url());
        assert_eq!(login.http.get(&twice).send().await.expect("a page").status(), 400);
        assert!(login.oauth().consents().is_empty());
    }
}

#[tokio::test]
async fn a_question_without_pkce_or_with_a_wrong_word_is_not_asked() {
    let wrong = [
        ("response_type", Some("token")),
        ("response_type", None),
        ("scope", None),
        ("scope", Some("everything")),
        ("code_challenge", None),
        ("code_challenge", Some("short")),
        ("code_challenge_method", Some("plain")),
        ("code_challenge_method", None),
        ("prompt", Some("none")),
        ("prompt", Some("please")),
        ("access_type", Some("sometimes")),
        ("response_mode", Some("fragment")),
    ];
    for face in BOTH {
        let login = Login::at(face).await;
        for (name, value) in wrong {
            let answer = login.http.get(login.url_with(name, value)).send().await.expect("an answer");
            let told = answer.headers().get("location").map(|next| Url::parse(next.to_str().unwrap()).unwrap());
            match face {
                Face::Google => assert_eq!((answer.status().as_u16(), told), (400, None), "{name} {value:?}"),
                Face::Outlook => {
                    let told = told.unwrap_or_else(|| panic!("{name} {value:?} is told to the client"));
                    assert!(param(&told, "error").is_some() && param(&told, "code").is_none(), "{told}");
                    assert_eq!(param(&told, "state").as_deref(), Some("a signed state"));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_code_is_good_once_for_who_asked_and_not_for_long() {
    for face in BOTH {
        let login = Login::at(face).await;
        let refused = async |name: &'static str, value: Option<&str>| {
            let mut fields = login.exchanging(&login.code());
            match value {
                Some(value) => fields.insert(name, value.to_owned()),
                None => fields.remove(name),
            };
            let (status, body) = login.token(&fields).await;
            assert!(body.get("access_token").is_none() && body["error_description"].is_string(), "{body}");
            if face == Face::Outlook {
                assert!(body["error_codes"][0].is_u64() && text(&body, "error_description").starts_with("AADSTS"));
            }
            (status, text(&body, "error"))
        };
        let invalid_grant = (400, "invalid_grant".to_owned());
        assert_eq!(refused("code", Some("4/0Astranger")).await, invalid_grant);
        assert_eq!(refused("code_verifier", Some("wrong")).await, invalid_grant);
        assert_eq!(refused("code_verifier", None).await, invalid_grant);
        let mismatch = if face == Face::Google { "redirect_uri_mismatch" } else { "invalid_grant" };
        assert_eq!(refused("redirect_uri", Some("https://evil.test/")).await, (400, mismatch.to_owned()));
        assert_eq!(refused("client_id", Some("another")).await, (401, "invalid_client".to_owned()));
        assert_eq!(refused("client_secret", Some("wrong")).await, (401, "invalid_client".to_owned()));
        assert_eq!(refused("client_secret", None).await, (401, "invalid_client".to_owned()));
        assert_eq!(refused("grant_type", Some("password")).await, (400, "unsupported_grant_type".to_owned()));
        assert_eq!(refused("grant_type", None).await, (400, "invalid_request".to_owned()));
        assert_eq!(refused("code", None).await, (400, "invalid_request".to_owned()));

        let code = login.code();
        login.oauth().age_codes();
        assert_eq!(login.token(&login.exchanging(&code)).await.1["error"], "invalid_grant");
        let request = login.http.post(login.url(login.token_path())).json(&login.exchanging(&login.code()));
        assert_eq!(answer(request).await.0, 400, "JSON is no form");
    }
}

#[tokio::test]
async fn a_code_that_is_shown_again_ends_what_came_of_it() {
    for face in BOTH {
        let login = Login::at(face).await;
        let code = login.code();
        let (_, tokens) = login.token(&login.exchanging(&code)).await;
        let refresh_token = text(&tokens, "refresh_token");
        assert!(login.oauth().takes(&refresh_token));
        assert_eq!(login.token(&login.exchanging(&code)).await.1["error"], "invalid_grant");
        assert!(!login.oauth().takes(&refresh_token));
        assert_eq!(login.refresh(&refresh_token).await.1["error"], "invalid_grant");
    }
}

#[tokio::test]
async fn lasting_access_must_be_asked_for() {
    for (face, name, value) in [
        (Face::Google, "access_type", None),
        (Face::Google, "access_type", Some("online")),
        (Face::Google, "prompt", None),
        (Face::Outlook, "scope", Some("Calendars.ReadWrite User.Read")),
    ] {
        let login = Login::at(face).await;
        let next = login.oauth().allow(&login.url_with(name, value), ANNA).expect("a question");
        let (status, tokens) = login.token(&login.exchanging(&code_in(&next))).await;
        assert_eq!((status, tokens.get("refresh_token")), (200, None), "{name} {value:?}");
    }
}

#[tokio::test]
async fn a_person_takes_the_access_away() {
    for face in BOTH {
        let login = Login::at(face).await;
        let tokens = login.tokens().await;
        let refresh_token = text(&tokens, "refresh_token");
        let page = login.http.get(login.url("/")).send().await.expect("a page").text().await.expect("text");
        assert!(page.contains(ANNA) && page.contains("Take access away"));
        let button = login.http.post(login.url("/_sandbox/accounts/anna+desk@clinic.test/revoke"));
        let pressed = button.header("accept", "text/html").send().await.expect("an answer");
        assert_eq!(pressed.status(), 303);

        let (status, refused) = login.refresh(&refresh_token).await;
        assert_eq!((status, &refused["error"]), (400, &json!("invalid_grant")));
        let path = if face == Face::Google { "/oauth2/v2/userinfo" } else { "/v1.0/me" };
        assert_eq!(login.get(path, &text(&tokens, "access_token")).await.0, 401);
        assert!(login.oauth().consents()[0].over && !login.oauth().revoke(ANNA));
        assert!(login.oauth().takes(&text(&login.tokens().await, "refresh_token")), "she may agree again");
    }
}

#[tokio::test]
async fn a_token_is_given_back_at_google() {
    let login = Login::at(Face::Google).await;
    for name in ["refresh_token", "access_token"] {
        let tokens = login.tokens().await;
        let fields = [("token", text(&tokens, name))].into();
        assert_eq!(answer(login.form("/revoke", &fields)).await, (200, json!({})));
        assert!(!login.oauth().takes(&text(&tokens, "refresh_token")));
        let (status, refused) = answer(login.form("/revoke", &fields)).await;
        assert_eq!((status, &refused["error"]), (400, &json!("invalid_token")));
    }
    assert_eq!(answer(login.form("/revoke", &[].into())).await.0, 400);
    let outlook = Login::at(Face::Outlook).await;
    assert_eq!(answer(outlook.form("/revoke", &[].into())).await.0, 404, "Microsoft has no such place");
}

#[tokio::test]
async fn an_access_token_is_good_for_an_hour_and_a_refresh_token_is_none() {
    for (face, path) in [(Face::Google, "/oauth2/v2/userinfo"), (Face::Outlook, "/v1.0/me")] {
        let login = Login::at(face).await;
        let tokens = login.tokens().await;
        let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
        assert_eq!(login.get(path, &access).await.0, 200);
        assert_eq!(login.get(path, &refresh).await.0, 401);
        assert_eq!(login.refresh(&access).await.1["error"], "invalid_grant");
        login.oauth().age_access_tokens();
        assert_eq!(login.get(path, &access).await.0, 401);
        let (_, again) = login.refresh(&refresh).await;
        assert_eq!(login.get(path, &text(&again, "access_token")).await.0, 200);
    }
}

#[tokio::test]
async fn a_private_microsoft_account_has_no_mail_but_its_login_name() {
    let login = Login::at(Face::Outlook).await;
    let next = login.oauth().allow(&login.usual_url(), "anna@outlook.com").expect("a question");
    let (_, tokens) = login.token(&login.exchanging(&code_in(&next))).await;
    let (_, me) = login.get("/v1.0/me", &text(&tokens, "access_token")).await;
    assert_eq!((&me["mail"], &me["userPrincipalName"]), (&json!(null), &json!("anna@outlook.com")));
}

#[tokio::test]
async fn every_operation_can_fail_or_lose_its_request_or_its_answer() {
    for face in BOTH {
        let login = Login::at(face).await;
        let faults = login.oauth().faults();
        let tokens = login.tokens().await;
        let path = if face == Face::Google { "/oauth2/v2/userinfo" } else { "/v1.0/me" };
        faults.add(Fault::error(502).matching(format!("GET {path}")).next(1));
        assert_eq!(login.get(path, &text(&tokens, "access_token")).await.0, 502);
        assert_eq!(login.get(path, &text(&tokens, "access_token")).await.0, 200);
        faults.add(Fault::rate_limited(3).matching(login.token_path()).next(1));
        assert_eq!(login.refresh(&text(&tokens, "refresh_token")).await.0, 429);

        let exchange = login.exchanging(&login.code());
        faults.add(Fault::lost_request().matching(login.token_path()).next(1));
        assert!(login.form(login.token_path(), &exchange).send().await.is_err());
        assert_eq!(login.token(&exchange).await.0, 200, "the code was not used");

        let exchange = login.exchanging(&login.code());
        faults.add(Fault::lost_answer().matching(login.token_path()).next(1));
        assert!(login.form(login.token_path(), &exchange).send().await.is_err());
        assert_eq!(login.token(&exchange).await.1["error"], "invalid_grant", "the code was used");
    }
}

#[tokio::test]
async fn a_consent_of_before_goes_on() {
    for (face, scopes) in [(Face::Google, EMAIL), (Face::Outlook, "offline_access User.Read")] {
        let login = Login::at(face).await;
        login.oauth().take_up(ANNA, scopes, "a token of before");
        let (_, tokens) = login.refresh("a token of before").await;
        let path = if face == Face::Google { "/oauth2/v2/userinfo" } else { "/v1.0/me" };
        assert_eq!(login.get(path, &text(&tokens, "access_token")).await.0, 200);
        assert!(login.oauth().revoke(ANNA) && !login.oauth().takes("a token of before"));
    }
}

//! Every documented error in every shape, as the sentence that people read.

use super::{Canned, permit, twin};
use crate::systems::mediatel::twin::{Auth, ErrorShape, Numbers, Options, Statuses};
use crate::{AgentId, Effect, ErrorKind};

async fn refused(status: u16, body: &str) -> String {
    let canned = Canned::saying(status, body).await;
    let error = canned.client().writing.enable_agent(&permit(), &AgentId::new("7")).await.unwrap_err();
    assert_eq!(canned.seen().len(), 1, "a write is sent once");
    let sentence = error.to_string();
    format!("{} ({:?})", sentence.strip_prefix("mediatel ").unwrap(), error.effect)
}

#[tokio::test]
async fn details_and_entities_become_sentences() {
    let mut lines = Vec::new();
    for detail in 100..=106 {
        for entity in ["", "0", "1", "2", "3", "4"] {
            let about = if entity.is_empty() { String::new() } else { format!(r#","entity":{entity}"#) };
            let body = format!(r#"{{"error":{{"code":409,"detail":{detail}{about}}},"result":[]}}"#);
            lines.push(format!("{detail} {entity:>1}: {}", refused(409, &body).await));
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r##"
    100  : refused: it does not take one of the values (None)
    100 0: refused: it does not take what it was told about a queue (None)
    100 1: refused: it does not take one of the values (None)
    100 2: refused: it does not take what it was told about a group (None)
    100 3: refused: it does not take what it was told about a project (None)
    100 4: refused: it does not take what it was told about a pause (None)
    101  : refused: it does not take that login (None)
    101 0: refused: it does not take the name of a queue (None)
    101 1: refused: it does not take that login (None)
    101 2: refused: it does not take the name of a group (None)
    101 3: refused: it does not take the name of a project (None)
    101 4: refused: it does not take the name of a pause (None)
    102  : refused: that login is already taken (None)
    102 0: refused: a queue already has that name (None)
    102 1: refused: that login is already taken (None)
    102 2: refused: a group already has that name (None)
    102 3: refused: a project already has that name (None)
    102 4: refused: a pause already has that name (None)
    103  : refused: the bot's account there has no permission for this (None)
    103 0: refused: the bot's account there has no permission for this (None)
    103 1: refused: the bot's account there has no permission for this (None)
    103 2: refused: the bot's account there has no permission for this (None)
    103 3: refused: the bot's account there has no permission for this (None)
    103 4: refused: the bot's account there has no permission for this (None)
    104  : refused: its reason (104) is left blank in its own documents (None)
    104 0: refused: its reason (104) is left blank in its own documents (None)
    104 1: refused: its reason (104) is left blank in its own documents (None)
    104 2: refused: its reason (104) is left blank in its own documents (None)
    104 3: refused: its reason (104) is left blank in its own documents (None)
    104 4: refused: its reason (104) is left blank in its own documents (None)
    105  : refused: it has another reason, which it does not name (105) (None)
    105 0: refused: it has another reason to do with a queue, which it does not name (105) (None)
    105 1: refused: it has another reason to do with an agent, which it does not name (105) (None)
    105 2: refused: it has another reason to do with a group, which it does not name (105) (None)
    105 3: refused: it has another reason to do with a project, which it does not name (105) (None)
    105 4: refused: it has another reason to do with a pause, which it does not name (105) (None)
    106  : refused: something still uses it (None)
    106 0: refused: a queue still uses it (None)
    106 1: refused: another agent still uses it (None)
    106 2: refused: a group still uses it (None)
    106 3: refused: a project still uses it (None)
    106 4: refused: a pause still uses it (None)
    "##);
}

#[tokio::test]
async fn every_shape_says_the_same() {
    let sentence = "refused: a queue still uses it (None)";
    for detail in ["detail", "details", "detailCode", "subcode", "id", "DETAIL", "DetailCode", "ID"] {
        for entity in ["entity", "entityType", "entity_type", "EntityType"] {
            let plain = format!(r#"{{"error":{{"code":409,"{detail}":106,"{entity}":0}},"result":[]}}"#);
            let texts = format!(r#"{{"error":{{"code":"409","{detail}":"106","{entity}":"0"}},"result":[]}}"#);
            for body in [&plain, &texts] {
                assert_eq!(refused(409, body).await, sentence, "{body}");
                assert_eq!(refused(200, body).await, sentence, "{body}");
            }
        }
    }
}

#[tokio::test]
async fn the_twin_is_understood_in_every_shape() {
    for statuses in [Statuses::AsCode, Statuses::Always200] {
        for numbers in [Numbers::Plain, Numbers::Texts] {
            for (detail, entity) in [("detail", "entity"), ("details", "entityType"), ("subcode", "entity_type")] {
                let errors = ErrorShape { statuses, numbers, detail, entity };
                let (twin, client) = twin(Options { errors, ..Options::default() }).await;
                assert_eq!(client.reading.agents().await.unwrap().len(), 1);
                twin.put_agent(r#"{"ID":2,"Login":"a.b","State":0}"#).unwrap();
                twin.hold(2, 3);
                let error = client.writing.delete_agent(&permit(), &AgentId::new("2")).await.unwrap_err();
                assert_eq!(error.to_string(), "mediatel refused: a project still uses it");
                assert_eq!(client.reading.agent(&AgentId::new("9")).await.unwrap_err().kind, ErrorKind::NotFound);
            }
        }
    }
}

#[tokio::test]
async fn codes_without_a_reason() {
    let mut lines = Vec::new();
    for code in
        [0, 100, 300, 306, 307, 308, 400, 401, 403, 404, 408, 409, 410, 418, 422, 429, 444, 499, 500, 503, 599, 70000]
    {
        let body = format!(r#"{{"error":{{"code":{code}}},"result":[]}}"#);
        lines.push(format!("{code}: {}", refused(200, &body).await));
    }
    for (status, body) in [
        (404, "<html>not here</html>"),
        (500, ""),
        (500, r#"{"error":{"code":200},"result":[]}"#),
        (500, r#"{"error":{"code":409,"detail":102,"entity":1},"result":[]}"#),
        (302, ""),
        (200, r#"{"error":{},"result":[]}"#),
        (200, r#"{"error":{"code":200}}"#),
        (200, r#"{"error":{"code":200},"result":{}}"#),
        (200, r#"{"error":{"code":200},"result":["deadbeef"]}"#),
        (200, r#"{"error":{"code":200},"result":[{"ID":7,"Login":"a","ID":7}]}"#),
        (200, r#"{"error":{"code":200},"result":[{"ID":8,"Login":"a"}]}"#),
        (200, r#"{"error":{"code":200},"result":[{"ID":7,"Login":5}]}"#),
        (200, "null"),
        (200, "{"),
    ] {
        lines.push(format!("{status} {body}: {}", refused(status, body).await));
    }
    insta::assert_snapshot!(lines.join("\n"), @r#"
    0: failed on its side (status 0) (Unknown)
    100: answered: that is no answer to this ("Continue", code 100); have base_url checked (Unknown)
    300: answered: that is no answer to this ("Multiple Choices", code 300); have base_url checked (Unknown)
    306: answered: that is no answer to this ("Temporary Redirect", code 306); have base_url checked (Unknown)
    307: answered: that is no answer to this ("Permanent Redirect", code 307); have base_url checked (Unknown)
    308: answered: that is no answer to this (code 308, which its documents do not have); have base_url checked (Unknown)
    400: refused: it does not take one of the values (None)
    401: does not accept the bot's credentials (None)
    403: refused: the bot's account there has no permission for this (None)
    404: has no such agent (any more) (None)
    408: could not be reached: it says that its own connection failed (code 408) (Unknown)
    409: refused: that conflicts with what it already has ("Conflict", code 409); look at what is there, then ask again (None)
    410: has no such agent (any more) (None)
    418: refused: it does not take the request as I put it ("I'm a teapot", code 418), which is no mistake of yours; tell whoever looks after the bot (None)
    422: refused: it does not take one of the values (None)
    429: asks us to slow down (None)
    444: could not be reached: it says that its own connection failed (code 444) (Unknown)
    499: could not be reached: it says that its own connection failed (code 499) (Unknown)
    500: failed on its side (status 500) (Unknown)
    503: failed on its side (status 503) (Unknown)
    599: could not be reached: it says that its own connection failed (code 599) (Unknown)
    70000: answered: it gives no reason (code 70000, which its documents do not have); ask whoever looks after it (Unknown)
    404 <html>not here</html>: has no such agent (any more) (None)
    500 : failed on its side (status 500) (Unknown)
    500 {"error":{"code":200},"result":[]}: failed on its side (status 500) (Unknown)
    500 {"error":{"code":409,"detail":102,"entity":1},"result":[]}: answered: that login is already taken (Unknown)
    302 : answered: it sends us to another address (status 302), and redirects are never followed; check base_url (Unknown)
    200 {"error":{},"result":[]}: sent an answer that cannot be read: error.code is neither a number nor missing (Unknown)
    200 {"error":{"code":200}}: sent an answer that cannot be read: result is missing (Unknown)
    200 {"error":{"code":200},"result":{}}: sent an answer that cannot be read: result is not a list (Unknown)
    200 {"error":{"code":200},"result":["deadbeef"]}: sent an answer that cannot be read: result[0] is not an object (Unknown)
    200 {"error":{"code":200},"result":[{"ID":7,"Login":"a","ID":7}]}: sent an answer that cannot be read: result[0] names a member twice (Unknown)
    200 {"error":{"code":200},"result":[{"ID":8,"Login":"a"}]}: sent an answer that cannot be read: it tells of another agent than the one changed (Unknown)
    200 {"error":{"code":200},"result":[{"ID":7,"Login":5}]}: sent an answer that cannot be read: result[0].Login is not text (Unknown)
    200 null: sent an answer that cannot be read: its top level is not an object (Unknown)
    200 {: sent an answer that cannot be read: its top level is not JSON (line 1, column 1) (Unknown)
    "#);
}

#[tokio::test]
async fn nobody_is_found_in_every_documented_way() {
    let gone = r#"{"error":{"code":404,"detail":101,"entity":1},"result":[]}"#;
    for (status, body) in [(404, "gone"), (404, gone), (200, gone), (200, r#"{"error":{"code":200},"result":[]}"#)] {
        let canned = Canned::saying(status, body).await;
        let error = canned.client().reading.agent(&AgentId::new("7")).await.unwrap_err();
        assert_eq!((error.kind, error.effect), (ErrorKind::NotFound, Effect::None), "{status} {body}");
    }
}

#[tokio::test]
async fn credentials_of_every_kind_are_taken_and_wrong_ones_said() {
    let basic = Auth::Basic { username: "rollcall".into(), password: "t0p-secret-token".into() };
    let header = Auth::Header { name: "X-Api-Key".into(), value: "t0p-secret-token".into() };
    let none = serde_json::json!("none");
    for (auth, table) in [
        (Auth::None, none.clone()),
        (basic, serde_json::json!({ "basic": { "username": "rollcall", "password": "env:TOKEN" } })),
        (Auth::Bearer("t0p-secret-token".into()), serde_json::json!({ "bearer": "env:TOKEN" })),
        (header, serde_json::json!({ "header": { "name": "X-Api-Key", "value": "env:TOKEN" } })),
    ] {
        let open = matches!(auth, Auth::None);
        let twin = super::Twin::new(Options { auth, ..Options::default() });
        let base = super::serve(twin.router()).await;
        super::connect(&base, &serde_json::json!({ "auth": table })).reading.agents().await.unwrap();
        if !open {
            let error = super::connect(&base, &serde_json::json!({ "auth": none })).reading.agents().await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::SignedOut);
        }
    }
}

#[tokio::test]
async fn one_broken_record_does_not_hide_the_others() {
    let good = r#"{"ID":7,"Login":"a.b"}"#;
    let list = |items: &str| format!(r#"{{"error":{{"code":200}},"result":[{items}]}}"#);
    let canned = Canned::saying(
        200,
        list(&format!(r#"{{"ID":"x"}},{good},5,{{"ID":7,"Login":"again"}},{{"ID":"8","Login":"c.d"}}"#)),
    )
    .await;
    let logins: Vec<String> = canned.client().reading.agents().await.unwrap().into_iter().map(|a| a.login).collect();
    assert_eq!(logins, ["a.b", "c.d"]);
    let canned = Canned::saying(200, list(r#"{"ID":1,"Login":null},[]"#)).await;
    let error = canned.client().reading.agents().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreadable("result[0].Login is not text".into()));
    let canned = Canned::saying(200, list("")).await;
    assert!(canned.client().reading.agents().await.unwrap().is_empty());
}

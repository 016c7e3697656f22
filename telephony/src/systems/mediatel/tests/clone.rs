//! Copies: every member as it came, and what the server did with the password.

use super::{Canned, permit, secret, sent, twin, twin_with};
use crate::systems::mediatel::twin::{Options, Passwords};
use crate::{AgentId, Connected, Echo, Effect, ErrorKind, NewAgent, PasswordForm, PersonalNumbers, Refusal, Sent};
use serde_json::json;

const SOURCE: &str = r#"{"x-First":{"deep":[1.50,1e2,{"é":"\u00e9"}]},"ID":7,"Login":"olha.koval","password":"deadbeefdeadbeef","Details":"olha.koval@example.com","State":0,"QueueIDs":[3, 7],"PersNumbers":["945"],"ClientApp":{"AddNrlnClipboard":1,"AutoAnswer":{"Time":2200.0,"x":null}}}"#;

const BODY: &str = r#"{"Password":"c4ca4238a0b92382","x-First":{"deep":[1.50,1e2,{"é":"\u00e9"}]},"ID":-1,"Login":"ivan.ivanov","Details":"ivan.ivanov@example.com","State":1,"QueueIDs":[3, 7],"PersNumbers":[],"ClientApp":{"AddNrlnClipboard":1,"AutoAnswer":{"Time":2200.0,"x":null}}}"#;

async fn clone_of(
    client: &Connected,
    id: &str,
    numbers: PersonalNumbers,
    plain: &str,
) -> Result<(crate::Agent, Echo), crate::Error> {
    let source = client.reading.agent(&AgentId::new(id)).await.unwrap();
    let plain = secret(plain);
    let new = NewAgent {
        source: &source,
        login: "ivan.ivanov",
        details: "ivan.ivanov@example.com",
        personal_numbers: numbers,
        password: sent(&plain),
    };
    client.writing.create_agent(&permit(), new).await
}

#[tokio::test]
async fn a_copy_carries_every_member_byte_for_byte() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_agent(SOURCE).unwrap();
    let (agent, echo) = clone_of(&client, "7", PersonalNumbers::Clear, "1").await.unwrap();
    assert_eq!(twin.seen().last().unwrap().body, BODY);
    assert_eq!((agent.login.as_str(), agent.id.as_str(), echo), ("ivan.ivanov", "8", Echo::AsSent));
    let stored = serde_json::to_string(&twin.agent(8).unwrap()).unwrap();
    assert_eq!(stored, BODY.replace("\"ID\":-1", "\"ID\":8"));
}

#[tokio::test]
async fn personal_numbers_are_copied_when_asked() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_agent(SOURCE).unwrap();
    let (agent, _) = clone_of(&client, "7", PersonalNumbers::Copy, "1").await.unwrap();
    assert_eq!(agent.personal_numbers, ["945"]);
}

#[tokio::test]
async fn both_encodings_against_every_kind_of_server() {
    let cases = [
        ("md5-16", Passwords::AsSent, Echo::AsSent, true),
        ("md5-16", Passwords::Digests, Echo::Digested, false),
        ("md5-16", Passwords::Masked, Echo::Masked, true),
        ("md5-16", Passwords::Omitted, Echo::Masked, true),
        ("plain", Passwords::AsSent, Echo::AsSent, false),
        ("plain", Passwords::Digests, Echo::Digested, true),
        ("plain", Passwords::Masked, Echo::Masked, false),
    ];
    for (encoding, passwords, expected, works) in cases {
        let options = Options { passwords, ..Options::default() };
        let (twin, client) = twin_with(options, json!({ "password_encoding": encoding })).await;
        let (agent, echo) = clone_of(&client, "1", PersonalNumbers::Copy, "Kx7mPq2wRt9v").await.unwrap();
        assert_eq!(echo, expected, "{encoding} {passwords:?}");
        assert_eq!(twin.can_log_in("ivan.ivanov", "Kx7mPq2wRt9v"), works, "{encoding} {passwords:?}");
        let plain = secret("Kx7mPq2wRt9v");
        assert_eq!(client.reading.agent_with_echo(&agent.id, sent(&plain)).await.unwrap().1, expected);
        let found = client.reading.agents_by_login("IVAN.Ivanov", sent(&plain)).await.unwrap();
        assert_eq!(found.iter().map(|(a, e)| (a.id.clone(), *e)).collect::<Vec<_>>(), [(agent.id, expected)]);
    }
}

#[tokio::test]
async fn a_server_that_hashes_is_repaired_by_the_plain_password() {
    let (twin, client) = twin(Options { passwords: Passwords::Digests, ..Options::default() }).await;
    let (agent, echo) = clone_of(&client, "1", PersonalNumbers::Copy, "Kx7mPq2wRt9v").await.unwrap();
    assert_eq!(echo, Echo::Digested);
    let plain = secret("Kx7mPq2wRt9v");
    let repair = Sent { plain: &plain, form: PasswordForm::Plain };
    assert_eq!(client.writing.set_password(&permit(), &agent.id, repair).await.unwrap().1, Echo::Digested);
    assert!(twin.can_log_in("ivan.ivanov", "Kx7mPq2wRt9v"));
    assert_eq!(twin.mutations().last().unwrap().members, ["Password"]);
}

#[tokio::test]
async fn a_taken_login_is_refused_and_nothing_changes() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_agent(&SOURCE.replace("olha.koval\"", "Ivan.Ivanov\"")).unwrap();
    let error = clone_of(&client, "7", PersonalNumbers::Copy, "1").await.unwrap_err();
    assert_eq!((error.kind.clone(), error.effect), (ErrorKind::Refused(Refusal::NameTaken), Effect::None));
    assert_eq!(error.to_string(), "mediatel refused: that login is already taken");
    assert_eq!(twin.mutations(), []);
}

#[tokio::test]
async fn an_answer_that_tells_of_the_source_is_not_taken_for_the_new_agent() {
    let body = r#"{"error":{"code":200},"result":[{"ID":7,"Login":"olha.koval"}]}"#;
    let canned = Canned::saying(200, body).await;
    let error = clone_of(&canned.client(), "7", PersonalNumbers::Copy, "1").await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Unreadable(_)), "{error}");
    assert_eq!(error.effect, Effect::Unknown);
}

#[tokio::test]
async fn no_password_and_no_credential_is_printed() {
    let (twin, client) = twin_with(Options::default(), json!({ "auth": { "bearer": "env:TOKEN" } })).await;
    twin.put_agent(SOURCE).unwrap();
    let (agent, echo) = clone_of(&client, "7", PersonalNumbers::Copy, "Kx7mPq2wRt9v").await.unwrap();
    let source = client.reading.agent(&AgentId::new("7")).await.unwrap();
    let card = format!("{:?}", client.reading.describe(&source));
    let error = clone_of(&client, "7", PersonalNumbers::Copy, "Kx7mPq2wRt9v").await.unwrap_err();
    let stored = serde_json::to_string(&source).unwrap();
    let all = format!(
        "{client:?} {agent:?} {source:?} {echo:?} {error:?} {error} {twin:?} {:?} {card} {stored}",
        twin.seen()
    );
    for never in ["Kx7mPq2wRt9v", "deadbeefdeadbeef", "t0p-secret-token", "127.0.0.1"] {
        assert!(!all.contains(never), "{never}: {all}");
    }
}

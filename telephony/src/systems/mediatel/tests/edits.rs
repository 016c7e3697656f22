//! Edits, states and deletes; what may be asked at all.

use super::{permit, twin};
use crate::systems::mediatel::twin::{Grants, Nested, Options, What};
use crate::{AgentId, AgentState, Effect, ErrorKind, FieldKey, FieldValue, Refusal};

fn key(name: &str) -> FieldKey {
    FieldKey(name.to_owned())
}

const WITH_MORE: &str = r#"{"ID":5,"Login":"a.b","State":1,"RightID":1,"ClientApp":{"x":1.0,"AutoAnswer":{"Manual":0,"y":[ ],"Time":5},"RingFileID":-1}}"#;

#[tokio::test]
async fn a_setting_of_the_client_is_sent_with_all_the_others() {
    for nested in [Nested::Replaces, Nested::Merges] {
        let (twin, client) = twin(Options { nested, ..Options::default() }).await;
        twin.put_agent(WITH_MORE).unwrap();
        let before = client.reading.agent(&AgentId::new("5")).await.unwrap();
        let change = vec![
            (key("auto-answer-manual"), FieldValue::Flag(true)),
            (key("ring-file"), FieldValue::Number(3)),
            (key("rights"), FieldValue::Number(1)),
        ];
        client.writing.edit_agent(&permit(), &before, &change).await.unwrap();
        assert_eq!(
            twin.seen().last().unwrap().body,
            r#"{"ClientApp":{"x":1.0,"AutoAnswer":{"Manual":1,"y":[ ],"Time":5},"RingFileID":3}}"#
        );
        let expected =
            WITH_MORE.replace("\"Manual\":0", "\"Manual\":1").replace("\"RingFileID\":-1", "\"RingFileID\":3");
        assert_eq!(serde_json::to_string(&twin.agent(5).unwrap()).unwrap(), expected);
    }
}

#[tokio::test]
async fn nothing_is_written_when_nothing_changes_or_a_value_does_not_fit() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_agent(WITH_MORE).unwrap();
    let before = client.reading.agent(&AgentId::new("5")).await.unwrap();
    let same = vec![(key("login"), FieldValue::Text("a.b".into()))];
    assert_eq!(client.writing.edit_agent(&permit(), &before, &same).await.unwrap().login, "a.b");
    for (name, value) in [
        ("start-url", FieldValue::Text("javascript:alert(1)".into())),
        ("login", FieldValue::Text(String::new())),
        ("rights", FieldValue::Text("4".into())),
        ("rights", FieldValue::Number(-1)),
        ("shoe-size", FieldValue::Number(42)),
    ] {
        let error = client.writing.edit_agent(&permit(), &before, &vec![(key(name), value)]).await.unwrap_err();
        assert_eq!(error.effect, Effect::None);
        assert!(matches!(error.kind, ErrorKind::Refused(_)), "{error}");
    }
    assert_eq!(twin.mutations(), []);
}

#[tokio::test]
async fn accounts_are_switched_off_and_on_and_deleted_only_when_off() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_agent(WITH_MORE).unwrap();
    let id = AgentId::new("5");
    let error = client.writing.delete_agent(&permit(), &id).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused(Refusal::MustBeDisabled));
    assert!(twin.seen().iter().all(|s| s.method == "GET"), "the refusal is ours: {:?}", twin.seen());
    assert_eq!(client.writing.disable_agent(&permit(), &id).await.unwrap().state, AgentState::Disabled);
    assert_eq!(client.writing.enable_agent(&permit(), &id).await.unwrap().state, AgentState::Enabled);
    client.writing.disable_agent(&permit(), &id).await.unwrap();
    twin.hold(5, 0);
    let error = client.writing.delete_agent(&permit(), &id).await.unwrap_err();
    assert_eq!(error.to_string(), "mediatel refused: a queue still uses it");
    twin.put_agent(r#"{"ID":6,"Login":"c.d","State":0}"#).unwrap();
    client.writing.delete_agent(&permit(), &AgentId::new("6")).await.unwrap();
    assert_eq!(twin.mutations().last().unwrap().what, What::AgentDeleted);
    let error = client.writing.delete_agent(&permit(), &AgentId::new("6")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn an_id_that_is_no_number_is_nobody_and_is_not_asked_for() {
    let (twin, client) = twin(Options::default()).await;
    for id in ["self", "../extensions", "1/..", "01", "-1", "", "1?x=1", "99999999999999999999"] {
        let error = client.reading.agent(&AgentId::new(id)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound, "{id}");
    }
    assert!(twin.seen().is_empty());
    assert_eq!(client.reading.agent(&AgentId::new("404")).await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn an_account_without_rights_may_only_read() {
    let (_twin, client) = twin(Options { grants: Grants::ReadOnly, ..Options::default() }).await;
    let error = client.writing.disable_agent(&permit(), &AgentId::new("1")).await.unwrap_err();
    assert_eq!((error.kind, error.effect), (ErrorKind::Refused(Refusal::NotPermitted), Effect::None));
}

#[tokio::test]
async fn a_card_tells_everything_but_the_password() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_agent(r#"{"ID":5,"Password":"deadbeef","Login":"a.b","State":7,"RightID":{"odd":1},"SupervisorID":-1,"PersNumbers":["945"],"ClientApp":{"AutoAnswer":{"Time":2200,"Inbound":1},"StartURL":"","AddNrlnClipboard":1},"QueueIDs":[3,7]}"#).unwrap();
    let agent = client.reading.agent(&AgentId::new("5")).await.unwrap();
    let card: Vec<String> = client
        .reading
        .describe(&agent)
        .into_iter()
        .flat_map(|s| s.lines.into_iter().map(move |l| format!("{} | {}: {}", s.title, l.label, l.value)))
        .collect();
    insta::assert_snapshot!(card.join("\n"), @r##"
    Account | Login: a.b
    Account | E-mail or name: not told
    Account | Supervisor: none
    Account | Domain: not told
    Account | Personal numbers: 945
    Account | State: unknown (7)
    Account | Id: 5
    Rights and skill | Rights: {"odd":1}
    Rights and skill | Rights as supervisor: not told
    Rights and skill | Default skill: not told
    Auto-answer | Predictive calls: not told
    Auto-answer | Inbound calls: yes
    Auto-answer | Manual calls: not told
    Auto-answer | Other calls: not told
    Auto-answer | Answer after: 2200
    What the client shows | Call centre tree: not told
    What the client shows | Full call centre tree: not told
    What the client shows | Valid CB list: not told
    What the client shows | Pause pop-up: not told
    Calls and reminders | Time warning: not told
    Calls and reminders | Time for dialling out: not told
    Calls and reminders | Clerical reminder: not told
    Calls and reminders | Reset the voice channel: not told
    Calls and reminders | Ring file: not told
    Start page and clipboard | Start page: empty
    Start page and clipboard | Number into the clipboard: not told
    Not in the documents | ClientApp.AddNrlnClipboard: 1 byte
    Not in the documents | QueueIDs: 5 bytes
    "##);
    assert_eq!(client.reading.label("ClientApp.AutoAnswer.Time"), "Auto-answer: Answer after");
    assert_eq!(client.reading.label("QueueIDs"), "QueueIDs");
}

#[test]
fn every_documented_member_is_a_field_in_a_group_a_modal_can_hold() {
    let specs = crate::systems::mediatel::fields::SPECS;
    let options = [
        "login",
        "email",
        "supervisor",
        "default-skill",
        "rights",
        "supervisor-rights",
        "domain",
        "personal-numbers",
        "start-url",
    ];
    assert!(options.iter().all(|name| specs.iter().any(|s| s.key == *name)));
    assert_eq!(specs.len(), 8 + 16);
    for spec in specs {
        assert!(specs.iter().filter(|s| s.group == spec.group).count() <= 5, "{}", spec.group.title);
        assert_eq!(specs.iter().filter(|s| s.key == spec.key).count(), 1, "{}", spec.key);
        assert!(spec.label.chars().count() <= 45, "a modal's label holds 45 characters: {}", spec.label);
    }
}

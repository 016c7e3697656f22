//! Extensions through client and twin: what may be asked, what people read, what they type.

use super::{Canned, permit, twin};
use crate::systems::mediatel::twin::{Batches, Grants, Options, What};
use crate::{
    Ability, Effect, Error, ErrorKind, Extension, ExtensionBatch, ExtensionFields, ExtensionId, ExtensionWriting,
    FieldKey, Record, Refusal,
};

const SIP: &str = r#"{"E_ID":13,"E_Extension":"SIP","Protocol":"SIP","E_Type":5,"E_Description":"","Codecs":["g7231_6","g726_40"],"DTMFSupport":[],"ConnectionType":3,"QueueIDs":[3, 7],"SipPassword":"deadbeef","rate":1.50}"#;

fn key(name: &str) -> FieldKey {
    FieldKey(name.to_owned())
}

fn record(json: &str) -> Record {
    Record::parse(json).unwrap()
}

fn fields() -> ExtensionFields {
    crate::systems::mediatel::extension::FIELDS
}

fn read(typed: &[(&str, &str)]) -> Result<Record, Vec<String>> {
    fields().read(&typed.iter().map(|(k, text)| (key(k), (*text).to_owned())).collect::<Vec<_>>())
}

fn sentence(error: &Error) -> String {
    format!("{error} ({:?})", error.effect)
}

#[tokio::test]
async fn an_extension_is_made_changed_and_deleted() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_extension(SIP).unwrap();
    assert!(client.reading.abilities().has(Ability::Extensions));
    let writing = client.extensions.unwrap();
    let made = writing.create_extension(&permit(), &record(r#"{"E_Extension":"SIP2","E_Type":2}"#)).await.unwrap();
    assert_eq!((made.id, made.name.as_str()), (ExtensionId(14), "SIP2"));
    let change = read(&[("codecs", ","), ("description", "Front desk")]).unwrap();
    let changed = writing.edit_extension(&permit(), ExtensionId(13), &change).await.unwrap();
    assert_eq!(twin.seen().last().unwrap().body, r#"{"Codecs":[],"E_Description":"Front desk"}"#);
    // What nobody knows of stays, at the server byte for byte.
    let expected = SIP
        .replace(r#"["g7231_6","g726_40"]"#, "[]")
        .replace(r#""E_Description":"""#, r#""E_Description":"Front desk""#);
    assert_eq!(serde_json::to_string(&twin.extension(13).unwrap()).unwrap(), expected);
    assert_eq!(serde_json::to_string(&changed.record).unwrap(), expected.replace(r#""SipPassword":"deadbeef","#, ""));
    writing.delete_extension(&permit(), ExtensionId(13)).await.unwrap();
    let error = client.reading.extension(ExtensionId(13)).await.unwrap_err();
    assert_eq!(sentence(&error), "mediatel has no such extension (any more) (None)");
    assert_eq!(twin.deleted_extensions(), [13]);
}

#[tokio::test]
async fn nothing_is_sent_that_is_undefined_or_says_nothing() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_extension(SIP).unwrap();
    let writing = client.extensions.clone().unwrap();
    for id in [0, -1, i64::MIN] {
        let id = ExtensionId(id);
        assert_eq!(client.reading.extension(id).await.unwrap_err().kind, ErrorKind::NotFound);
        let batches = [
            ExtensionBatch { deleted: vec![id], ..ExtensionBatch::default() },
            ExtensionBatch { changed: vec![(id, record(r#"{"E_Type":1}"#))], ..ExtensionBatch::default() },
        ];
        for batch in &batches {
            let error = writing.batch_extensions(&permit(), batch).await.unwrap_err();
            assert!(error.to_string().ends_with("is no extension's number; they begin at 1"), "{error}");
        }
        let error = writing.edit_extension(&permit(), id, &record(r#"{"E_Type":1}"#)).await.unwrap_err();
        assert_eq!(error.effect, Effect::None);
        assert!(writing.delete_extension(&permit(), id).await.is_err());
    }
    let both = ExtensionBatch {
        deleted: vec![ExtensionId(13)],
        changed: vec![(ExtensionId(13), record(r#"{"E_Type":1}"#))],
        added: vec![],
    };
    let unnamed = ExtensionBatch { added: vec![record(r#"{"E_Type":1}"#)], ..ExtensionBatch::default() };
    let refusals = [
        writing.create_extension(&permit(), &record("{}")).await.unwrap_err(),
        writing.create_extension(&permit(), &record(r#"{"E_Extension":" ","E_Type":2}"#)).await.unwrap_err(),
        writing.create_extension(&permit(), &record(r#"{"E_Extension":"a","E_Type":"x"}"#)).await.unwrap_err(),
        writing.edit_extension(&permit(), ExtensionId(13), &record(r#"{"E_Extension":""}"#)).await.unwrap_err(),
        writing.batch_extensions(&permit(), &ExtensionBatch::default()).await.unwrap_err(),
        writing.batch_extensions(&permit(), &both).await.unwrap_err(),
        writing.batch_extensions(&permit(), &unnamed).await.unwrap_err(),
    ];
    insta::assert_snapshot!(refusals.each_ref().map(sentence).join("\n"), @r#"
    mediatel refused: a new extension needs a name and a type (None)
    mediatel refused: a new extension needs a name (None)
    mediatel refused: a new extension needs a type (None)
    mediatel refused: an extension's name must not be empty (None)
    mediatel refused: there is nothing to delete, change or add (None)
    mediatel refused: extension 13 stands twice among what is to be deleted and changed (None)
    mediatel refused: a new extension needs a name (None)
    "#);
    assert!(twin.seen().is_empty(), "{:?}", twin.seen());
    // An edit that changes nothing looks and does not write; the slip of the documents is never sent.
    let nothing = record(r#"{"E_ID":99,"E_Typet":6}"#);
    assert_eq!(writing.edit_extension(&permit(), ExtensionId(13), &nothing).await.unwrap().name, "SIP");
    assert!(twin.seen().iter().all(|seen| seen.method == "GET"));
}

#[tokio::test]
async fn a_batch_deletes_changes_and_adds_in_one_request_and_answers_in_order() {
    let (twin, client) = twin(Options::default()).await;
    for (id, name) in [(13, "a"), (14, "b"), (15, "c"), (16, "d")] {
        twin.put_extension(&format!(r#"{{"E_ID":{id},"E_Extension":"{name}","E_Type":5}}"#)).unwrap();
    }
    let new = |name: &str| record(&format!(r#"{{"E_Extension":"{name}","E_Type":3}}"#));
    let batch = ExtensionBatch {
        deleted: vec![ExtensionId(16), ExtensionId(14)],
        changed: vec![
            (ExtensionId(15), record(r#"{"E_Type":6}"#)),
            (ExtensionId(13), record(r#"{"E_ID":1,"E_Type":7}"#)),
        ],
        added: vec![new("x"), new("y")],
    };
    let answered = client.extensions.unwrap().batch_extensions(&permit(), &batch).await.unwrap();
    let ids: Vec<i64> = answered.iter().map(|extension| extension.id.0).collect();
    assert_eq!(ids, [15, 13, 17, 18]);
    let [seen] = twin.seen().try_into().unwrap();
    assert_eq!(
        (seen.method.as_str(), seen.body.as_str()),
        (
            "PATCH",
            r#"{"Deleted":[{"E_ID":16},{"E_ID":14}],"Inserted":[{"E_ID":15,"E_Type":6},{"E_ID":13,"E_Type":7},{"E_ID":-1,"E_Extension":"x","E_Type":3},{"E_ID":-1,"E_Extension":"y","E_Type":3}]}"#
        )
    );
    let names: Vec<_> =
        client.reading.extensions().await.unwrap().extensions.into_iter().map(|e| (e.id.0, e.name)).collect();
    assert_eq!(names, [(13, "a".into()), (15, "c".into()), (17, "x".into()), (18, "y".into())]);
    assert_eq!(twin.deleted_extensions(), [16, 14]);
}

#[tokio::test]
async fn a_batch_that_is_wrong_somewhere_is_seen_only_by_listing_again() {
    for (batches, left) in [(Batches::Whole, 2), (Batches::UntilWrong, 1)] {
        let (twin, client) = twin(Options { batches, ..Options::default() }).await;
        twin.put_extension(SIP).unwrap();
        twin.put_extension(r#"{"E_ID":14,"E_Extension":"b"}"#).unwrap();
        let batch = ExtensionBatch {
            deleted: vec![ExtensionId(14)],
            changed: vec![],
            added: vec![record(r#"{"E_Extension":"sip","E_Type":3}"#)],
        };
        let error = client.extensions.unwrap().batch_extensions(&permit(), &batch).await.unwrap_err();
        assert_eq!(error.to_string(), "mediatel refused: another extension already has that name; choose another");
        assert_eq!(client.reading.extensions().await.unwrap().extensions.len(), left, "{batches:?}");
        assert_eq!(twin.mutations().iter().filter(|m| m.what == What::ExtensionDeleted).count(), 2 - left);
    }
}

#[tokio::test]
async fn what_something_uses_or_our_account_may_not_touch_stays() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_extension(SIP).unwrap();
    twin.hold_extension(13, 0);
    let writing = client.extensions.unwrap();
    let error = writing.delete_extension(&permit(), ExtensionId(13)).await.unwrap_err();
    assert_eq!(sentence(&error), "mediatel refused: a queue still uses it (None)");
    twin.let_go_extension(13);
    twin.change_extension(13, r#"{"E_Description":"seen"}"#).unwrap();
    assert_eq!(client.reading.extension(ExtensionId(13)).await.unwrap().record.text("E_Description").unwrap(), "seen");
    writing.delete_extension(&permit(), ExtensionId(13)).await.unwrap();
    let error = writing.delete_extension(&permit(), ExtensionId(13)).await.unwrap_err();
    assert_eq!(sentence(&error), "mediatel has no such extension (any more) (None)");
    let grants = Grants::ReadOnly;
    let (_twin, client) = super::twin(Options { grants, ..Options::default() }).await;
    let error = client.extensions.unwrap().delete_extension(&permit(), ExtensionId(1)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused(Refusal::NotPermitted));
}

#[tokio::test]
async fn a_card_tells_every_member_in_words_and_no_password() {
    let (twin, client) = twin(Options::default()).await;
    twin.put_extension(SIP).unwrap();
    let extension = client.reading.extension(ExtensionId(13)).await.unwrap();
    let card: Vec<String> = client
        .reading
        .extension_fields()
        .unwrap()
        .describe(&extension)
        .into_iter()
        .flat_map(|s| s.lines.into_iter().map(move |l| format!("{} | {}: {}", s.title, l.label, l.value)))
        .collect();
    insta::assert_snapshot!(card.join("\n"), @r#"
    Extension | Name: SIP
    Extension | Type: 5
    Extension | Description: empty
    Extension | Dial-out identities: not told
    Extension | Protocol: SIP
    Extension | Id: 13
    Addresses | Contact: not told
    Addresses | From: not told
    Addresses | Destination address: not told
    Addresses | Destination: not told
    Codecs and tones | Codecs: g7231_6, g726_40
    Codecs and tones | Connection type: 3
    Codecs and tones | DTMF: none
    Codecs and tones | Payload: not told
    Not in the documents, carried along | QueueIDs: 6 bytes
    Not in the documents, carried along | rate: 4 bytes
    "#);
    assert!(!format!("{extension:?}").contains("deadbeef"));
    assert_eq!(fields().label("E_DialOutIdentities"), "Dial-out identities");
    assert_eq!(fields().label("QueueIDs"), "QueueIDs");
    assert_eq!(
        [("E_Type", "5"), ("Destination", "\"\""), ("Codecs", "[]"), ("Codecs", r#"["a","b"]"#), ("QueueIDs", "[3]")]
            .map(|(path, json)| fields().words(path, json)),
        ["5", "empty", "none", "a, b", "[3]"]
    );
}

#[test]
fn what_is_typed_becomes_members_or_a_sentence() {
    let members = read(&[
        ("type", " 3 "),
        ("name", "Front desk"),
        ("dtmf", "inband, ,rfc2833"),
        ("payload", "127"),
        ("destination", "~"),
        ("address", ""),
        ("codecs", ","),
    ]);
    assert_eq!(
        serde_json::to_string(&members.unwrap()).unwrap(),
        r#"{"E_Type":3,"E_Extension":"Front desk","DTMFSupport":["inband","rfc2833"],"Payload":"127","Destination":"~","DestAddress":"","Codecs":[]}"#
    );
    let long = "я".repeat(256);
    let problems = read(&[
        ("type", "SIP"),
        ("type", "-1"),
        ("name", " "),
        ("contact", "a\nb"),
        ("contact", &long),
        ("codecs", &long),
        ("id", "5"),
        ("E_Type", "5"),
    ]);
    insta::assert_snapshot!(problems.unwrap_err().join("\n"), @r#"
    Type is a whole number from 0 to 2147483647.
    Type is a whole number from 0 to 2147483647.
    Name must not be empty.
    Contact is a single line without control characters.
    Contact takes at most 255 characters.
    Codecs takes at most 50 entries of 64 characters, with commas between.
    An extension has no field "id" here.
    An extension has no field "E_Type" here.
    "#);
}

#[test]
fn what_others_have_is_known_the_most_frequent_first() {
    let extension = |id, json: &str| Extension {
        id: ExtensionId(id),
        name: String::new(),
        record: record(json),
        withheld: Vec::new(),
    };
    let all = [
        extension(1, r#"{"E_Type":10,"Codecs":["a","b","b"],"Protocol":""}"#),
        extension(2, r#"{"E_Type":9,"Codecs":["b",""],"Protocol":"SIP"}"#),
        extension(3, r#"{"E_Type":"9","Codecs":"odd","Protocol":"x\ny"}"#),
        extension(4, r#"{"E_Type":2}"#),
    ];
    let known = |name: &str| {
        let known = fields().known(&all, &key(name));
        known.into_iter().map(|k| format!("{} {}", k.value, k.times)).collect::<Vec<_>>()
    };
    assert_eq!(known("type"), ["9 2", "2 1", "10 1"]);
    assert_eq!(known("codecs"), ["b 2", "a 1"]);
    assert_eq!(known("protocol"), ["SIP 1"]);
    assert!(known("dtmf").is_empty() && known("nothing").is_empty());
}

/// What a server that gives this answer makes people read.
async fn refused(status: u16, body: &str) -> String {
    let canned = Canned::saying(status, body).await;
    let writing = canned.client().extensions.unwrap();
    let members = record(r#"{"E_Extension":"a","E_Type":2}"#);
    let error = ExtensionWriting::create_extension(&*writing, &permit(), &members).await.unwrap_err();
    assert_eq!(canned.seen().len(), 1, "a write is sent once");
    sentence(&error).strip_prefix("mediatel ").unwrap().to_owned()
}

#[tokio::test]
async fn details_and_entities_become_sentences() {
    let mut lines = Vec::new();
    for detail in 100..=106 {
        for entity in ["", "0", "1", "2", "3", "4"] {
            let about = if entity.is_empty() { String::new() } else { format!(r#","entity":{entity}"#) };
            let body = format!(r#"{{"error":{{"code":409,"detail":{detail}{about}}},"result":[]}}"#);
            let plain = refused(409, &body).await;
            assert_eq!(refused(200, &body).await, plain);
            lines.push(format!("{detail} {entity:>1}: {plain}"));
        }
    }
    for (status, body) in [
        (404, ""),
        (400, ""),
        (401, ""),
        (403, ""),
        (500, ""),
        (200, r#"{"error":{"code":404},"result":[]}"#),
        (200, r#"{"error":{"code":200},"result":[]}"#),
        (200, r#"{"error":{"code":200},"result":[{"E_ID":-1,"E_Extension":"a"}]}"#),
    ] {
        lines.push(format!("{status} {body}: {}", refused(status, body).await));
    }
    insta::assert_snapshot!(lines.join("\n"), @r#"
    100  : refused: it does not take one of the values (None)
    100 0: refused: it does not take what it was told about a queue; check what the extension names (None)
    100 1: refused: it does not take what it was told about an agent; check what the extension names (None)
    100 2: refused: it does not take what it was told about a group; check what the extension names (None)
    100 3: refused: it does not take what it was told about a project; check what the extension names (None)
    100 4: refused: it does not take what it was told about a pause; check what the extension names (None)
    101  : refused: it does not take that name; choose another (None)
    101 0: refused: it does not take the name of a queue; check what the extension names (None)
    101 1: refused: it does not take the name of an agent; check what the extension names (None)
    101 2: refused: it does not take the name of a group; check what the extension names (None)
    101 3: refused: it does not take the name of a project; check what the extension names (None)
    101 4: refused: it does not take the name of a pause; check what the extension names (None)
    102  : refused: another extension already has that name; choose another (None)
    102 0: refused: a queue already has that name; choose another (None)
    102 1: refused: an agent already has that name; choose another (None)
    102 2: refused: a group already has that name; choose another (None)
    102 3: refused: a project already has that name; choose another (None)
    102 4: refused: a pause already has that name; choose another (None)
    103  : refused: the bot's account there has no permission for this (None)
    103 0: refused: the bot's account there has no permission for this (None)
    103 1: refused: the bot's account there has no permission for this (None)
    103 2: refused: the bot's account there has no permission for this (None)
    103 3: refused: the bot's account there has no permission for this (None)
    103 4: refused: the bot's account there has no permission for this (None)
    104  : refused: its reason (104) is left blank in its own documents; ask whoever looks after it (None)
    104 0: refused: its reason (104) is left blank in its own documents; ask whoever looks after it (None)
    104 1: refused: its reason (104) is left blank in its own documents; ask whoever looks after it (None)
    104 2: refused: its reason (104) is left blank in its own documents; ask whoever looks after it (None)
    104 3: refused: its reason (104) is left blank in its own documents; ask whoever looks after it (None)
    104 4: refused: its reason (104) is left blank in its own documents; ask whoever looks after it (None)
    105  : refused: it has a reason that it does not name (105); ask whoever looks after it (None)
    105 0: refused: it has a reason to do with a queue, which it does not name (105); ask whoever looks after it (None)
    105 1: refused: it has a reason to do with an agent, which it does not name (105); ask whoever looks after it (None)
    105 2: refused: it has a reason to do with a group, which it does not name (105); ask whoever looks after it (None)
    105 3: refused: it has a reason to do with a project, which it does not name (105); ask whoever looks after it (None)
    105 4: refused: it has a reason to do with a pause, which it does not name (105); ask whoever looks after it (None)
    106  : refused: something still uses it (None)
    106 0: refused: a queue still uses it (None)
    106 1: refused: an agent still uses it (None)
    106 2: refused: a group still uses it (None)
    106 3: refused: a project still uses it (None)
    106 4: refused: a pause still uses it (None)
    404 : refused: it knows no extensions at this address; check base_url (None)
    400 : refused: it does not take one of the values (None)
    401 : does not accept the bot's credentials (None)
    403 : refused: the bot's account there has no permission for this (None)
    500 : failed on its side (status 500) (Unknown)
    200 {"error":{"code":404},"result":[]}: refused: it knows no extensions at this address; check base_url (None)
    200 {"error":{"code":200},"result":[]}: sent an answer that cannot be read: result holds 0 extensions where one was expected (Unknown)
    200 {"error":{"code":200},"result":[{"E_ID":-1,"E_Extension":"a"}]}: sent an answer that cannot be read: result[0].E_ID is not an id (Unknown)
    "#);
}

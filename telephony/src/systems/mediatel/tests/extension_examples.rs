//! Every documented exchange about extensions, through the client and through the twin; neither knows the other.

use serde_json::Value;

use super::{Canned, permit, serve};
use crate::systems::mediatel::twin::{self, Twin};
use crate::{Connected, Extension, ExtensionBatch, ExtensionId, FieldKey, Record};

const EXAMPLES: [(&str, &str); 6] = [
    ("list", include_str!("../examples/extension-list.json")),
    ("get", include_str!("../examples/extension-get.json")),
    ("create", include_str!("../examples/extension-create.json")),
    ("modify", include_str!("../examples/extension-modify.json")),
    ("delete", include_str!("../examples/extension-delete.json")),
    ("batch", include_str!("../examples/extension-batch.json")),
];

fn example(name: &str) -> Value {
    let (_, text) = EXAMPLES.iter().find(|(n, _)| *n == name).unwrap();
    serde_json::from_str(text).unwrap()
}

/// The client in front of a server that answers the documented response.
async fn client_of(name: &str) -> (Canned, Connected) {
    let canned = Canned::saying(200, example(name)["response"].to_string()).await;
    let client = canned.client();
    (canned, client)
}

/// What the client asked is what the document shows: line and body, member order included.
fn asked_as_documented(canned: &Canned, name: &str) {
    let (seen, example) = (canned.seen(), example(name));
    let [request] = seen.as_slice() else { panic!("{seen:?}") };
    let line = format!("{} {}", example["method"].as_str().unwrap(), example["path"].as_str().unwrap());
    assert_eq!(request.line, line);
    // The documented body says `E_Typet`, its answer `E_Type`: what is sent is the latter.
    let body = example.get("request").map_or(String::new(), |body| body.to_string().replace("E_Typet", "E_Type"));
    assert_eq!(request.body, body);
    let kind = example.get("request").map(|_| "application/json; charset=utf-8");
    assert_eq!(request.headers.get("content-type").map(|v| v.to_str().unwrap()), kind);
}

/// An extension as the client hands it out, from the documented object.
fn is_documented(extension: &Extension, documented: &Value) {
    assert_eq!(serde_json::to_string(&extension.record).unwrap(), documented.to_string());
    assert_eq!(extension.id.to_string(), documented["E_ID"].to_string());
    assert_eq!(extension.name, documented["E_Extension"].as_str().unwrap());
}

fn are_documented(extensions: &[Extension], name: &str) {
    let example = example(name);
    let documented = example["response"]["result"].as_array().unwrap();
    assert_eq!(extensions.len(), documented.len());
    extensions.iter().zip(documented).for_each(|(extension, documented)| is_documented(extension, documented));
}

/// What a person types, as members.
fn typed(client: &Connected, pairs: &[(&str, &str)]) -> Record {
    let typed: Vec<_> = pairs.iter().map(|(key, text)| (FieldKey((*key).to_owned()), (*text).to_owned())).collect();
    client.reading.extension_fields().unwrap().read(&typed).unwrap()
}

#[tokio::test]
async fn the_client_reads_as_documented() {
    let (canned, client) = client_of("list").await;
    are_documented(&client.reading.extensions().await.unwrap().extensions, "list");
    asked_as_documented(&canned, "list");
    let (canned, client) = client_of("get").await;
    are_documented(&[client.reading.extension(ExtensionId(13)).await.unwrap()], "get");
    asked_as_documented(&canned, "get");
}

#[tokio::test]
async fn the_client_writes_as_documented() {
    let (canned, client) = client_of("create").await;
    let writing = client.extensions.clone().unwrap();
    let members = typed(&client, &[("name", "SIP2"), ("type", "2")]);
    are_documented(&[writing.create_extension(&permit(), &members).await.unwrap()], "create");
    asked_as_documented(&canned, "create");

    let (canned, client) = client_of("modify").await;
    let writing = client.extensions.clone().unwrap();
    let members = typed(&client, &[("type", "6")]);
    are_documented(&[writing.edit_extension(&permit(), ExtensionId(15), &members).await.unwrap()], "modify");
    asked_as_documented(&canned, "modify");

    let (canned, client) = client_of("delete").await;
    client.extensions.unwrap().delete_extension(&permit(), ExtensionId(15)).await.unwrap();
    asked_as_documented(&canned, "delete");
}

#[tokio::test]
async fn the_client_sends_a_batch_as_documented() {
    let (canned, client) = client_of("batch").await;
    let changed = typed(
        &client,
        &[
            ("name", "SIP"),
            ("protocol", "SIP"),
            ("type", "5"),
            ("description", "SIP New Name"),
            ("dial-out", "555"),
            ("contact", "<sip:123@192.168.0.12:5062>"),
            ("address", "192.168.0.12:5062"),
            ("destination", "077112345"),
            ("codecs", "g7231_6, g7231_5,g726_40"),
            ("connection-type", "3"),
            ("dtmf", "inband,rfc2833"),
            ("from", "<sip:123@192.168.0.12:5062>"),
            ("payload", "127"),
        ],
    );
    let batch = ExtensionBatch {
        deleted: vec![ExtensionId(16)],
        changed: vec![(ExtensionId(13), changed)],
        added: vec![typed(&client, &[("type", "3"), ("name", "SIP3"), ("protocol", "SIP")])],
    };
    are_documented(&client.extensions.unwrap().batch_extensions(&permit(), &batch).await.unwrap(), "batch");
    asked_as_documented(&canned, "batch");
}

#[tokio::test]
async fn the_twin_answers_as_documented() {
    let twin = Twin::new(twin::Options::default());
    let base = serve(twin.router()).await;
    let origin = base.strip_suffix("/v1").unwrap();
    for record in example("list")["response"]["result"].as_array().unwrap() {
        twin.put_extension(&record.to_string()).unwrap();
    }
    // Somebody had a number 14; the next one is 15, as documented.
    twin.put_extension(r#"{"E_ID":14,"E_Extension":"gone"}"#).unwrap();
    twin.take_extension(14).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (name, _) in EXAMPLES {
        if name == "batch" {
            twin.put_extension(r#"{"E_ID":16,"E_Extension":"leaves"}"#).unwrap();
        }
        let example = example(name);
        let method = example["method"].as_str().unwrap().parse().unwrap();
        let mut request = http.request(method, format!("{origin}{}", example["path"].as_str().unwrap()));
        if let Some(body) = example.get("request") {
            request = request.body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name}");
        // Text by text: the order of members is the document's, too.
        assert_eq!(answer.text().await.unwrap(), example["response"].to_string(), "{name}");
    }
    assert_eq!((twin.unexpected(), twin.deleted_extensions()), (vec![], vec![15, 16]));
}

#[test]
fn every_documented_member_has_a_name_for_people() {
    let (list, batch) = (example("list"), example("batch"));
    let documented = [&list["response"]["result"], &batch["request"]["Inserted"], &batch["response"]["result"]];
    let fields = crate::systems::mediatel::extension::FIELDS;
    for object in documented.iter().flat_map(|objects| objects.as_array().unwrap()) {
        for (name, value) in object.as_object().unwrap() {
            if name == fields.id {
                continue;
            }
            let field = fields.by_wire(name).unwrap_or_else(|| panic!("{name}"));
            let fits = match field.spec.kind {
                crate::FieldKind::Text { .. } => value.is_string(),
                crate::FieldKind::Number { .. } => value.is_i64(),
                crate::FieldKind::List => value.as_array().unwrap().iter().all(Value::is_string),
                crate::FieldKind::Flag => value.is_boolean(),
            };
            assert!(fits, "{name} {value}");
        }
    }
    let keys: Vec<&str> = fields.all.iter().map(|field| field.spec.key).collect();
    assert_eq!(
        keys.join(" "),
        "name type description dial-out protocol contact from address destination codecs connection-type dtmf payload"
    );
    for field in fields.all {
        assert!(fields.all.iter().filter(|f| f.spec.group == field.spec.group).count() <= 5);
        assert_eq!(fields.all.iter().filter(|f| f.wire == field.wire).count(), 1);
        assert!(field.spec.label.chars().count() <= 45, "a modal's label holds 45 characters");
    }
    assert!(fields.by_wire("E_Typet").is_none());
}

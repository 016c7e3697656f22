//! Lists of extensions as servers may write them: odd forms, records that cannot be read, members that hold a secret.

use super::Canned;
use crate::systems::mediatel::extension::FIELDS;
use crate::{ErrorKind, ExtensionId, FieldKey, FieldValue, ListedExtensions};

fn key(name: &str) -> FieldKey {
    FieldKey(name.to_owned())
}

#[tokio::test]
async fn odd_forms_are_read_and_one_broken_record_does_not_hide_the_others() {
    let list = |items: &str| format!("\u{feff}{{\"error\":{{\"code\":\"200\"}},\"result\":[{items}]}}");
    let items = r#"{"E_ID":"13","E_Extension":101,"E_Type":"5","Codecs":[8]},{"E_ID":0,"E_Extension":"zero"},5,{"E_ID":13,"E_Extension":"again"},{"E_ID":14,"E_Extension":null},{"E_ID":15.0,"E_Extension":"c"}"#;
    let canned = Canned::saying(200, list(items)).await;
    let listed = canned.client().reading.extensions().await.unwrap();
    assert_eq!(listed.unreadable, [None, None, Some(ExtensionId(14))]);
    assert_eq!((listed.unnumbered(), listed.is_unreadable(ExtensionId(14))), (2, true));
    let read = listed.extensions;
    let names: Vec<_> = read.iter().map(|e| (e.id.0, e.name.as_str())).collect();
    assert_eq!(names, [(13, "101"), (15, "c")]);
    assert_eq!(FIELDS.value(&read[0], &key("type")), Some(FieldValue::Number(5)));
    assert_eq!(FIELDS.value(&read[0], &key("name")), Some(FieldValue::Text("101".into())));
    assert_eq!(FIELDS.value(&read[0], &key("codecs")), Some(FieldValue::List(vec!["8".into()])));
    let canned = Canned::saying(200, list(r#"{"E_ID":1}"#)).await;
    let error = canned.client().reading.extensions().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreadable("result[0].E_Extension is not text".into()));
    let canned = Canned::saying(200, list("")).await;
    assert_eq!(canned.client().reading.extensions().await.unwrap(), ListedExtensions::default());
}

#[tokio::test]
async fn what_is_named_as_a_password_is_withheld_wherever_it_stands() {
    let deep = format!("{}{}{}", "[".repeat(5_000), r#""my PassWord""#, "]".repeat(5_000));
    let items = [
        r#"{"E_ID":1,"E_Extension":"a","SipPassword":"deadbeef","Codecs":["g729"]}"#,
        r#"{"E_ID":2,"E_Extension":"b","Account":{"User":"x","Inner":[{"passWORD":"deadbeef"}]},"Hint":"no password"}"#,
        r#"{"E_ID":3,"E_Extension":"c","Twice":{"a":1,"a":{"password":"deadbeef"}},"Fine":{"a":[{"b":1.50}]}}"#,
        &format!(r#"{{"E_ID":4,"E_Extension":"d","Deep":{deep}}}"#),
        r#"{"E_ID":5,"E_Extension":"e","Escaped":{"\u0050assword":"deadbeef"}}"#,
    ];
    let canned = Canned::saying(200, format!(r#"{{"error":{{"code":200}},"result":[{}]}}"#, items.join(","))).await;
    let read = canned.client().reading.extensions().await.unwrap().extensions;
    let withheld: Vec<String> = read.iter().map(|it| it.withheld.join(" ")).collect();
    assert_eq!(withheld, ["SipPassword", "Account", "Twice", "Deep", "Escaped"]);
    assert!(!serde_json::to_string(&read).unwrap().contains("deadbeef"));
    assert_eq!(read[1].record.text("Hint").as_deref(), Some("no password"));
    assert_eq!(read[2].record.raw("Fine").map(ToString::to_string).as_deref(), Some(r#"{"a":[{"b":1.50}]}"#));
}

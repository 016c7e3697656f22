//! The connection's table: defaults, and every problem at once.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Still;
use crate::settings::Secrets;
use crate::{ConnectionName, PersonalNumbers};

fn problems(table: &Value) -> Vec<String> {
    let name = ConnectionName::new("mediatel").unwrap();
    super::super::settings::connect(name, table, &Secrets::new(), Arc::new(Still)).unwrap_err()
}

#[test]
fn defaults_are_those_of_the_workflow() {
    let client = super::connect("http://127.0.0.1:1/v1", &json!({}));
    let made = client.reading.provisioning().unwrap();
    assert_eq!((made.details.as_str(), made.email.as_deref()), ("{email}", None));
    assert_eq!((made.personal_numbers, made.warn_above_rights), (PersonalNumbers::Copy, 0));
    assert_eq!(made.password_encoding, "md5-16");
    assert!(made.login_pattern.is_match("ivan.ivanov2") && !made.login_pattern.is_match("Ivan Ivanov"));
    let client = super::connect("http://127.0.0.1:1/v1", &json!({ "login_pattern": "[a-z]+|[0-9]+" }));
    assert!(!client.reading.provisioning().unwrap().login_pattern.is_match("abc!"), "the whole login must match");
}

#[test]
fn every_problem_is_told_and_no_secret_repeated() {
    let table = json!({
        "base_url": "https://user:pw@hes.example/v1",
        "auth": { "bearer": "s3cr3t" },
        "timeout": "0s",
        "rate": "fast",
        "ca_file": "/nowhere/ca.pem",
        "login_pattern": "(",
        "email": "{user}@example.com",
        "password_encoding": "sha",
    });
    let found = problems(&table);
    for key in ["base_url", "auth.bearer", "timeout", "rate", "ca_file", "login_pattern", "{user}", "password_encoding"]
    {
        assert!(found.iter().any(|p| p.contains(key)), "{key}: {found:?}");
    }
    assert!(found.iter().all(|p| !p.contains("s3cr3t") && !p.contains("pw@")), "{found:?}");
    let unset = json!({ "base_url": "http://hes.example/v1", "auth": { "bearer": "env:NOWHERE" } });
    assert_eq!(problems(&unset), ["auth.bearer names the variable NOWHERE, which is not set."]);
}

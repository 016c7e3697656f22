//! Checks requests against Discord's own `OpenAPI` document, where it is at hand: path, method and JSON body.
//! The part of JSON Schema that the document uses, and one thing more: members it does not know are reported.

use serde_json::Value;
use std::{collections::BTreeSet, io, path::Path};

/// The document.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
}

/// Schemas nest; beyond this one refers to itself without end.
const DEEPEST: usize = 64;

impl Document {
    /// Reads the document.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let root: Value = serde_json::from_slice(&std::fs::read(path)?)?;
        if !root["paths"].is_object() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "this is no OpenAPI document: it has no `paths`"));
        }
        Ok(Self { root })
    }

    /// What the document finds wrong with a request; `path` without `/api/v10`.
    pub(crate) fn check(&self, method: &str, path: &str, body: &Value) -> Vec<String> {
        let name = format!("{method} {path}");
        let Some(item) = self.item(path) else { return vec![format!("{name}: the document has no such path")] };
        let operation = &item[method.to_lowercase()];
        if operation.is_null() {
            return vec![format!("{name}: the document has no such method for this path")];
        }
        let request = &operation["requestBody"];
        let schema = &request["content"]["application/json"]["schema"];
        match (body, schema) {
            (Value::Null, _) if request["required"] == true => vec![format!("{name}: a body is required")],
            (Value::Null, _) => Vec::new(),
            (_, Value::Null) => vec![format!("{name}: the document knows no JSON body here")],
            (body, schema) => {
                self.against(schema, body, "body", 0).into_iter().map(|it| format!("{name}: {it}")).collect()
            }
        }
    }

    /// The path's item; a template's literal parts outweigh its variables.
    fn item(&self, path: &str) -> Option<&Value> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let pattern: Vec<&str> = template.split('/').collect();
            let each =
                |(pattern, part): (&&str, &&str)| pattern == part || (pattern.starts_with('{') && !part.is_empty());
            (pattern.len() == parts.len() && pattern.iter().zip(&parts).all(each))
                .then(|| pattern.iter().filter(|it| it.starts_with('{')).count())
        };
        let paths = self.root["paths"].as_object()?;
        let fitting = paths.iter().filter_map(|(template, item)| fits(template).map(|variables| (variables, item)));
        fitting.min_by_key(|(variables, _)| *variables).map(|(_, item)| item)
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let pointer = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        pointer.and_then(|pointer| self.root.pointer(pointer)).unwrap_or(schema)
    }

    /// What is wrong with a value at a path of the body.
    fn against(&self, schema: &Value, value: &Value, at: &str, depth: usize) -> Vec<String> {
        if depth > DEEPEST {
            return vec![format!("{at}: the schema nests too deep to be checked")];
        }
        let schema = self.resolve(schema);
        let mut findings = own(schema, value, at);
        if let Some(parts) = schema["allOf"].as_array() {
            findings.extend(parts.iter().flat_map(|part| self.against(part, value, at, depth + 1)));
        }
        for union in ["oneOf", "anyOf"] {
            if let Some(branches) = schema[union].as_array() {
                findings.extend(self.best(branches, value, at, depth));
            }
        }
        match value {
            Value::Object(members) => {
                let known = self.members(schema, depth);
                for (name, member) in members {
                    let here = format!("{at}.{name}");
                    match (&schema["properties"][name.as_str()], &schema["additionalProperties"]) {
                        (Value::Null, Value::Object(_)) => {
                            findings.extend(self.against(&schema["additionalProperties"], member, &here, depth + 1));
                        }
                        (Value::Null, _) if known.as_ref().is_some_and(|known| !known.contains(name.as_str())) => {
                            findings.push(format!("{here}: the document does not know this member"));
                        }
                        (Value::Null, _) => {}
                        (property, _) => findings.extend(self.against(property, member, &here, depth + 1)),
                    }
                }
            }
            Value::Array(items) if schema["items"].is_object() => {
                let each = items.iter().enumerate();
                findings.extend(each.flat_map(|(index, item)| {
                    self.against(&schema["items"], item, &format!("{at}.{index}"), depth + 1)
                }));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {}
        }
        findings
    }

    /// All members that an object schema names, `allOf` included; `None` where it leaves them open.
    fn members<'a>(&'a self, schema: &'a Value, depth: usize) -> Option<BTreeSet<&'a str>> {
        let mut known: BTreeSet<&str> = schema["properties"].as_object()?.keys().map(String::as_str).collect();
        for part in schema["allOf"].as_array().into_iter().flatten().filter(|_| depth < DEEPEST) {
            known.extend(self.members(self.resolve(part), depth + 1).into_iter().flatten());
        }
        Some(known)
    }

    /// The findings of the branch that fits best: none if one fits. A branch of the value's own `type` comes first.
    fn best(&self, branches: &[Value], value: &Value, at: &str, depth: usize) -> Vec<String> {
        let branches = branches.iter().map(|branch| self.resolve(branch));
        let of_its_type = |branch: &&Value| {
            let wanted = &branch["properties"]["type"];
            let one_of = |list: &Value| list.as_array().is_some_and(|list| list.contains(&value["type"]));
            !value["type"].is_null() && (one_of(&wanted["enum"]) || wanted["const"] == value["type"])
        };
        let rank = |branch: &Value| {
            let findings = self.against(branch, value, at, depth + 1);
            (findings.len(), !of_its_type(&branch), findings)
        };
        let ranked = branches.map(rank).min_by_key(|(count, other_type, _)| (*count > 0, *other_type, *count));
        ranked.map(|(_, _, findings)| findings).unwrap_or_default()
    }
}

/// What the keywords of this schema alone find.
fn own(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let mut find = |what: String| findings.push(format!("{at}: {what}"));
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|name| is_of(name, value)) {
        find(format!("is not {}", types.join(" or ")));
        return findings;
    }
    if schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) && !value.is_null() {
        find(format!("{value} is none of {}", schema["enum"]));
    }
    if schema.get("const").is_some_and(|wanted| wanted != value) {
        find(format!("{value} is not {}", schema["const"]));
    }
    let size = match value {
        Value::String(text) => Some((text.chars().count(), "minLength", "maxLength")),
        Value::Array(items) => Some((items.len(), "minItems", "maxItems")),
        Value::Object(members) => Some((members.len(), "minProperties", "maxProperties")),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    };
    if let Some((found, least, most)) = size {
        let found = u64::try_from(found).unwrap_or(u64::MAX);
        if schema[least].as_u64().is_some_and(|least| found < least)
            || schema[most].as_u64().is_some_and(|most| found > most)
        {
            find(format!("has the size {found}, allowed are {} to {}", schema[least], schema[most]));
        }
    }
    if let Some(number) = value.as_f64().filter(|_| value.is_number()) {
        let low = schema["minimum"].as_f64().is_some_and(|least| number < least);
        let high = schema["maximum"].as_f64().is_some_and(|most| number > most);
        if low || high {
            find(format!("{value} is outside {} to {}", schema["minimum"], schema["maximum"]));
        }
    }
    if let Some(text) = value.as_str().filter(|_| schema["format"] == "snowflake")
        && text.parse::<u64>().is_err()
    {
        find(format!("{text:?} is no snowflake"));
    }
    if let (true, Some(items)) = (schema["uniqueItems"] == true, value.as_array())
        && items.iter().enumerate().any(|(index, item)| items.iter().take(index).any(|other| other == item))
    {
        find("holds something twice".to_owned());
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.as_object().is_some_and(|members| !members.contains_key(name)) {
            find(format!("`{name}` is missing"));
        }
    }
    findings
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Document {
        let button = json!({ "type": "object", "required": ["type", "label"], "properties": {
            "type": { "type": "integer", "enum": [2] }, "label": { "type": ["string", "null"], "maxLength": 3 },
        } });
        let row = json!({ "type": "object", "properties": {
            "type": { "type": "integer", "enum": [1] }, "components": { "type": "array", "items": { "$ref": "#/components/schemas/Any" } },
        } });
        let any =
            json!({ "oneOf": [{ "$ref": "#/components/schemas/Button" }, { "$ref": "#/components/schemas/Row" }] });
        let body = json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Any" } } }, "required": true });
        Document {
            root: json!({
                "paths": {
                    "/things/{id}": { "post": { "requestBody": body } },
                    "/things/@me": { "get": {} },
                },
                "components": { "schemas": { "Button": button, "Row": row, "Any": any } },
            }),
        }
    }

    #[test]
    fn what_fits_is_not_reported() {
        let body = json!({ "type": 1, "components": [{ "type": 2, "label": "abc" }, { "type": 2, "label": null }] });
        assert_eq!(document().check("POST", "/things/1", &body), Vec::<String>::new());
        assert_eq!(document().check("GET", "/things/@me", &Value::Null), Vec::<String>::new());
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_path() {
        let found = |body: Value| document().check("POST", "/things/1", &body).join("\n");
        assert!(found(json!({ "type": 2, "label": "abcd" })).contains("body.label: has the size 4"));
        assert!(found(json!({ "type": 2 })).contains("`label` is missing"));
        assert!(
            found(json!({ "type": 2, "label": "a", "lable": 1 })).contains("body.lable: the document does not know")
        );
        assert!(
            found(json!({ "type": 1, "components": [{ "type": 2, "label": 5 }] })).contains("body.components.0.label")
        );
        assert!(found(Value::Null).contains("a body is required"));
        assert!(!document().check("GET", "/things/@me", &json!({})).is_empty());
        assert!(!document().check("DELETE", "/things/1", &Value::Null).is_empty());
        assert!(!document().check("GET", "/nothing", &Value::Null).is_empty());
    }
}

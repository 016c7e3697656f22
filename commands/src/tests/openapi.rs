//! Our definitions against Discord's own document, where it lies beside the checkout (it is not ours to commit).

use std::path::Path;

use serde_json::Value;

use crate::surface_json;

/// The document, if some folder above has it.
fn document() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/discord/openapi.json"))
        .find(|path| path.is_file())?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).expect("readable")).expect("JSON"))
}

/// What is wrong with `value` by `schema`, as far as the document's schemas of commands go: references, choices, types,
/// members, and lengths. Unlike JSON Schema's default, members that are not named are wrong.
fn check(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.trim_start_matches('#')).ok_or_else(|| format!("{name} is missing"))?;
        return check(document, target, value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let wrong: Vec<String> = choices.iter().filter_map(|choice| check(document, choice, value, at).err()).collect();
        return if wrong.len() < choices.len() {
            Ok(())
        } else {
            Err(format!("{at}: none of [{}]", wrong.join(" | ")))
        };
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        return Err(format!("{at}: {value} is not one of {allowed:?}"));
    }
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let may = &schema["type"];
    if !(may.is_null() || may == is || may.as_array().is_some_and(|any| any.iter().any(|one| one == is))) {
        return Err(format!("{at}: {is} instead of {may}"));
    }
    let within = |least: &str, most: &str, length: usize| {
        let length = length as u64;
        let fits = schema[least].as_u64().is_none_or(|least| least <= length)
            && schema[most].as_u64().is_none_or(|most| length <= most);
        if fits { Ok(()) } else { Err(format!("{at}: {length} is too short or too long")) }
    };
    match value {
        Value::String(text) => within("minLength", "maxLength", text.chars().count()),
        Value::Array(items) => {
            within("minItems", "maxItems", items.len())?;
            let each = |(index, item)| check(document, &schema["items"], item, &format!("{at}[{index}]"));
            items.iter().enumerate().try_for_each(each)
        }
        Value::Object(members) => {
            for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !members.contains_key(required) {
                    return Err(format!("{at}: {required} is missing"));
                }
            }
            members.iter().try_for_each(|(name, member)| {
                let inner = schema["properties"].get(name).ok_or_else(|| format!("{at}: {name} is unknown"))?;
                check(document, inner, member, &format!("{at}.{name}"))
            })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

#[test]
fn definitions_are_what_discords_document_describes() {
    let Some(document) = document() else {
        println!("skipped: shared/discord/openapi.json does not lie beside this checkout");
        return;
    };
    let path = "/paths/~1applications~1{application_id}~1guilds~1{guild_id}~1commands/put/requestBody/content";
    let schema = &document.pointer(path).expect("the bulk overwrite")["application/json"]["schema"];
    assert!(schema.is_object(), "the bulk overwrite has a schema");
    check(&document, schema, &surface_json(), "commands").expect("fits");

    let mut wrong = surface_json();
    wrong[0]["options"][0]["options"][0]["channel_types"] = serde_json::json!([]);
    check(&document, schema, &wrong, "commands").expect_err("an unknown member is noticed");
}

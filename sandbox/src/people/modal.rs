//! A modal as it opens before a person.

use crate::discord::{
    ids::MessageId,
    validate::{component::TEXT_INPUT_VALUE, length},
};
use serde_json::{Value, json};

/// A text field of a modal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What the bot calls it.
    pub custom_id: String,
    /// What the person reads.
    pub label: String,
    /// What it is filled with.
    pub value: String,
    /// Whether it may not stay empty.
    pub required: bool,
    /// Fewest and most characters.
    pub lengths: (u64, u64),
}

/// An open modal.
#[derive(Clone, Debug)]
pub struct Modal {
    data: Value,
    pub(super) source: Option<MessageId>,
}

impl Modal {
    pub(super) fn new(data: Value, source: Option<MessageId>) -> Self {
        Self { data, source }
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        self.data["title"].as_str().unwrap_or_default()
    }

    /// Its fields from top to bottom.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let rows = self.data["components"].as_array().into_iter().flatten();
        let inputs = rows.filter_map(|row| row["components"].as_array()).flatten();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        inputs
            .map(|input| Field {
                custom_id: text(&input["custom_id"]),
                label: text(&input["label"]),
                value: text(&input["value"]),
                required: input["required"].as_bool().unwrap_or(true),
                lengths: (
                    input["min_length"].as_u64().unwrap_or_default(),
                    input["max_length"].as_u64().unwrap_or(TEXT_INPUT_VALUE),
                ),
            })
            .collect()
    }

    /// Title and fields as a person reads them.
    #[must_use]
    pub fn text(&self) -> String {
        let fields = self.fields().into_iter().map(|field| format!("{}: {}", field.label, field.value));
        std::iter::once(self.title().to_owned()).chain(fields).collect::<Vec<_>>().join("\n")
    }

    /// What is submitted when these fields, by label or id, are typed over; or why the client does not send it.
    pub(super) fn submission(&self, typed: &[(&str, &str)]) -> Result<Value, String> {
        let mut fields = self.fields();
        for (name, text) in typed {
            let found = fields.iter_mut().find(|field| field.label == *name || field.custom_id == *name);
            let found = found.ok_or_else(|| format!("the modal has no field {name:?}; it shows:\n{}", self.text()))?;
            (*text).clone_into(&mut found.value);
        }
        let mut rows = Vec::new();
        for field in fields {
            let found = u64::try_from(length(&field.value)).unwrap_or(u64::MAX);
            if found == 0 && field.required {
                return Err(format!("{:?} must be filled in", field.label));
            }
            if found > field.lengths.1 || (found > 0 && found < field.lengths.0) {
                return Err(format!("{:?} takes {} to {} characters", field.label, field.lengths.0, field.lengths.1));
            }
            let id = rows.len() * 2 + 1;
            let input = json!({ "type": 4, "id": id + 1, "custom_id": field.custom_id, "value": field.value });
            rows.push(json!({ "type": 1, "id": id, "components": [input] }));
        }
        Ok(json!({ "custom_id": self.data["custom_id"], "components": rows }))
    }
}

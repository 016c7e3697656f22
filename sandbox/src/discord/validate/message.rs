//! Messages: content, embeds, mentions, flags. See [Discord Docs/Message], "Create Message" and "Embed Limits".

use super::{
    super::{
        ids::MessageId,
        refusal::{Form, Refusal},
        state::{EPHEMERAL, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS},
    },
    component, length, list, optional_bool, optional_number, optional_text, text,
};
use serde_json::{Value, json};

const CONTENT: usize = 2000;
const EMBEDS: usize = 10;
const EMBED_TITLE: usize = 256;
const EMBED_DESCRIPTION: usize = 4096;
const EMBED_FIELDS: usize = 25;
const FIELD_NAME: usize = 256;
const FIELD_VALUE: usize = 1024;
const FOOTER: usize = 2048;
const AUTHOR: usize = 256;
/// Over all embeds of a message.
const EMBED_TOTAL: usize = 6000;
const COLOUR: u64 = 0xFF_FFFF;
const NONCE: usize = 25;
const URL: usize = 2048;
const MENTIONED: usize = 100;
/// Message flag of the newer components, which the bot's library cannot read back.
const COMPONENTS_V2: u64 = 1 << 15;

/// Where a message is made; decides which flags it may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `POST` to a channel.
    Channel,
    /// A callback or a follow-up.
    Interaction,
    /// Any `PATCH`.
    Edit,
}

/// What becomes of a reply to a message that is not there: `fail_if_not_exists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    /// It is refused.
    Refused,
    /// It is posted as if it were no reply.
    Ignored,
}

/// The parts of a message that was sent, checked. `None`: the member was not there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) content: Option<String>,
    pub(crate) embeds: Option<Vec<Value>>,
    pub(crate) components: Option<Vec<Value>>,
    pub(crate) allowed_mentions: Option<Value>,
    pub(crate) flags: u64,
    pub(crate) tts: bool,
    pub(crate) nonce: Option<Value>,
    pub(crate) enforce_nonce: bool,
    pub(crate) replies_to: Option<(MessageId, Absent)>,
}

/// Checks a message's body; `at` is the path of that body, empty or `data`.
pub(crate) fn draft(body: &Value, at: &str, place: Place) -> Result<Draft, Refusal> {
    let mut form = Form::default();
    let path = |member: &str| if at.is_empty() { member.to_owned() } else { format!("{at}.{member}") };
    if !body.is_object() {
        form.fault(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return Err(Refusal::InvalidForm(form));
    }
    for strange in ["poll", "sticker_ids", "attachments"] {
        if body.get(strange).is_some_and(|value| !value.is_null() && *value != json!([])) {
            form.not_modelled(format!("`{strange}` in a message"));
        }
    }
    let content = optional_text(&mut form, &path("content"), &body["content"], 0..=CONTENT);
    let embeds = embeds(&mut form, &path("embeds"), &body["embeds"]);
    let components = component::rows(&mut form, &path("components"), &body["components"]);
    allowed_mentions(&mut form, &path("allowed_mentions"), &body["allowed_mentions"]);
    let flags = flags(&mut form, &path("flags"), &body["flags"], place);
    let draft = Draft {
        content: body.get("content").map(|_| content.unwrap_or_default().trim().to_owned()),
        embeds: body.get("embeds").map(|_| embeds),
        components: body.get("components").map(|_| components),
        allowed_mentions: body.get("allowed_mentions").filter(|value| !value.is_null()).cloned(),
        flags,
        tts: optional_bool(&mut form, &path("tts"), &body["tts"]),
        nonce: nonce(&mut form, &path("nonce"), &body["nonce"]),
        enforce_nonce: optional_bool(&mut form, &path("enforce_nonce"), &body["enforce_nonce"]),
        replies_to: reference(&mut form, &path("message_reference"), &body["message_reference"], place),
    };
    form.verdict()?;
    Ok(draft)
}

fn flags(form: &mut Form, path: &str, value: &Value, place: Place) -> u64 {
    let flags = optional_number(form, path, value, 0..=u64::from(u32::MAX)).unwrap_or_default();
    if flags & COMPONENTS_V2 != 0 {
        form.not_modelled("Components V2");
    }
    let allowed = match place {
        Place::Channel => SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS,
        Place::Interaction => SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | EPHEMERAL,
        // What a message was made with may be repeated in an edit; it changes nothing.
        Place::Edit => SUPPRESS_EMBEDS | EPHEMERAL,
    };
    if flags & !allowed & !COMPONENTS_V2 != 0 {
        form.fault(path, "MESSAGE_FLAGS_INVALID", "Those flags cannot be set here.");
    }
    let set_by_edit = if place == Place::Edit { SUPPRESS_EMBEDS } else { allowed };
    flags & set_by_edit
}

/// The message that is replied to. Forwards, the other kind of reference, are not modelled.
fn reference(form: &mut Form, path: &str, value: &Value, place: Place) -> Option<(MessageId, Absent)> {
    if value.is_null() {
        return None;
    }
    if place != Place::Channel || !matches!(value["type"].as_u64(), None | Some(0)) {
        form.not_modelled("a `message_reference` that is no reply in a channel");
    }
    let must_exist = value["fail_if_not_exists"].is_null()
        || optional_bool(form, &format!("{path}.fail_if_not_exists"), &value["fail_if_not_exists"]);
    let id = text(form, &format!("{path}.message_id"), &value["message_id"], 1..=20).map(str::parse::<MessageId>);
    let Ok(id) = id? else {
        let message = format!("Value {} is not snowflake.", value["message_id"]);
        form.fault(&format!("{path}.message_id"), "NUMBER_TYPE_COERCE", message);
        return None;
    };
    Some((id, if must_exist { Absent::Refused } else { Absent::Ignored }))
}

fn nonce(form: &mut Form, path: &str, value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(value.clone()),
        Value::String(nonce) if length(nonce) <= NONCE => Some(value.clone()),
        _ => {
            form.fault(path, "NONCE_TYPE_TOO_LONG", format!("Must be {NONCE} or fewer in length."));
            None
        }
    }
}

fn embeds(form: &mut Form, path: &str, value: &Value) -> Vec<Value> {
    let mut total = 0;
    let mut checked = Vec::new();
    for (index, embed) in list(form, path, value, 0..=EMBEDS).iter().enumerate() {
        let here = format!("{path}.{index}");
        if embed.is_object() {
            total += one_embed(form, &here, embed);
            checked.push(as_discord_stores(embed));
        } else {
            form.fault(&here, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        }
    }
    if total > EMBED_TOTAL {
        form.fault(path, "MAX_EMBED_SIZE_EXCEEDED", format!("Embed size exceeds maximum size of {EMBED_TOTAL}"));
    }
    checked
}

/// Checks an embed; how many characters it counts.
fn one_embed(form: &mut Form, path: &str, embed: &Value) -> usize {
    let count = |text: Option<&str>| text.map_or(0, length);
    let mut total = count(optional_text(form, &format!("{path}.title"), &embed["title"], 0..=EMBED_TITLE));
    let description = optional_text(form, &format!("{path}.description"), &embed["description"], 0..=EMBED_DESCRIPTION);
    total += count(description);
    optional_number(form, &format!("{path}.color"), &embed["color"], 0..=COLOUR);
    web_address(form, &format!("{path}.url"), &embed["url"]);
    for part in ["footer", "author", "image", "thumbnail"] {
        dictionary(form, &format!("{path}.{part}"), &embed[part]);
    }
    if embed["footer"].is_object() {
        web_address(form, &format!("{path}.footer.icon_url"), &embed["footer"]["icon_url"]);
        total += count(text(form, &format!("{path}.footer.text"), &embed["footer"]["text"], 1..=FOOTER));
    }
    if embed["author"].is_object() {
        total += count(text(form, &format!("{path}.author.name"), &embed["author"]["name"], 1..=AUTHOR));
        web_address(form, &format!("{path}.author.url"), &embed["author"]["url"]);
        web_address(form, &format!("{path}.author.icon_url"), &embed["author"]["icon_url"]);
    }
    for part in ["image", "thumbnail"] {
        web_address(form, &format!("{path}.{part}.url"), &embed[part]["url"]);
    }
    if let Some(at) = embed["timestamp"].as_str() {
        let format = &time::format_description::well_known::Rfc3339;
        if time::OffsetDateTime::parse(at, format).is_err() {
            let message = format!("Could not parse {at}. Should be ISO8601.");
            form.fault(&format!("{path}.timestamp"), "DATE_TIME_TYPE_PARSE", message);
        }
    }
    for (index, field) in list(form, &format!("{path}.fields"), &embed["fields"], 0..=EMBED_FIELDS).iter().enumerate() {
        let here = format!("{path}.fields.{index}");
        dictionary(form, &here, field);
        total += count(text(form, &format!("{here}.name"), &field["name"], 1..=FIELD_NAME));
        total += count(text(form, &format!("{here}.value"), &field["value"], 1..=FIELD_VALUE));
        optional_bool(form, &format!("{here}.inline"), &field["inline"]);
        for part in ["name", "value"] {
            if field[part].as_str().is_some_and(|text| !text.is_empty() && text.trim().is_empty()) {
                form.required(&format!("{here}.{part}"));
            }
        }
    }
    total
}

/// A member that must be an object if it is there.
fn dictionary(form: &mut Form, path: &str, value: &Value) {
    if !value.is_null() && !value.is_object() {
        form.fault(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
    }
}

fn web_address(form: &mut Form, path: &str, value: &Value) {
    let Some(address) = optional_text(form, path, value, 0..=URL) else { return };
    let scheme = url::Url::parse(address).map(|url| url.scheme().to_owned()).unwrap_or_default();
    if scheme == "attachment" {
        form.not_modelled(format!("`{address}`: files of the bot's own"));
    } else if !matches!(scheme.as_str(), "http" | "https" | "discord") {
        let message = format!("Scheme \"{scheme}\" is not supported. Scheme must be one of ('http', 'https').");
        form.fault(path, "URL_TYPE_INVALID_SCHEME", message);
    }
}

/// An embed as Discord gives it back.
fn as_discord_stores(embed: &Value) -> Value {
    let mut stored = embed.clone();
    if let Some(members) = stored.as_object_mut() {
        members.retain(|_, value| !value.is_null());
        members.insert("type".to_owned(), json!("rich"));
    }
    for field in stored.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten() {
        if field.is_object() && field.get("inline").is_none() {
            field["inline"] = json!(false);
        }
    }
    stored
}

/// `parse` must not name a kind whose ids are listed as well. See [Discord Docs/Allowed Mentions Object].
fn allowed_mentions(form: &mut Form, path: &str, value: &Value) {
    if value.is_null() {
        return;
    }
    if !value.is_object() {
        form.fault(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return;
    }
    let kinds = list(form, &format!("{path}.parse"), &value["parse"], 0..=3);
    for (index, kind) in kinds.iter().enumerate() {
        if !matches!(kind.as_str(), Some("roles" | "users" | "everyone")) {
            let message = "Value must be one of ('everyone', 'roles', 'users').";
            form.fault(&format!("{path}.parse.{index}"), "BASE_TYPE_CHOICES", message);
        }
    }
    optional_bool(form, &format!("{path}.replied_user"), &value["replied_user"]);
    for kind in ["roles", "users"] {
        let ids = list(form, &format!("{path}.{kind}"), &value[kind], 0..=MENTIONED);
        for (index, id) in ids.iter().enumerate() {
            if id.as_str().is_none_or(|id| id.parse::<u64>().is_err()) {
                let message = format!("Value {id} is not snowflake.");
                form.fault(&format!("{path}.{kind}.{index}"), "NUMBER_TYPE_COERCE", message);
            }
        }
        if !ids.is_empty() && kinds.iter().any(|it| it == kind) {
            let message = format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
            form.fault(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
        }
    }
}

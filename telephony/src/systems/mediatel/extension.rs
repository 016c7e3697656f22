//! Mediatel's extensions as data: which members the documents show, and how a record is read. No I/O.
//!
//! The headings of "Server Extensions" speak of shared email accounts; addresses and payloads are extensions.

use serde_json::value::RawValue;

use super::secrets::withhold;
use super::wire::wrong_with;
use crate::{Extension, ExtensionField, ExtensionFields, ExtensionId, FieldKind, FieldSpec, Group, Record};

const LINE: Group = Group { key: "line", title: "Extension" };
const SIP: Group = Group { key: "sip", title: "Addresses" };
const MEDIA: Group = Group { key: "media", title: "Codecs and tones" };

/// No lengths are documented; these only keep out what no member of its kind can mean.
const LONG: FieldKind = FieldKind::Text { max: 255 };
const SHORT: FieldKind = FieldKind::Text { max: 32 };
/// Seen are 0, 2, 3, 5 and 6; the list is not documented.
const TYPE: FieldKind = FieldKind::Number { min: 0, max: i32::MAX as i64 };

const fn field(
    key: &'static str,
    wire: &'static str,
    label: &'static str,
    group: Group,
    kind: FieldKind,
) -> ExtensionField {
    ExtensionField { wire, spec: FieldSpec { key, label, group, kind } }
}

/// Every documented member. `ConnectionType` and `Payload` are texts that hold digits.
pub(in crate::systems) const FIELDS: ExtensionFields = ExtensionFields {
    id: "E_ID",
    all: &[
        field("name", "E_Extension", "Name", LINE, FieldKind::Text { max: 64 }),
        field("type", "E_Type", "Type", LINE, TYPE),
        field("description", "E_Description", "Description", LINE, LONG),
        field("dial-out", "E_DialOutIdentities", "Dial-out identities", LINE, LONG),
        field("protocol", "Protocol", "Protocol", LINE, SHORT),
        field("contact", "ContactDisplay", "Contact", SIP, LONG),
        field("from", "FromDisplay", "From", SIP, LONG),
        field("address", "DestAddress", "Destination address", SIP, LONG),
        field("destination", "Destination", "Destination", SIP, LONG),
        field("codecs", "Codecs", "Codecs", MEDIA, FieldKind::List),
        field("connection-type", "ConnectionType", "Connection type", MEDIA, SHORT),
        field("dtmf", "DTMFSupport", "DTMF", MEDIA, FieldKind::List),
        field("payload", "Payload", "Payload", MEDIA, SHORT),
    ],
    needed: &["E_Extension", "E_Type"],
};

/// A record that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unread {
    /// What is wrong, with its path and without its value.
    pub(super) what: String,
    /// Its number, where it tells one.
    pub(super) id: Option<ExtensionId>,
}

/// Reads one record of `result`; `path` says where it stood.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(raw: &RawValue, path: &str) -> Result<Extension, Unread> {
    let unread = |what: String| Unread { what, id: None };
    let mut record = Record::parse(raw.get()).map_err(|e| unread(format!("{path} {}", wrong_with(raw.get(), &e))))?;
    // No document shows a password here, but a line may have one. A change of one extension is partial, so what is taken
    // out stays at the server. A batch names all that an extension has, so one that withholds something has no place in it.
    let withheld = withhold(&mut record);
    let id = record.number("E_ID").filter(|id| *id > 0).map(ExtensionId);
    let id = id.ok_or_else(|| unread(format!("{path}.E_ID is not an id")))?;
    let digits = || record.number("E_Extension").and_then(|_| Some(record.raw("E_Extension")?.get().to_owned()));
    let name = record.text("E_Extension").or_else(digits);
    let name = name.ok_or_else(|| Unread { what: format!("{path}.E_Extension is not text"), id: Some(id) })?;
    Ok(Extension { id, name, record, withheld })
}

/// The members that are sent of those asked for. The number has its own place; the documented `E_Typet` is a slip of the
/// pen for `E_Type`, and never sent.
pub(super) fn sent(members: &Record) -> Record {
    let mut body = Record::default();
    for (name, value) in members.iter().filter(|(name, _)| !matches!(*name, "E_ID" | "E_Typet")) {
        body.set(name, value);
    }
    body
}

/// A member of a batch: the number in front, as the documents show it.
pub(super) fn numbered(id: i64, members: &Record) -> Record {
    let mut body = Record::default();
    body.set("E_ID", &id);
    for (name, value) in sent(members).iter() {
        body.set(name, value);
    }
    body
}

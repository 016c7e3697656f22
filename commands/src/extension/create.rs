//! `/extension create`: what is typed becomes the fields of a new extension.

use rollcall_telephony::FieldKey;
use serde::{Deserialize, Serialize};

use crate::reading::{Given, ReadError};
use crate::surface::{Group, OptionSpec, Raw, Surface, completed, surface, text};
use crate::values::CONNECTION_MAX;
use crate::{CompletedOption, Permission};

surface! {
    /// Create an extension; you see it first
    ///
    /// The options as they are registered; they are kept as [`Create`].
    struct Form = "/extension create" {
        group: Some(&super::GROUP),
        permission: Some(Permission::ExtensionWrite),
    }
    /// Its name
    "name" name: String = text(super::NAME_MAX);
    /// The number of its type; pick one that other extensions have
    "type" kind: String = completed(super::TYPE_MAX, CompletedOption::ExtensionType);
    /// The phone system; needed only if several have extensions
    "connection" connection: Option<String> = completed(CONNECTION_MAX, CompletedOption::Connection);
    /// What it is for
    "description" description: Option<String> = text(super::TEXT_MAX);
    /// The identities that it shows when dialling out
    "dial-out" dial_out: Option<String> = text(super::TEXT_MAX);
    /// The protocol, such as SIP
    "protocol" protocol: Option<String> = completed(super::WORD_MAX, CompletedOption::Protocol);
    /// Its contact, such as <sip:123@192.0.2.12:5062>
    "contact" contact: Option<String> = text(super::TEXT_MAX);
    /// Whom its calls come from, such as <sip:123@192.0.2.12:5062>
    "from" from: Option<String> = text(super::TEXT_MAX);
    /// The address that it calls to, such as 192.0.2.12:5062
    "address" address: Option<String> = text(super::TEXT_MAX);
    /// The destination, such as a number
    "destination" destination: Option<String> = text(super::TEXT_MAX);
    /// The codecs, with commas between
    "codecs" codecs: Option<String> = completed(super::LIST_MAX, CompletedOption::Codecs);
    /// The number of its connection type
    "connection-type" connection_type: Option<String> = text(super::WORD_MAX);
    /// The ways to send tones, with commas between
    "dtmf" dtmf: Option<String> = completed(super::LIST_MAX, CompletedOption::Dtmf);
    /// The payload type, such as 127
    "payload" payload: Option<String> = text(super::WORD_MAX);
}

/// A new extension, as it was typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Create {
    /// Its name.
    pub name: String,
    /// The number of its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The phone system, if it was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// Its other fields, in the order of the options.
    pub fields: Vec<(FieldKey, String)>,
}

/// Options that are no fields of [`Create::fields`].
const OWN: [&str; 3] = ["name", "type", "connection"];

impl Create {
    /// Every field that is to be set, name and type first.
    #[must_use]
    pub fn all_fields(&self) -> Vec<(FieldKey, String)> {
        let own = [("name", &self.name), ("type", &self.kind)];
        let own = own.into_iter().map(|(key, value)| (FieldKey(key.to_owned()), value.clone()));
        own.chain(self.fields.iter().cloned()).collect()
    }
}

impl Surface for Create {
    const NAME: &'static str = Form::NAME;
    const GROUP: Option<&'static Group> = Form::GROUP;
    const ABOUT: &'static str = Form::ABOUT;
    const PERMISSION: Option<Permission> = Form::PERMISSION;
    const OPTIONS: &'static [OptionSpec] = Form::OPTIONS;

    fn read(given: &mut Given) -> Result<Self, ReadError> {
        let form = Form::read(given)?;
        let others = form.write().into_iter().filter(|(name, _)| !OWN.contains(name));
        let fields = others.map(|(name, raw)| (FieldKey(name.to_owned()), raw.as_text())).collect();
        Ok(Self { name: form.name, kind: form.kind, connection: form.connection, fields })
    }

    fn write(&self) -> Vec<(&'static str, Raw)> {
        let own = [("name", Some(&self.name)), ("type", Some(&self.kind)), ("connection", self.connection.as_ref())];
        let own = own.into_iter().filter_map(|(name, value)| Some((name, Raw::Text(value?.clone()))));
        own.chain(crate::surface::typed(Self::OPTIONS, &self.fields)).collect()
    }
}

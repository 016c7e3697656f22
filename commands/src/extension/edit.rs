//! `/extension edit`: what is typed as options and what is filled into a modal become the same value.

use rollcall_telephony::FieldKey;
use serde::{Deserialize, Serialize};

use crate::reading::{Given, ReadError};
use crate::surface::{Group, OptionSpec, Raw, Surface, clearable, clearable_completed, completed, surface, text};
use crate::values::EXTENSION_MAX;
use crate::{CompletedOption, ExtensionText, Permission};

surface! {
    /// Change an extension's fields; you see before and after first
    ///
    /// The options as they are registered; they are kept as [`Edit`].
    struct Form = "/extension edit" {
        group: Some(&super::GROUP),
        permission: Some(Permission::ExtensionWrite),
    }
    /// The extension; start typing its name or number
    "extension" extension: ExtensionText = completed(EXTENSION_MAX, CompletedOption::Extension);
    /// The new name
    "name" name: Option<String> = text(super::NAME_MAX);
    /// The number of the new type; pick one that other extensions have
    "type" kind: Option<String> = completed(super::TYPE_MAX, CompletedOption::ExtensionType);
    /// What it is for
    "description" description: Option<String> = clearable(super::TEXT_MAX);
    /// The identities that it shows when dialling out
    "dial-out" dial_out: Option<String> = clearable(super::TEXT_MAX);
    /// The protocol, such as SIP
    "protocol" protocol: Option<String> = clearable_completed(super::WORD_MAX, CompletedOption::Protocol);
    /// Its contact, such as <sip:123@192.0.2.12:5062>
    "contact" contact: Option<String> = clearable(super::TEXT_MAX);
    /// Whom its calls come from, such as <sip:123@192.0.2.12:5062>
    "from" from: Option<String> = clearable(super::TEXT_MAX);
    /// The address that it calls to, such as 192.0.2.12:5062
    "address" address: Option<String> = clearable(super::TEXT_MAX);
    /// The destination, such as a number
    "destination" destination: Option<String> = clearable(super::TEXT_MAX);
    /// The codecs, with commas between; a single comma clears them
    "codecs" codecs: Option<String> = clearable_completed(super::LIST_MAX, CompletedOption::Codecs);
    /// The number of its connection type
    "connection-type" connection_type: Option<String> = clearable(super::WORD_MAX);
    /// The ways to send tones, with commas between; a single comma clears them
    "dtmf" dtmf: Option<String> = clearable_completed(super::LIST_MAX, CompletedOption::Dtmf);
    /// The payload type, such as 127
    "payload" payload: Option<String> = clearable(super::WORD_MAX);
}

/// Changes of an extension's fields; without any, the person is asked which to change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The extension.
    pub extension: ExtensionText,
    /// What is to be set, as it was typed, in the order of the options or of the modal.
    pub changes: Vec<(FieldKey, String)>,
}

impl Surface for Edit {
    const NAME: &'static str = Form::NAME;
    const GROUP: Option<&'static Group> = Form::GROUP;
    const ABOUT: &'static str = Form::ABOUT;
    const PERMISSION: Option<Permission> = Form::PERMISSION;
    const OPTIONS: &'static [OptionSpec] = Form::OPTIONS;

    fn read(given: &mut Given) -> Result<Self, ReadError> {
        let form = Form::read(given)?;
        let changes = form.write().into_iter().filter(|(name, _)| *name != "extension");
        let changes = changes.map(|(name, raw)| (FieldKey(name.to_owned()), raw.as_text())).collect();
        Ok(Self { extension: form.extension, changes })
    }

    fn write(&self) -> Vec<(&'static str, Raw)> {
        let extension = ("extension", Raw::Text(self.extension.0.clone()));
        std::iter::once(extension).chain(crate::surface::typed(Self::OPTIONS, &self.changes)).collect()
    }
}

//! A list as it is kept on disk: JSON with a version and what is listed, under its name.

use std::borrow::Cow;
use std::collections::HashMap;

use rollcall_telephony::Reading;
use serde::ser::{SerializeMap as _, Serializer as _};
use serde_json::value::RawValue;

use super::listed::{Listed, Shown as _};

/// The form this version writes and reads.
const VERSION: u32 = 1;

/// Writes a snapshot, without secrets.
pub(super) fn write<T: Listed>(list: &T::Shown, reading: &dyn Reading) -> serde_json::Result<String> {
    let items: Vec<_> = list.items().collect();
    let fit: Vec<Cow<'_, T>> = items.iter().map(|item| item.fit_to_keep(reading)).collect();
    let mut body = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut body);
    let mut members = serializer.serialize_map(Some(2))?;
    members.serialize_entry("version", &VERSION)?;
    members.serialize_entry(T::OF.word(), &fit)?;
    members.end()?;
    String::from_utf8(body).map_err(serde::ser::Error::custom)
}

/// Reads a snapshot.
///
/// # Errors
/// A sentence that says why it cannot be used.
pub(super) fn read<T: Listed>(body: &str) -> Result<Vec<T>, String> {
    let word = T::OF;
    let unreadable = |error: serde_json::Error| format!("the kept list of {word} cannot be read: {error}");
    let missing = |member: &str| unreadable(serde::de::Error::custom(format!("missing field `{member}`")));
    let members: HashMap<Cow<'_, str>, &RawValue> = serde_json::from_str(body).map_err(unreadable)?;
    let version = members.get("version").ok_or_else(|| missing("version"))?;
    let version: u32 = serde_json::from_str(version.get()).map_err(unreadable)?;
    if version != VERSION {
        return Err(format!("the kept list of {word} has form {version}, this version reads form {VERSION}"));
    }
    let listed = members.get(word.word()).ok_or_else(|| missing(word.word()))?;
    serde_json::from_str(listed.get()).map_err(unreadable)
}

//! A record exactly as a server sent it: unknown members, number formats and member order survive.

use std::fmt::{self, Write as _};

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// The members of a JSON object, in order, each value as the bytes it came in.
///
/// Not a `serde_json::Map`: that would rewrite `1.50` as `1.5` and lose what does not fit a float.
#[derive(Clone, Default)]
pub struct Record {
    members: Vec<(String, Box<RawValue>)>,
}

/// A record that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is not a JSON object, or a member stands in it twice.
    #[error("not a JSON object: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// One member that differs between two records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where: member names with dots between them, `ClientApp.AutoAnswer.Time`.
    pub path: String,
    /// What stood there before, as JSON; `None` when it was absent.
    pub before: Option<String>,
    /// What stands there after, as JSON; `None` when it is absent.
    pub after: Option<String>,
}

impl Record {
    /// Reads a record from JSON text.
    ///
    /// # Errors
    /// [`RecordError::Malformed`] when it is not an object or names a member twice.
    pub fn parse(json: &str) -> Result<Self, RecordError> {
        Ok(serde_json::from_str(json)?)
    }

    /// A member's value as it came.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&RawValue> {
        self.members.iter().find(|(n, _)| n == name).map(|(_, v)| &**v)
    }

    /// A member as text; `None` when it is absent or not a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.raw(name)?.get()).ok()
    }

    /// A member as a whole number, also when it came as `"7"` or `7.0`.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        let raw = self.raw(name)?.get();
        if let Ok(n) = raw.parse() {
            return Some(n);
        }
        let text = serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned());
        let text = text.trim();
        text.parse().ok().or_else(|| {
            let (whole, fraction) = text.split_once('.')?;
            if !fraction.is_empty() && fraction.bytes().all(|b| b == b'0') { whole.parse().ok() } else { None }
        })
    }

    /// A member as a list of texts; numbers in it are taken as they are written.
    #[must_use]
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        let items: Vec<&RawValue> = serde_json::from_str(self.raw(name)?.get()).ok()?;
        Some(
            items
                .into_iter()
                .map(|raw| serde_json::from_str::<String>(raw.get()).unwrap_or_else(|_| raw.get().to_owned()))
                .collect(),
        )
    }

    /// A member that is itself an object.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<Self> {
        Self::parse(self.raw(name)?.get()).ok()
    }

    /// Sets a member: in its place when it is there, else at the end.
    ///
    /// # Panics
    /// Never: what is set is plain data, which always serializes.
    pub fn set(&mut self, name: &str, value: &(impl Serialize + ?Sized)) {
        let Ok(raw) = serde_json::value::to_raw_value(value) else { return };
        match self.members.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = raw,
            None => self.members.push((name.to_owned(), raw)),
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Box<RawValue>> {
        let at = self.members.iter().position(|(n, _)| n == name)?;
        Some(self.members.remove(at).1)
    }

    /// Every member in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.members.iter().map(|(n, v)| (n.as_str(), &**v))
    }

    /// A SHA-256 over names and values in order of name, as lowercase hex: the same for the same content, however its
    /// members are ordered or spaced.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hasher = Sha256::new();
        for (path, value) in self.leaves() {
            hasher.update((path.len() as u64).to_be_bytes());
            hasher.update(path.as_bytes());
            hasher.update((value.len() as u64).to_be_bytes());
            hasher.update(value.as_bytes());
        }
        hasher.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// Where `after` differs from this, in order of path. The spacing of nested values does not count.
    #[must_use]
    pub fn differences(&self, after: &Self) -> Vec<Difference> {
        let (mut old, mut new) = (self.leaves().into_iter().peekable(), after.leaves().into_iter().peekable());
        let mut found = Vec::new();
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return found,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some((a, _)), Some((b, _))) => a.cmp(b),
            };
            let before = if order.is_le() { old.next() } else { None };
            let after = if order.is_ge() { new.next() } else { None };
            let (before_value, after_value) = (before.as_ref().map(|(_, v)| v), after.as_ref().map(|(_, v)| v));
            if before_value != after_value {
                let path = before.as_ref().or(after.as_ref()).map(|(p, _)| p.clone()).unwrap_or_default();
                found.push(Difference { path, before: before_value.cloned(), after: after_value.cloned() });
            }
        }
    }

    /// Every value that is not an object, by its path, sorted; values without insignificant white space.
    fn leaves(&self) -> Vec<(String, String)> {
        fn walk(record: &Record, prefix: &str, into: &mut Vec<(String, String)>, depth: usize) {
            for (name, raw) in record.iter() {
                let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
                match Record::parse(raw.get()) {
                    Ok(inner) if !inner.members.is_empty() && depth < 8 => walk(&inner, &path, into, depth + 1),
                    _ => into.push((path, compact(raw.get()))),
                }
            }
        }
        let mut leaves = Vec::new();
        walk(self, "", &mut leaves, 0);
        leaves.sort();
        leaves
    }
}

/// JSON text without the white space between its tokens; what stands inside strings stays.
fn compact(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        if in_string {
            out.push(c);
            (in_string, escaped) = match c {
                _ if escaped => (true, false),
                '\\' => (true, true),
                '"' => (false, false),
                _ => (true, false),
            };
        } else if !c.is_ascii_whitespace() {
            in_string = c == '"';
            out.push(c);
        }
    }
    out
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.members.len() == other.members.len()
            && self.iter().zip(other.iter()).all(|((a, x), (b, y))| a == b && x.get() == y.get())
    }
}

impl fmt::Debug for Record {
    /// Names only: values may be personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.members.iter().map(|(n, _)| n)).finish()
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len()))?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Record;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
                let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                // Sorted, not each with all: a server may send a million.
                let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
                names.sort_unstable();
                if let Some(name) = names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]) {
                    return Err(serde::de::Error::custom(format_args!("the member {name:?} stands in it twice")));
                }
                Ok(Record { members })
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_formats_and_unknown_members() {
        let json = r#"{"B":1.50,"A":{"x": 1e400,"é":null},"C":"\u0041"}"#;
        let record = Record::parse(json).unwrap();
        assert_eq!(serde_json::to_string(&record).unwrap(), json);
    }

    #[test]
    fn refuses_a_member_that_stands_twice() {
        assert!(Record::parse(r#"{"A":1,"A":2}"#).unwrap_err().to_string().contains("\"A\" stands in it twice"));
        let many = (0..200_000).map(|n| format!("\"{n}\":0")).collect::<Vec<_>>().join(",");
        assert_eq!(Record::parse(&format!("{{{many}}}")).unwrap().iter().count(), 200_000);
        let why = Record::parse(&format!("{{{many},\"77\":1}}")).unwrap_err();
        assert!(why.to_string().contains("\"77\" stands in it twice"));
    }

    #[test]
    fn fingerprint_is_blind_to_order_and_spacing_but_not_to_content() {
        let a = Record::parse(r#"{"A":1,"B":{"x":[1, 2],"y":"a b"}}"#).unwrap();
        let b = Record::parse(r#"{"B":{"y":"a b", "x":[1,2]},"A":1}"#).unwrap();
        let c = Record::parse(r#"{"B":{"y":"ab", "x":[1,2]},"A":1}"#).unwrap();
        assert_eq!(a.fingerprint(), b.fingerprint());
        assert_ne!(a.fingerprint(), c.fingerprint());
    }

    #[test]
    fn names_what_differs() {
        let a = Record::parse(r#"{"A":1,"B":{"x":1,"y":2},"D":{}}"#).unwrap();
        let b = Record::parse(r#"{"A":1,"B":{"x":3},"C":"new","D":{}}"#).unwrap();
        let paths: Vec<_> = a.differences(&b).into_iter().map(|d| (d.path, d.before, d.after)).collect();
        assert_eq!(
            paths,
            [
                ("B.x".into(), Some("1".into()), Some("3".into())),
                ("B.y".into(), Some("2".into()), None),
                ("C".into(), None, Some("\"new\"".into())),
            ]
        );
    }

    #[test]
    fn numbers_are_read_in_the_forms_servers_write_them() {
        let r = Record::parse(r#"{"a":7,"b":"7","c":7.0,"d":7.5,"e":"x","f":null}"#).unwrap();
        assert_eq!(["a", "b", "c", "d", "e", "f"].map(|n| r.number(n)), [Some(7), Some(7), Some(7), None, None, None]);
    }
}

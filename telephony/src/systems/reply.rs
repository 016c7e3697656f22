//! Short answers, read with patience: what several phone systems leave open about their JSON in the same way.
//!
//! Byte order marks, white space, a list of one, an object one level down, a bare text. What an answer *means* does not
//! live here.

use crate::Record;

/// The longest short answer, in bytes. Reading a record takes time with the square of its members.
const LONGEST: usize = 64 * 1024;

/// How much of what a server said is shown, in characters.
const SHOWN: usize = 160;

/// An answer.
#[derive(Debug)]
pub(super) enum Reply {
    /// An object (or a list of exactly one), and the objects in it.
    Object {
        /// The outermost one.
        top: Record,
        /// Those one level down, in order.
        inner: Vec<Record>,
    },
    /// Anything else, as text without white space around it; what stood in quotes, without them.
    Text(String),
}

impl Reply {
    /// Reads an answer. Bytes that are no UTF-8 are replaced: the words that count are plain ASCII.
    ///
    /// # Errors
    /// What is wrong, when it is too long to be a short answer.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        if body.len() > LONGEST {
            return Err(format!("it is longer than {} KiB, which is too long to be read", LONGEST / 1024));
        }
        let text = String::from_utf8_lossy(body);
        let text = text.trim_matches(|c: char| c == '\u{feff}' || c == '\0' || c.is_whitespace());
        Ok(match object(text) {
            Some(top) => {
                let inner = top.iter().filter_map(|(_, raw)| object(raw.get())).collect();
                Self::Object { top, inner }
            }
            None => Self::Text(match serde_json::from_str::<String>(text) {
                Ok(quoted) => quoted.trim().to_owned(),
                Err(_) => text.to_owned(),
            }),
        })
    }
}

/// An object, or the only one of a list.
fn object(json: &str) -> Option<Record> {
    let json = json.trim();
    let only = json.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(json);
    Record::parse(only).ok()
}

/// What a server said, fit to be quoted in a sentence: on one line, without control characters, bounded.
pub(super) fn plain(said: &str) -> String {
    let mut shown = String::new();
    let mut length = 0;
    let words = said.split(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c));
    for word in words.filter(|word| !word.is_empty()) {
        if length > 0 {
            shown.push(' ');
            length += 1;
        }
        for c in word.chars() {
            if length >= SHOWN {
                shown.push('…');
                return shown;
            }
            // A quotation is written in double quotes: none may end it early.
            shown.push(if c == '"' { '\'' } else { c });
            length += 1;
        }
    }
    shown
}

/// Marks that only change how the text around them is shown.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(body: &str) -> (Vec<String>, usize) {
        match Reply::read(body.as_bytes()).unwrap() {
            Reply::Object { top, inner } => (top.iter().map(|(name, _)| name.to_owned()).collect(), inner.len()),
            Reply::Text(text) => panic!("{text}"),
        }
    }

    fn text(body: &[u8]) -> String {
        match Reply::read(body).unwrap() {
            Reply::Object { top, .. } => panic!("{top:?}"),
            Reply::Text(text) => text,
        }
    }

    #[test]
    fn objects_are_found_in_every_wrapping() {
        for body in [r#"{"a":1,"b":{}}"#, "\u{feff} {\"a\":1,\"b\":{}}\r\n", r#" [ {"a":1,"b":[{}]} ] "#] {
            assert_eq!(names(body), (vec!["a".to_owned(), "b".to_owned()], 1), "{body}");
        }
    }

    #[test]
    fn everything_else_is_text() {
        assert_eq!(text(b"\xef\xbb\xbf Login OK\n"), "Login OK");
        assert_eq!(text(br#"" Login OK ""#), "Login OK");
        assert_eq!(text(b""), "");
        for odd in ["[{},{}]", "[]", "{", "5", "[[{}]]", r#"{"a":1,"a":2}"#] {
            assert_eq!(text(odd.as_bytes()), odd);
        }
        assert_eq!(text(b"\xff!"), "\u{fffd}!");
        assert!(Reply::read(&vec![b' '; LONGEST + 1]).unwrap_err().contains("64 KiB"));
    }

    #[test]
    fn what_is_shown_is_one_bounded_line() {
        assert_eq!(plain(" a\r\n\tb\u{202e}c\0\"d\" "), "a b c 'd'");
        let long = plain(&"é".repeat(5000));
        assert_eq!(long.chars().count(), SHOWN + 1);
        assert!(long.ends_with('…'));
        assert_eq!(plain(&"a ".repeat(80)).chars().count(), 159);
    }
}

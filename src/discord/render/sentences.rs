//! Small things that sentences are made of, whatever they are about.

use super::preview::difference_lines;
use crate::desk::Differs;
use crate::discord::text::escaped;

/// How much is told of what changed, in UTF-16 units.
const CHANGES_MAX: usize = 900;

/// With a small letter at the start.
pub(super) fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_lowercase(), chars.as_str()))
}

/// With a capital letter at the start.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), chars.as_str()))
}

/// A reason as the start of a sentence, without its full stop.
pub(super) fn sentence(why: &str, on: &str) -> String {
    let why = why.trim().trim_end_matches('.');
    // A connection's name or a login keeps its small letter.
    if why.split_whitespace().next().is_some_and(|w| w == on || w.contains(['.', '-', '_'])) {
        return escaped(why, 600);
    }
    escaped(&capital(why), 600)
}

/// A reason inside a sentence, without its full stop.
pub(super) fn reason(why: &str) -> String {
    escaped(why.trim().trim_end_matches('.'), 400)
}

/// What changed, as one sentence; `None` where nothing is known to have.
pub(super) fn changed(what: &[Differs]) -> Option<String> {
    let lines = difference_lines(what);
    let mut told = lines.first()?.clone();
    for (at, line) in lines.iter().enumerate().skip(1) {
        if told.encode_utf16().count() + line.encode_utf16().count() > CHANGES_MAX {
            return Some(format!("What changed: {told}; and {} more.", lines.len() - at));
        }
        told = format!("{told}; {line}");
    }
    Some(format!("What changed: {told}."))
}

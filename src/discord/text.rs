//! Text from people and phone systems is hostile: here it is made safe to print into Discord.
//!
//! Markdown and mentions are escaped, characters that cannot be seen or that change the direction of writing are made
//! visible, piles of combining marks are levelled, and everything is cut to Discord's limits on a character boundary.

use std::fmt::Write as _;

use rollcall_telephony::Millis;
use serenity::model::id::{RoleId, UserId};
use unicode_normalization::char::is_combining_mark;

/// Combining marks on one character beyond which the rest is dropped; every living script gets along with these.
const MARKS_MAX: usize = 4;

/// Text for where Discord reads markdown (contents, embeds): at most `max` UTF-16 units long.
///
/// Only what Discord would read as markdown is escaped, so that a login or a number stays as it is written. Since line
/// breaks are made visible, a list, a heading or a quotation can begin at the start of the text only.
#[must_use]
pub(crate) fn escaped(text: &str, max: usize) -> String {
    let text = visible(text);
    let start = text.len() - text.trim_start().len();
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        let marks = match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' => true,
            '-' | '#' | '>' => at == start,
            '@' => rest.starts_with("@everyone") || rest.starts_with("@here"),
            // It would make a link that nobody checked.
            ':' => rest.starts_with("://"),
            _ => false,
        };
        if marks {
            out.push('\\');
        }
        out.push(c);
    }
    cut(&out, max)
}

/// Text for where Discord prints what it gets (labels, choices, modal values): at most `max` UTF-16 units long.
#[must_use]
pub(crate) fn plain(text: &str, max: usize) -> String {
    cut(&visible(text), max)
}

/// Makes what cannot be seen visible, and levels piles of marks.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        // Nearly everything, and never hidden nor a mark: saves looking each letter up in the tables of Unicode.
        if matches!(c, ' '..='~') {
            marks = 0;
            out.push(c);
            continue;
        }
        if is_combining_mark(c) {
            marks += 1;
            if marks > MARKS_MAX {
                continue;
            }
        } else {
            marks = 0;
        }
        if hidden(c) {
            let _ = write!(out, "⟨U+{:04X}⟩", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a character cannot be seen, or turns others around.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Cuts to `max` UTF-16 units (as Discord's own clients count), never inside a character or after a lone backslash.
#[must_use]
pub(crate) fn cut(text: &str, max: usize) -> String {
    if text.encode_utf16().count() <= max {
        return text.to_owned();
    }
    if max == 0 {
        return String::new();
    }
    let mut out = String::new();
    let mut units = 0;
    for c in text.chars() {
        if units + c.len_utf16() + 1 > max {
            break;
        }
        units += c.len_utf16();
        out.push(c);
    }
    let trailing = out.chars().rev().take_while(|c| *c == '\\').count();
    if trailing % 2 == 1 {
        out.pop();
    }
    out.push('…');
    out
}

/// Text in code style: for what is typed or copied as it stands.
#[must_use]
pub(crate) fn code(text: &str, max: usize) -> String {
    format!("`{}`", plain(text, max).replace('`', "'"))
}

/// The first few of `items`, and how many there are beside them: "a, b and 4 more".
#[must_use]
pub(crate) fn few(items: &[String], most: usize, word: &str) -> String {
    match items.len().saturating_sub(most) {
        0 => join(items, word),
        more => format!("{} {word} {more} more", items[..most].join(", ")),
    }
}

/// "3 minutes ago", in the reader's own time.
#[must_use]
pub(crate) fn relative(at: Millis) -> String {
    format!("<t:{}:R>", at.seconds())
}

/// "14:05", in the reader's own time.
#[must_use]
pub(crate) fn clock(at: Millis) -> String {
    format!("<t:{}:t>", at.seconds())
}

/// "22 November 2026 14:05", in the reader's own time: reads well after "until".
#[must_use]
pub(crate) fn moment(at: Millis) -> String {
    format!("<t:{}:f>", at.seconds())
}

/// A person, as Discord shows them; nobody is pinged, since every message closes mentions.
#[must_use]
pub(crate) fn person(id: UserId) -> String {
    format!("<@{id}>")
}

/// Roles, as Discord shows them: "@Leads or @Admins".
#[must_use]
pub(crate) fn roles(ids: &[RoleId]) -> String {
    join(&ids.iter().map(|id| format!("<@&{id}>")).collect::<Vec<_>>(), "or")
}

/// "a, b and c".
#[must_use]
pub(crate) fn join(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markdown_mentions_and_links_are_only_text() {
        assert_eq!(escaped("**x** @everyone <@1> ||s|| `c`", 200), r"\*\*x\*\* \@everyone \<@1> \|\|s\|\| \`c\`");
        assert_eq!(escaped("https://evil.example", 200), r"https\://evil.example");
    }

    #[test]
    fn what_is_no_markdown_stays_as_it_is() {
        assert_eq!(
            escaped("ivan-petro (+380 44 123-45-67) a@b.example #5 > 3", 200),
            "ivan-petro (+380 44 123-45-67) a@b.example #5 > 3"
        );
        assert_eq!(escaped("- x", 200), r"\- x");
        assert_eq!(escaped("  # x", 200), r"  \# x");
        assert_eq!(escaped("> x", 200), r"\> x");
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(plain("a\u{202e}b\u{200b}\n", 100), "a⟨U+202E⟩b⟨U+200B⟩⟨U+000A⟩");
        let zalgo = format!("e{}", "\u{301}".repeat(10_000));
        assert!(plain(&zalgo, 100).chars().count() <= 1 + MARKS_MAX);
    }

    proptest! {
        #[test]
        fn never_longer_than_asked(text in ".{0,300}", max in 0usize..120) {
            prop_assert!(escaped(&text, max).encode_utf16().count() <= max);
            prop_assert!(plain(&text, max).encode_utf16().count() <= max);
        }

        #[test]
        fn a_cut_never_leaves_an_escape_open(text in r"[*_\\a-c]{0,60}", max in 2usize..60) {
            let out = escaped(&text, max);
            let body = out.strip_suffix('…').unwrap_or(&out);
            prop_assert_eq!(body.chars().rev().take_while(|c| *c == '\\').count() % 2, 0);
        }

        #[test]
        fn nothing_of_discords_markdown_survives(text in r"([*_~`|\[\]<>@#:/\\ a-]|@everyone|@here|://|<@1>){0,40}") {
            let out = escaped(&text, 1_000);
            // Read as Discord does: a backslash takes the next punctuation mark's meaning away.
            let (mut bare, mut literal, mut chars) = (String::new(), String::new(), out.chars());
            while let Some(c) = chars.next() {
                let c = if c == '\\' {
                    bare.push('\u{1}');
                    chars.next().unwrap()
                } else {
                    bare.push(c);
                    c
                };
                literal.push(c);
            }
            prop_assert_eq!(&literal, &text, "nothing is lost");
            prop_assert!(!bare.contains(['*', '_', '~', '`', '|', '[', ']', '<', '\\']), "{}", out);
            prop_assert!(!bare.trim_start().starts_with(['-', '#', '>']), "{}", out);
            prop_assert!(!["@everyone", "@here", "://"].iter().any(|it| bare.contains(it)), "{}", out);
        }
    }
}

//! Text made comparable: lower case, without accents, combining marks and characters nobody sees.
//!
//! Everything here is linear in its input and bounded, whatever a phone system or a person sends. Other scripts are
//! not turned into Latin here: that is [`romanise`](super::romanise).

use std::ops::Range;

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// The most characters of a text that are compared.
pub(super) const FOLDED_MAX: usize = 256;

/// The most characters of a text that are looked at: marks and invisible characters count here, too.
pub(super) const LOOKED_AT_MAX: usize = 4096;

/// Lower case, accents and combining marks folded: `Łódź` becomes `lodz`.
///
/// White space and control characters become single spaces, none at the ends; zero-width and direction-changing
/// characters vanish. At most 256 characters.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = Folded::default();
    for c in text.chars().take(LOOKED_AT_MAX) {
        if folded.length == FOLDED_MAX {
            break;
        }
        if !is_unseen(c) {
            decompose_compatible(c, |part| folded.push(part));
        }
    }
    folded.text
}

#[derive(Default)]
struct Folded {
    text: String,
    length: usize,
    space: bool,
}

impl Folded {
    fn push(&mut self, c: char) {
        if is_unseen(c) {
            return;
        }
        if c.is_whitespace() || c.is_control() {
            self.space = true;
            return;
        }
        for lower in c.to_lowercase().filter(|c| !is_unseen(*c)) {
            match plain_latin(lower) {
                Some(letters) => letters.chars().for_each(|c| self.keep(c)),
                None => self.keep(lower),
            }
        }
    }

    fn keep(&mut self, c: char) {
        let needed = if self.space && self.length > 0 { 2 } else { 1 };
        if self.length + needed > FOLDED_MAX {
            self.length = FOLDED_MAX;
            return;
        }
        if needed == 2 {
            self.text.push(' ');
        }
        self.text.push(c);
        self.length += needed;
        self.space = false;
    }
}

/// Whether a character leaves no trace of its own: accents, zero-width and direction-changing characters, selectors.
pub(super) fn is_unseen(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{20dd}'..='\u{20e4}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || canonical_combining_class(c) != 0
}

/// Lowercase letters that Unicode does not take apart, as plain Latin.
pub(super) const fn plain_latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'ß' => "ss",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        // Greek's final sigma is the same letter.
        'ς' => "σ",
        _ => return None,
    })
}

/// Where words end: `. - _ @`, white space and the marks that stand between words of a name.
pub(super) const fn is_separator(c: char) -> bool {
    matches!(
        c,
        '.' | '-' | '_' | ' ' | '@' | ',' | ';' | ':' | '/' | '+' | '&' | '|' | '(' | ')' | '[' | ']' | '"' | '\x1f'
    )
}

/// The words of a folded text.
pub(super) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(is_separator).filter(|word| !word.is_empty())
}

/// Where the words of a folded text stand.
pub(super) fn word_places(folded: &str) -> impl Iterator<Item = Range<usize>> {
    // Separators are one byte each.
    let places = folded.split(is_separator).scan(0, |at, word| {
        let start = *at;
        *at = start + word.len() + 1;
        Some(start..start + word.len())
    });
    places.filter(|place| !place.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds_case_accents_and_what_nobody_sees() {
        for (text, folded) in [
            ("Łódź", "lodz"),
            ("Straße Ærø", "strasse aero"),
            ("İstanbul", "istanbul"),
            ("  a\t\n b\u{200b}c ", "a bc"),
            ("\u{202e}nav\u{202c}I", "navi"),
            ("Іва\u{301}н ЇЖАК", "іван іжак"),
            ("ﬁn", "fin"),
            ("ΟΔΟΣ ὁδός", "οδοσ οδοσ"),
            ("", ""),
            ("\u{200b}\u{301}", ""),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn hostile_lengths_are_cut() {
        let zalgo = format!("z{}o", "\u{301}".repeat(10_000));
        assert_eq!(fold(&zalgo), "z");
        assert_eq!(fold(&"ß".repeat(5000)).chars().count(), FOLDED_MAX);
        assert_eq!(fold(&"a ".repeat(5000)).chars().count(), FOLDED_MAX - 1);
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in "\\PC{0,300}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert!(once.chars().count() <= FOLDED_MAX);
            prop_assert!(!once.contains(['\n', '\x1f']));
        }
    }
}

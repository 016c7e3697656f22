//! The search for secrets: every form in which one could leak, and where it stood.

use std::fmt::Write as _;
use std::path::Path;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use md5::{Digest as _, Md5};
use url::form_urlencoded;

/// How many neighbouring bytes of a list of decimal numbers give a secret away.
const DECIMALS: usize = 6;
/// A shorter text would be found by chance.
const SHORTEST: usize = 8;

/// Secrets, and how each is recognised.
pub struct Search {
    forms: Vec<(String, &'static str, Vec<u8>)>,
    automaton: AhoCorasick,
}

/// A secret that stood where it must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// Which secret, in words.
    pub secret: String,
    /// In which form.
    pub form: &'static str,
    /// Where: a file, a message, a request.
    pub place: String,
    /// What stands around it.
    pub around: String,
}

impl Search {
    /// Prepares to look for secrets: what each is, and its value.
    pub fn new(secrets: &[(String, String)]) -> Self {
        let mut forms = Vec::new();
        for (what, value) in secrets {
            assert!(value.len() >= SHORTEST, "{what} is too short to be looked for");
            forms.extend(forms_of(value).into_iter().map(|(form, bytes)| (what.clone(), form, bytes)));
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(forms.iter().map(|(_, _, bytes)| bytes))
            .expect("an automaton");
        Self { forms, automaton }
    }

    /// Every secret that stands in `text`, each form once.
    pub fn look(&self, place: &str, text: &[u8]) -> Vec<Leak> {
        let mut leaks: Vec<Leak> = Vec::new();
        for found in self.automaton.find_overlapping_iter(text) {
            let (secret, form, _) = &self.forms[found.pattern().as_usize()];
            if leaks.iter().any(|leak| leak.secret == *secret && leak.form == *form) {
                continue;
            }
            let around = &text[found.start().saturating_sub(160)..(found.end() + 80).min(text.len())];
            leaks.push(Leak {
                secret: secret.clone(),
                form,
                place: place.to_owned(),
                around: String::from_utf8_lossy(around).into_owned(),
            });
        }
        leaks
    }

    /// Every secret in the files of a folder.
    pub fn look_in_folder(&self, folder: &Path) -> Vec<Leak> {
        let mut leaks = Vec::new();
        for file in std::fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file").path()) {
            if file.is_file() {
                leaks.extend(self.look(&file.display().to_string(), &std::fs::read(&file).expect("its bytes")));
            }
        }
        leaks
    }
}

/// How a secret may look.
fn forms_of(value: &str) -> Vec<(&'static str, Vec<u8>)> {
    let digest = hex(&Md5::digest(value.as_bytes()));
    let mut forms = vec![
        ("plain", value.as_bytes().to_vec()),
        // What JSON and Debug make of it.
        ("escaped", serde_json::to_string(value).expect("JSON").trim_matches('"').as_bytes().to_vec()),
        // The first half of the digest is the beginning of the whole one.
        ("md5", digest.as_bytes()[..16].to_vec()),
        ("md5", digest[..16].to_uppercase().into_bytes()),
        ("hex", hex(value.as_bytes()).into_bytes()),
        ("hex", hex(value.as_bytes()).to_uppercase().into_bytes()),
    ];
    // As an address has it: a space in either way, its escapes in either case.
    let in_address: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let spaced = in_address.replace('+', "%20");
    forms.extend([&in_address, &spaced].map(|text| ("url-encoded", text.as_bytes().to_vec())));
    forms.extend([&in_address, &spaced].map(|text| ("url-encoded", lower_escapes(text).into_bytes())));
    for skipped in 0..3 {
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            // As it stands behind so many other bytes, without the letters that its neighbours have a part in.
            let encoded = engine.encode([&vec![0; skipped][..], value.as_bytes()].concat());
            let whole = encoded.len() - usize::from(!(value.len() + skipped).is_multiple_of(3));
            forms.push(("base64", encoded.as_bytes()[[0, 2, 3][skipped]..whole].to_vec()));
        }
    }
    for bytes in value.as_bytes().windows(DECIMALS) {
        for separator in [", ", ","] {
            let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
            // The separators at both ends keep 12 from being found in 112.
            forms.push(("decimal bytes", format!("{separator}{}{separator}", numbers.join(separator)).into_bytes()));
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// The same with its escapes in lowercase: `%2B` as `%2b`.
fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (digits, rest) = part.split_at(part.len().min(2));
        text + "%" + &digits.to_lowercase() + rest
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[test]
fn the_search_finds_a_planted_secret_in_each_form() {
    let secret = r#"pass"word?>~!9"#;
    let search = Search::new(&[("planted".to_owned(), secret.to_owned())]);
    let finds = |form: &str, text: &[u8]| {
        let leaks = search.look("here", text);
        assert!(leaks.iter().any(|leak| leak.form == form && leak.secret == "planted"), "{form}: {leaks:?}");
    };
    finds("plain", format!("before {secret} after").as_bytes());
    finds("escaped", format!("{:?}", [secret]).as_bytes());
    let digest = hex(&Md5::digest(secret.as_bytes()));
    finds("md5", digest.as_bytes());
    finds("md5", &digest.as_bytes()[..16]);
    finds("hex", hex(secret.as_bytes()).as_bytes());
    finds("url-encoded", b"/path?Code=pass%22word%3F%3E%7E%219&UserId=1");
    finds("url-encoded", b"/path?Code=pass%22word%3f%3e%7e%219&UserId=1");
    for before in ["", "a", "ab", "abc", "abcd"] {
        for after in ["", "z", "zy"] {
            let text = format!("{before}{secret}{after}");
            finds("base64", base64::engine::general_purpose::STANDARD.encode(&text).as_bytes());
            finds("base64", base64::engine::general_purpose::URL_SAFE.encode(&text).as_bytes());
        }
    }
    finds("decimal bytes", format!("{:?}", secret.as_bytes()).as_bytes());
    finds("decimal bytes", format!("{:?}", &secret.as_bytes()[3..11]).as_bytes());
    finds("decimal bytes", serde_json::to_string(&secret.as_bytes()[2..]).expect("JSON").as_bytes());
    assert_eq!(search.look("here", b"nothing to see: pass, word, 112, 97"), Vec::new());
}

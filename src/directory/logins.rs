//! Logins for whatever was typed as a new agent's name.
//!
//! Every offer fits the connection's pattern and is free as far as the list tells; the desk asks again before it
//! creates anything.

use regex::Regex;
use rollcall_telephony::ConnectionName;

use super::Directory;
use super::fold::{FOLDED_MAX, fold, is_unseen};
use super::list::List;
use super::romanise::romanise;

/// The longest login offered, in characters: as long as the value of a choice may be.
const LOGIN_MAX: usize = 100;

/// The highest number that is put behind a login.
const NUMBER_MAX: u32 = 999;

/// How a surname often ends, in Latin letters: tells the order of two words when the directory knows neither.
const SURNAME_ENDINGS: &[&str] = &[
    "enko", "chuk", "iuk", "yuk", "skyi", "tskyi", "ska", "tska", "skij", "skiy", "ov", "ova", "ev", "eva", "iev",
    "ieva", "yev", "yeva", "shyn", "shyna", "kin", "kina", "ets", "dze", "shvili",
];

/// How a patronymic ends, in Latin letters.
const PATRONYMIC_ENDINGS: &[&str] =
    &["ovych", "evych", "iovych", "ovich", "evich", "ivna", "ovna", "evna", "yivna", "illich", "ylych", "ychna"];

impl Directory {
    /// Logins for whatever was typed: "Іван Іванов", "ivanov ivan" and "Ivan Ivanov" become `ivan.ivanov`, and the
    /// next free one when it is taken (`ivan.ivanov2`). At most `limit`.
    ///
    /// What was typed comes first if it fits as it is. Where two words are known both orders are offered, the likelier
    /// first: by what is a surname in this connection's logins already, else by how surnames end.
    #[must_use]
    pub fn offer_logins(&self, connection: &ConnectionName, pattern: &Regex, typed: &str, limit: usize) -> Vec<String> {
        let Some(known) = self.agents_on(connection) else { return Vec::new() };
        let list = known.list();
        let typed: String = typed.trim().chars().take(FOLDED_MAX).collect();
        let mut offers: Vec<String> = Vec::new();
        let as_typed = Some(typed.clone()).filter(|typed| pattern.is_match(typed));
        let made = styles(&name_words(&typed), &list, pattern);
        let namesakes = namesakes(&typed, &list);
        for base in as_typed.into_iter().chain(made).chain(namesakes) {
            if offers.len() >= limit {
                break;
            }
            if let Some(login) = free(&base, &list, pattern)
                && !offers.contains(&login)
            {
                offers.push(login);
            }
        }
        offers
    }
}

/// The words of a typed name in Latin letters, hyphens kept within: "Анна-Марія Коваль" is `anna-mariia`, `koval`.
fn name_words(typed: &str) -> Vec<String> {
    let latin = romanise(typed);
    // An e-mail's domain is no part of a name.
    let local = latin.split_once('@').filter(|(local, _)| !local.trim().is_empty()).map_or(&*latin, |(local, _)| local);
    let cleaned = |word: &str| {
        let kept: String = fold(word).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        kept.trim_matches('-').to_owned()
    };
    // "Ivanov, Ivan": what stands before the comma is the surname.
    let turned = match local.split_once(',') {
        Some((surname, first)) => format!("{first} {surname}"),
        None => local.to_owned(),
    };
    let mut words: Vec<String> = turned
        .split(|c: char| c.is_whitespace() || matches!(c, '.' | '_' | ',' | ';' | '/' | '+'))
        .map(cleaned)
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() == 3
        && let Some(at) = (1..3).find(|at| ends(&words[*at], PATRONYMIC_ENDINGS))
        && words.iter().filter(|word| ends(word, PATRONYMIC_ENDINGS)).count() == 1
    {
        words.remove(at);
    }
    words
}

/// Logins made of the words, likelier ones first.
fn styles(words: &[String], list: &List, pattern: &Regex) -> Vec<String> {
    match words {
        [] => Vec::new(),
        [word] => vec![word.clone()],
        [a, b] => {
            let orders = if surname_stands_first(a, b, list) { [(b, a), (a, b)] } else { [(a, b), (b, a)] };
            orders.into_iter().filter_map(|(first, last)| joined(first, last, pattern)).collect()
        }
        [first, between @ .., end] => {
            let rest = format!("{}-{end}", between.join("-"));
            [(first, end), (end, first), (first, &rest)]
                .into_iter()
                .filter_map(|(first, surname)| joined(first, surname, pattern))
                .collect()
        }
    }
}

/// Joined in the first way that the pattern takes.
fn joined(first: &str, last: &str, pattern: &Regex) -> Option<String> {
    let initial = first.chars().next()?;
    [
        format!("{first}.{last}"),
        format!("{first}_{last}"),
        format!("{first}-{last}"),
        format!("{first}{last}"),
        format!("{initial}.{last}"),
        format!("{initial}{last}"),
    ]
    .into_iter()
    .find(|login| pattern.is_match(login))
}

fn surname_stands_first(a: &str, b: &str, list: &List) -> bool {
    let as_typed = list.first_names_like(a) + list.surnames_like(b);
    let turned = list.first_names_like(b) + list.surnames_like(a);
    if as_typed == turned { ends(a, SURNAME_ENDINGS) && !ends(b, SURNAME_ENDINGS) } else { turned > as_typed }
}

fn ends(word: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| word.strip_suffix(ending).is_some_and(|rest| rest.len() >= 2))
}

/// For a first name or a surname alone: those who have it already, so that a namesake takes the next number.
fn namesakes(typed: &str, list: &List) -> Vec<String> {
    let words = name_words(typed);
    let [word] = words.as_slice() else { return Vec::new() };
    list.logins_of_namesakes(word, 25)
}

/// The login itself, or with the first number that makes it free.
fn free(base: &str, list: &List, pattern: &Regex) -> Option<String> {
    let fits = |login: &str| login.chars().count() <= LOGIN_MAX && pattern.is_match(login);
    // A generous pattern takes what nobody could see or type again: that is never offered.
    if !fits(base) || base.chars().any(|c| c.is_control() || is_unseen(c)) {
        return None;
    }
    if list.with_login(base).is_empty() {
        return Some(base.to_owned());
    }
    let stem = base.trim_end_matches(|c: char| c.is_ascii_digit());
    let from = base[stem.len()..].parse::<u32>().map_or(2, |number| number.saturating_add(1).max(2));
    (from..=NUMBER_MAX)
        .map(|number| format!("{stem}{number}"))
        .find(|login| fits(login) && list.with_login(login).is_empty())
}

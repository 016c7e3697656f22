//! "Did you mean": agents near to what was typed. For commands, not for autocomplete: it looks at every login.

use std::collections::HashSet;
use std::sync::Arc;

use rollcall_telephony::{AgentRef, ConnectionName};

use super::fold::{fold, words};
use super::index::{Query, mail_local_part, surname_start};
use super::list::List;
use super::romanise::romanise;
use super::{Directory, Hit, NEAR_MAX, StateFilter, hit};

/// Longer texts are not misspelt logins: they are not compared letter by letter.
const COMPARED_MAX: usize = 64;

impl Directory {
    /// The best [`NEAR_MAX`]: what a search finds, also with Cyrillic written in Latin; then the fewest slips away.
    pub(super) fn near(&self, typed: &str, on: &[ConnectionName]) -> Vec<Hit> {
        let mut forms: Vec<String> = [typed, &romanise(typed)].iter().map(|text| without_domain(fold(text))).collect();
        forms.dedup();
        forms.retain(|form| !form.is_empty());
        let found = forms.iter().flat_map(|form| self.find(&Query::new(form), StateFilter::All, on, NEAR_MAX));
        let mut seen: HashSet<AgentRef> = HashSet::new();
        let mut near: Vec<Hit> = found.filter(|hit| seen.insert(hit.agent.clone())).take(NEAR_MAX).collect();
        if near.len() < NEAR_MAX {
            let slips = self.slips(&forms, on).into_iter().filter(|hit| seen.insert(hit.agent.clone()));
            near.extend(slips.take(NEAR_MAX));
            near.truncate(NEAR_MAX);
        }
        near
    }

    fn slips(&self, forms: &[String], on: &[ConnectionName]) -> Vec<Hit> {
        let mut typed: Vec<String> = forms
            .iter()
            .filter(|form| form.chars().count() <= COMPARED_MAX)
            .flat_map(|form| {
                let parts: Vec<&str> = words(form).collect();
                let turned = parts.iter().rev().copied().collect::<Vec<_>>().join(".");
                [parts.join("."), turned]
            })
            .collect();
        typed.sort();
        typed.dedup();
        let lists: Vec<(&ConnectionName, Arc<List>)> = self.on(on).map(|(name, c)| (name, c.list())).collect();
        let mut near: Vec<_> = lists
            .iter()
            .flat_map(|(name, list)| list.folded().map(move |(login, agent)| (login, agent, *name)))
            .filter_map(|(login, agent, name)| {
                let slips = typed.iter().filter_map(|typed| slips_between(typed, login)).min()?;
                Some((slips, login, name, agent))
            })
            .collect();
        near.sort_unstable_by(|a, b| (a.0, a.1, a.2, &a.3.id).cmp(&(b.0, b.1, b.2, &b.3.id)));
        // Some of the best may have been found already: so many more are needed at most.
        near.into_iter().take(2 * NEAR_MAX).map(|(_, _, name, agent)| hit(name, agent)).collect()
    }
}

/// A misspelt e-mail is a misspelt local part: whole ones were looked for already.
fn without_domain(folded: String) -> String {
    match mail_local_part(&folded) {
        Some(local) => local.to_owned(),
        None => folded,
    }
}

/// How many slips (a letter more, less, other, or two swapped) lie between the two; `None` when too many. A surname
/// alone is compared with the login's surname.
fn slips_between(typed: &str, login: &str) -> Option<usize> {
    let surname = surname_start(login).filter(|_| !typed.contains('.')).map(|start| &login[start..]);
    let length = typed.chars().count();
    let allowed = (length / 3).clamp(1, 4);
    [Some(login), surname]
        .into_iter()
        .flatten()
        .filter(|own| own.chars().count().abs_diff(length) <= allowed)
        .map(|own| strsim::osa_distance(typed, own))
        .filter(|slips| *slips <= allowed && *slips < length)
        .min()
}

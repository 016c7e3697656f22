//! Autocomplete: answered from memory, never from a phone system or the store.

use std::collections::HashSet;

use rollcall_commands::{CompletedOption, Completing, Permission, agent};
use rollcall_telephony::{Ability, ConnectionName, KnownValue};
use secrecy::SecretString;
use serde::Serialize;
use serenity::all::CommandInteraction;

use super::door::{Door, Ticket};
use super::render;
use super::text::plain;
use crate::desk::KnownExtension;
use crate::directory::{COMPLETES_FROM, Hit, fold};
use crate::policy::Actor;

/// Discord takes so many choices.
const CHOICES_MAX: usize = 25;
/// The longest name and value of one, in characters (Discord).
const CHOICE_MAX: usize = 100;

/// Offers choices for the option that is being typed.
pub(super) async fn complete(door: &Door, interaction: CommandInteraction) {
    let ticket = Ticket { id: interaction.id, token: SecretString::from(interaction.token.clone()) };
    let choices = match (
        door.actor(interaction.guild_id, interaction.member.as_deref()),
        rollcall_commands::completing(&interaction.data),
    ) {
        (Ok(actor), Some(completing)) => choices(door, &actor, &completing),
        (Ok(_) | Err(_), _) => Vec::new(),
    };
    door.callback(&ticket, &Offer { kind: 8, data: Choices { choices } }).await;
}

/// A callback with choices, as Discord takes it (type 8).
#[derive(Serialize)]
struct Offer {
    #[serde(rename = "type")]
    kind: u8,
    data: Choices,
}

#[derive(Serialize)]
struct Choices {
    choices: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    name: String,
    value: String,
}

fn choices(door: &Door, actor: &Actor, completing: &Completing) -> Vec<Choice> {
    match completing.option {
        CompletedOption::Agent | CompletedOption::Source => {
            let Some(permission) = completing.permission else { return Vec::new() };
            let on = door.desk.connections_for(actor, permission, ability(permission));
            let on = narrowed(on, completing.connection.as_deref());
            let typed = completing.typed.trim();
            let hits = if typed.chars().count() < COMPLETES_FROM {
                door.desk.used_last(actor.id, &on, CHOICES_MAX)
            } else {
                door.desk.directory().complete(typed, &on, CHOICES_MAX)
            };
            hits.iter().filter_map(agent_choice).collect()
        }
        CompletedOption::Login => door
            .desk
            .login_offers(actor, completing.source.as_deref(), &completing.typed, CHOICES_MAX)
            .iter()
            .map(|login| choice(login))
            .collect(),
        CompletedOption::Connection => {
            let typed = completing.typed.trim().to_lowercase();
            let Some(permission) = completing.permission else { return Vec::new() };
            door.desk
                .connections_for(actor, permission, ability(permission))
                .iter()
                .filter(|c| c.as_str().contains(&typed))
                .take(CHOICES_MAX)
                .map(|c| choice(c.as_str()))
                .collect()
        }
        CompletedOption::Reason => {
            let typed = completing.typed.trim().to_lowercase();
            let offered = agent::delete::REASONS.iter().filter(|reason| reason.contains(&typed));
            offered.map(|reason| choice(reason)).collect()
        }
        CompletedOption::Deleted => remembered(&door.desk.restorable_known(actor), &completing.typed, |kept| {
            let name = format!("{} · {} · deleted · {}", kept.login, kept.name, kept.agent.connection);
            (name, kept.agent.to_string())
        }),
        CompletedOption::Request => remembered(&door.desk.open_known(actor), &completing.typed, |known| {
            (format!("{} · {} · {}", known.id, known.act, known.login), known.id.to_string())
        }),
        CompletedOption::AgentExtension => {
            offered(&door.desk.presence_offers(actor, completing.agent.as_deref()).extensions, &completing.typed)
        }
        CompletedOption::Queue => {
            offered(&door.desk.presence_offers(actor, completing.agent.as_deref()).queues, &completing.typed)
        }
        CompletedOption::PauseReason => {
            offered(&door.desk.pause_reasons(actor, completing.agent.as_deref()), &completing.typed)
        }
        CompletedOption::Extension => extensions(door, actor, completing),
        CompletedOption::ExtensionType => values(&known(door, actor, completing, "type"), &completing.typed),
        CompletedOption::Protocol => values(&known(door, actor, completing, "protocol"), &completing.typed),
        CompletedOption::Codecs => entries(&known(door, actor, completing, "codecs"), &completing.typed),
        CompletedOption::Dtmf => entries(&known(door, actor, completing, "dtmf"), &completing.typed),
        CompletedOption::Requested => remembered(&door.desk.requested_known(actor), &completing.typed, |known| {
            let value = known.agent.clone().unwrap_or_else(|| known.login.clone());
            (format!("{} · {}", known.login, known.connection), value)
        }),
    }
}

/// Extensions that what is typed may mean.
fn extensions(door: &Door, actor: &Actor, completing: &Completing) -> Vec<Choice> {
    let Some(permission) = completing.permission else { return Vec::new() };
    let known = door.desk.extensions_known(actor, permission, completing.typed.trim(), CHOICES_MAX);
    let named = known.into_iter().filter(|known| known.typed.chars().count() <= CHOICE_MAX);
    let choice = |known: KnownExtension| {
        let name = render::extension_choice(&known.typed, &known.name, &known.description);
        Choice { name, value: known.typed }
    };
    named.map(choice).take(CHOICES_MAX).collect()
}

/// The values that extensions have for a member.
fn known(door: &Door, actor: &Actor, completing: &Completing, key: &str) -> Vec<KnownValue> {
    let Some(permission) = completing.permission else { return Vec::new() };
    let (connection, extension) = (completing.connection.as_deref(), completing.extension.as_deref());
    door.desk.extension_values(actor, permission, connection, extension, key)
}

/// Values that contain what is typed: "5 · on 12 extensions".
fn values(known: &[KnownValue], typed: &str) -> Vec<Choice> {
    let typed = fold(typed.trim());
    let fitting = known.iter().filter(|known| fold(&known.value).contains(&typed));
    fitting.filter_map(|known| counted(known, known.value.clone())).take(CHOICES_MAX).collect()
}

/// The same for a list with commas between: what stands before the last comma is kept, what stands behind it is being typed.
/// A list that would be longer than Discord takes is not offered.
fn entries(known: &[KnownValue], typed: &str) -> Vec<Choice> {
    let (before, last) = typed.rsplit_once(',').unwrap_or(("", typed));
    let before: Vec<&str> = before.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect();
    let last = fold(last.trim());
    let fitting = known.iter().filter(|known| fold(&known.value).contains(&last) && !before.contains(&&*known.value));
    let whole = |known: &KnownValue| before.iter().copied().chain([&*known.value]).collect::<Vec<_>>().join(", ");
    fitting.filter_map(|known| counted(known, whole(known))).take(CHOICES_MAX).collect()
}

/// A choice of a value that so many extensions have; `None` where Discord would not take it.
fn counted(known: &KnownValue, value: String) -> Option<Choice> {
    if value.is_empty() || value.chars().count() > CHOICE_MAX {
        return None;
    }
    let on = if known.times == 1 { "on 1 extension".to_owned() } else { format!("on {} extensions", known.times) };
    let shown = plain(&value, CHOICE_MAX);
    let with_count = format!("{shown} · {on}");
    let name = if with_count.encode_utf16().count() <= CHOICE_MAX { with_count } else { shown };
    Some(Choice { name, value })
}

/// Choices from what the desk holds in memory, those that contain what was typed.
fn remembered<T>(known: &[T], typed: &str, named: impl Fn(&T) -> (String, String)) -> Vec<Choice> {
    let typed = typed.trim().trim_start_matches('#').to_lowercase();
    let mut seen = HashSet::new();
    known
        .iter()
        .map(named)
        .filter(|(name, value)| name.to_lowercase().contains(&typed) || value.to_lowercase().contains(&typed))
        .filter(|(_, value)| value.chars().count() <= 100 && seen.insert(value.clone()))
        .take(CHOICES_MAX)
        .map(|(name, value)| Choice { name: plain(&name, 100), value })
        .collect()
}

fn agent_choice(hit: &Hit) -> Option<Choice> {
    let value = hit.agent.to_string();
    (value.chars().count() <= 100).then(|| Choice { name: render::choice(hit), value })
}

/// Choices of texts, those that contain what was typed.
fn offered(texts: &[String], typed: &str) -> Vec<Choice> {
    let typed = fold(typed.trim());
    let fitting = texts.iter().filter(|text| fold(text).contains(&typed) && text.chars().count() <= 100);
    fitting.take(CHOICES_MAX).map(|text| choice(text)).collect()
}

fn choice(text: &str) -> Choice {
    Choice { name: plain(text, 100), value: text.to_owned() }
}

fn narrowed(mut on: Vec<ConnectionName>, to: Option<&str>) -> Vec<ConnectionName> {
    if let Some(to) = to {
        on.retain(|c| c.as_str() == to.trim());
    }
    on
}

/// What a phone system must be able to do for its agents to be offered.
const fn ability(permission: Permission) -> Ability {
    match permission {
        Permission::AgentClone => Ability::CloneAgent,
        Permission::AgentEdit => Ability::EditAgent,
        Permission::AgentDisable => Ability::DisableAgent,
        Permission::AgentResetPassword => Ability::SetPassword,
        Permission::AgentDelete => Ability::DeleteAgent,
        Permission::PresenceWrite | Permission::PresenceRead => Ability::Login,
        Permission::ExtensionRead | Permission::ExtensionWrite | Permission::ExtensionDelete => Ability::Extensions,
        _ => Ability::ListAgents,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(values: &[&str]) -> Vec<KnownValue> {
        values.iter().zip(1..).map(|(value, times)| KnownValue { value: (*value).to_owned(), times }).collect()
    }

    fn offered(choices: &[Choice]) -> Vec<&str> {
        choices.iter().map(|choice| choice.value.as_str()).collect()
    }

    #[test]
    fn of_a_list_the_last_entry_is_typed_and_the_others_are_kept() {
        let codecs = known(&["g7231_6", "g7231_5", "g726_40"]);
        assert_eq!(offered(&entries(&codecs, "")), ["g7231_6", "g7231_5", "g726_40"]);
        assert_eq!(offered(&entries(&codecs, "G726")), ["g726_40"]);
        assert_eq!(offered(&entries(&codecs, "g7231_6,")), ["g7231_6, g7231_5", "g7231_6, g726_40"]);
        assert_eq!(
            offered(&entries(&codecs, " opus ,, g7231_6 , 72")),
            ["opus, g7231_6, g7231_5", "opus, g7231_6, g726_40"]
        );
        assert!(entries(&codecs, "g7231_6, nothing").is_empty());
    }

    #[test]
    fn what_discord_would_not_take_is_not_offered() {
        let long = "x".repeat(96);
        let codecs = known(&["ab", "abc", "abcd"]);
        assert_eq!(offered(&entries(&codecs, &format!("{long},"))), [format!("{long}, ab")]);
        let many: Vec<String> = (0..60).map(|n| n.to_string()).collect();
        let many = known(&many.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(values(&many, "").len(), CHOICES_MAX);
        for choice in values(&known(&[&"\u{202e}".repeat(100), &"y".repeat(100), &"z".repeat(101)]), "") {
            assert!(choice.name.encode_utf16().count() <= CHOICE_MAX && !choice.value.is_empty(), "{}", choice.name);
        }
    }

    #[test]
    fn a_value_says_how_many_have_it() {
        let names: Vec<String> = values(&known(&["SIP", "IAX"]), "").into_iter().map(|choice| choice.name).collect();
        assert_eq!(names, ["SIP · on 1 extension", "IAX · on 2 extensions"]);
        assert_eq!(offered(&values(&known(&["SIP", "IAX"]), " ip ")), ["SIP"]);
    }
}

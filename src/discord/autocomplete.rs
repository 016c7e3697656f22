//! Autocomplete: answered from memory, never from a phone system or the store.

use rollcall_commands::{CompletedOption, Completing, Permission};
use rollcall_telephony::{Ability, ConnectionName};
use secrecy::SecretString;
use serde::Serialize;
use serenity::all::CommandInteraction;

use super::door::{Door, Ticket};
use super::render;
use super::text::plain;
use crate::directory::{COMPLETES_FROM, Hit};
use crate::policy::Actor;

/// Discord takes so many choices.
const CHOICES_MAX: usize = 25;

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
            let on = door.desk.connections_for(actor, completing.permission, ability(completing.permission));
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
            door.desk
                .connections_for(actor, completing.permission, ability(completing.permission))
                .iter()
                .filter(|c| c.as_str().contains(&typed))
                .take(CHOICES_MAX)
                .map(|c| choice(c.as_str()))
                .collect()
        }
    }
}

fn agent_choice(hit: &Hit) -> Option<Choice> {
    let value = hit.agent.to_string();
    (value.chars().count() <= 100).then(|| Choice { name: render::choice(hit), value })
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
        _ => Ability::ListAgents,
    }
}

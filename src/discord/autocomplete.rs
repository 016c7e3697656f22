//! Autocomplete: answered from memory, never from a phone system or the store.

use rollcall_commands::{CompletedOption, Completing, Permission};
use rollcall_telephony::{Ability, ConnectionName};
use secrecy::SecretString;
use serde_json::{Value, json};
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
    door.callback(&ticket, &json!({ "type": 8, "data": { "choices": choices } })).await;
}

fn choices(door: &Door, actor: &Actor, completing: &Completing) -> Vec<Value> {
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
            .map(|login| choice(login, login))
            .collect(),
        CompletedOption::Connection => {
            let typed = completing.typed.trim().to_lowercase();
            door.desk
                .connections_for(actor, completing.permission, ability(completing.permission))
                .iter()
                .filter(|c| c.as_str().contains(&typed))
                .take(CHOICES_MAX)
                .map(|c| choice(c.as_str(), c.as_str()))
                .collect()
        }
    }
}

fn agent_choice(hit: &Hit) -> Option<Value> {
    let value = hit.agent.to_string();
    (value.chars().count() <= 100).then(|| choice(&render::choice(hit), &value))
}

fn choice(name: &str, value: &str) -> Value {
    json!({ "name": plain(name, 100), "value": value })
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

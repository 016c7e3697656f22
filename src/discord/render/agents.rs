//! Lists of agents and an agent's card.

use rollcall_commands::{Permission, StateFilter};
use rollcall_telephony::{AgentState, ConnectionName, Millis};
use serenity::all::ButtonStyle;
use serenity::builder::{CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption};
use serenity::model::id::UserId;

use super::button;
use crate::desk::{AgentCard, Found, Keeps};
use crate::directory::Hit;
use crate::discord::custom_id::{CardVerb, CustomId};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{escaped, plain, relative};

/// Hits on a page of a search.
const PAGE: usize = 10;
/// The longest label of a choice or option, and value, in characters (Discord).
const CHOICE_MAX: usize = 100;

/// Which page of a search.
#[derive(Debug)]
pub(in crate::discord) struct Page<'a> {
    pub(in crate::discord) owner: UserId,
    pub(in crate::discord) query: &'a str,
    pub(in crate::discord) state: StateFilter,
    pub(in crate::discord) connection: Option<&'a ConnectionName>,
    pub(in crate::discord) number: u32,
    pub(in crate::discord) now: Millis,
}

/// `ivan.ivanov · ivan.ivanov@… · enabled · mediatel`: the login and where it is always fit; the name gives way. A system
/// that tells nothing of its agents' state has none to show.
pub(in crate::discord) fn choice(hit: &Hit) -> String {
    let login = plain(&hit.login, 50);
    let tail = match hit.state {
        AgentState::Unknown => hit.agent.connection.to_string(),
        state @ (AgentState::Enabled | AgentState::Disabled) => format!("{state} · {}", hit.agent.connection),
    };
    let room = CHOICE_MAX.saturating_sub(login.encode_utf16().count() + tail.encode_utf16().count() + 6);
    let name = match hit.name.split_once('@') {
        // An e-mail: what stands before the @ tells people apart.
        Some((local, _)) if !local.is_empty() => plain(&format!("{local}@…"), room.max(2)),
        _ => plain(&hit.name, room.max(2)),
    };
    if name.is_empty() { format!("{login} · {tail}") } else { format!("{login} · {name} · {tail}") }
}

/// One page of what a search found.
pub(in crate::discord) fn search_page(page: &Page<'_>, found: &Found) -> Message {
    let pages = found.hits.len().div_ceil(PAGE).max(1);
    let at = usize::try_from(page.number).unwrap_or(0).min(pages - 1);
    let shown: Vec<&Hit> = found.hits.iter().skip(at * PAGE).take(PAGE).collect();
    let query = escaped(page.query, 120);
    let mut message = match found.hits.len() {
        0 => Message::card(Tone::Plain, "No agents found")
            .says(format!("Nobody matches “{query}”{}.", filter_words(page.state)))
            .says("Try fewer letters, or another part of the login, name or e-mail."),
        1 => Message::card(Tone::Plain, format!("One agent matches “{query}”")),
        n => Message::card(Tone::Plain, format!("{n} agents match “{query}”")),
    };
    for hit in &shown {
        message = message.says(format!(
            "{} **{}** · {} · {} · `{}`",
            dot(hit.state),
            escaped(&hit.login, 100),
            escaped(if hit.name.is_empty() { "no name" } else { &hit.name }, 100),
            hit.state,
            plain(&hit.agent.to_string(), 100).replace('`', "'"),
        ));
    }
    message = message.footer(footer(at, pages));
    for line in ages(found, page.now) {
        message = message.says(line);
    }
    if !shown.is_empty() {
        message = message.menu(menu(page.owner, &shown));
    }
    let turn = |to: usize, label: &str| {
        let id = CustomId::Page {
            owner: page.owner,
            page: u32::try_from(to).ok()?,
            state: page.state,
            connection: page.connection.cloned(),
            query: page.query.to_owned(),
        };
        button(&id, label, ButtonStyle::Secondary)
    };
    let mut buttons = Vec::new();
    if at > 0 {
        buttons.extend(turn(at - 1, "Previous 10"));
    }
    if at + 1 < pages {
        buttons.extend(turn(at + 1, "Next 10"));
    }
    message.buttons(&buttons)
}

fn footer(at: usize, pages: usize) -> String {
    if pages > 1 { format!("Page {} of {pages}", at + 1) } else { String::new() }
}

const fn filter_words(state: StateFilter) -> &'static str {
    match state {
        StateFilter::All => "",
        StateFilter::Enabled => " among the enabled agents",
        StateFilter::Disabled => " among the disabled agents",
    }
}

/// How old a list is, where that matters: when it could not be read just now.
fn ages(found: &Found, now: Millis) -> Vec<String> {
    let stale = found.lists.iter().filter(|l| l.problem.is_some() || l.taken_at.is_none());
    stale
        .map(|list| {
            let problem = list.problem.as_deref().unwrap_or("it was never read");
            match list.taken_at {
                Some(at) if at <= now => {
                    format!("⚠️ The list of {} was read {}: {}.", list.connection, relative(at), escaped(problem, 200))
                }
                Some(_) | None => format!("⚠️ There is no list of {} yet: {}.", list.connection, escaped(problem, 200)),
            }
        })
        .collect()
}

fn menu(owner: UserId, hits: &[&Hit]) -> CreateSelectMenu {
    let options = hits
        .iter()
        .filter(|hit| hit.agent.to_string().chars().count() <= CHOICE_MAX)
        .map(|hit| CreateSelectMenuOption::new(choice(hit), hit.agent.to_string()))
        .collect();
    let id = CustomId::Open(owner).write().unwrap_or_default();
    CreateSelectMenu::new(id, CreateSelectMenuKind::String { options }).placeholder("Open an agent's card")
}

const fn dot(state: AgentState) -> &'static str {
    match state {
        AgentState::Enabled => "🟢",
        AgentState::Disabled => "⚪",
        AgentState::Unknown => "🟠",
    }
}

/// An agent's card.
pub(in crate::discord) fn card(owner: UserId, card: &AgentCard) -> Message {
    let agent = &card.fresh;
    let login = escaped(&agent.login, 100);
    let title = match agent.state {
        // A system without accounts has none to be enabled or disabled.
        AgentState::Unknown if card.keeps == Keeps::Presence => format!("{login} · {}", card.agent.connection),
        state => format!("{login} · {state} · {}", card.agent.connection),
    };
    let mut message = Message::card(Tone::Plain, title);
    for section in &card.sections {
        let lines: Vec<String> = section
            .lines
            .iter()
            .map(|line| {
                let value = if line.value.is_empty() { "—".to_owned() } else { escaped(&line.value, 200) };
                format!("{}: {value}", escaped(&line.label, 80))
            })
            .collect();
        message = message.part(escaped(&section.title, 100), &lines);
    }
    let presence: Vec<String> = card.presence.iter().map(|line| super::status::one(line, card.now)).collect();
    message = message.part("Presence", &presence);
    let read = match card.keeps {
        Keeps::Accounts => "read just now",
        Keeps::Presence => "as the settings have it",
    };
    message = message.footer(format!("{} · {read}", card.agent));
    let login = &agent.login;
    let mut buttons = Vec::new();
    for permission in &card.may {
        let (verb, label, style) = match (permission, agent.state) {
            (Permission::AgentEdit, _) => (CardVerb::Edit, format!("Edit {login}"), ButtonStyle::Secondary),
            (Permission::AgentDisable, AgentState::Disabled) => {
                (CardVerb::Enable, format!("Enable {login}"), ButtonStyle::Secondary)
            }
            (Permission::AgentDisable, AgentState::Enabled | AgentState::Unknown) => {
                (CardVerb::Disable, format!("Disable {login}"), ButtonStyle::Danger)
            }
            (Permission::AgentResetPassword, _) => {
                (CardVerb::ResetPassword, format!("Reset the password of {login}"), ButtonStyle::Secondary)
            }
            (Permission::AgentDelete, _) => (CardVerb::Delete, format!("Ask to delete {login}"), ButtonStyle::Danger),
            _ => continue,
        };
        buttons.extend(button(&CustomId::Card { owner, verb, agent: card.agent.clone() }, &label, style));
    }
    if card.may.contains(&Permission::PresenceWrite) {
        let own: Vec<_> = card.presence.iter().filter(|line| line.agent == card.agent).collect();
        buttons.extend(super::status::buttons(owner, &own));
    }
    message.buttons(&buttons)
}

//! From a `[[connection]]` table to a connection. Shapes were checked before; here meanings are.

use std::sync::Arc;

use serde_json::Value;

use super::agents::{Agents, LONGEST, Listed, is_extension, is_login, is_word};
use super::client::Client;
use crate::http::{Http, Manner, Options, text};
use crate::settings::Secrets;
use crate::{Clock, Connected, ConnectionName, LoginNeeds, NoAgentWriting, OtherPauses, PresenceRules};

/// Makes a connection; see [`crate::systems::Connect`].
pub(super) fn connect(
    name: ConnectionName,
    table: &Value,
    secrets: &Secrets,
    clock: Arc<dyn Clock>,
) -> Result<Connected, Vec<String>> {
    let mut problems = Vec::new();
    let options = Options::read(table, secrets, &mut problems);
    let manner = Manner::read(table, &mut problems);
    let rules = PresenceRules {
        login: LoginNeeds::ExtensionAndQueue,
        pauses: pauses(table, &mut problems),
        also_called: Vec::new(),
        other_pauses: OtherPauses::Any,
        unpause_also: "",
    };
    let agents = agents(table, &mut problems);
    let http = options.and_then(|options| Http::new(options, clock).map_err(|problem| problems.push(problem)).ok());
    match http {
        Some(http) if problems.is_empty() => {
            let client = Arc::new(Client::new(name.clone(), http, manner, rules, agents));
            Ok(Connected {
                reading: client.clone(),
                writing: Arc::new(NoAgentWriting(name)),
                presence: Some(client),
                extensions: None,
            })
        }
        Some(_) | None => Err(problems),
    }
}

fn pauses(table: &Value, problems: &mut Vec<String>) -> Vec<String> {
    let mut pauses: Vec<String> = Vec::new();
    for reason in list(table, "pause_reasons") {
        let reason = reason.trim();
        if !is_word(reason) {
            problems.push(format!("pause_reasons: a reason is one line of 1 to {LONGEST} characters."));
        } else if pauses.iter().any(|other| other.to_lowercase() == reason.to_lowercase()) {
            problems.push(format!("pause_reasons names \"{reason}\" twice; reports go by the text, so keep one."));
        } else {
            pauses.push(reason.to_owned());
        }
    }
    pauses
}

fn agents(table: &Value, problems: &mut Vec<String>) -> Agents {
    let mut agents = Agents::default();
    for (at, entry) in table.get("agents").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let number = at + 1;
        let Some(login) = text(entry, "login").map(str::trim).filter(|login| is_login(login)) else {
            problems.push(format!(
                "agents: entry {number} needs a login of 1 to {LONGEST} bytes: what the agent logs in with, not the name."
            ));
            continue;
        };
        if agents.listed(login).is_some() {
            problems.push(format!("agents names the login \"{login}\" twice."));
        }
        let extension = text(entry, "extension").map(str::trim);
        if extension.is_some_and(|extension| !is_extension(extension)) {
            problems
                .push(format!("agents: the extension of {login} must be digits only, in quotes, such as \"2001\"."));
        }
        let queues: Vec<String> = list(entry, "queues").map(|queue| queue.trim().to_owned()).collect();
        if !queues.iter().all(|queue| is_word(queue)) {
            problems.push(format!("agents: a queue of {login} must have a name of 1 to {LONGEST} characters."));
        }
        agents.0.push(Listed {
            login: login.to_owned(),
            name: text(entry, "name").unwrap_or_default().trim().to_owned(),
            extension: extension.map(str::to_owned),
            queues,
        });
    }
    agents
}

fn list<'a>(table: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    table.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

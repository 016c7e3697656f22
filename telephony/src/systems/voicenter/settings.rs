//! From a `[[connection]]` table to a connection. Shapes were checked before; here meanings are.

use std::sync::Arc;

use serde_json::Value;

use super::agents::{Agents, Listed};
use super::client::Client;
use super::statuses::{Breaks, LOGIN, LOGOUT, Status};
use crate::http::{Http, Manner, Options, secret, text};
use crate::settings::Secrets;
use crate::{Clock, Connected, ConnectionName, LoginNeeds, NoAgentWriting, OtherPauses, PresenceRules};

/// The longest id, SIP code or label, in characters. The documents name no limit.
const LONGEST: usize = 64;

/// Ending a break is the very status of a login.
const UNPAUSE_ALSO: &str =
    "Voicenter has no unpause of its own: it is the login status (1), so it also logs in an agent who was logged out.";

/// Makes a connection; see [`crate::systems::Connect`].
pub(super) fn connect(
    name: ConnectionName,
    table: &Value,
    secrets: &Secrets,
    clock: Arc<dyn Clock>,
) -> Result<Connected, Vec<String>> {
    let mut problems = Vec::new();
    let options = Options::read(table, secrets, &mut problems);
    let code = secret(table.get("code"), "code", secrets, &mut problems);
    let manner = Manner::read(table, &mut problems);
    let breaks = breaks(table, &mut problems);
    let agents = agents(table, &mut problems);
    if options.as_ref().is_some_and(Options::travels_in_the_open) {
        tracing::warn!(connection = %name, "base_url is http: the organisation's code travels unprotected");
    }
    if manner == Manner::Get {
        tracing::warn!(connection = %name, "method is get: the organisation's code stands in addresses, which whoever is on the way may keep");
    }
    let http = options.and_then(|options| Http::new(options, clock).map_err(|problem| problems.push(problem)).ok());
    match (http, code) {
        (Some(http), Some(code)) if problems.is_empty() => {
            let rules = PresenceRules {
                login: LoginNeeds::Nothing,
                pauses: breaks.labels(),
                also_called: breaks.numbers(),
                other_pauses: OtherPauses::None,
                unpause_also: UNPAUSE_ALSO,
            };
            let client = Arc::new(Client::new(name.clone(), http, manner, code, rules, breaks, agents));
            Ok(Connected {
                reading: client.clone(),
                writing: Arc::new(NoAgentWriting(name)),
                presence: Some(client),
                extensions: None,
            })
        }
        (Some(_) | None, Some(_) | None) => Err(problems),
    }
}

/// The breaks: a table from number to label. Login and logout are no breaks, and a label must tell one from the others.
fn breaks(table: &Value, problems: &mut Vec<String>) -> Breaks {
    let Some(named) = table.get("statuses").and_then(Value::as_object) else { return Breaks::default() };
    let mut breaks: Vec<(Status, String)> = Vec::new();
    for (key, label) in named {
        let number = key.parse::<u32>().ok().filter(|number| *number > 0 && number.to_string() == *key).map(Status);
        let Some(status) = number else {
            problems.push(format!("statuses: \"{key}\" is no status; the keys are numbers, such as \"3\"."));
            continue;
        };
        let label = label.as_str().unwrap_or_default().trim();
        if status == LOGIN || status == LOGOUT {
            problems.push(format!(
                "statuses: {status} is not a break (1 is the login, 2 the logout); name the breaks only."
            ));
        } else if !is_word(label) {
            problems.push(format!("statuses: the label of {status} must be one line of 1 to {LONGEST} characters."));
        } else if breaks.iter().any(|(_, other)| other.to_lowercase() == label.to_lowercase()) {
            problems
                .push(format!("statuses: the label \"{label}\" stands there twice; nobody could tell which is meant."));
        } else if named.keys().any(|other| other != key && other == label) {
            problems.push(format!("statuses: the label of {status} must not be the number of another status."));
        } else {
            breaks.push((status, label.to_owned()));
        }
    }
    breaks.sort();
    Breaks(breaks)
}

fn agents(table: &Value, problems: &mut Vec<String>) -> Agents {
    let mut agents = Agents::default();
    for (at, entry) in table.get("agents").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let number = at + 1;
        let mut needed = |key: &str, what: &str| {
            // Ids are bounded in bytes, wherever agents are named.
            let fits = |value: &&str| is_word(value) && value.len() <= LONGEST;
            let value = text(entry, key).map(str::trim).filter(fits).map(str::to_owned);
            if value.is_none() {
                problems.push(format!("agents: entry {number} needs {key}, {what}; it goes with every status."));
            }
            value
        };
        let user_id = needed("user_id", "the agent's user id at Voicenter");
        let extension_user = needed("extension_user", "the SIP code of the agent's extension");
        let (Some(user_id), Some(extension_user)) = (user_id, extension_user) else { continue };
        if agents.0.iter().any(|other| other.user_id == user_id) {
            problems.push(format!("agents names the user_id \"{user_id}\" twice."));
        }
        let name = text(entry, "name").unwrap_or_default().trim().to_owned();
        agents.0.push(Listed { user_id, extension_user, name });
    }
    agents
}

/// One line, bounded.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control)
}

//! From a `[[connection]]` table to a connection. Shapes were checked before; here meanings are.

use std::sync::Arc;

use regex::Regex;
use serde_json::Value;

use super::client::Client;
use super::password::Encoding;
use crate::http::{Http, Options, text};
use crate::settings::Secrets;
use crate::{Clock, Connected, ConnectionName, PersonalNumbers, Provisioning};

/// `name.surname`, with a number where it was taken.
const LOGIN_PATTERN: &str = r"^[a-z][a-z-]*\.[a-z][a-z-]*[0-9]*$";

/// The workflow: "Details … pass the e-mail here".
const DETAILS: &str = "{email}";

/// Makes a connection; see [`crate::systems::Connect`].
pub(super) fn connect(
    name: ConnectionName,
    table: &Value,
    secrets: &Secrets,
    clock: Arc<dyn Clock>,
) -> Result<Connected, Vec<String>> {
    let mut problems = Vec::new();
    let options = Options::read(table, secrets, &mut problems);
    let encoding = encoding(table, &mut problems);
    let provisioning = provisioning(table, encoding, &mut problems);
    let http = options.and_then(|options| Http::new(options, clock).map_err(|problem| problems.push(problem)).ok());
    match (http, provisioning) {
        (Some(http), Some(provisioning)) if problems.is_empty() => {
            let client = Arc::new(Client::new(name, http, provisioning, encoding));
            Ok(Connected { reading: client.clone(), writing: client.clone(), presence: None, extensions: Some(client) })
        }
        (Some(_) | None, Some(_) | None) => Err(problems),
    }
}

fn encoding(table: &Value, problems: &mut Vec<String>) -> Encoding {
    match text(table, "password_encoding") {
        None | Some("md5-16") => Encoding::Md5First16,
        Some("plain") => Encoding::Plain,
        Some(other) => {
            problems.push(format!("password_encoding = \"{other}\" must be \"md5-16\" or \"plain\"."));
            Encoding::Md5First16
        }
    }
}

fn provisioning(table: &Value, encoding: Encoding, problems: &mut Vec<String>) -> Option<Provisioning> {
    let login_pattern = login_pattern(text(table, "login_pattern").unwrap_or(LOGIN_PATTERN), problems);
    let email = text(table, "email").map(str::to_owned);
    if let Some(email) = &email {
        check_template("email", email, &["login"], problems);
    }
    let details = text(table, "details").unwrap_or(DETAILS).to_owned();
    check_template("details", &details, &["email", "login", "name"], problems);
    let personal_numbers = match text(table, "personal_numbers") {
        None | Some("copy") => PersonalNumbers::Copy,
        Some("clear") => PersonalNumbers::Clear,
        Some(other) => {
            problems.push(format!("personal_numbers = \"{other}\" must be \"copy\" or \"clear\"."));
            PersonalNumbers::Copy
        }
    };
    let warn_above_rights = match table.get("warn_above_rights") {
        None => 0,
        Some(value) => value.as_i64().unwrap_or_else(|| {
            problems.push("warn_above_rights must be a whole number.".to_owned());
            0
        }),
    };
    Some(Provisioning {
        login_pattern: login_pattern?,
        email,
        details,
        personal_numbers,
        warn_above_rights,
        password_encoding: encoding.setting(),
    })
}

/// A login must match as a whole: a pattern without anchors is given them.
fn login_pattern(pattern: &str, problems: &mut Vec<String>) -> Option<Regex> {
    let anchored = if pattern.starts_with('^') && pattern.ends_with('$') && !pattern.contains('|') {
        pattern.to_owned()
    } else {
        format!("^(?:{pattern})$")
    };
    let regex = Regex::new(&anchored).ok();
    if regex.is_none() {
        problems.push(format!("login_pattern = '{pattern}' is not a regular expression."));
    }
    regex
}

/// Refuses placeholders that nothing fills.
fn check_template(key: &str, template: &str, known: &[&str], problems: &mut Vec<String>) {
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if !known.contains(&name) {
            let known: Vec<String> = known.iter().map(|k| format!("{{{k}}}")).collect();
            problems.push(format!(
                "{key} = \"{template}\": {{{name}}} is not filled in; it may hold {}.",
                known.join(", ")
            ));
        }
        rest = after;
    }
    if template.trim().is_empty() {
        problems.push(format!("{key} must not be empty; leave the key out instead."));
    }
}

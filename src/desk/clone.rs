//! The preview of a clone: everything that can be refused is refused here, before a button is shown.

use rollcall_commands::{Permission, agent};
use rollcall_telephony::{
    Ability, Agent, AgentState, ConnectionName, Millis, PersonalNumbers, Provisioning, Reading, Section,
};
use serenity::model::id::UserId;

use super::act::{Act, CloneAct, Numbers};
use super::lookup::Want;
use super::offers::Offered;
use super::{Desk, Refusal};
use crate::ledger::OfferId;
use crate::policy::{Actor, SecondPerson};

/// The longest e-mail there is, in characters (RFC 5321).
const EMAIL_MAX: usize = 254;

/// What a person sees before an agent is created.
#[derive(Debug)]
pub struct ClonePreview {
    /// Its button.
    pub offer: OfferId,
    /// Until when it can be pressed.
    pub expires_at: Millis,
    /// What the button does.
    pub act: CloneAct,
    /// The source's card, without what is replaced.
    pub copied: Vec<Section>,
    /// What to think about first.
    pub warnings: Vec<Warning>,
    /// Why one person is not enough, where they are not.
    pub second: Option<SecondPerson>,
}

/// Something to think about before pressing "Create".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The source is disabled; the new agent will be enabled.
    SourceDisabled,
    /// The source carries rights above what the connection calls ordinary.
    Rights {
        /// Its rights.
        agent: Option<i64>,
        /// Its rights as a supervisor.
        supervisor: Option<i64>,
        /// The setting `warn_above_rights`.
        above: i64,
    },
    /// The source's personal numbers go with it.
    NumbersCopied(Vec<String>),
    /// The source's personal numbers are left out.
    NumbersCleared(Vec<String>),
    /// Members that the phone system's documents do not tell of are carried over.
    UnknownMembers(Vec<String>),
}

impl Desk {
    /// Checks a clone and offers it.
    ///
    /// `recipient` was checked by the door: a human member of the guild.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn preview_clone(
        &self,
        actor: &Actor,
        asked: &agent::Clone,
        recipient: UserId,
    ) -> Result<ClonePreview, Refusal> {
        let want = Want { permission: Permission::AgentClone, ability: Ability::CloneAgent };
        let source = self.find(actor, &asked.source, want).await?;
        let connection = source.connection.clone();
        let second = self.permit(actor, Permission::AgentClone, &connection)?;
        self.able(&connection, Ability::CloneAgent)?;
        let fresh = self.read_fresh(&source).await?;
        let second = second.or(self.second_for_rights(fresh.rights.highest()));
        let reading = self.reading(&connection)?;
        let rules = reading
            .provisioning()
            .ok_or_else(|| Refusal::Lacks { connection: connection.clone(), ability: Ability::CloneAgent })?;

        let login = asked.login.trim().to_owned();
        self.check_login(&connection, rules, &login).await?;
        let name = asked.name.as_deref().map(|n| single_line("name", n, 100)).transpose()?;
        let email = email(rules, asked.email.as_deref(), &login)?;
        let details = details(rules, &login, email.as_deref(), name.as_deref())?;

        let act = CloneAct {
            source_login: fresh.login.clone(),
            fingerprint: fresh.record.fingerprint(),
            login,
            email,
            details,
            personal_numbers: Numbers::from(rules.personal_numbers),
            recipient,
            source,
        };
        let warnings = warnings(rules, &fresh, reading.unknown_members(&fresh));
        let copied = copied(reading, rules.personal_numbers, &fresh);
        let (offer, expires_at) = self.make_offer(actor.id, &Offered::Act(Act::Clone(act.clone()))).await?;
        self.remember(actor.id, &act.source).await;
        Ok(ClonePreview { offer, expires_at, act, copied, warnings, second })
    }

    /// Whether a login fits the pattern and is free in a list no older than `refresh`.
    pub(super) async fn check_login(
        &self,
        connection: &ConnectionName,
        rules: &Provisioning,
        login: &str,
    ) -> Result<(), Refusal> {
        let offers = || self.inner.directory.offer_logins(connection, &rules.login_pattern, login, 3);
        if !rules.login_pattern.is_match(login) || login.chars().count() > 64 {
            let pattern = rules.login_pattern.as_str().to_owned();
            return Err(Refusal::LoginPattern { login: login.to_owned(), pattern, offers: offers() });
        }
        self.inner
            .directory
            .refresh(connection)
            .await
            .map_err(|error| Refusal::Value(format!("Whether the login is free cannot be told: {error}.")))?;
        if self.inner.directory.is_taken(connection, login) {
            let by = match self
                .inner
                .directory
                .resolve(&format!("{connection}:{login}"), std::slice::from_ref(connection))
            {
                crate::directory::Resolved::One(agent) => agent,
                crate::directory::Resolved::Several(hits) | crate::directory::Resolved::None(hits) => {
                    match hits.first() {
                        Some(hit) => hit.agent.clone(),
                        None => return Ok(()),
                    }
                }
            };
            return Err(Refusal::LoginTaken { login: login.to_owned(), by, offers: offers() });
        }
        Ok(())
    }
}

fn warnings(rules: &Provisioning, source: &Agent, unknown: Vec<String>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if source.state != AgentState::Enabled {
        warnings.push(Warning::SourceDisabled);
    }
    if source.rights.highest() > rules.warn_above_rights {
        let (agent, supervisor) = (source.rights.agent, source.rights.supervisor);
        warnings.push(Warning::Rights { agent, supervisor, above: rules.warn_above_rights });
    }
    if !source.personal_numbers.is_empty() {
        let numbers = source.personal_numbers.clone();
        warnings.push(match rules.personal_numbers {
            PersonalNumbers::Copy => Warning::NumbersCopied(numbers),
            PersonalNumbers::Clear => Warning::NumbersCleared(numbers),
        });
    }
    if !unknown.is_empty() {
        warnings.push(Warning::UnknownMembers(unknown));
    }
    warnings
}

pub(super) fn single_line(what: &str, text: &str, max: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(Refusal::Value(format!("The {what} must be a single line without control characters.")));
    }
    if text.chars().count() > max {
        return Err(Refusal::Value(format!("The {what} takes at most {max} characters.")));
    }
    Ok(text.to_owned())
}

fn email(rules: &Provisioning, typed: Option<&str>, login: &str) -> Result<Option<String>, Refusal> {
    match (typed, &rules.email) {
        (Some(typed), _) => {
            let email = single_line("e-mail", typed, EMAIL_MAX)?;
            let plausible = email.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !email.contains(char::is_whitespace)
            });
            if plausible {
                Ok(Some(email))
            } else {
                Err(Refusal::Value(format!("“{email}” is not an e-mail address: it needs one @ and no spaces.")))
            }
        }
        (None, Some(template)) => Ok(Some(template.replace("{login}", login))),
        (None, None) => Ok(None),
    }
}

fn details(rules: &Provisioning, login: &str, email: Option<&str>, name: Option<&str>) -> Result<String, Refusal> {
    let needs = |placeholder: &str, value: Option<&str>, option: &str| match value {
        Some(value) => Ok(value.to_owned()),
        None if rules.details.contains(placeholder) => Err(Refusal::Value(format!(
            "This connection's details need the option “{option}:”. Type the command again with it."
        ))),
        None => Ok(String::new()),
    };
    let email = needs("{email}", email, "email")?;
    let name = needs("{name}", name, "name")?;
    // One pass, so that a name which looks like a placeholder stays what it is.
    let mut made = String::new();
    let mut rest = rules.details.as_str();
    while let Some(open) = rest.find('{') {
        made.push_str(&rest[..open]);
        rest = &rest[open..];
        let value = [("{email}", email.as_str()), ("{name}", name.as_str()), ("{login}", login)]
            .into_iter()
            .find(|(placeholder, _)| rest.starts_with(placeholder));
        if let Some((placeholder, value)) = value {
            made.push_str(value);
            rest = &rest[placeholder.len()..];
        } else {
            made.push('{');
            rest = &rest[1..];
        }
    }
    made.push_str(rest);
    Ok(made)
}

/// What a clone takes over from its source's record, in words.
pub(super) fn copied(reading: &dyn Reading, numbers: PersonalNumbers, source: &Agent) -> Vec<Section> {
    let replaced = reading.clone_replaces(numbers);
    let mut sections = reading.describe(source);
    for section in &mut sections {
        section.lines.retain(|line| !replaced.contains(&line.label));
    }
    sections.retain(|section| !section.lines.is_empty());
    sections
}

#[cfg(test)]
mod tests {
    use rollcall_telephony::PersonalNumbers;

    use super::*;

    fn rules(email: Option<&str>, details: &str) -> Provisioning {
        Provisioning {
            login_pattern: regex::Regex::new(".*").unwrap(),
            email: email.map(str::to_owned),
            details: details.to_owned(),
            personal_numbers: PersonalNumbers::Copy,
            warn_above_rights: 0,
            password_encoding: "md5-16",
        }
    }

    #[test]
    fn details_are_the_email_by_default_and_a_name_is_never_read_as_a_template() {
        let r = rules(Some("{login}@example.com"), "{name} <{email}> {x}");
        let mail = email(&r, None, "ivan.ivanov").unwrap();
        assert_eq!(
            details(&r, "ivan.ivanov", mail.as_deref(), Some("{email}")).unwrap(),
            "{email} <ivan.ivanov@example.com> {x}"
        );
    }

    #[test]
    fn a_placeholder_without_its_option_asks_for_it() {
        let Err(Refusal::Value(sentence)) = details(&rules(None, "{name}"), "a.b", None, None) else { panic!() };
        assert!(sentence.contains("“name:”"), "{sentence}");
    }

    #[test]
    fn an_email_needs_one_at_sign() {
        for wrong in ["a", "@b", "a@", "a@b@c", "a b@c", "a\u{7}@b"] {
            assert!(email(&rules(None, ""), Some(wrong), "x").is_err(), "{wrong}");
        }
        assert_eq!(email(&rules(None, ""), Some(" a@b "), "x").unwrap().as_deref(), Some("a@b"));
    }
}

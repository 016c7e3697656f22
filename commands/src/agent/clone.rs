//! `/agent clone`

use serenity::model::id::UserId;

use crate::surface::{Shape, completed, surface, text};
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// Create an agent as a copy of another one; you see a preview first
    pub struct Clone = "/agent clone" {
        group: Some(&super::GROUP),
        permission: Some(Permission::AgentClone),
    }
    /// The agent to copy; start typing a login or name
    "source" pub source: AgentText = completed(super::AGENT_MAX, CompletedOption::Source);
    /// The new agent's login; type a person's name for suggestions
    "login" pub login: String = completed(super::LOGIN_MAX, CompletedOption::Login);
    /// The new agent's e-mail; without it, made from the login
    "email" pub email: Option<String> = text(super::EMAIL_MAX);
    /// The new agent's full name
    "name" pub name: Option<String> = text(100);
    /// Who gets the password by direct message; without it, you
    "recipient" pub recipient: Option<UserId> = Shape::User;
}

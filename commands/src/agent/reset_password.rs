//! `/agent reset-password`

use serenity::model::id::UserId;

use crate::surface::{Shape, completed, surface};
use crate::{AgentText, CompletedOption, Permission};

surface! {
    /// Give an agent a fresh password, delivered by direct message
    pub struct ResetPassword = "/agent reset-password" {
        group: Some(&super::GROUP),
        permission: Some(Permission::AgentResetPassword),
    }
    /// The agent; start typing a login or name
    "agent" pub agent: AgentText = completed(super::AGENT_MAX, CompletedOption::Agent);
    /// Who gets the password by direct message; without it, you
    "recipient" pub recipient: Option<UserId> = Shape::User;
}

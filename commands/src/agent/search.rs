//! `/agent search`

use crate::surface::{Shape, completed, surface, text};
use crate::values::CONNECTION_MAX;
use crate::{CompletedOption, Permission, StateFilter};

surface! {
    /// Find agents by login, name or e-mail
    pub struct Search = "/agent search" {
        group: Some(&super::GROUP),
        permission: Some(Permission::AgentRead),
    }
    /// Part of a login, name or e-mail
    "query" pub query: String = text(50);
    /// Which agents to show; without it, all
    "state" pub state: Option<StateFilter> = Shape::Choice(StateFilter::WORDS);
    /// Only agents of this phone system
    "connection" pub connection: Option<String> = completed(CONNECTION_MAX, CompletedOption::Connection);
}

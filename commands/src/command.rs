//! The roster: every command, one line each.
//!
//! A stored command is `{"command": "agent.clone", "source": "mediatel:42", …}`: names, never positions, and never a
//! secret, as no option takes one.

use serde_json::json;

use crate::surface::{Raw, surface};
use crate::{AttachedFile, Doctor, Whoami, agent, approvals, extension};

surface! {
    /// What somebody asked for: a plain value that is permitted, stored, shown, executed, audited and replayed.
    pub enum Command {
        /// `/agent search`
        AgentSearch(agent::Search) = "agent.search",
        /// `/agent show`
        AgentShow(agent::Show) = "agent.show",
        /// `/agent clone`
        AgentClone(agent::Clone) = "agent.clone",
        /// `/agent edit`
        AgentEdit(agent::Edit) = "agent.edit",
        /// `/agent disable`
        AgentDisable(agent::Disable) = "agent.disable",
        /// `/agent enable`
        AgentEnable(agent::Enable) = "agent.enable",
        /// `/agent reset-password`
        AgentResetPassword(agent::ResetPassword) = "agent.reset-password",
        /// `/agent delete`
        AgentDelete(agent::Delete) = "agent.delete",
        /// `/agent restore`
        AgentRestore(agent::Restore) = "agent.restore",
        /// `/agent login`
        AgentLogin(agent::Login) = "agent.login",
        /// `/agent logout`
        AgentLogout(agent::Logout) = "agent.logout",
        /// `/agent pause`
        AgentPause(agent::Pause) = "agent.pause",
        /// `/agent unpause`
        AgentUnpause(agent::Unpause) = "agent.unpause",
        /// `/agent status`
        AgentStatus(agent::Status) = "agent.status",
        /// `/extension list`
        ExtensionList(extension::List) = "extension.list",
        /// `/extension show`
        ExtensionShow(extension::Show) = "extension.show",
        /// `/extension create`
        ExtensionCreate(extension::Create) = "extension.create",
        /// `/extension edit`
        ExtensionEdit(extension::Edit) = "extension.edit",
        /// `/extension delete`
        ExtensionDelete(extension::Delete) = "extension.delete",
        /// `/extension batch`
        ExtensionBatch(extension::Batch) = "extension.batch",
        /// `/approvals list`
        ApprovalsList(approvals::List) = "approvals.list",
        /// `/approvals history`
        ApprovalsHistory(approvals::History) = "approvals.history",
        /// `/approvals cancel`
        ApprovalsCancel(approvals::Cancel) = "approvals.cancel",
        /// `/whoami`
        Whoami(Whoami) = "whoami",
        /// `/doctor`
        Doctor(Doctor) = "doctor",
    }
}

impl Command {
    /// The command as Discord would send it when a person typed it: `name`, `type`, `options` and, where a file is
    /// attached, `resolved` of an interaction's `data`. An edit's changes of fields that are no options (those of a modal)
    /// cannot be typed and are left out.
    #[must_use]
    pub fn write(&self) -> serde_json::Value {
        let mut attachments = serde_json::Map::new();
        let options: Vec<_> = self
            .options()
            .into_iter()
            .map(|(name, raw)| match raw {
                Raw::Text(text) => json!({ "type": 3, "name": name, "value": text }),
                Raw::Number(number) => json!({ "type": 4, "name": name, "value": number }),
                Raw::User(user) => json!({ "type": 6, "name": name, "value": user }),
                Raw::File(file) => {
                    let id = json!(file.id);
                    attachments.insert(file.id.to_string(), resolved(&file));
                    json!({ "type": 11, "name": name, "value": id })
                }
            })
            .collect();
        let name = self.name().trim_start_matches('/');
        let mut written = match name.split_once(' ') {
            None => json!({ "type": 1, "name": name, "options": options }),
            Some((group, leaf)) => {
                json!({ "type": 1, "name": group, "options": [{ "type": 1, "name": leaf, "options": options }] })
            }
        };
        if !attachments.is_empty() {
            written["resolved"] = json!({ "attachments": attachments });
        }
        written
    }
}

/// A file as Discord tells of it beside the options.
fn resolved(file: &AttachedFile) -> serde_json::Value {
    json!({ "id": file.id, "filename": file.filename, "size": file.size, "url": file.url, "proxy_url": file.url })
}

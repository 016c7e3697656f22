//! The settings file for a bot in this sandbox, as the person who installs it would write it.

use super::{
    Phones, VOICENTER_CODE,
    staff::{ERIX, ERIX_PAUSES, MARIA, VOICENTER, VOICENTER_BREAKS},
};
use crate::sandbox::Sandbox;

impl Sandbox {
    /// A settings file for a bot in this sandbox: what a lead may do, the connections to `phones`, and who is the same
    /// person on several. Its secrets are those of [`Phones::environment`]. Mediatel's table stands last, so that a line
    /// added at the end is a key of it.
    #[must_use]
    pub fn settings(&self, phones: &Phones) -> String {
        [self.people_and_places(), person(phones), erix(phones), voicenter(phones), mediatel(phones)].join("\n")
    }

    fn people_and_places(&self) -> String {
        format!(
            r#"[discord]
guild = "{guild}"
approvals_channel = "{approvals}"
log_channel = "{log}"

[[role]]
id = "{lead}"
may = ["agent.read", "agent.clone", "agent.edit", "agent.disable", "agent.reset-password", "agent.delete", "agent.restore", "presence.*", "extension.read", "extension.write", "extension.delete", "doctor"]

[approvals]
approvers = ["{approver}"]
"#,
            guild = self.guild(),
            approvals = self.approvals_channel().id(),
            log = self.log_channel().id(),
            lead = self.lead_role(),
            approver = self.approver_role(),
        )
    }
}

fn mediatel(phones: &Phones) -> String {
    format!(
        r#"[[connection]]
name = "mediatel"
kind = "mediatel"
base_url = "{url}"
auth = "none"
email = "{{login}}@example.com"
"#,
        url = phones.mediatel_url(),
    )
}

fn erix(phones: &Phones) -> String {
    let agents = ERIX.iter().map(|it| {
        let (login, name, extension) = (it.login, it.name, it.extension);
        let queues = quoted(it.queues);
        format!(r#"{{ login = "{login}", name = "{name}", extension = "{extension}", queues = [{queues}] }}"#)
    });
    format!(
        r#"[[connection]]
name = "erix-br"
kind = "erix"
base_url = "{url}"
method = "post"
pause_reasons = [{pauses}]
agents = [
{agents}]
"#,
        url = phones.erix_url(),
        pauses = quoted(ERIX_PAUSES),
        agents = lines(agents),
    )
}

fn voicenter(phones: &Phones) -> String {
    let breaks = VOICENTER_BREAKS.iter().map(|(status, label)| format!(r#""{status}" = "{label}""#));
    let agents = VOICENTER.iter().map(|it| {
        let (user_id, extension_user, name) = (it.user_id, it.extension_user, it.name);
        format!(r#"{{ user_id = "{user_id}", extension_user = "{extension_user}", name = "{name}" }}"#)
    });
    format!(
        r#"[[connection]]
name = "voicenter"
kind = "voicenter"
base_url = "{url}"
code = "env:{VOICENTER_CODE}"
method = "post"
statuses = {{ {breaks} }}
agents = [
{agents}]
"#,
        url = phones.voicenter_url(),
        breaks = breaks.collect::<Vec<_>>().join(", "),
        agents = lines(agents),
    )
}

/// The agents of one person. The settings join them, not their names: nothing else tells that they are one.
fn person(phones: &Phones) -> String {
    let login = phones.mediatel.agent(MARIA.mediatel).and_then(|agent| agent.text("Login"));
    let at_mediatel = login.map(|login| format!("mediatel:{login}"));
    let elsewhere = [format!("erix-br:{}", MARIA.erix), format!("voicenter:{}", MARIA.voicenter)];
    let is: Vec<String> = at_mediatel.into_iter().chain(elsewhere).collect();
    let is = quoted(&is.iter().map(String::as_str).collect::<Vec<_>>());
    format!("[[person]]\nname = \"{}\"\nis = [{is}]\n", MARIA.name)
}

/// TOML strings, one after the other. What stands in them here needs no escape.
fn quoted(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", ")
}

/// The items of a list, one a line.
fn lines(items: impl Iterator<Item = String>) -> String {
    items.fold(String::new(), |text, item| text + "    " + &item + ",\n")
}

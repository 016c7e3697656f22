//! The phone systems beside the local Discord: each vendor's twin on a port of its own, with believable data.

use crate::sandbox::Sandbox;
use rollcall_telephony::systems::mediatel::twin;
use std::{fmt::Write as _, io, sync::Arc};
use tokio::{net::TcpListener, task::JoinSet};

/// How the phone systems are set up.
#[derive(Clone, Debug)]
pub struct PhoneOptions {
    /// How many agents Mediatel has, beside `root` and the supervisors.
    pub agents: usize,
    /// From which number they are drawn: the same number, the same people.
    pub seed: u64,
    /// How Mediatel behaves.
    pub mediatel: twin::Options,
    /// The port of Mediatel; 0 lets the system choose.
    pub mediatel_port: u16,
}

impl Default for PhoneOptions {
    fn default() -> Self {
        Self { agents: 40, seed: 7, mediatel: twin::Options::default(), mediatel_port: 0 }
    }
}

/// Running phone systems; they end when this is dropped.
pub struct Phones {
    /// Mediatel's twin.
    pub mediatel: Arc<twin::Twin>,
    mediatel_url: String,
    _listeners: JoinSet<io::Result<()>>,
}

impl Phones {
    /// Starts the twins on loopback.
    ///
    /// # Errors
    /// If a port cannot be bound.
    pub async fn start(options: PhoneOptions) -> io::Result<Self> {
        let mediatel = twin::Twin::new(options.mediatel);
        mediatel.seed_agents(options.agents, options.seed);
        let listener = TcpListener::bind(("127.0.0.1", options.mediatel_port)).await?;
        let mediatel_url = format!("http://{}/v1", listener.local_addr()?);
        let mut listeners = JoinSet::new();
        listeners.spawn(Arc::clone(&mediatel).serve(listener));
        Ok(Self { mediatel, mediatel_url, _listeners: listeners })
    }

    /// Mediatel's `base_url`.
    #[must_use]
    pub fn mediatel_url(&self) -> &str {
        &self.mediatel_url
    }
}

impl Sandbox {
    /// A settings file for a bot in this sandbox: what a lead may do, and the connections to `phones`.
    #[must_use]
    pub fn settings(&self, phones: &Phones) -> String {
        let mut toml = String::new();
        let _ = write!(
            toml,
            r#"[discord]
guild = "{guild}"
approvals_channel = "{approvals}"
log_channel = "{log}"

[[role]]
id = "{lead}"
may = ["agent.read", "agent.clone", "agent.edit", "agent.disable", "agent.reset-password", "agent.delete", "agent.restore", "presence.*", "doctor"]

[approvals]
approvers = ["{approver}"]

[[connection]]
name = "mediatel"
kind = "mediatel"
base_url = "{mediatel}"
auth = "none"
email = "{{login}}@example.com"
"#,
            guild = self.guild(),
            approvals = self.approvals_channel().id(),
            log = self.log_channel().id(),
            lead = self.lead_role(),
            approver = self.approver_role(),
            mediatel = phones.mediatel_url(),
        );
        toml
    }
}

//! The phone systems beside the local Discord: each vendor's twin on a port of its own, with believable data.
//! Who works there stands in `staff.rs`, what a bot is told of it in `settings.rs`.

mod settings;
mod staff;

use rand::{Rng as _, distr::Alphanumeric};
use rollcall_telephony::systems::erix::twin as erix;
use rollcall_telephony::systems::mediatel::twin as mediatel;
use rollcall_telephony::systems::voicenter::twin as voicenter;
use std::{io, sync::Arc};
use tokio::{net::TcpListener, task::JoinSet};

/// The environment variable in which the settings look for Voicenter's code.
const VOICENTER_CODE: &str = "VOICENTER_CODE";

/// Letters and digits of Voicenter's code.
const CODE_LENGTH: usize = 24;

/// How the phone systems are set up.
#[derive(Clone, Debug)]
pub struct PhoneOptions {
    /// How many agents Mediatel has, beside `root` and the supervisors.
    pub agents: usize,
    /// From which number they are drawn: the same number, the same people.
    pub seed: u64,
    /// How Mediatel behaves.
    pub mediatel: mediatel::Options,
    /// The port of Mediatel; 0 lets the system choose.
    pub mediatel_port: u16,
    /// How Erix behaves.
    pub erix: erix::Options,
    /// The port of Erix; 0 lets the system choose.
    pub erix_port: u16,
    /// How Voicenter behaves.
    pub voicenter: voicenter::Options,
    /// The port of Voicenter; 0 lets the system choose.
    pub voicenter_port: u16,
}

impl Default for PhoneOptions {
    fn default() -> Self {
        Self {
            agents: 40,
            seed: 7,
            mediatel: mediatel::Options::default(),
            mediatel_port: 0,
            erix: erix::Options::default(),
            erix_port: 0,
            voicenter: voicenter::Options::default(),
            voicenter_port: 0,
        }
    }
}

/// Running phone systems; they end when this is dropped.
pub struct Phones {
    /// Mediatel's twin.
    pub mediatel: Arc<mediatel::Twin>,
    /// Erix's twin.
    pub erix: Arc<erix::Twin>,
    /// Voicenter's twin.
    pub voicenter: Arc<voicenter::Twin>,
    mediatel_url: String,
    erix_url: String,
    voicenter_url: String,
    voicenter_code: String,
    _listeners: JoinSet<io::Result<()>>,
}

impl Phones {
    /// Starts the twins on loopback.
    ///
    /// # Errors
    /// If a port cannot be bound.
    pub async fn start(options: PhoneOptions) -> io::Result<Self> {
        let voicenter_code: String = rand::rng().sample_iter(Alphanumeric).take(CODE_LENGTH).map(char::from).collect();
        let mediatel = mediatel::Twin::new(options.mediatel);
        mediatel.seed_agents(options.agents, options.seed);
        staff::at_mediatel(&mediatel)?;
        let erix = erix::Twin::new(options.erix);
        staff::at_erix(&erix);
        let voicenter = voicenter::Twin::new(&voicenter_code, options.voicenter);
        staff::at_voicenter(&voicenter);
        let mut listeners = JoinSet::new();
        let (listener, origin) = bind(options.mediatel_port).await?;
        let mediatel_url = format!("{origin}/v1");
        listeners.spawn(Arc::clone(&mediatel).serve(listener));
        let (listener, origin) = bind(options.erix_port).await?;
        let erix_url = format!("{origin}/api/agent.php");
        listeners.spawn(Arc::clone(&erix).serve(listener));
        let (listener, origin) = bind(options.voicenter_port).await?;
        let voicenter_url = format!("{origin}/UserLogin/SetStatusFromAPI");
        listeners.spawn(Arc::clone(&voicenter).serve(listener));
        Ok(Self {
            mediatel,
            erix,
            voicenter,
            mediatel_url,
            erix_url,
            voicenter_url,
            voicenter_code,
            _listeners: listeners,
        })
    }

    /// Mediatel's `base_url`.
    #[must_use]
    pub fn mediatel_url(&self) -> &str {
        &self.mediatel_url
    }

    /// Erix's `base_url`.
    #[must_use]
    pub fn erix_url(&self) -> &str {
        &self.erix_url
    }

    /// Voicenter's `base_url`.
    #[must_use]
    pub fn voicenter_url(&self) -> &str {
        &self.voicenter_url
    }

    /// The organisation's code that Voicenter takes; a secret of this run.
    #[must_use]
    pub fn voicenter_code(&self) -> &str {
        &self.voicenter_code
    }

    /// The secrets that [`crate::Sandbox::settings`] names as `env:…`: variable and value, for the bot's environment.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        vec![(VOICENTER_CODE.to_owned(), self.voicenter_code.clone())]
    }
}

/// A listener on loopback, and its origin.
async fn bind(port: u16) -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    Ok((listener, origin))
}

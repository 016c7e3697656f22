//! A list of agents as it is kept on disk: JSON with a version. Agents carry no secrets, so neither does it.

use std::sync::Arc;

use rollcall_telephony::Agent;
use serde::{Deserialize, Serialize};

/// The form this version writes and reads.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    agents: Vec<&'a Agent>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
struct Kept {
    agents: Vec<Agent>,
}

/// Writes a snapshot.
pub(super) fn write(agents: impl Iterator<Item = Arc<Agent>>) -> serde_json::Result<String> {
    let agents: Vec<Arc<Agent>> = agents.collect();
    let agents: Vec<&Agent> = agents.iter().map(|a| &**a).collect();
    serde_json::to_string(&Written { version: VERSION, agents })
}

/// Reads a snapshot.
///
/// # Errors
/// A sentence that says why it cannot be used.
pub(super) fn read(body: &str) -> Result<Vec<Agent>, String> {
    let unreadable = |error: serde_json::Error| format!("the kept list of agents cannot be read: {error}");
    let Version { version } = serde_json::from_str(body).map_err(unreadable)?;
    if version != VERSION {
        return Err(format!("the kept list of agents has form {version}, this version reads form {VERSION}"));
    }
    Ok(serde_json::from_str::<Kept>(body).map_err(unreadable)?.agents)
}

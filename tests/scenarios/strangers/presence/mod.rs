//! Presence on phone systems that somebody else wrote: in every dress an answer may come in, what people read is what
//! the server really did.

mod erix;
mod people;
mod voicenter;

use futures_util::future::join_all;

use super::bot::Team;
use super::discord::{Held, LOG};

/// What the lead may.
const MAY: &str = "[\"presence.*\", \"agent.read\", \"doctor\"]";
/// Nobody waits here.
const LIMITS: &str = "[limits]\nper_person = \"5000/min\"\n\n";

/// An Erix as a connection, as the person who installs the bot writes it.
fn erix_connection(name: &str, url: &str, method: &str) -> String {
    format!(
        "[[connection]]\nname = \"{name}\"\nkind = \"erix\"\nbase_url = \"{url}\"\nmethod = \"{method}\"\nrate = \"500/s\"\n\
         pause_reasons = [\"Almoço\", \"Treinamento\"]\n\
         agents = [{{ login = \"maria\", name = \"Maria Silva\", extension = \"2001\", queues = [\"suporte\"] }}]\n\n"
    )
}

/// A Voicenter as a connection, likewise.
fn voicenter_connection(name: &str, url: &str, method: &str) -> String {
    format!(
        "[[connection]]\nname = \"{name}\"\nkind = \"voicenter\"\nbase_url = \"{url}\"\ncode = \"env:VOICENTER_CODE\"\n\
         method = \"{method}\"\nrate = \"500/s\"\n\
         statuses = {{ \"3\" = \"Lunch\", \"5\" = \"Administrative\", \"12\" = \"Team meeting\", \"21\" = \"תפילה\" }}\n\
         agents = [\n\
         \x20 {{ user_id = \"123456789\", extension_user = \"sipsip\", name = \"Dana Levi\" }},\n\
         \x20 {{ user_id = \"0042\", extension_user = \"sip-taken\", name = \"Noa Cohen\" }},\n\
         \x20 {{ user_id = \"777\", extension_user = \"sip-nowhere\", name = \"Avi Katz\" }},\n\
         \x20 {{ user_id = \"999\", extension_user = \"Sip.2\", name = \"Nobody There\" }},\n\
         ]\n\n"
    )
}

/// A command about one agent is answered with these words, to the lead alone.
async fn told(team: &Team, command: &str, agent: &str, more: &[(&str, &str)], words: &str) -> Held {
    let options: Vec<(&str, &str)> = [("agent", agent)].iter().chain(more).copied().collect();
    let held = team.types(command, &options, words).await;
    assert!(held.ephemeral, "{}", held.text());
    held
}

/// The same on every one of these systems, at once.
async fn at_once<S>(systems: &[S], day: impl AsyncFn(&S)) {
    join_all(systems.iter().map(|system| day(system))).await;
}

/// A line in the log channel with all these words.
async fn logged(team: &Team, words: &[&str]) {
    team.posted(LOG, words).await;
}

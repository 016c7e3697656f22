//! Extensions on a Mediatel that somebody else wrote: numbers as texts, other defaults, an order of its own, members of
//! its own. What people read is what the server really has.

mod acts;
mod batches;
mod lists;
mod refused;

use serde_json::Value;

use super::bot::Team;
use super::discord::{APPROVER, CARDS, Held};
use super::mediatel::Mediatel;

/// What the lead may.
const MAY: &str = "[\"extension.*\"]";

/// A Mediatel as a connection, as the person who installs the bot writes it; nobody waits long for a lost answer.
fn connection(name: &str, mediatel: &Mediatel) -> String {
    format!(
        "[[connection]]\nname = \"{name}\"\nkind = \"mediatel\"\nbase_url = \"{}\"\nauth = \"none\"\nrate = \"500/s\"\n\
         timeout = \"2s\"\nemail = \"{{login}}@example.com\"\n\n",
        mediatel.url()
    )
}

/// One server, known as `hes`, and the bot.
async fn hes() -> (Team, Mediatel) {
    let mediatel = Mediatel::starts().await;
    let team = Team::with(MAY, &connection("hes", &mediatel), &[]).await;
    (team, mediatel)
}

/// What an extension has under a name.
fn member(mediatel: &Mediatel, id: i64, name: &str) -> Value {
    mediatel.extension(id).unwrap_or_else(|| panic!("extension {id} is there"))[name].clone()
}

/// Somebody approves what stands in the approvals channel with these words.
async fn approves(team: &Team, words: &[&str]) -> Held {
    let card = team.posted(CARDS, words).await;
    team.asks("the bot's own reaction", |request| {
        let on = format!("channels/{CARDS}/messages/{}/reactions/", card.id);
        (request.method == "PUT" && request.path.starts_with(&on)).then_some(())
    })
    .await;
    team.discord.reacts(APPROVER, &card.id);
    card
}

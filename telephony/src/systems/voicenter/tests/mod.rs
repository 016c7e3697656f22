//! Client and twin over real loopback sockets, refereed by the documented examples and tables.

mod answers;
mod examples;
mod forms;
mod properties;
mod secrets;
mod settings;
mod troubles;

use std::sync::Arc;

use serde_json::{Value, json};

use super::twin::{Options, Twin};
use crate::systems::tests::{Canned, SECRET, permit, serve};
use crate::{AgentId, Connected, Error, PresenceAnswer, PresenceChange};

/// The documented user.
const DANA: &str = "123456789";

/// A connection to `origin` with these keys beside it.
fn connect(origin: &str, more: &Value) -> Connected {
    let mut table = json!({
        "base_url": format!("{origin}/UserLogin/SetStatusFromAPI"),
        "code": "env:CODE",
        "timeout": "1s",
        "rate": "1000/s",
        "agents": [
            { "user_id": DANA, "extension_user": "sipsip", "name": "Dana Levi" },
            { "user_id": "7", "extension_user": "sipsip", "name": "Noa Cohen" },
            { "user_id": "8", "extension_user": "nowhere" },
        ],
    });
    for (key, value) in more.as_object().unwrap() {
        table[key] = value.clone();
    }
    crate::systems::tests::connect(super::SYSTEM, &table).unwrap()
}

/// A twin that knows Dana and Noa, who share an extension, and a connection to it.
async fn twin(options: Options) -> (Arc<Twin>, Connected) {
    let twin = Twin::new(SECRET, options);
    twin.put_user("7");
    twin.put_user("8");
    let client = connect(&serve(twin.router()).await, &json!({}));
    (twin, client)
}

async fn set(client: &Connected, id: &str, change: &PresenceChange) -> Result<PresenceAnswer, Error> {
    let agent = client.reading.agent(&AgentId::new(id)).await.unwrap();
    client.presence.as_ref().unwrap().set_presence(&permit(), &agent, change).await
}

fn login() -> PresenceChange {
    PresenceChange::LogIn { extension: None, queue: None }
}

fn pause(reason: &str) -> PresenceChange {
    PresenceChange::Pause { reason: Some(reason.into()) }
}

/// What the client makes of one answer to a pause, in words.
async fn heard(status: u16, body: impl Into<Vec<u8>>) -> String {
    let canned = Canned::saying(status, body).await;
    let client = connect(&canned.origin, &json!({}));
    let answer = match set(&client, DANA, &pause("Brief")).await {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => format!("{error} ({:?})", error.effect),
    };
    assert_eq!(canned.seen().len(), 1, "a status is sent once");
    answer
}

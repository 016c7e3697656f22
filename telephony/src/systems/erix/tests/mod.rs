//! Client and twin over real loopback sockets, refereed by the documented examples and tables.

mod answers;
mod examples;
mod forms;
mod properties;
mod settings;
mod troubles;

use std::sync::Arc;

use serde_json::{Value, json};

use super::twin::{Kind, Options, Presence, Twin};
use crate::systems::tests::{Canned, permit, serve};
use crate::{Agent, AgentId, Connected, Error, PresenceAnswer, PresenceChange};

/// A connection to `origin` with these keys beside it.
fn connect(origin: &str, more: &Value) -> Connected {
    let mut table = json!({
        "base_url": format!("{origin}/api/agent.php"),
        "timeout": "1s",
        "rate": "1000/s",
        "pause_reasons": ["Almoço", "Treinamento"],
        "agents": [{ "login": "maria", "name": "Maria Silva", "extension": "2001", "queues": ["suporte"] }],
    });
    for (key, value) in more.as_object().unwrap() {
        table[key] = value.clone();
    }
    crate::systems::tests::connect(super::SYSTEM, &table).unwrap()
}

/// A twin with a plain extension and a plain queue as well, and a connection to it.
async fn twin(options: Options) -> (Arc<Twin>, Connected) {
    let twin = Twin::new(options);
    twin.put_extension("2090", Kind::Plain);
    twin.put_queue("geral", Kind::Plain);
    let origin = serve(twin.router()).await;
    let client = connect(&origin, &json!({}));
    (twin, client)
}

async fn agent(client: &Connected, login: &str) -> Agent {
    client.reading.agent(&AgentId::new(login)).await.unwrap()
}

async fn set(client: &Connected, login: &str, change: &PresenceChange) -> Result<PresenceAnswer, Error> {
    let agent = agent(client, login).await;
    client.presence.as_ref().unwrap().set_presence(&permit(), &agent, change).await
}

fn login(extension: &str, queue: &str) -> PresenceChange {
    PresenceChange::LogIn { extension: Some(extension.into()), queue: Some(queue.into()) }
}

fn pause(reason: &str) -> PresenceChange {
    PresenceChange::Pause { reason: Some(reason.into()) }
}

fn available() -> Presence {
    Presence::Available { extension: "2001".into(), queues: vec!["suporte".into()] }
}

fn paused() -> Presence {
    Presence::Paused { extension: "2001".into(), queues: vec!["suporte".into()], reason: None }
}

/// What the client makes of one answer to one command, in words.
async fn heard(status: u16, body: impl Into<Vec<u8>>, change: &PresenceChange) -> String {
    let canned = Canned::saying(status, body).await;
    let client = connect(&canned.origin, &json!({}));
    let answer = match set(&client, "maria", change).await {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => format!("{error} ({:?})", error.effect),
    };
    assert_eq!(canned.seen().len(), 1, "a command is sent once");
    answer
}

//! What happens to events on their way to the bot: lost, doubled, held back and let go.

use super::super::state::State;
use serde_json::Value;

/// What happens to an event on its way to the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// It never comes, not even after a RESUME.
    Lost,
    /// It comes twice.
    Doubled,
    /// It waits until the test lets it go.
    Held,
}

/// In which order held events are let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// The oldest first.
    AsTheyCame,
    /// The newest first.
    Backwards,
}

/// A mishap waiting for its events.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) prefix: String,
    /// So many more times; always if `None`.
    pub(crate) times: Option<u32>,
    pub(crate) mishap: Mishap,
}

/// An event held back, of the session that it was made in: no other gets it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) session: String,
    pub(crate) name: String,
    pub(crate) data: Value,
}

impl State {
    /// The mishap that this event meets, used up once. What makes a session meets none.
    pub(super) fn mishap(&mut self, name: &str) -> Option<Mishap> {
        if matches!(name, "READY" | "RESUMED" | "GUILD_CREATE") {
            return None;
        }
        let position = self.gateway.mishaps.iter().position(|it| name.starts_with(&it.prefix))?;
        let waiting = self.gateway.mishaps.get_mut(position)?;
        let mishap = waiting.mishap;
        if let Some(times) = &mut waiting.times {
            *times -= 1;
            if *times == 0 {
                self.gateway.mishaps.remove(position);
            }
        }
        Some(mishap)
    }

    /// Lets the events go that were held back; those of an earlier session are gone with it.
    pub(crate) fn release(&mut self, order: Release) {
        let mut held: Vec<Held> = self.gateway.held.drain(..).collect();
        if order == Release::Backwards {
            held.reverse();
        }
        for event in held {
            if self.gateway.session.as_ref().is_some_and(|session| session.id == event.session) {
                self.enqueue(&event.name, &event.data);
            } else {
                self.note(format!("event {} came too late for its session", event.name));
            }
        }
    }

    /// Sends the session's last event of such a name again, under a new number.
    pub(crate) fn redeliver(&mut self, prefix: &str) -> bool {
        let named = |event: &Value| event["t"].as_str().filter(|name| name.starts_with(prefix)).map(ToOwned::to_owned);
        let events = self.gateway.session.iter().flat_map(|session| session.events.iter().rev());
        let found = events.map(|(_, event)| event).find_map(|event| Some((named(event)?, event["d"].clone())));
        let Some((name, data)) = found else { return false };
        self.enqueue(&name, &data);
        true
    }

    /// Keeps an event back.
    pub(super) fn hold(&mut self, name: &str, data: &Value) {
        self.note(format!("event {name} is held back, as ordered"));
        if let Some(session) = self.gateway.session.as_ref().map(|session| session.id.clone()) {
            self.gateway.held.push_back(Held { session, name: name.to_owned(), data: data.clone() });
        }
    }
}

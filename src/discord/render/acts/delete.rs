//! An agent, deleted for good. What leads to it is in `../requests.rs`.

use super::end::{End, Log};
use super::{Words, because, named};
use crate::desk::{DeleteAct, FoundGone, Outcome, RequestCard};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{code, escaped, few, moment};

impl Words for DeleteAct {
    fn to_do(&self) -> String {
        format!("delete {} on {} for good", named(&self.login), self.agent.connection)
    }

    fn wanted(&self) -> String {
        format!("Deleting {} from {}", escaped(&self.login, 100), self.agent.connection)
    }

    fn approve(&self) -> String {
        format!("delete {}", self.login)
    }

    fn notes(&self, card: &RequestCard) -> Vec<String> {
        let mut notes = vec![match card.disabled_since {
            Some(since) => format!("Disabled; I have seen it so since {}.", moment(since)),
            None => format!("It is {}.", card.state),
        }];
        if !card.referring.is_empty() {
            let mut named: Vec<String> = card.referring.iter().map(|login| escaped(login, 40)).collect();
            if card.referring_more > 0 {
                named.push(format!("{} more", card.referring_more));
            }
            notes.push(format!("⚠️ It supervises {}.", few(&named, usize::MAX, "and")));
        }
        notes
    }

    fn record_title(&self) -> &'static str {
        "Everything that goes"
    }

    fn done(&self, outcome: &Outcome) -> Option<End> {
        let Outcome::Deleted { found, restorable_until } = outcome else { return None };
        let (login, on, agent) = (escaped(&self.login, 100), &self.agent.connection, &self.agent);
        let until = moment(*restorable_until);
        let because = because(Some(&self.reason));
        let (title, gone, log) = match found {
            FoundGone::Deleted => (
                format!("{login} is deleted from {on}"),
                format!("{login} is gone; {on} was asked again and does not have it any more."),
                Log::Did("🗑️", format!("deleted **{login}** (`{agent}`) for good.{because}")),
            ),
            FoundGone::Gone => (
                format!("{login} was gone from {on} already"),
                format!("{login} was gone already when I came to it."),
                Log::Did("☑️", format!("asked to delete **{login}** (`{agent}`); it was gone already.{because}")),
            ),
        };
        let message = Message::card(Tone::Good, title)
            .says(format!("`/agent restore agent:{agent}` can bring it back until {until}."));
        let back = code(&format!("/agent restore agent:{agent}"), 100);
        let lines = vec![gone, format!("{back} can bring it back until {until}.")];
        Some(End { message, lines, log })
    }
}

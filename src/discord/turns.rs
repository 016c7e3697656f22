//! Turns: what happens under one message is dealt with in the order in which the gateway told it, whatever happens under
//! others meanwhile. A ✅ that was given, taken back and given again would else be taken for one that was taken back.

use std::collections::HashMap;

use serenity::model::id::MessageId;
use tokio::sync::watch;

use super::gateway::Happening;

/// Who is dealing with what happens under which message.
#[derive(Debug, Default)]
pub(super) struct Turns {
    last: HashMap<MessageId, watch::Receiver<()>>,
}

/// A place in the row of what happened under a message. It is given up by dropping it.
#[derive(Debug)]
pub(super) struct Turn {
    before: Option<watch::Receiver<()>>,
    _mine: Option<watch::Sender<()>>,
}

/// Everybody who stood in a row at one moment.
#[derive(Debug)]
pub(super) struct Standing(Vec<watch::Receiver<()>>);

impl Turns {
    /// The next place in the row; what is under no single message waits for nothing.
    pub(super) fn next(&mut self, happening: &Happening) -> Turn {
        let message = match happening {
            Happening::Reacted(event) | Happening::Unreacted(event) => event.message_id,
            Happening::Cleared(event) => event.message_id,
            Happening::MessagesGone { .. } | Happening::ChannelGone(_) | Happening::RoleGone => {
                return Turn { before: None, _mine: None };
            }
        };
        // Rows in which nobody stands any more are of no use.
        self.last.retain(|_, last| is_open(last));
        let (mine, last) = watch::channel(());
        Turn { before: self.last.insert(message, last), _mine: Some(mine) }
    }

    /// Everybody who stands in a row now.
    pub(super) fn standing(&self) -> Standing {
        Standing(self.last.values().filter(|last| is_open(last)).cloned().collect())
    }
}

impl Standing {
    /// Waits until all of it is dealt with.
    pub(super) async fn are_done(self) {
        for last in self.0 {
            over(last).await;
        }
    }
}

/// Whether somebody still holds this place.
fn is_open(place: &watch::Receiver<()>) -> bool {
    place.has_changed().is_ok()
}

/// Resolves when the place is given up: whoever has it drops it, and nothing is ever sent.
async fn over(mut place: watch::Receiver<()>) {
    while place.changed().await.is_ok() {}
}

impl Turn {
    /// Waits until everything before it is dealt with.
    pub(super) async fn comes(&mut self) {
        if let Some(before) = self.before.take() {
            over(before).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reacted(message: u64) -> Happening {
        let event = serde_json::json!({
            "user_id": "1", "channel_id": "2", "message_id": message.to_string(), "emoji": { "id": null, "name": "✅" },
            "burst": false, "type": 0,
        });
        Happening::Reacted(serde_json::from_value(event).unwrap())
    }

    #[tokio::test]
    async fn one_message_has_one_row_and_others_wait_for_nobody() {
        let mut turns = Turns::default();
        let (mut first, mut second) = (turns.next(&reacted(7)), turns.next(&reacted(7)));
        let mut other = turns.next(&reacted(8));
        first.comes().await;
        other.comes().await;
        tokio::select! {
            biased;
            () = second.comes() => panic!("it is not its turn"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(turns.last.len(), 2);
    }

    #[tokio::test]
    async fn a_turn_comes_when_the_one_before_is_over() {
        let mut turns = Turns::default();
        let (first, mut second) = (turns.next(&reacted(7)), turns.next(&reacted(7)));
        let waiting = tokio::spawn(async move { second.comes().await });
        drop(first);
        waiting.await.unwrap();
        assert!(turns.next(&Happening::RoleGone).before.is_none());
        drop(turns.next(&reacted(8)));
        let third = turns.next(&reacted(9));
        assert_eq!(turns.last.len(), 1, "rows that are empty are forgotten");
        drop(third);
    }

    #[tokio::test]
    async fn who_came_later_is_not_waited_for() {
        let mut turns = Turns::default();
        let (first, second) = (turns.next(&reacted(7)), turns.next(&reacted(7)));
        let other = turns.next(&reacted(8));
        let standing = turns.standing();
        let _later = turns.next(&reacted(7));
        let are_done = standing.are_done();
        tokio::pin!(are_done);
        for place in [first, second, other] {
            tokio::select! {
                biased;
                () = &mut are_done => panic!("not all of it is dealt with"),
                () = tokio::task::yield_now() => drop(place),
            }
        }
        are_done.await;
    }
}

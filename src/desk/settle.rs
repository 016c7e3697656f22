//! Settling: what a crash or a lost answer left open is looked up at the phone system, then finished, sent again or
//! reported as in doubt. A create without an answer is never simply sent again.

use std::time::Duration;

use rollcall_telephony::{AgentRef, Connected, Millis};

use super::Desk;
use super::prepare::Prepared;
use super::report::Outcome;
use super::step::{Ending, Step};
use crate::ledger::{Intent, IntentState};

/// How long after it was sent an act may at least still be on its way inside a phone system; the connection's own
/// timeout counts where it is longer. Only after that is an absent agent created once more.
const ON_ITS_WAY: Duration = Duration::from_secs(10);

/// How often an act is sent at the most.
pub(super) const MOST_ATTEMPTS: u32 = 3;

/// Looks while it can still appear at any moment: after 1, 2, 4 … seconds, at most this far apart.
const LOOK_EVERY: Duration = Duration::from_secs(30);

impl Desk {
    /// Settles what is open, now and whenever it is due, until `stop` resolves.
    pub async fn settle_until(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let next = self.settle_due().await;
            let wait = async {
                match next {
                    Some(at) => tokio::time::sleep(at.since(self.now())).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = wait => {}
                () = self.inner.unsettled.notified() => {}
            }
        }
    }

    /// Settles what is due; tells when the next look is.
    pub(super) async fn settle_due(&self) -> Option<Millis> {
        let open = match self.inner.ledger.open_intents().await {
            Ok(open) => open,
            Err(error) => {
                tracing::error!(%error, "the journal cannot be read");
                return Some(self.now() + LOOK_EVERY);
            }
        };
        let mut next: Option<Millis> = None;
        for intent in open {
            let (due, touched) = (look_at(&intent), last_touched(&intent));
            // A clock that was set back since puts nothing off.
            if due > self.now() && touched <= self.now() {
                next = Some(next.map_or(due, |n| n.min(due)));
            } else if let Some(in_hand) = self.take_in_hand(intent.id) {
                // Read again: it may have been concluded between the listing and the taking.
                if let Ok(Some(intent)) = self.inner.ledger.intent(intent.id).await {
                    let desk = self.clone();
                    tokio::spawn(async move {
                        desk.advance(intent, Prepared::default()).await;
                        drop(in_hand);
                        desk.wake_settler();
                    });
                }
            }
        }
        next
    }

    /// Reports doubt once; afterwards it is only looked again.
    pub(super) fn doubt(&self, intent: &Intent, why: String, agent: Option<AgentRef>) -> Step {
        let until = intent.recorded_at + self.inner.passwords.expires;
        if self.now() >= until {
            return Ending::untold(why);
        }
        if intent.state == IntentState::Doubt {
            return Step::Later(why);
        }
        Ending::new(IntentState::Doubt, Outcome::Doubt { why, until, agent }).step()
    }
}

/// Whether what was sent may still be on its way inside a phone system. A clock that was set back since tells nothing.
pub(super) fn may_be_on_its_way(intent: &Intent, on: &Connected, now: Millis) -> bool {
    let sent_at = intent.sent_at.unwrap_or(intent.recorded_at);
    sent_at <= now && now.since(sent_at) < ON_ITS_WAY.max(on.reading.timeout())
}

/// When something was last done about an open intent.
fn last_touched(intent: &Intent) -> Millis {
    intent.recorded_at.max(intent.sent_at.unwrap_or_default()).max(intent.looked_at.unwrap_or_default())
}

/// When an open intent is looked at next: at once when it was never sent, then less and less often.
fn look_at(intent: &Intent) -> Millis {
    let Some(looked) = intent.looked_at else {
        return intent.sent_at.map_or(intent.recorded_at, |sent| sent + Duration::from_secs(1));
    };
    let since_sent = looked.since(intent.sent_at.unwrap_or(intent.recorded_at));
    let pause = match intent.state {
        IntentState::Doubt => LOOK_EVERY * 10,
        IntentState::Recorded | IntentState::Sent | IntentState::Done | IntentState::Failed => {
            since_sent.clamp(Duration::from_secs(1), LOOK_EVERY)
        }
    };
    looked + pause
}

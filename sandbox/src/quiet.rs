//! The proof of silence at the end: nothing unanswered, unread, unexpected, unknown.

use crate::{
    discord::state::{Acknowledgement, Interaction, LOADING, State},
    people::{Trouble, What},
    sandbox::Sandbox,
};
use std::collections::BTreeSet;
use tokio::time::Instant;

impl Sandbox {
    /// Proves that nothing is left: everything answered, read, expected and known to Discord's document. What the
    /// bot still has three seconds for is awaited.
    ///
    /// # Errors
    /// Everything that is left.
    pub async fn finish(&self) -> Result<(), Trouble> {
        let within = self.discord.read(|state| state.limits.acknowledge_within);
        let settled = |state: &mut State| open_interactions(state).is_empty().then_some(());
        // Whether it settled or not, what is left is counted below.
        let _ = self.discord.until(Instant::now() + within, settled).await;
        let left = self.discord.read(leftovers);
        if left.is_empty() { Ok(()) } else { Err(Trouble::new(&self.discord, What::NotQuiet(left))) }
    }

    /// [`Self::finish`], for tests.
    ///
    /// # Panics
    /// With everything that is left and the transcript.
    pub async fn assert_quiet(&self) {
        if let Err(trouble) = self.finish().await {
            panic!("{trouble}");
        }
    }
}

fn open_interactions(state: &State) -> Vec<String> {
    let loading = |id| state.message(id).is_some_and(|message| message.flags & LOADING != 0);
    let open = |it: &&Interaction| match &it.acknowledged {
        _ if it.noticed => false,
        None => true,
        Some(Acknowledgement::DeferredMessage) => it.original.is_some_and(loading),
        Some(_) => false,
    };
    state.interactions.values().filter(open).map(|it| it.summary.clone()).collect()
}

fn leftovers(state: &State) -> Vec<String> {
    let mut left: Vec<String> =
        open_interactions(state).into_iter().map(|summary| format!("never answered to the end: {summary}")).collect();
    let unread = state.messages.values().filter(|message| !message.read && !message.deleted);
    left.extend(unread.map(|it| format!("nobody has read in {}: {:?}", it.channel, it.history.last())));
    let surprises = state.wire.surprises.iter().filter(|it| !state.expected_codes.contains(&it.code));
    left.extend(surprises.map(|it| format!("refused, and no test expected it: {}", it.line)));
    left.extend(state.wire.not_modelled.iter().map(|it| format!("not modelled: {it}")));
    let findings: BTreeSet<&String> = state.wire.findings.iter().collect();
    left.extend(findings.into_iter().map(|it| format!("against Discord's document: {it}")));
    left
}

//! What the requester, the approvers and the log channel are told.

use super::*;
use crate::desk::NotCounted;
use crate::discord::render::{decided as told, decided_instead, decided_line, not_counted};

fn each(of: impl Fn(&RequestTold) -> Message) -> String {
    let deletes = ends().into_iter().map(|(name, settled)| (name.to_owned(), of(&about(delete(), Some(settled)))));
    let others =
        dones().into_iter().map(|(name, act, settled)| (format!("{name}: done"), of(&about(act, Some(settled)))));
    all(deletes.chain(others))
}

#[test]
fn the_requester_is_told() {
    insta::assert_snapshot!(each(told));
}

#[test]
fn the_log_channel_is_told() {
    insta::assert_snapshot!(format!(
        "{}{}",
        all([("waits", decided_line(&about(delete(), None)))]),
        each(decided_line)
    ));
}

#[test]
fn who_takes_no_direct_messages_is_told_in_the_log_channel_without_a_mention() {
    let lines = each(decided_instead);
    assert!(!lines.contains("<@"), "{lines}");
    insta::assert_snapshot!(lines);
}

#[test]
fn why_a_reaction_does_not_count() {
    let whys = [
        NotCounted::Requester,
        NotCounted::NotHere,
        NotCounted::Machine,
        NotCounted::NoRole,
        NotCounted::TimedOut { until: NOW + HOUR },
        NotCounted::SuperReaction,
        NotCounted::WrongEmoji,
        NotCounted::Stale,
        NotCounted::TakenAway,
    ];
    insta::assert_snapshot!(all(whys.map(|why| (why.name(), not_counted(&about(delete(), None), why)))));
}

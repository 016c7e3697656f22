//! What these scenarios watch: a card with its ✅ and ❌, the end of a delete, the audit log, the clock.

use std::time::{Duration, Instant};

use rollcall_sandbox::{Posted, Sandbox};
use serde_json::Value;

use super::{VIRA_DISABLED, lead_asks};
use crate::world::{Setup, World};

/// Something is waited for at most so long.
pub const SOON: Duration = Duration::from_secs(25);

/// Adds keys to `[approvals]`.
pub fn approvals(keys: &str) -> Setup {
    Setup::default().setting("[approvals]\n", format!("[approvals]\n{keys}\n"))
}

/// A world with Vira in it and these keys in `[approvals]`.
pub async fn of(keys: &str) -> World {
    World::of_agents(&[VIRA_DISABLED], approvals(keys)).await
}

/// The bot is asked to stop, and does.
pub async fn goes_down(world: &World) {
    assert_eq!(world.bot_stops().await.code(), Some(0), "{}", world.log());
}

/// The lead asks; answers the card once the bot's own reactions stand under it.
pub async fn card_waits(world: &World) -> Posted {
    let card = lead_asks(world).await;
    has_ours(world, &card).await;
    card
}

/// Waits until the bot's own ✅ and ❌ stand under a card.
pub async fn has_ours(world: &World, card: &Posted) {
    let bot = world.sandbox.bot();
    let ours = |_: &Sandbox| ["✅", "❌"].iter().all(|emoji| card.reactions_of(emoji).contains(&bot));
    world.sandbox.until("the bot's own reactions", SOON, ours).await;
}

/// The end of an approved delete: gone, once, said on the card and to the requester, one line.
pub async fn is_deleted(world: &World, card: &Posted) -> Posted {
    let card = card.changes_until(|text| text.contains("is gone")).await;
    assert!(card.text().contains("Done: Delete"), "{}", card.text());
    assert_eq!(card.buttons(), Vec::<String>::new());
    assert_eq!(world.phones.mediatel.deleted_agents(), [900]);
    assert!(world.phones.mediatel.agent(900).is_none());
    requester_reads(world, "done").await;
    world.log_says("deleted **vira").await;
    nothing_more_is_said(world);
    card
}

/// The next direct message to the lead tells so of the request.
pub async fn requester_reads(world: &World, headline: &str) -> Posted {
    let told = world.sandbox.lead().next_direct_message().await;
    assert!(told.text().contains(&format!("— {headline}")), "{}", told.text());
    told
}

/// One message to the requester, one line, one card: nothing came twice.
pub fn nothing_more_is_said(world: &World) {
    let said = |posted: Vec<Posted>| posted.iter().map(|it| it.text().to_owned()).collect::<Vec<_>>();
    let (told, logged) = (world.sandbox.lead().direct_messages(), world.sandbox.log_channel().messages());
    assert_eq!(told.len(), 1, "{:#?}", said(told));
    assert_eq!(logged.len(), 1, "{:#?}", said(logged));
}

/// Nothing was deleted, and nobody tried.
pub fn nothing_was_deleted(world: &World) {
    assert_eq!(world.phones.mediatel.deleted_agents(), Vec::<u64>::new());
    assert!(world.phones.mediatel.agent(900).is_some());
}

/// The entries of the audit log, as it is exported.
pub async fn audit_log(world: &World) -> Vec<Value> {
    let exported = world.rollcall(&["audit", "export"]).output().await.expect("rollcall audit export runs");
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let text = String::from_utf8(exported.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).expect("an entry")).collect()
}

/// How often the audit log says this.
pub async fn audited(world: &World, what: &str) -> usize {
    audit_log(world).await.iter().filter(|entry| entry["what"] == what).count()
}

/// Waits until the audit log says this so often.
pub async fn until_audited(world: &World, what: &str, times: usize) {
    let deadline = Instant::now() + SOON;
    while audited(world, what).await < times {
        assert!(Instant::now() < deadline, "{what:?} is never written {times} times: {:#?}", audit_log(world).await);
    }
}

/// Lets so much time pass, as an absence does.
pub async fn time_passes(time: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < time {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

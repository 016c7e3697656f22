//! The store cannot be written, or is not ours: nothing is done that cannot be recorded.

use std::process::Stdio;
use std::time::{Duration, Instant};

use sqlx::{Connection as _, Executor as _};

use crate::world::{Setup, World};

const DISABLE: &str = "/agent disable agent:mediatel:4";

/// Asks until the bot can write again: it recovers by itself.
async fn recovers(world: &World) {
    let lead = world.sandbox.lead();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let reply = lead.types(DISABLE).await;
        if !reply.text().contains("store cannot be written") {
            reply.changes_until(|text| text.contains("is disabled")).await;
            break;
        }
        assert!(Instant::now() < deadline, "the bot never recovers: {}", reply.text());
    }
    world.sandbox.log_channel().next_message().await;
    assert_eq!(world.phones.mediatel.mutations().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_while_another_process_locks_the_store() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let mut other = world.store().await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let asked = world.phones.mediatel.seen().len();
    let refused = lead.types(DISABLE).await;
    assert!(refused.text().contains("store cannot be written"), "{}", refused.text());
    assert_eq!(world.phones.mediatel.seen().len(), asked, "the phone system was asked");
    let shown = lead.types("/agent show agent:mediatel:4").await;
    assert!(!shown.text().contains("store cannot be written"), "{}", shown.text());
    other.execute("ROLLBACK").await.unwrap();
    other.close().await.unwrap();
    recovers(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_while_the_disk_is_full() {
    let world = World::without_bot(Setup::default()).await;
    world.bot_is_started_without_xfsz();
    world.sandbox.bot_is_ready().await;
    let lead = world.sandbox.lead();
    // What the file system would do: no page more than there are, for this process, until it has room again.
    let pid = world.bot_pid();
    let limited = limit_file_size(pid, "0").await;
    assert!(limited, "the limit is set by prlimit, which is here");
    let asked = world.phones.mediatel.seen().len();
    let refused = lead.types(DISABLE).await;
    assert!(refused.text().contains("store cannot be written"), "{}", refused.text());
    assert_eq!(world.phones.mediatel.seen().len(), asked, "the phone system was asked");
    let shown = lead.types("/agent show agent:mediatel:4").await;
    assert!(!shown.text().contains("store cannot be written"), "{}", shown.text());
    assert!(limit_file_size(pid, "unlimited").await);
    recovers(&world).await;
    world.ends().await;
}

async fn limit_file_size(pid: u32, limit: &str) -> bool {
    let mut prlimit = tokio::process::Command::new("prlimit");
    prlimit.args([format!("--pid={pid}"), format!("--fsize={limit}:unlimited")]);
    prlimit.status().await.is_ok_and(|status| status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_is_refused_with_exit_2() {
    let world = World::begins().await;
    assert_eq!(world.bot_stops().await.code(), Some(0));
    let mut run = world.rollcall(&["run"]);
    run.env("ROLLCALL_KEY", "YW5vdGhlci1rZXktb2YtZXhhY3RseS0zMi1ieXRlcyE=");
    let ended = run.stdout(Stdio::piped()).stderr(Stdio::piped()).output().await.unwrap();
    assert_eq!(ended.status.code(), Some(2), "{}", String::from_utf8_lossy(&ended.stderr));
    world.bot_is_started();
    world.sandbox.until("a resume", Duration::from_secs(20), |s| s.resumed().iter().any(|r| r.accepted)).await;
    recovers(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_presses_at_once_create_one_agent() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let preview = lead.types("/agent clone source:mediatel:4 login:zoriana.hnatiuk").await;
    let again = lead.clone();
    let (one, two) = tokio::join!(
        lead.try_presses(&preview, "Create zoriana.hnatiuk"),
        again.try_presses(&preview, "Create zoriana.hnatiuk")
    );
    assert!(one.is_ok() || two.is_ok());
    preview.changes_until(|text| text.contains("exists on mediatel") || text.contains("Already")).await;
    lead.next_direct_message().await;
    lead.next_direct_message().await;
    world.sandbox.log_channel().next_message().await;
    assert_eq!(world.phones.mediatel.mutations().len(), 1);
    assert_eq!(lead.direct_messages().len(), 2);
    world.ends().await;
}

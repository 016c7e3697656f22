//! The bot is killed at every request it makes for extensions, started again, and what was asked for happens once.

use rollcall_sandbox::Posted;

use super::{asked, at_mediatel, says};
use crate::approvals::watching::has_ours;
use crate::crashes::previewed;
use crate::kills::{Armed, Counted, Kill, at_each_request, disarm};
use crate::world::World;

/// What goes on while the bot is killed.
#[derive(Clone, Copy, Debug)]
enum Job {
    Create,
    Edit,
    Batch,
    Delete,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_survives_a_kill_at_each_request() {
    at_each_request(Job::Create, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_survives_a_kill_at_each_request() {
    at_each_request(Job::Edit, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_survives_a_kill_at_each_request() {
    at_each_request(Job::Batch, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_delete_survives_a_kill_at_each_request() {
    at_each_request(Job::Delete, plays).await;
}

/// One world; answers how many requests there were.
async fn plays(job: Job, kill: Option<Kill>) -> Counted {
    let world = World::begins().await;
    // After a kill some answers come too late, or to what was never acknowledged.
    for code in [10_008, 10_015, 10_062, 40_060] {
        world.sandbox.expects(code);
    }
    let counted = match job {
        Job::Create => {
            let line = "/extension create name:SIP9 type:2";
            // Both ends name the command with which to look.
            let counted = presses(&world, kill, line, "Create extension SIP9", "`/extension ").await;
            let told = world.sandbox.log_channel().messages()[0].now();
            let is = named(&world, "SIP9");
            // A create without an answer is never sent again: where it is not found, nobody can tell.
            assert!(asked(&world, "POST") <= 1, "a create is sent once");
            assert_eq!(told.contains("created extension"), is == 1, "{told}");
            assert!(is == 1 || told.contains("nobody can tell"), "{told}");
            counted
        }
        Job::Edit => {
            let line = "/extension edit extension:mediatel:17 description:Second";
            let counted = presses(&world, kill, line, "Change extension SIP2 (17)", "was changed").await;
            assert_eq!(at_mediatel(&world, 17), Some(("SIP2".to_owned(), "Second".to_owned())));
            counted
        }
        Job::Batch => {
            let file = "E_ID,E_Extension,E_Type,E_Description\n,SIP9,2,\n17,,,Second\n";
            world.sandbox.lead().attaches("lines.csv", file);
            let line = "/extension batch file:lines.csv";
            let counted = presses(&world, kill, line, "Carry out 2 rows on mediatel", "of lines.csv").await;
            assert!(asked(&world, "PATCH") <= 1, "a batch is sent once");
            let whole = (1, Some(("SIP2".to_owned(), "Second".to_owned())));
            let is = (named(&world, "SIP9"), at_mediatel(&world, 17));
            let told = world.sandbox.log_channel().messages()[0].now();
            if told.contains("2 of 2 rows done") {
                assert_eq!(is, whole, "{told}");
            } else {
                assert!(told.contains("None of 2 rows done") && is.0 == 0, "{told}: {is:?}");
            }
            counted
        }
        Job::Delete => reacts(&world, kill).await,
    };
    disarm(&world);
    let logged: Vec<String> = world.sandbox.log_channel().messages().iter().map(Posted::now).collect();
    assert_eq!(logged.len(), 1, "{logged:?}");
    world.ends().await;
    counted
}

/// A command, its preview's button, the report and the line in the log channel.
async fn presses(world: &World, kill: Option<Kill>, line: &str, button: &str, wanted: &str) -> Counted {
    let armed = Armed::set(world, kill);
    let lead = world.sandbox.lead();
    let people = async {
        previewed(&armed, &lead, line, button, wanted).await;
        world.sandbox.log_channel().next_message().await;
    };
    armed.while_people(world, people).await;
    armed.counted()
}

/// An approver's ✅ under a card, until everybody was told.
async fn reacts(world: &World, kill: Option<Kill>) -> Counted {
    says(world, "/extension delete extension:mediatel:18 reason:billed for nothing").await;
    let card = world.sandbox.approvals_channel().next_message().await;
    has_ours(world, &card).await;
    let armed = Armed::set(world, kill);
    let people = async {
        world.sandbox.approver().reacts(&card, "✅");
        card.changes_until(|text| text.starts_with("Done")).await;
        world.sandbox.lead().next_direct_message().await;
        world.log_says("Lviv trunk").await;
    };
    armed.while_people(world, people).await;
    assert_eq!(at_mediatel(world, 18), None);
    assert_eq!(world.sandbox.lead().direct_messages().len(), 1);
    armed.counted()
}

/// How many extensions have this name at Mediatel.
fn named(world: &World, name: &str) -> usize {
    let called = |id| world.phones.mediatel.extension(id)?.text("E_Extension");
    (1..100).filter(|id| called(*id).as_deref() == Some(name)).count()
}

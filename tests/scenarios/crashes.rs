//! The bot is killed at every request it makes, started again, and everything ends as it was asked for, once.

use rollcall_sandbox::Person;
use rollcall_sandbox::mediatel::What as Changed;

use crate::kills::{Armed, Counted, Kill, TRIES, at_each_request, disarm};
use crate::world::World;

#[derive(Clone, Copy, Debug)]
enum Job {
    Clone,
    Disable,
    Edit,
    Reset,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_survives_a_kill_at_each_request() {
    at_each_request(Job::Clone, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disable_survives_a_kill_at_each_request() {
    at_each_request(Job::Disable, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_survives_a_kill_at_each_request() {
    at_each_request(Job::Edit, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_survives_a_kill_at_each_request() {
    at_each_request(Job::Reset, plays).await;
}

/// One world; answers how many requests there were.
async fn plays(job: Job, kill: Option<Kill>) -> Counted {
    let world = World::begins().await;
    // After a kill some answers come too late, or to what was never acknowledged.
    for code in [10_008, 10_015, 10_062, 40_060] {
        world.sandbox.expects(code);
    }
    let armed = Armed::set(&world, kill);
    let people = async {
        match job {
            Job::Clone => clones(&world, &armed).await,
            Job::Disable => disables(&world, &armed).await,
            Job::Edit => edits(&world, &armed).await,
            Job::Reset => resets(&world, &armed).await,
        }
        one_line_is_logged(&world).await;
    };
    armed.while_people(&world, people).await;
    let counted = armed.counted();
    disarm(&world);
    world.ends().await;
    counted
}

async fn clones(world: &World, armed: &Armed) {
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    let line = format!("/agent clone source:mediatel:4 login:zoriana.hnatiuk recipient:{}", keeper.mention());
    previewed(armed, &lead, &line, "Create zoriana.hnatiuk", "exists on mediatel").await;
    handed_over(world, armed, "zoriana.hnatiuk").await;
    let created = world.phones.mediatel.mutations().iter().filter(|m| m.what == Changed::AgentCreated).count();
    assert_eq!(created, 1, "agents created");
}

async fn resets(world: &World, armed: &Armed) {
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    let login = login_of(world, 4);
    let line = format!("/agent reset-password agent:mediatel:4 recipient:{}", keeper.mention());
    previewed(armed, &lead, &line, &format!("Reset the password of {login}"), "has a fresh password").await;
    handed_over(world, armed, &login).await;
    assert_eq!(changes(world), 1, "changes of the agent");
}

async fn edits(world: &World, armed: &Armed) {
    let lead = world.sandbox.lead();
    let login = login_of(world, 4);
    let line = "/agent edit agent:mediatel:4 default-skill:77";
    previewed(armed, &lead, line, &format!("Change {login}"), "was changed").await;
    assert_eq!(world.phones.mediatel.agent(4).unwrap().number("DefaultSkill"), Some(77));
    assert_eq!(changes(world), 1, "changes of the agent");
}

async fn disables(world: &World, armed: &Armed) {
    let lead = world.sandbox.lead();
    for _ in 0..TRIES {
        let Some(reply) = armed.types(&lead, "/agent disable agent:mediatel:4").await else { continue };
        reply.changes_until(|text| text.contains("is disabled")).await;
        break;
    }
    assert_eq!(world.phones.mediatel.agent(4).unwrap().number("State"), Some(0));
    assert_eq!(changes(world), 1, "changes of the agent");
}

/// Types a command, presses the preview's button, and does it once more where the bot asks for that.
pub async fn previewed(armed: &Armed, lead: &Person, line: &str, button: &str, wanted: &str) {
    const AGAIN: &str = "restarted before I could answer";
    let mut preview = None;
    let mut last = String::new();
    for _ in 0..TRIES {
        let standing = match preview.take() {
            Some(standing) => standing,
            None => match armed.types(lead, line).await {
                Some(typed) => typed,
                None => continue,
            },
        };
        last = standing.now();
        match armed.presses(lead, &standing, button).await {
            Some(reply) => {
                let reply = reply.changes_until(|text| text.contains(wanted) || text.contains(AGAIN)).await;
                if !reply.text().contains(AGAIN) {
                    return;
                }
            }
            // Not acknowledged, the button still stands; else the command is typed again.
            None if standing.buttons().iter().any(|b| b == button) => preview = Some(standing),
            None => {}
        }
    }
    panic!("{line} was tried in vain {TRIES} times; the last preview says: {last}");
}

/// The recipient reads the password, which works, and confirms it; the requester's receipt says so.
async fn handed_over(world: &World, armed: &Armed, login: &str) {
    let (lead, keeper) = (world.sandbox.lead(), world.sandbox.keeper());
    let message = keeper.next_direct_message().await;
    let shown = async {
        for _ in 0..TRIES {
            if message.now().contains("```") || armed.presses(&keeper, &message, "Reveal").await.is_some() {
                return message.changes_until(|text| text.contains("```")).await;
            }
        }
        panic!("the password cannot be revealed: {}", message.now());
    }
    .await;
    let password = shown.text().split("```").nth(1).unwrap().trim().to_owned();
    assert!(
        world.phones.mediatel.can_log_in(login, &password),
        "{login} cannot log in with what was delivered: {:?}\n{}",
        world.phones.mediatel.mutations(),
        world.sandbox.transcript()
    );
    for _ in 0..TRIES {
        if !message.now().contains("I have it") || armed.presses(&keeper, &message, "I have it").await.is_some() {
            break;
        }
    }
    message.changes_until(|text| !text.contains("```") && !text.contains("I have it")).await;
    let receipt = lead.next_direct_message().await;
    receipt.changes_until(|text| text.contains("Confirmed")).await;
    assert_eq!(keeper.direct_messages().len(), 1, "direct messages with the password");
    assert_eq!(lead.direct_messages().len(), 1, "receipts");
}

async fn one_line_is_logged(world: &World) {
    world.sandbox.log_channel().next_message().await;
    assert_eq!(world.sandbox.log_channel().messages().len(), 1, "lines in the log channel");
}

fn login_of(world: &World, id: u64) -> String {
    world.phones.mediatel.agent(id).unwrap().text("Login").unwrap()
}

fn changes(world: &World) -> usize {
    world.phones.mediatel.mutations().iter().filter(|m| m.what == Changed::AgentChanged).count()
}

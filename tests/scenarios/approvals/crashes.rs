//! The bot is killed at every request between a request and its settled card, started again, and all ends right, once.

use std::time::Duration;

use rollcall_sandbox::Posted;
use rollcall_sandbox::mediatel::What as Changed;

use super::VIRA_DISABLED;
use super::watching::{
    approvals, audited, card_waits, has_ours, is_deleted, nothing_more_is_said, nothing_was_deleted, requester_reads,
};
use crate::crashes::previewed;
use crate::kills::{Armed, Counted, Kill, TRIES, at_each_request, disarm};
use crate::world::{Setup, World};

/// What goes on while the bot is killed.
#[derive(Clone, Copy, Debug)]
enum Job {
    Asking,
    DisablingAndAsking,
    Reaction,
    SecondReaction,
    Press,
    DenialByForm,
    DenialByReaction,
    Restore,
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_survives_a_kill_at_each_request() {
    at_each_request(Job::Asking, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn disabling_and_asking_survives_a_kill_at_each_request() {
    at_each_request(Job::DisablingAndAsking, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_survives_a_kill_at_each_request() {
    at_each_request(Job::Reaction, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_reactions_survives_a_kill_at_each_request() {
    at_each_request(Job::SecondReaction, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_survives_a_kill_at_each_request() {
    at_each_request(Job::Press, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_by_its_form_survives_a_kill_at_each_request() {
    at_each_request(Job::DenialByForm, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_by_a_reaction_survives_a_kill_at_each_request() {
    at_each_request(Job::DenialByReaction, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_survives_a_kill_at_each_request() {
    at_each_request(Job::Restore, plays).await;
}

/// One world; answers how many requests there were.
async fn plays(job: Job, kill: Option<Kill>) -> Counted {
    let enabled = VIRA_DISABLED.replace("\"State\":0", "\"State\":1");
    let vira = if matches!(job, Job::DisablingAndAsking) { enabled.as_str() } else { VIRA_DISABLED };
    let setup = if matches!(job, Job::SecondReaction) { approvals("threshold = 2") } else { Setup::default() };
    let world = World::of_agents(&[vira], setup).await;
    // After a kill some answers come too late, or to what was never acknowledged.
    for code in [10_008, 10_015, 10_062, 40_060] {
        world.sandbox.expects(code);
    }
    let counted = match job {
        Job::Asking => asks(&world, kill).await,
        Job::DisablingAndAsking => disables_and_asks(&world, kill).await,
        Job::Reaction => reacts(&world, kill).await,
        Job::SecondReaction => reacts_second(&world, kill).await,
        Job::Press => presses(&world, kill).await,
        Job::DenialByForm => denies_by_form(&world, kill).await,
        Job::DenialByReaction => denies_by_reaction(&world, kill).await,
        Job::Restore => restores(&world, kill).await,
    };
    disarm(&world);
    world.ends().await;
    counted
}

async fn asks(world: &World, kill: Option<Kill>) -> Counted {
    let armed = Armed::set(world, kill);
    let lead = world.sandbox.lead();
    let people = async {
        for _ in 0..TRIES {
            let line = "/agent delete agent:mediatel:900 reason:leaver";
            let Some(reply) = armed.types(&lead, line).await else { continue };
            reply.changes_until(|text| text.contains("The approvers are asked")).await;
            break;
        }
        one_card_waits(world).await
    };
    let card = armed.while_people(world, people).await;
    assert_eq!(audited(world, "agent.delete requested").await, 1);
    counted_and_approved(world, &armed, &card).await
}

async fn disables_and_asks(world: &World, kill: Option<Kill>) -> Counted {
    let armed = Armed::set(world, kill);
    let lead = world.sandbox.lead();
    let people = async {
        let line = "/agent delete agent:mediatel:900 reason:leaver";
        let button = "Disable vira.luhova now and ask for the delete";
        previewed(&armed, &lead, line, button, "The approvers are asked to delete").await;
        world.log_says("disabled **vira").await;
        one_card_waits(world).await
    };
    armed.while_people(world, people).await;
    let changed = world.phones.mediatel.mutations().iter().filter(|m| m.what == Changed::AgentChanged).count();
    assert_eq!(changed, 1, "changes of the agent");
    assert_eq!(world.sandbox.log_channel().messages().len(), 1, "lines in the log channel");
    armed.counted()
}

/// One card, once, with its reactions and buttons.
async fn one_card_waits(world: &World) -> Posted {
    let card = world.sandbox.approvals_channel().next_message().await;
    has_ours(world, &card).await;
    assert_eq!(card.buttons(), ["Approve: delete vira.luhova", "Deny with a reason", "I'm looking"]);
    assert_eq!(world.sandbox.approvals_channel().messages().len(), 1, "cards");
    card
}

/// A card that came through a kill works as any other does.
async fn counted_and_approved(world: &World, armed: &Armed, card: &Posted) -> Counted {
    let counted = armed.counted();
    world.sandbox.approver().reacts(card, "✅");
    is_deleted(world, card).await;
    counted
}

async fn reacts(world: &World, kill: Option<Kill>) -> Counted {
    let card = card_waits(world).await;
    let armed = Armed::set(world, kill);
    let people = async {
        world.sandbox.approver().reacts(&card, "✅");
        is_deleted(world, &card).await;
    };
    armed.while_people(world, people).await;
    settled_once(world, "agent.delete done").await;
    armed.counted()
}

async fn reacts_second(world: &World, kill: Option<Kill>) -> Counted {
    let card = card_waits(world).await;
    world.sandbox.approver().reacts(&card, "✅");
    card.changes_until(|text| text.contains("✅ 1 of 2")).await;
    let armed = Armed::set(world, kill);
    let people = async {
        world.sandbox.second_approver().reacts(&card, "✅");
        let card = is_deleted(world, &card).await;
        for person in [world.sandbox.approver(), world.sandbox.second_approver()] {
            assert!(card.text().contains(&person.mention()), "{}", card.text());
        }
    };
    armed.while_people(world, people).await;
    settled_once(world, "agent.delete done").await;
    armed.counted()
}

async fn presses(world: &World, kill: Option<Kill>) -> Counted {
    let card = card_waits(world).await;
    let armed = Armed::set(world, kill);
    let approver = world.sandbox.approver().with_patience(A_WHILE);
    let people = async {
        for _ in 0..TRIES {
            // Where nothing more comes, the card tells: its buttons are gone, or it is done once more.
            if card.buttons().is_empty() || decides(armed.presses(&approver, &card, APPROVE).await).await {
                break;
            }
        }
        is_deleted(world, &card).await;
    };
    armed.while_people(world, people).await;
    settled_once(world, "agent.delete done").await;
    armed.counted()
}

const APPROVE: &str = "Approve: delete vira.luhova";
/// For so long a person waits for an answer before they look at the card again.
const A_WHILE: Duration = Duration::from_secs(3);

/// Whether what was pressed or sent was taken: the answer tells, if it comes.
async fn decides(reply: Option<rollcall_sandbox::Reply>) -> bool {
    let Some(reply) = reply else { return false };
    reply.try_changes_until(|text| text.contains("by <@")).await.is_ok()
}

async fn denies_by_form(world: &World, kill: Option<Kill>) -> Counted {
    let card = card_waits(world).await;
    let armed = Armed::set(world, kill);
    let approver = world.sandbox.approver().with_patience(A_WHILE);
    let people = async {
        for _ in 0..TRIES {
            if card.buttons().is_empty() {
                break;
            }
            let Some(opened) = armed.presses(&approver, &card, "Deny with a reason").await else { continue };
            let Some(form) = opened.modal() else { continue };
            if decides(armed.submits(&approver, form, &[("reason", "she comes back in May")]).await).await {
                break;
            }
        }
        is_denied(world, &card).await;
        assert!(card.now().contains("she comes back in May"), "{}", card.now());
    };
    armed.while_people(world, people).await;
    settled_once(world, "request denied").await;
    armed.counted()
}

async fn denies_by_reaction(world: &World, kill: Option<Kill>) -> Counted {
    let card = card_waits(world).await;
    let armed = Armed::set(world, kill);
    let people = async {
        world.sandbox.approver().reacts(&card, "❌");
        is_denied(world, &card).await;
    };
    armed.while_people(world, people).await;
    settled_once(world, "request denied").await;
    armed.counted()
}

async fn is_denied(world: &World, card: &Posted) {
    let card = card.changes_until(|text| text.contains("Denied by")).await;
    assert_eq!(card.buttons(), Vec::<String>::new());
    requester_reads(world, "denied").await;
    world.log_says("Denied by").await;
    nothing_more_is_said(world);
    nothing_was_deleted(world);
}

async fn settled_once(world: &World, what: &str) {
    assert_eq!(audited(world, what).await, 1, "{what}");
    assert_eq!(world.sandbox.approvals_channel().messages().len(), 1, "cards");
    assert_eq!(world.sandbox.approver().direct_messages().len(), 0, "messages to the approver");
}

async fn restores(world: &World, kill: Option<Kill>) -> Counted {
    let card = card_waits(world).await;
    world.sandbox.approver().reacts(&card, "✅");
    is_deleted(world, &card).await;
    let armed = Armed::set(world, kill);
    let lead = world.sandbox.lead();
    let people = async {
        let line = "/agent restore agent:mediatel:900";
        previewed(&armed, &lead, line, "Restore vira.luhova", "exists on mediatel").await;
        let message = lead.next_direct_message().await;
        let shown = async {
            for _ in 0..TRIES {
                if message.now().contains("```") || armed.presses(&lead, &message, "Reveal").await.is_some() {
                    return message.changes_until(|text| text.contains("```")).await;
                }
            }
            panic!("the password cannot be revealed: {}", message.now());
        }
        .await;
        let password = crate::world::password_in(shown.text());
        assert!(world.phones.mediatel.can_log_in("vira.luhova", &password), "{:?}", world.phones.mediatel.mutations());
        for _ in 0..TRIES {
            if !message.now().contains("I have it") || armed.presses(&lead, &message, "I have it").await.is_some() {
                break;
            }
        }
        let receipt = lead.next_direct_message().await;
        receipt.changes_until(|text| text.contains("Confirmed")).await;
        world.log_says("restored **vira").await;
    };
    armed.while_people(world, people).await;
    let created = world.phones.mediatel.mutations().iter().filter(|m| m.what == Changed::AgentCreated).count();
    assert_eq!(created, 1, "agents created");
    assert_eq!(lead.direct_messages().len(), 3, "the outcome of the request, the password, its receipt");
    assert_eq!(world.sandbox.log_channel().messages().len(), 2, "lines in the log channel");
    assert_eq!(audited(world, "agent.restore done").await, 1);
    armed.counted()
}

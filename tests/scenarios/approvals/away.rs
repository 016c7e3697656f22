//! What happens under a card while the bot is away: it counts where it can be told when it was made, else it is asked for
//! again.

use std::sync::Arc;
use std::time::Duration;

use rollcall_sandbox::{Fault, Moment as AtDiscord, Person, Posted, Sandbox, Seen};

use super::VIRA_DISABLED;
use super::watching::{
    SOON, approvals, audited, card_waits, goes_down, has_ours, is_deleted, nothing_more_is_said, nothing_was_deleted,
    of, requester_reads, time_passes,
};
use crate::kills::bot_comes_back;
use crate::world::{Setup, World};

/// Shorter than the absences below, and long enough for a busy machine to beat within.
const STALE: &str = "stale_after = \"2s\"";
const TOO_LONG: Duration = Duration::from_millis(2_500);

/// The bot is killed, as a crash would have it.
async fn crashes(world: &World) {
    world.bot.is_killed();
    world.bot_is_gone().await;
}

/// How the bot goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goes {
    Orderly,
    ByACrash,
    /// And Discord has forgotten its session when it comes back.
    ForALongTime,
}

const EACH: [Goes; 3] = [Goes::Orderly, Goes::ByACrash, Goes::ForALongTime];

async fn goes(world: &World, how: Goes) {
    match how {
        Goes::Orderly => goes_down(world).await,
        Goes::ByACrash => crashes(world).await,
        Goes::ForALongTime => {
            goes_down(world).await;
            world.sandbox.gateway_refuses_resumes();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_made_during_a_short_absence_counts() {
    for how in EACH {
        println!("{how:?}");
        let world = of("stale_after = \"1h\"").await;
        let card = card_waits(&world).await;
        goes(&world, how).await;
        world.sandbox.approver().reacts(&card, "✅");
        bot_comes_back(&world).await;
        is_deleted(&world, &card).await;
        assert_eq!(audited(&world, "ballot cast").await, 1);
        assert_eq!(audited(&world, "ballot counted").await, 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_made_during_a_short_absence_counts_and_outweighs_an_approval() {
    for how in EACH {
        println!("{how:?}");
        let world = of("stale_after = \"1h\"").await;
        let card = card_waits(&world).await;
        goes(&world, how).await;
        world.sandbox.approver().reacts(&card, "✅");
        world.sandbox.second_approver().reacts(&card, "❌");
        bot_comes_back(&world).await;
        if how == Goes::ForALongTime {
            // Nobody can tell which came first: no is the safe answer.
            let card = card.changes_until(|text| text.contains("Denied by")).await;
            assert!(card.text().contains(&world.sandbox.second_approver().mention()), "{}", card.text());
            requester_reads(&world, "denied").await;
            world.log_says("Denied by").await;
            nothing_was_deleted(&world);
        } else {
            // Replayed in order, the first one may have decided it; never both.
            card.changes_until(|text| text.contains("Denied by") || text.contains("is gone")).await;
            world.sandbox.lead().next_direct_message().await;
            world.sandbox.log_channel().next_message().await;
        }
        nothing_more_is_said(&world);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_made_during_a_long_absence_has_to_be_made_again() {
    for how in EACH {
        println!("{how:?}");
        let world = of(STALE).await;
        let card = card_waits(&world).await;
        goes(&world, how).await;
        let approver = world.sandbox.approver();
        approver.reacts(&card, "✅");
        time_passes(TOO_LONG).await;
        bot_comes_back(&world).await;
        is_asked_again(&world, &card, std::slice::from_ref(&approver)).await;
        approver.reacts(&card, "✅");
        is_deleted(&world, &card).await;
        assert_eq!(audited(&world, "ballot counted").await, 1);
        world.ends().await;
    }
}

/// The reactions are taken away, their people told once, and the channel reads why.
async fn is_asked_again(world: &World, card: &Posted, people: &[Person]) {
    let again = world.sandbox.approvals_channel().next_message().await;
    assert!(again.text().contains("I was away for a while."), "{}", again.text());
    assert!(again.text().contains("Request 1"), "{}", again.text());
    assert_eq!(again.replies_to(), card.id());
    for person in people {
        let told = person.next_direct_message().await;
        assert!(told.text().contains("You reacted while I was away"), "{}", told.text());
    }
    let bot = world.sandbox.bot();
    let taken = |_: &Sandbox| card.reactions_of("✅") == [bot] && card.reactions_of("❌") == [bot];
    world.sandbox.until("stale reactions to be taken away", SOON, taken).await;
    assert!(card.now().contains("✅ approves, ❌ denies"), "{}", card.now());
    nothing_was_deleted(world);
    assert_eq!(audited(world, "ballot counted").await, 0);
    assert_eq!(world.sandbox.approvals_channel().messages().len(), 2, "the card, and one message that asks again");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_reactions_replayed_after_a_long_absence_count_for_nothing() {
    for how in EACH {
        println!("{how:?}");
        let world = of(STALE).await;
        let people = world.sandbox.more_approvers(40);
        let card = card_waits(&world).await;
        goes(&world, how).await;
        for person in &people {
            person.reacts(&card, "✅");
        }
        time_passes(TOO_LONG).await;
        bot_comes_back(&world).await;
        is_asked_again(&world, &card, &people).await;
        people[0].reacts(&card, "✅");
        is_deleted(&world, &card).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_before_a_long_absence_still_counts() {
    for how in EACH {
        println!("{how:?}");
        let world = of(&format!("{STALE}\nthreshold = 2")).await;
        let card = card_waits(&world).await;
        world.sandbox.approver().reacts(&card, "✅");
        card.changes_until(|text| text.contains("✅ 1 of 2")).await;
        goes(&world, how).await;
        time_passes(TOO_LONG).await;
        bot_comes_back(&world).await;
        until_looked(&world).await;
        assert!(card.now().contains("✅ 1 of 2"), "{}", card.now());
        world.sandbox.second_approver().reacts(&card, "✅");
        is_deleted(&world, &card).await;
        assert_eq!(world.sandbox.approvals_channel().messages().len(), 1, "nothing is asked again");
        world.ends().await;
    }
}

/// The bot has read what stands under the card since it came back.
async fn until_looked(world: &World) {
    let reads = |sandbox: &Sandbox| {
        let requests = sandbox.requests();
        let back = requests.iter().rposition(|it| it.path.ends_with("/gateway/bot")).unwrap_or(0);
        let read = |it: &&Seen| it.method == "GET" && it.path.contains("/reactions/") && it.status.is_some();
        requests.iter().skip(back).filter(read).count()
    };
    world.sandbox.until("a look under the card", SOON, |sandbox| reads(sandbox) >= 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_taken_back_during_an_absence_is_withdrawn() {
    for how in EACH {
        println!("{how:?}");
        let world = of("threshold = 2").await;
        let card = card_waits(&world).await;
        let (first, second) = (world.sandbox.approver(), world.sandbox.second_approver());
        first.reacts(&card, "✅");
        card.changes_until(|text| text.contains("✅ 1 of 2")).await;
        goes(&world, how).await;
        first.unreacts(&card, "✅");
        bot_comes_back(&world).await;
        let card = card.changes_until(|text| !text.contains("1 of 2")).await;
        second.reacts(&card, "✅");
        let card = card.changes_until(|text| text.contains("✅ 1 of 2")).await;
        assert!(card.text().contains(&second.mention()), "{}", card.text());
        nothing_was_deleted(&world);
        first.reacts(&card, "✅");
        is_deleted(&world, &card).await;
        assert_eq!(audited(&world, "ballot withdrawn").await, 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expiry_missed_during_an_absence_is_settled_at_the_start() {
    for how in EACH {
        println!("{how:?}");
        let world = of("expires = \"3s\"").await;
        let card = card_waits(&world).await;
        goes(&world, how).await;
        world.sandbox.approver().reacts(&card, "✅");
        time_passes(Duration::from_secs(3)).await;
        assert!(!card.now().contains("Expired"), "nobody is there to say so");
        bot_comes_back(&world).await;
        let card = card.changes_until(|text| text.contains("Expired: Delete")).await;
        assert!(card.text().contains("⌛ Nobody decided it in time."), "{}", card.text());
        assert_eq!(card.buttons(), Vec::<String>::new());
        requester_reads(&world, "expired").await;
        world.log_says("⌛ Nobody decided it in time.").await;
        nothing_more_is_said(&world);
        nothing_was_deleted(&world);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_deleted_during_an_absence_voids_the_request() {
    for how in EACH {
        println!("{how:?}");
        let world = of("stale_after = \"1h\"").await;
        let card = card_waits(&world).await;
        goes(&world, how).await;
        world.sandbox.approver().reacts(&card, "✅");
        world.sandbox.deletes_role(world.sandbox.approver_role());
        bot_comes_back(&world).await;
        let card = card.changes_until(|text| text.contains("Void: Delete")).await;
        assert!(card.text().contains("none of the approver roles exists any more"), "{}", card.text());
        requester_reads(&world, "void").await;
        world.log_says("Nobody can decide it").await;
        nothing_was_deleted(&world);
        // The reaction of somebody who is no approver any more does not count, and they may be told.
        let told = world.sandbox.approver().direct_messages();
        assert!(told.len() <= 1, "told once at most");
        nothing_more_is_said(&world);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_fails_at_the_start_is_repeated() {
    for keys in ["stale_after = \"1h\"", STALE] {
        println!("{keys}");
        let world = of(keys).await;
        world.sandbox.expects(0);
        let card = card_waits(&world).await;
        goes(&world, Goes::ForALongTime).await;
        let approver = world.sandbox.approver();
        approver.reacts(&card, "✅");
        time_passes(TOO_LONG).await;
        // Discord does not tell what stands there, for a while; it says so at once.
        let messages = format!("/channels/{}/messages/", world.sandbox.approvals_channel().id());
        world.sandbox.next_requests(1, "GET", &messages, Fault::Status(403));
        bot_comes_back(&world).await;
        if keys == STALE {
            is_asked_again(&world, &card, std::slice::from_ref(&approver)).await;
            approver.reacts(&card, "✅");
        }
        is_deleted(&world, &card).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_made_while_the_bot_looks_under_its_cards_counts() {
    let other = VIRA_DISABLED.replace("900", "901").replace("vira.luhova", "lesia.moroz");
    let world = World::of_agents(&[VIRA_DISABLED, &other], approvals(STALE)).await;
    let card = card_waits(&world).await;
    let reply = world.sandbox.lead().types("/agent delete agent:mediatel:901 reason:duplicate").await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    let second = world.sandbox.approvals_channel().next_message().await;
    has_ours(&world, &second).await;
    goes(&world, Goes::ForALongTime).await;
    time_passes(TOO_LONG).await;
    // The first card was read; while the second one is, somebody reacts to the first.
    let path = format!("/messages/{}/reactions/", second.id().expect("a card"));
    let (approver, first) = (world.sandbox.approver(), card.clone());
    let once = Arc::new(std::sync::atomic::AtomicBool::new(false));
    world.sandbox.on_request(Arc::new(move |moment, seen| {
        let strikes = moment == AtDiscord::Arrived && seen.path.contains(&path);
        let strikes = strikes && !once.swap(true, std::sync::atomic::Ordering::SeqCst);
        let (approver, first) = (approver.clone(), first.clone());
        Box::pin(async move {
            if strikes {
                approver.reacts(&first, "✅");
                // The look ends once this was decided, or after a while.
                let _ = tokio::time::timeout(
                    Duration::from_secs(5),
                    first.try_changes_until(|text| text.contains("is gone")),
                )
                .await;
            }
        })
    }));
    bot_comes_back(&world).await;
    is_deleted(&world, &card).await;
    world.sandbox.off_request();
    assert!(second.now().contains("✅ approves, ❌ denies"), "{}", second.now());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_made_after_the_bot_looked_is_not_taken_for_gone() {
    for how in EACH {
        println!("{how:?}");
        let world = of("threshold = 2").await;
        let card = card_waits(&world).await;
        goes(&world, how).await;
        // Discord has told what stands under the card; before the bot reads that, somebody reacts and is counted.
        let path = format!("/messages/{}/reactions/", card.id().expect("a card"));
        let (approver, counted) = (world.sandbox.approver(), card.clone());
        let once = Arc::new(std::sync::atomic::AtomicBool::new(false));
        world.sandbox.on_request(Arc::new(move |moment, seen| {
            let strikes = moment != AtDiscord::Arrived && seen.method == "GET" && seen.path.contains(&path);
            let strikes = strikes && !once.swap(true, std::sync::atomic::Ordering::SeqCst);
            let (approver, counted) = (approver.clone(), counted.clone());
            Box::pin(async move {
                if strikes {
                    approver.reacts(&counted, "✅");
                    counted.try_changes_until(|text| text.contains("✅ 1 of 2")).await.expect("it is counted");
                }
            })
        }));
        bot_comes_back(&world).await;
        card.changes_until(|text| text.contains("✅ 1 of 2")).await;
        until_looked(&world).await;
        world.sandbox.off_request();
        world.sandbox.second_approver().reacts(&card, "✅");
        is_deleted(&world, &card).await;
        assert_eq!(audited(&world, "ballot withdrawn").await, 0);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pending_cards_are_all_read_again() {
    let setup: Setup = approvals("stale_after = \"1h\"");
    let agents: Vec<String> = (900..912)
        .map(|id| VIRA_DISABLED.replace("900", &id.to_string()).replace("vira.luhova", &format!("vira.n{id}")))
        .collect();
    let agents: Vec<&str> = agents.iter().map(String::as_str).collect();
    let world = World::of_agents(&agents, setup.adding("[limits]\nper_person = \"1000/s\"")).await;
    let mut cards = Vec::new();
    for id in 900..912 {
        let reply = world.sandbox.lead().types(&format!("/agent delete agent:mediatel:{id} reason:leaver")).await;
        reply.changes_until(|text| text.contains("The approvers are asked")).await;
        let card = world.sandbox.approvals_channel().next_message().await;
        has_ours(&world, &card).await;
        cards.push(card);
    }
    goes(&world, Goes::ForALongTime).await;
    for card in &cards {
        world.sandbox.approver().reacts(card, "✅");
    }
    bot_comes_back(&world).await;
    for card in &cards {
        card.changes_until(|text| text.contains("is gone")).await;
        world.sandbox.lead().next_direct_message().await;
        world.sandbox.log_channel().next_message().await;
    }
    let mut gone = world.phones.mediatel.deleted_agents();
    gone.sort_unstable();
    assert_eq!(gone, (900..912).collect::<Vec<_>>());
    world.ends().await;
}

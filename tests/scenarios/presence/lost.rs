//! Answers that are lost, and a bot that dies in between: nothing is sent twice, and nobody claims to know.

use rollcall_sandbox::erix::{Fault, Moment, Presence, Times, Trouble};

use super::{erix_got, reports};
use crate::world::World;

/// The next request, at this moment, meets this trouble.
fn next(moment: Moment, trouble: Trouble) -> Fault {
    Fault { method: None, path: "", moment, times: Times::Next(1), trouble }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_told_as_lost_and_asked_again_by_a_person() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    world.phones.erix.fault(next(Moment::After, Trouble::Cut));
    let reply = reports(&world, "/agent login agent:erix-br:rafael").await;
    let text = world.heard(reply.text());
    assert!(text.starts_with("Logging in Rafael Souza on erix-br — nobody can tell"), "{text}");
    assert!(text.contains("erix-br cannot be asked. Asking again does no harm."), "{text}");
    assert_eq!(reply.buttons(), ["Ask again: log in Rafael Souza"]);
    world.log_says("Nobody can tell").await;
    assert_eq!(erix_got(&world).len(), 1, "it is not sent again by itself");
    let status = reports(&world, "/agent status agent:erix-br:rafael").await;
    assert!(status.text().contains("maybe logged in: the answer was lost"), "{}", status.text());

    let again = lead.presses(&reply, "Ask again: log in Rafael Souza").await;
    again.changes_until(|text| text.contains("is logged in at 2004")).await;
    world.log_says("logged in").await;
    assert_eq!(erix_got(&world).len(), 2);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_about_a_mistyped_login_does_not_stay_in_the_list() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    world.phones.erix.fault(next(Moment::Before, Trouble::Cut));
    let reply = reports(&world, "/agent login agent:erix-br:rafeal extension:2004 queue:suporte").await;
    world.log_says("Nobody can tell").await;
    let list = reports(&world, "/agent status connection:erix-br").await;
    let line = list.text().lines().find(|line| line.contains("rafeal")).expect("a line of it").to_owned();
    insta::assert_snapshot!(world.heard(&line), @"❓ **rafeal** (`erix-br:rafeal`): maybe logged in: the answer was lost · last requested <time:t> by @Olha Koval · nobody knows whether there is such an agent; lists name it until <time:f> only");
    let again = lead.presses(&reply, "Ask again: log in rafeal").await;
    again.changes_until(|text| text.contains("it has no agent with the login rafeal")).await;
    world.log_says("it has no agent with the login rafeal").await;
    let list = reports(&world, "/agent status connection:erix-br").await;
    assert!(!list.text().contains("rafeal"), "{}", list.text());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_cannot_be_read() {
    let world = World::begins().await;
    for trouble in [
        Trouble::Malformed,
        Trouble::Status { status: 500, body: None, retry_after: None },
        Trouble::Status { status: 200, body: Some("<html>proxy</html>".to_owned()), retry_after: None },
    ] {
        world.phones.erix.fault(next(Moment::Before, trouble.clone()));
        let reply = reports(&world, "/agent pause agent:erix-br:rafael").await;
        let text = world.heard(reply.text());
        assert!(text.contains("nobody can tell"), "{trouble:?}: {text}");
        world.log_says("Nobody can tell").await;
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_dies_before_it_has_the_answer() {
    for moment in [Moment::Before, Moment::After] {
        let world = World::begins().await;
        let lead = world.sandbox.lead();
        let (bot, killed) = (world.bot.clone(), std::sync::Arc::new(tokio::sync::Notify::new()));
        let told = killed.clone();
        world.phones.erix.on_request(std::sync::Arc::new(move |now, _| {
            let (bot, told, strikes) = (bot.clone(), told.clone(), now == moment);
            Box::pin(async move {
                if strikes {
                    bot.is_killed();
                    told.notify_one();
                    std::future::pending::<()>().await;
                }
            })
        }));
        let asked = lead.types_and_goes("/agent login agent:erix-br:rafael").expect("it is typed");
        killed.notified().await;
        world.bot_is_gone().await;
        world.phones.erix.on_request(std::sync::Arc::new(|_, _| Box::pin(async {})));
        world.bot_starts().await;
        let reply = lead.try_sees(asked).await.expect("an answer");
        let reply = reply.changes_until(|text| text.contains("nobody can tell")).await;
        assert!(reply.text().contains("stopped before it had the answer"), "{}", reply.text());
        world.log_says("Nobody can tell").await;
        assert_eq!(erix_got(&world).len(), 1, "it is not sent again by itself");
        let there = matches!(world.phones.erix.presence("rafael"), Some(Presence::Available { .. }));
        assert_eq!(there, moment == Moment::After);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_once_done_once() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent login agent:erix-br:maria").await;
    reply.changes_until(|text| text.contains("is logged in")).await;
    world.log_says("logged in").await;
    lead.typed_again(&reply);
    let pressed = lead.presses_twice(&reply, "Log in Maria Silva on all of them").await;
    let told: Vec<String> = pressed.iter().map(|reply| reply.now()).collect();
    world.log_says("asked to log in **Maria Silva**").await;
    assert_eq!(erix_got(&world).len(), 1, "{told:?}");
    assert_eq!(world.phones.voicenter.mutations().len(), 1);
    world.ends().await;
}

//! Discord has its bad moments: the gateway drops, asks, forgets and repeats; requests fail; tokens end.

use std::time::{Duration, Instant};

use rollcall_sandbox::mediatel::{Fault as PhoneFault, Moment, Times, Trouble};
use rollcall_sandbox::{Fault, Options, Permission, Sandbox};

use crate::world::{Setup, World};

const SOON: Duration = Duration::from_secs(25);
const DISABLE: &str = "/agent disable agent:mediatel:4";

/// A switch of the sandbox.
type Turned = fn(&Sandbox);

fn sessions(sandbox: &Sandbox) -> usize {
    sandbox.identified().len() + sandbox.resumed().len()
}

/// A lead disables an agent, and everything about it comes.
async fn work_goes_on(world: &World) {
    let reply = world.sandbox.lead().types(DISABLE).await;
    reply.changes_until(|text| text.contains("is disabled")).await;
    world.sandbox.log_channel().next_message().await;
    assert_eq!(world.phones.mediatel.mutations().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_resumed_after_a_drop_and_after_being_asked_to() {
    let troubles: [(&str, Turned); 3] = [
        ("drop", Sandbox::gateway_drops),
        ("op 7", Sandbox::gateway_asks_to_reconnect),
        ("op 9, resumable", Sandbox::gateway_invalidates_resumably),
    ];
    for (name, trouble) in troubles {
        println!("{name}");
        let world = World::begins().await;
        trouble(&world.sandbox);
        world.sandbox.until("a resume", SOON, |s| s.resumed().iter().any(|r| r.accepted)).await;
        assert!(world.sandbox.resumed().iter().all(|r| r.by_resume_url), "{name}");
        assert_eq!(world.sandbox.identified().len(), 1, "{name}");
        work_goes_on(&world).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_session_is_begun_anew() {
    let world = World::begins().await;
    world.sandbox.gateway_invalidates();
    world.sandbox.until("a new session", SOON, |s| s.identified().len() == 2 && s.bot_is_connected()).await;
    work_goes_on(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_gateway_is_left_and_the_session_resumed() {
    let setup = Setup::default();
    let discord = Options { heartbeat: Duration::from_millis(400), ..setup.discord.clone() };
    let world = World::with(Setup { discord, ..setup }).await;
    world.sandbox.gateway_falls_silent();
    world.sandbox.until("the zombie to be left", SOON, |s| sessions(s) > 1).await;
    world.sandbox.gateway_speaks_again();
    let before = world.sandbox.heartbeats();
    world.sandbox.until("a healthy session", SOON, |s| s.bot_is_connected() && s.heartbeats() > before + 3).await;
    work_goes_on(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_resumes_without_an_identify() {
    let world = World::begins().await;
    assert_eq!(world.bot_stops().await.code(), Some(0));
    world.bot_is_started();
    world.sandbox.until("a resume", SOON, |s| s.resumed().iter().any(|r| r.accepted)).await;
    assert_eq!(world.sandbox.identified().len(), 1);
    work_goes_on(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_goes_on_while_the_gateway_drops() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let slow = Trouble::Slow(Duration::from_secs(1));
    let preview = lead.types("/agent clone source:mediatel:4 login:zoriana.hnatiuk").await;
    world.phones.mediatel.fault(PhoneFault {
        method: Some("POST"),
        path: "/v1/agents",
        moment: Moment::Before,
        times: Times::Next(1),
        trouble: slow,
    });
    let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
    world.sandbox.gateway_drops();
    reply.changes_until(|text| text.contains("exists on mediatel")).await;
    world.sandbox.until("a resume", SOON, |s| s.resumed().iter().any(|r| r.accepted)).await;
    lead.next_direct_message().await;
    lead.next_direct_message().await;
    world.sandbox.log_channel().next_message().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worthless_token_or_a_forbidden_intent_ends_the_bot_at_once() {
    let world = World::begins().await;
    world.sandbox.expects(0);
    world.sandbox.token_is_reset();
    world.sandbox.gateway_closes(4004);
    let begun = Instant::now();
    assert_eq!(world.bot_is_gone().await.code(), Some(1), "{}", world.log());
    assert!(begun.elapsed() < Duration::from_secs(10));

    let world = World::begins().await;
    world.sandbox.gateway_closes(4014);
    assert_eq!(world.bot_is_gone().await.code(), Some(1), "{}", world.log());
    assert_eq!(world.sandbox.identified().len(), 1, "no retry");
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_in_the_middle_of_a_clone_finishes_it() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let preview = lead.types("/agent clone source:mediatel:4 login:zoriana.hnatiuk").await;
    world.phones.mediatel.fault(PhoneFault {
        method: Some("POST"),
        path: "/v1/agents",
        moment: Moment::Before,
        times: Times::Next(1),
        trouble: Trouble::Slow(Duration::from_secs(2)),
    });
    let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
    let begun = Instant::now();
    assert_eq!(world.bot_stops().await.code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    assert!(world.phones.mediatel.agent_by_login("zoriana.hnatiuk").is_some());
    world.bot_is_started();
    reply.changes_until(|text| text.contains("Its password went to")).await;
    lead.next_direct_message().await;
    lead.next_direct_message().await;
    world.sandbox.log_channel().next_message().await;
    world.sandbox.until("the session to go on", SOON, Sandbox::bot_is_connected).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_fail_are_sent_again_and_nothing_comes_twice() {
    let short = Duration::from_millis(1_500);
    let faults = [
        Fault::Status(500),
        Fault::Cut,
        Fault::LostAnswer,
        Fault::RateLimited(short),
        Fault::GloballyRateLimited(short),
    ];
    for fault in faults {
        println!("{fault:?}");
        let world = World::begins().await;
        for code in [0, 10_008, 10_015, 40_060] {
            world.sandbox.expects(code);
        }
        let lead = world.sandbox.lead();
        let preview = lead.types("/agent clone source:mediatel:4 login:zoriana.hnatiuk").await;
        world.sandbox.next_requests(1, "POST", "/users/@me/channels", fault.clone());
        world.sandbox.next_requests(2, "POST", "/channels/", fault.clone());
        world.sandbox.next_requests(1, "PATCH", "/webhooks/", fault.clone());
        let reply = lead.presses(&preview, "Create zoriana.hnatiuk").await;
        reply.changes_until(|text| text.contains("Its password went to")).await;
        lead.next_direct_message().await;
        lead.next_direct_message().await;
        world.sandbox.log_channel().next_message().await;
        assert_eq!(lead.direct_messages().len(), 2, "the password and its receipt");
        assert_eq!(world.sandbox.log_channel().messages().len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledgement_that_comes_too_late_executes_nothing() {
    let setup = Setup::default();
    let discord = Options { acknowledge_within: Duration::from_millis(800), ..setup.discord.clone() };
    let world = World::with(Setup { discord, ..setup }).await;
    world.sandbox.expects(10_062);
    world.sandbox.next_requests(1, "POST", "/interactions/", Fault::Slow(Duration::from_secs(2)));
    assert!(world.sandbox.lead().try_types(DISABLE).await.is_err());
    let answered = |s: &Sandbox| s.requests().iter().any(|r| r.code == Some(10_062));
    world.sandbox.until("the refusal", SOON, answered).await;
    assert_eq!(world.phones.mediatel.mutations(), Vec::new());
    work_goes_on(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_whose_token_is_over_comes_by_direct_message() {
    let world = World::begins().await;
    for code in [10_015, 50_027] {
        world.sandbox.expects(code);
    }
    let lead = world.sandbox.lead();
    let preview = lead.types("/agent edit agent:mediatel:4 default-skill:77").await;
    world.phones.mediatel.fault(PhoneFault {
        method: Some("PUT"),
        path: "/v1/agents",
        moment: Moment::Before,
        times: Times::Next(1),
        trouble: Trouble::Slow(Duration::from_secs(2)),
    });
    let login = world.phones.mediatel.agent(4).unwrap().text("Login").unwrap();
    let reply = lead.presses(&preview, &format!("Change {login}")).await;
    reply.token_expires();
    let message = lead.next_direct_message().await;
    assert!(message.text().contains("was changed"), "{}", message.text());
    world.sandbox.log_channel().next_message().await;
    assert_eq!(lead.direct_messages().len(), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forbidden_log_channel_stops_nothing() {
    let world = World::begins().await;
    world.sandbox.expects(50_013);
    world.sandbox.denies(&world.sandbox.log_channel(), Permission::SendMessages);
    let reply = world.sandbox.lead().types(DISABLE).await;
    reply.changes_until(|text| text.contains("is disabled")).await;
    world.sandbox.allows(&world.sandbox.log_channel(), Permission::SendMessages);
    world.sandbox.log_channel().next_message().await;
    world.ends().await;
}

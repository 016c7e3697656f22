//! Answers of the phone system that never arrive: what came of the act is looked up, and it is done once.

use std::sync::Arc;
use std::time::Duration;

use rollcall_sandbox::mediatel::{Fault, Moment, Options, Passwords, Times, Trouble, What};
use rollcall_sandbox::{PhoneOptions, Posted};

use crate::world::{Setup, World};

const LOGIN: &str = "zoriana.hnatiuk";

fn once(method: &'static str, moment: Moment, trouble: Trouble) -> Fault {
    Fault { method: Some(method), path: "/v1/agents", moment, times: Times::Next(1), trouble }
}

fn status(status: u16) -> Trouble {
    Trouble::Status { status, body: None, retry_after: None }
}

async fn impatient() -> World {
    World::with(Setup::default().setting("auth = \"none\"", "auth = \"none\"\ntimeout = \"1s\"")).await
}

/// A clone is asked for; answers the reply, which is watched further.
async fn clone_is_asked_for(world: &World) -> Posted {
    let lead = world.sandbox.lead();
    let preview = lead.types(&format!("/agent clone source:mediatel:4 login:{LOGIN}")).await;
    let reply = lead.presses(&preview, &format!("Create {LOGIN}")).await;
    (*reply).clone()
}

/// The end of every clone: one agent, one working password, one receipt, one line.
async fn clone_ends_well(world: World, reply: &Posted) {
    reply.changes_until(|text| text.contains("exists on mediatel")).await;
    password_works(&world, LOGIN).await;
    assert_eq!(created(&world), 1, "agents created");
    line_says(&world, "created **zoriana.hnatiuk**").await;
    world.ends().await;
}

async fn password_works(world: &World, login: &str) {
    let lead = world.sandbox.lead();
    let message = lead.next_direct_message().await;
    lead.presses(&message, "Reveal").await;
    let shown = message.changes_until(|text| text.contains("```")).await;
    let password = shown.text().split("```").nth(1).unwrap().trim().to_owned();
    assert!(world.phones.mediatel.can_log_in(login, &password), "the delivered password does not work");
    lead.presses(&message, "I have it").await;
    lead.next_direct_message().await.changes_until(|text| text.contains("Confirmed")).await;
}

async fn line_says(world: &World, wanted: &str) {
    let line = world.sandbox.log_channel().next_message().await;
    assert!(line.text().contains(wanted), "{}", line.text());
}

fn created(world: &World) -> usize {
    world.phones.mediatel.mutations().iter().filter(|m| m.what == What::AgentCreated).count()
}

fn changed(world: &World) -> usize {
    world.phones.mediatel.mutations().iter().filter(|m| m.what == What::AgentChanged).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_answer_is_spoilt_in_any_way_is_looked_up() {
    let slow = Trouble::Slow(Duration::from_secs(3));
    for trouble in [Trouble::Cut, status(500), status(502), Trouble::Malformed, Trouble::Truncated, slow] {
        println!("{trouble:?}");
        let world = impatient().await;
        world.phones.mediatel.fault(once("POST", Moment::After, trouble));
        let reply = clone_is_asked_for(&world).await;
        clone_ends_well(world, &reply).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_appears_late_is_waited_for() {
    let world = impatient().await;
    world.phones.mediatel.fault(once("POST", Moment::After, Trouble::AppearLate(4)));
    let reply = clone_is_asked_for(&world).await;
    clone_ends_well(world, &reply).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_never_arrived_is_sent_again_once_it_cannot_be_on_its_way() {
    let world = impatient().await;
    world.phones.mediatel.fault(once("POST", Moment::Before, Trouble::Cut));
    let reply = clone_is_asked_for(&world).await;
    reply.changes_until(|text| text.contains("no answer yet")).await;
    assert_eq!(created(&world), 0);
    clone_ends_well(world, &reply).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_masked_server_without_an_answer_leaves_doubt_and_adopts_nothing() {
    let mediatel = Options { passwords: Passwords::Masked, ..Options::default() };
    let setup = Setup { phones: PhoneOptions { mediatel, ..PhoneOptions::default() }, ..Setup::default() };
    let world = World::with(setup).await;
    world.phones.mediatel.fault(once("POST", Moment::After, Trouble::Cut));
    let reply = clone_is_asked_for(&world).await;
    let reply = reply.changes_until(|text| text.contains("in doubt")).await;
    assert!(reply.text().contains("/agent reset-password"), "{}", reply.text());
    assert_eq!(created(&world), 1);
    line_says(&world, "in doubt").await;

    // The advice works: the person looks, and gives it a password.
    let id = world.phones.mediatel.agent_by_login(LOGIN).unwrap().number("ID").unwrap();
    let lead = world.sandbox.lead();
    let preview = lead.types(&format!("/agent reset-password agent:mediatel:{id}")).await;
    let done = lead.presses(&preview, &format!("Reset the password of {LOGIN}")).await;
    done.changes_until(|text| text.contains("has a fresh password")).await;
    password_works(&world, LOGIN).await;
    line_says(&world, "reset the password").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_cannot_be_read_back_is_known_by_the_id_that_was_answered() {
    let mediatel = Options { passwords: Passwords::Masked, ..Options::default() };
    let setup = Setup { phones: PhoneOptions { mediatel, ..PhoneOptions::default() }, ..Setup::default() };
    let world = World::with(setup).await;
    let twin = Arc::clone(&world.phones.mediatel);
    world.phones.mediatel.on_request(Arc::new(move |moment, seen| {
        if seen.method == "POST" && moment == Moment::After {
            let times = Times::Always;
            twin.fault(Fault { times, ..once("GET", Moment::Before, status(503)) });
        }
        Box::pin(std::future::ready(()))
    }));
    let reply = clone_is_asked_for(&world).await;
    reply.changes_until(|text| text.contains("no answer yet")).await;
    world.phones.mediatel.mend();
    clone_ends_well(world, &reply).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_taken_by_somebody_else_meanwhile_is_left_alone() {
    let world = impatient().await;
    world.phones.mediatel.fault(once("POST", Moment::Before, Trouble::Cut));
    let reply = clone_is_asked_for(&world).await;
    reply.changes_until(|text| text.contains("no answer yet")).await;
    let mut theirs = world.phones.mediatel.agent(5).unwrap();
    theirs.set("ID", &900);
    theirs.set("Login", &LOGIN);
    world.phones.mediatel.put_agent(&serde_json::to_string(&theirs).unwrap()).unwrap();
    let reply = reply.changes_until(|text| text.contains("not done")).await;
    assert!(reply.text().contains("taken by somebody else"), "{}", reply.text());
    line_says(&world, "not done").await;
    assert_eq!((created(&world), changed(&world)), (0, 0));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_without_an_answer_are_done_once() {
    for moment in [Moment::Before, Moment::After] {
        println!("{moment:?}");
        let world = impatient().await;
        let lead = world.sandbox.lead();
        world.phones.mediatel.fault(once("PUT", moment, Trouble::Cut));
        let reply = lead.types("/agent disable agent:mediatel:4").await;
        reply.changes_until(|text| text.contains("is disabled")).await;
        line_says(&world, "disabled").await;
        assert_eq!(changed(&world), 1);

        let login = world.phones.mediatel.agent(5).unwrap().text("Login").unwrap();
        world.phones.mediatel.fault(once("PUT", moment, Trouble::Cut));
        let preview = lead.types("/agent edit agent:mediatel:5 default-skill:77").await;
        let reply = lead.presses(&preview, &format!("Change {login}")).await;
        reply.changes_until(|text| text.contains("was changed")).await;
        line_says(&world, "changed").await;
        assert_eq!(changed(&world), 2);

        world.phones.mediatel.fault(once("PUT", moment, Trouble::Cut));
        let preview = lead.types("/agent reset-password agent:mediatel:5").await;
        let reply = lead.presses(&preview, &format!("Reset the password of {login}")).await;
        reply.changes_until(|text| text.contains("has a fresh password")).await;
        password_works(&world, &login).await;
        line_says(&world, "reset the password").await;
        assert_eq!(changed(&world), 3);
        world.ends().await;
    }
}

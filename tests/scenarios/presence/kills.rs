//! The bot is killed at every request it makes for a change of presence, started again, and what is told is so.
//!
//! A phone system that tells nothing of its agents is asked once, whatever happens: who cannot know says so.

use std::time::Duration;

use rollcall_sandbox::{Person, Posted};

use crate::kills::{Armed, Asked, Counted, Done, Kill, TRIES, at_each_request, disarm};
use crate::world::World;

/// What goes on while the bot is killed.
#[derive(Clone, Copy, Debug)]
enum Job {
    OnErix,
    OnVoicenter,
    OnAll,
}

/// What somebody is told of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Done,
    NotDone,
    NobodyCanTell,
}

/// One agent of a job: what was told of it, how often it was asked for, and how often that was done.
struct Part {
    agent: &'static str,
    told: Told,
    asked: usize,
    done: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_on_erix_survives_a_kill_at_each_request() {
    at_each_request(Job::OnErix, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_on_voicenter_survives_a_kill_at_each_request() {
    at_each_request(Job::OnVoicenter, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_on_all_of_them_survives_a_kill_at_each_request() {
    at_each_request(Job::OnAll, plays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_be_answered_any_more_is_told_by_a_direct_message() {
    let world = World::begins().await;
    world.sandbox.expects(10_015);
    world.sandbox.expects(50_027);
    let lead = world.sandbox.lead();
    let armed = Armed::set(&world, Some(Kill { asked: Asked::Erix, number: 1, done: Done::Yes }));
    let told = async {
        let asked = lead.types_and_goes("/agent login agent:erix-br:rafael").expect("it is typed");
        world.sandbox.until("the kill", Duration::from_secs(30), |_| world.phones.erix.mutations().len() == 1).await;
        world.sandbox.tokens_expire();
        let message = lead.next_direct_message().await;
        assert_eq!(told_of(message.text()), Told::NobodyCanTell, "{}", message.text());
        world.log_says("Nobody can tell").await;
        let answered = lead.with_patience(Duration::from_millis(50)).try_sees(asked).await;
        assert!(answered.is_err(), "nothing can be said there any more");
        let thinks = world.sandbox.everything_shown().into_iter().find(|(_, text)| text.contains("is thinking"));
        let (thinks, _) = thinks.expect("the reply stands as it was");
        assert!(world.sandbox.message(thinks).is_some());
    };
    armed.while_people(&world, told).await;
    disarm(&world);
    assert_eq!(world.phones.erix.seen().len(), 1, "it is not sent again by itself");
    assert_eq!(lead.direct_messages().len(), 1);
    world.ends().await;
}

/// One world; answers how many requests there were.
async fn plays(job: Job, kill: Option<Kill>) -> Counted {
    let world = World::begins().await;
    // After a kill some answers come too late, or to what was never acknowledged.
    for code in [10_008, 10_015, 10_062, 40_060] {
        world.sandbox.expects(code);
    }
    let counted = match job {
        Job::OnErix => logs_in(&world, kill, "erix-br:rafael").await,
        Job::OnVoicenter => logs_in(&world, kill, "voicenter:204518733").await,
        Job::OnAll => logs_in_everywhere(&world, kill).await,
    };
    disarm(&world);
    world.ends().await;
    counted
}

/// One login, from its line to its report and its line in the log channel.
async fn logs_in(world: &World, kill: Option<Kill>, agent: &'static str) -> Counted {
    let armed = Armed::set(world, kill);
    let lead = world.sandbox.lead();
    let people = async {
        let reply = typed(&armed, &lead, &format!("/agent login agent:{agent}")).await;
        world.sandbox.log_channel().next_message().await;
        reply.now()
    };
    let text = armed.while_people(world, people).await;
    let counted = armed.counted();
    let (erix, voicenter) = (&world.phones.erix, &world.phones.voicenter);
    let (done, asked) = if agent.starts_with("erix") {
        (erix.mutations().len(), erix.seen().len())
    } else {
        (voicenter.mutations().len(), voicenter.seen().len())
    };
    is_so(world, &[Part { agent, told: told_of(&text), done, asked }]).await;
    told_once(world, 1);
    counted
}

/// A person on two systems, on neither of which she is in: both are asked at once.
async fn logs_in_everywhere(world: &World, kill: Option<Kill>) -> Counted {
    const BUTTON: &str = "Log in Maria Silva on all of them";
    let lead = world.sandbox.lead();
    world.phones.erix.refuses_next("The extension is already logged in");
    let refused = lead.types("/agent login agent:erix-br:maria").await;
    let refused = refused.changes_until(|text| text.contains("not done")).await;
    world.log_says("Nothing was changed").await;
    let armed = Armed::set(world, kill);
    let people = async {
        let mut reply = None;
        for _ in 0..TRIES {
            let Some(pressed) = armed.presses(&lead, &refused, BUTTON).await else { continue };
            reply = Some(pressed.changes_until(|text| text.contains("of 2") || text.contains(AGAIN)).await);
            break;
        }
        let mut reply = reply.unwrap_or_else(|| panic!("the button was pressed in vain: {}", refused.now()));
        if reply.text().contains(AGAIN) {
            // The button is gone with what it stood on: she is logged in by hand, on one of them.
            reply = typed(&armed, &lead, "/agent login agent:voicenter:318840127").await;
        }
        world.sandbox.log_channel().next_message().await;
        reply.now()
    };
    let text = armed.while_people(world, people).await;
    let counted = armed.counted();
    let (erix, voicenter) = (&world.phones.erix, &world.phones.voicenter);
    // The first one, which was refused, does not count.
    let at_erix = (erix.mutations().len(), erix.seen().len() - 1);
    let at_voicenter = (voicenter.mutations().len(), voicenter.seen().len());
    if text.contains("of 2") {
        let line = |on: &str| {
            let line = text.lines().find(|line| line.contains("**Maria Silva**") && line.contains(on));
            line.unwrap_or_else(|| panic!("no line of {on} in:\n{text}"))
        };
        let part = |agent, on, (done, asked)| Part { agent, told: told_of(line(on)), done, asked };
        let parts =
            [part("erix-br:maria", "on erix-br", at_erix), part("voicenter:318840127", "on voicenter", at_voicenter)];
        is_so(world, &parts).await;
    } else {
        assert_eq!(at_erix, (0, 0), "nothing was asked before the restart");
        let (done, asked) = at_voicenter;
        is_so(world, &[Part { agent: "voicenter:318840127", told: told_of(&text), done, asked }]).await;
    }
    told_once(world, 2);
    counted
}

const AGAIN: &str = "restarted before I could answer";

/// Types a command until it is taken, and waits for its report.
async fn typed(armed: &Armed, lead: &Person, line: &str) -> Posted {
    for _ in 0..TRIES {
        let Some(reply) = armed.types(lead, line).await else { continue };
        let reply = reply.changes_until(|text| !text.contains("On it")).await;
        if !reply.text().contains(AGAIN) {
            return reply;
        }
    }
    panic!("{line} was typed in vain {TRIES} times");
}

/// What a report, or one line of it, says of an agent.
fn told_of(text: &str) -> Told {
    match text {
        _ if text.contains("obody can tell") => Told::NobodyCanTell,
        _ if text.contains("Nothing was changed") => Told::NotDone,
        _ if text.contains("is logged in") => Told::Done,
        _ => panic!("what does this say?\n{text}"),
    }
}

/// What was told is what happened, each was asked once at most, and the status says the same.
async fn is_so(world: &World, parts: &[Part]) {
    for Part { agent, told, done, asked } in parts {
        assert!(*asked <= 1, "{agent} was asked {asked} times");
        match told {
            Told::Done => assert_eq!(*done, 1, "{agent} is told to be logged in"),
            Told::NotDone => assert_eq!(*done, 0, "{agent} is told not to be logged in"),
            Told::NobodyCanTell => assert!(*done <= 1, "{agent} was logged in {done} times"),
        }
        let status = world.sandbox.lead().types(&format!("/agent status agent:{agent}")).await;
        let text = status.changes_until(|text| !text.contains("On it")).await.now();
        let line = text.lines().find(|line| line.contains(agent)).unwrap_or_else(|| panic!("no {agent} in:\n{text}"));
        let said = match told {
            Told::Done => "logged in since",
            Told::NotDone => "never asked about",
            Told::NobodyCanTell => "maybe logged in: the answer was lost",
        };
        assert!(line.contains(said), "{agent} is told as {told:?}, and its status says: {line}");
    }
}

/// So many lines in the log channel, and no direct message beside the reply that told it.
fn told_once(world: &World, lines: usize) {
    let logged: Vec<String> = world.sandbox.log_channel().messages().iter().map(|line| line.now()).collect();
    assert_eq!(logged.len(), lines, "{logged:?}");
    assert_eq!(world.sandbox.lead().direct_messages().len(), 0, "it was told in the reply");
}

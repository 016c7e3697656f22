//! Lists of extensions over starts and outages: what is offered to somebody who types.

use rollcall_sandbox::mediatel::{Fault, Moment, Times, Trouble};
use rollcall_sandbox::{Choice, Person};

use super::asked;
use crate::kills::bot_comes_back;
use crate::world::{Setup, World};

fn values(choices: Vec<Choice>) -> Vec<String> {
    choices.into_iter().map(|it| it.value).collect()
}

/// What is offered before anything was typed, of everything that comes from the extensions there are.
async fn offered(lead: &Person) -> [Vec<String>; 5] {
    [
        values(lead.completes("/extension show extension:").await),
        values(lead.completes("/extension create name:x type:").await),
        values(lead.completes("/extension create name:x type:2 protocol:").await),
        values(lead.completes("/extension create name:x type:2 codecs:").await),
        values(lead.completes("/extension edit extension:mediatel:13 dtmf:").await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_keystroke_after_a_start_is_offered_what_there_is() {
    let world = World::begins().await;
    world.lists_are_read().await;
    let (asked_for_agents, lead) = (world.asked("GET"), world.sandbox.lead());
    let [extensions, types, protocols, codecs, dtmf] = offered(&lead).await;
    assert_eq!(extensions, ["mediatel:9", "mediatel:13", "mediatel:14", "mediatel:17", "mediatel:18", "mediatel:21"]);
    assert_eq!(types, ["5", "0", "2", "3", "6"]);
    assert_eq!(protocols, ["SIP"]);
    assert_eq!(codecs, ["g726_40", "g7231_5", "g7231_6"]);
    assert_eq!(dtmf, ["inband", "rfc2833"]);
    assert!(!lead.completes("/agent show agent:ko").await.is_empty());
    assert_eq!(world.asked("GET"), asked_for_agents, "memory answers");
    assert_eq!(asked(&world, "GET"), 1, "read once, at the start");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_on_a_fresh_list_asks_nobody() {
    let world = World::begins().await;
    world.lists_are_read().await;
    let (lead, before) = (world.sandbox.lead(), world.phones.mediatel.seen().len());
    assert_eq!(world.bot_stops().await.code(), Some(0));
    bot_comes_back(&world).await;
    assert_eq!(values(lead.completes("/extension show extension:").await).len(), 6);
    assert!(!lead.completes("/agent show agent:ko").await.is_empty());
    assert_eq!(world.phones.mediatel.seen().len(), before);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_during_an_outage_offers_what_was_kept() {
    let setup = Setup::default().adding("[directory]\nrefresh = \"1s\"");
    let world = World::with(setup).await;
    world.lists_are_read().await;
    let lead = world.sandbox.lead();
    let before = offered(&lead).await;
    assert!(before.iter().all(|choices| !choices.is_empty()), "{before:?}");
    assert_eq!(world.bot_stops().await.code(), Some(0));
    let trouble = Trouble::Status { status: 503, body: None, retry_after: None };
    world.phones.mediatel.fault(Fault {
        method: None,
        path: "/v1",
        moment: Moment::Before,
        times: Times::Always,
        trouble,
    });
    let asked_before = asked(&world, "GET");
    bot_comes_back(&world).await;
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    while asked(&world, "GET") == asked_before {
        assert_eq!(offered(&lead).await, before);
        assert!(tokio::time::Instant::now() < deadline, "an old list is never asked for again");
    }
    assert_eq!(offered(&lead).await, before, "asked for in vain, it is offered still");
    world.phones.mediatel.mend();
    world.ends().await;
}

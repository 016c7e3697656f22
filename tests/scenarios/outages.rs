//! The phone system is out of order: reading goes on from memory, writing is refused with what to do.

use std::time::Duration;

use rollcall_sandbox::Person;
use rollcall_sandbox::mediatel::{Fault, Moment, Times, Trouble};

use crate::world::{Setup, World};

fn always(trouble: Trouble) -> Fault {
    Fault { method: None, path: "/v1/agents", moment: Moment::Before, times: Times::Always, trouble }
}

fn status(status: u16, retry_after: Option<&str>) -> Trouble {
    Trouble::Status { status, body: None, retry_after: retry_after.map(ToOwned::to_owned) }
}

/// A bot that wants a fresh list for every search and waits a second for it.
async fn impatient() -> World {
    let setup = Setup::default().setting("auth = \"none\"", "auth = \"none\"\ntimeout = \"1s\"");
    World::with(setup.adding("[directory]\nrefresh = \"1s\"\n[limits]\nper_person = \"1000/s\"")).await
}

async fn list_is_read(world: &World) {
    let found = world.sandbox.lead().types("/agent search query:ko").await;
    assert!(!found.options().is_empty(), "{}", found.text());
}

async fn list_is_old(lead: &Person) {
    let text = "/agent search query:ko";
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    loop {
        let found = lead.types(text).await;
        assert!(!found.options().is_empty(), "a search during an outage answers from memory: {}", found.text());
        if found.text().contains("The list of mediatel was read") {
            return;
        }
        assert!(std::time::Instant::now() < deadline, "the list's age is never told: {}", found.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_goes_on_from_memory_and_writing_says_what_to_do() {
    let redirect = Trouble::Redirect("http://169.254.169.254/latest/".to_owned());
    let troubles = [
        status(500, None),
        status(429, Some("1")),
        Trouble::Malformed,
        Trouble::Cut,
        Trouble::Slow(Duration::from_secs(3)),
        Trouble::Huge(200 * 1024 * 1024),
        redirect,
    ];
    for trouble in troubles {
        println!("{trouble:?}");
        let world = impatient().await;
        let lead = world.sandbox.lead();
        list_is_read(&world).await;
        world.phones.mediatel.fault(always(trouble));
        list_is_old(&lead).await;
        assert!(!lead.completes("/agent show agent:ko").await.is_empty());
        let refused = lead.types("/agent disable agent:mediatel:4").await;
        assert!(refused.text().contains("mediatel"), "{}", refused.text());
        assert!(refused.text().contains("Nothing was changed."), "{}", refused.text());
        assert_eq!(world.phones.mediatel.mutations(), Vec::new());
        world.phones.mediatel.mend();
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_during_an_outage_answers_from_the_kept_list() {
    let world = impatient().await;
    list_is_read(&world).await;
    assert_eq!(world.bot_stops().await.code(), Some(0));
    world.phones.mediatel.fault(always(status(503, None)));
    let resumed = world.sandbox.resumed().len();
    world.bot_is_started();
    world.sandbox.until("a resume", Duration::from_secs(20), |s| s.resumed().len() > resumed).await;
    let lead = world.sandbox.lead();
    assert!(!lead.completes("/agent show agent:ko").await.is_empty());
    list_is_old(&lead).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_suddenly_empty_is_not_believed() {
    let world = impatient().await;
    list_is_read(&world).await;
    let body = r#"{"error":{"code":200},"result":[]}"#.to_owned();
    world.phones.mediatel.fault(Fault {
        method: Some("GET"),
        ..always(Trouble::Status { status: 200, body: Some(body), retry_after: None })
    });
    list_is_old(&world.sandbox.lead()).await;
    world.ends().await;
}

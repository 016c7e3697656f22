//! Looking at requests, and taking them back.

use rollcall_sandbox::Person;
use rollcall_sandbox::mediatel::{Fault, Moment, Times, Trouble};

use super::steps::{aloud, approvals, approved, next_card, told};
use crate::world::{Setup, World};

/// A disabled agent.
fn agent(id: u64) -> String {
    format!(
        r#"{{"Password":"c4ca4238a0b92382","ID":{id},"RightID":0,"SupervisorID":2,"State":0,"Login":"agent.{id}","Details":"agent.{id}@example.com"}}"#
    )
}

/// A world with so many disabled agents from 900 on, in which approvers also read everybody's requests.
async fn world_of(agents: u64, setup: Setup) -> World {
    let setup = setup.rewriting(|settings| {
        let approver = settings.split("approvers = [\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        format!("{settings}\n[[role]]\nid = \"{approver}\"\nmay = [\"approvals.read\"]\n")
    });
    let agents: Vec<String> = (900..900 + agents).map(agent).collect();
    let agents: Vec<&str> = agents.iter().map(String::as_str).collect();
    World::of_agents(&agents, setup).await
}

async fn asks(world: &World, person: &Person, id: u64) -> rollcall_sandbox::Posted {
    let reply = person.types(&format!("/agent delete agent:mediatel:{id} reason:leaver")).await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    next_card(world).await
}

/// What a command answers, read aloud; "5 minutes ago" as such.
async fn says(world: &World, person: &Person, line: &str) -> String {
    aloud(world, person.types(line).await.text())
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_their_own_requests_or_everybodys() {
    let world = world_of(3, approvals("")).await;
    let (lead, approver) = (world.sandbox.lead(), world.sandbox.approver());
    let other = world.sandbox.add_person("Bohdan Hrytsenko", &[world.sandbox.lead_role()]);
    insta::assert_snapshot!(says(&world, &lead, "/approvals list").await, @r#"
    Requests that wait
    There is none.
    These are yours; `approvals.read` would show everybody's.
    "#);
    asks(&world, &lead, 900).await;
    asks(&world, &other, 901).await;
    insta::assert_snapshot!(says(&world, &lead, "/approvals list").await, @r#"
    Requests that wait
    These are yours; `approvals.read` would show everybody's.
    Request 1: @Olha Koval asked <time:R> to delete **agent.900** on mediatel for good.
    Reason: leaver
    Waits until <time:f>; 0 of 1 approve.
    "#);
    let all = says(&world, &approver, "/approvals list").await.replace(&other.mention(), "@Bohdan Hrytsenko");
    insta::assert_snapshot!(all, @r#"
    Requests that wait
    Request 2: @Bohdan Hrytsenko asked <time:R> to delete **agent.901** on mediatel for good.
    Reason: leaver
    Waits until <time:f>; 0 of 1 approve.
    Request 1: @Olha Koval asked <time:R> to delete **agent.900** on mediatel for good.
    Reason: leaver
    Waits until <time:f>; 0 of 1 approve.
    "#);
    // A trainee has none, and sees nobody else's.
    insta::assert_snapshot!(says(&world, &world.sandbox.trainee(), "/approvals list").await, @r#"
    Requests that wait
    There is none.
    These are yours; `approvals.read` would show everybody's.
    "#);
    let hidden = says(&world, &world.sandbox.trainee(), &format!("/approvals history person:{}", lead.mention())).await;
    assert!(!hidden.contains("agent.900"), "{hidden}");
    // Whoever has denied or approved is found as well.
    world.sandbox.approver().reacts(&asks(&world, &lead, 902).await, "❌");
    told(&world, &lead).await;
    world.log_says("request 3").await;
    let denied = says(&world, &approver, &format!("/approvals history person:{}", approver.mention())).await;
    assert!(denied.contains("Request 3") && !denied.contains("Request 2"), "{denied}");
    let own = says(&world, &approver, &format!("/approvals history person:{}", other.mention())).await;
    assert!(own.contains("Request 2") && !own.contains("Request 1"), "{own}");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_narrowed() {
    let world = world_of(3, approvals("")).await;
    let lead = world.sandbox.lead();
    for id in [900, 901] {
        asks(&world, &lead, id).await;
    }
    let cancelled = says(&world, &lead, "/approvals cancel request:1").await;
    assert!(cancelled.contains("is taken back"), "{cancelled}");
    told(&world, &lead).await;
    world.log_says("request 1").await;
    insta::assert_snapshot!(says(&world, &lead, "/approvals history").await, @r#"
    Requests
    These are yours; `approvals.read` would show everybody's.
    Request 2: @Olha Koval asked <time:R> to delete **agent.901** on mediatel for good.
    Reason: leaver
    Waits until <time:f>; 0 of 1 approve.
    Request 1: @Olha Koval asked <time:R> to delete **agent.900** on mediatel for good.
    Reason: leaver
    Taken back by @Olha Koval.
    "#);
    for (line, one, two) in [
        ("/approvals history agent:mediatel:900", true, false),
        ("/approvals history agent:agent.901", false, true),
        ("/approvals history agent:\"**nobody**\"", false, false),
        ("/approvals history state:cancelled", true, false),
        ("/approvals history state:pending", false, true),
        ("/approvals history state:done", false, false),
        ("/approvals history since:7d", true, true),
        ("/approvals history since:2026-01-01", true, true),
        ("/approvals history since:9998-01-01", false, false),
        ("/approvals history agent:mediatel:900 state:cancelled since:1h", true, false),
    ] {
        let said = says(&world, &lead, line).await;
        assert_eq!((said.contains("Request 1"), said.contains("Request 2")), (one, two), "{line}: {said}");
    }
    insta::assert_snapshot!(says(&world, &lead, "/approvals history state:cancelled since:7d agent:mediatel:900").await, @r#"
    Requests about mediatel:900, cancelled, since 7d
    These are yours; `approvals.read` would show everybody's.
    Request 1: @Olha Koval asked <time:R> to delete **agent.900** on mediatel for good.
    Reason: leaver
    Taken back by @Olha Koval.
    "#);
    let mut refused = Vec::new();
    for since in ["yesterday", "0d", "-1d", "2026-02-30", "99999999d", "**x**"] {
        refused.push(format!(
            "{since}: {}",
            says(&world, &lead, &format!("/approvals history since:{since}")).await.replace('\n', " / ")
        ));
    }
    insta::assert_snapshot!(refused.join("\n"), @r#"
    yesterday: I cannot read that command / The option since takes a time back or a day; write 7d, 24h, 30m or 2026-11-01. Nothing was changed; please send /approvals history again.
    0d: I cannot read that command / The option since takes a time back or a day; write 7d, 24h, 30m or 2026-11-01. Nothing was changed; please send /approvals history again.
    -1d: I cannot read that command / The option since takes a time back or a day; write 7d, 24h, 30m or 2026-11-01. Nothing was changed; please send /approvals history again.
    2026-02-30: I cannot read that command / The option since takes a time back or a day; that day is not in the calendar. Nothing was changed; please send /approvals history again.
    99999999d: I cannot read that command / The option since takes a time back or a day; at most 36500d back. Nothing was changed; please send /approvals history again.
    **x**: I cannot read that command / The option since takes a time back or a day; write 7d, 24h, 30m or 2026-11-01. Nothing was changed; please send /approvals history again.
    "#);
    // While it is typed, people are offered what they asked for.
    let offered = |line: &'static str| {
        let lead = lead.clone();
        async move {
            lead.completes(line).await.into_iter().map(|it| format!("{} = {}", it.name, it.value)).collect::<Vec<_>>()
        }
    };
    assert_eq!(
        offered("/approvals history agent:").await,
        ["agent.901 · mediatel = mediatel:901", "agent.900 · mediatel = mediatel:900"]
    );
    assert_eq!(offered("/approvals history agent:900").await, ["agent.900 · mediatel = mediatel:900"]);
    assert_eq!(offered("/approvals cancel request:").await, ["2 · agent.delete · agent.901 = 2"]);
    assert_eq!(offered("/approvals cancel request:#2").await, ["2 · agent.delete · agent.901 = 2"]);
    assert_eq!(offered("/approvals cancel request:1").await, ["2 · agent.delete · agent.901 = 2"]);
    let trainee = world.sandbox.trainee();
    assert!(trainee.completes("/approvals cancel request:").await.is_empty());
    assert!(trainee.completes("/approvals history agent:agent").await.is_empty());
    // An approver may take back anybody's.
    assert_eq!(world.sandbox.approver().completes("/approvals cancel request:").await.len(), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_come_in_pages() {
    let world = world_of(23, approvals("")).await;
    let lead = world.sandbox.lead();
    for id in 900..923 {
        asks(&world, &lead, id).await;
    }
    let page = lead.types("/approvals list").await;
    assert!(page.text().contains("23 in all · page 1 of 3"), "{}", page.text());
    assert_eq!(page.buttons(), ["Older"]);
    let shown = |text: &str| {
        regex::Regex::new(r"Request (\d+)")
            .unwrap()
            .captures_iter(text)
            .map(|it| it[1].parse::<u32>().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(page.text()), (14..=23).rev().collect::<Vec<_>>());
    let older = lead.presses(&page, "Older").await;
    let older = older.changes_until(|text| text.contains("page 2 of 3")).await;
    assert_eq!(
        (shown(older.text()), older.buttons()),
        ((4..=13).rev().collect(), vec!["Newer".to_owned(), "Older".to_owned()])
    );
    let last = lead.presses(&older, "Older").await;
    let last = last.changes_until(|text| text.contains("page 3 of 3")).await;
    assert_eq!((shown(last.text()), last.buttons()), (vec![3, 2, 1], vec!["Newer".to_owned()]));
    let newer = lead.presses(&last, "Newer").await;
    newer.changes_until(|text| text.contains("page 2 of 3")).await;
    // Somebody else turns nothing.
    let foreign = world.sandbox.trainee().presses(&page, "Older").await;
    foreign.changes_until(|text| text.contains("Only the person who was shown it")).await;
    let history = lead.types("/approvals history state:pending").await;
    assert!(history.text().contains("page 1 of 3"), "{}", history.text());
    let history = lead.presses(&history, "Older").await;
    history.changes_until(|text| text.contains("page 2 of 3") && text.contains("Requests pending")).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_taken_back() {
    let world = world_of(3, approvals("")).await;
    let (lead, approver, trainee) = (world.sandbox.lead(), world.sandbox.approver(), world.sandbox.trainee());
    let first = asks(&world, &lead, 900).await;
    let second = asks(&world, &lead, 901).await;
    insta::assert_snapshot!(says(&world, &trainee, "/approvals cancel request:1").await, @r#"
    That is not yours to take back
    Request 1 can be taken back by whoever asked, or by people with @Approver.
    It waits as before.
    "#);
    assert!(!first.now().contains("Cancelled"), "{}", first.now());
    insta::assert_snapshot!(says(&world, &lead, "/approvals cancel request:#1").await, @r#"
    Request 1 is taken back
    Nothing was changed. The card says so, too.
    "#);
    let first = first.changes_until(|text| text.contains("Cancelled")).await;
    insta::assert_snapshot!(first.text().lines().filter(|line| line.contains("Cancelled") || line.contains("↩️")).map(|line| aloud(&world, line)).collect::<Vec<_>>().join("\n"), @r#"
    Cancelled: Delete agent.900 on mediatel for good
    ↩️ Taken back by @Olha Koval. Nothing was changed.
    "#);
    assert!(first.buttons().is_empty());
    insta::assert_snapshot!(told(&world, &lead).await, @r#"
    Your request 1 — cancelled
    You asked to delete **agent.900** on mediatel for good.
    ↩️ Taken back by @Olha Koval. Nothing was changed.
    "#);
    insta::assert_snapshot!(aloud(&world, world.log_says("request 1").await.text()), @"🗳️ @Olha Koval: request 1 to delete **agent.900** on mediatel for good — ↩️ Taken back by @Olha Koval. Nothing was changed.");
    insta::assert_snapshot!(says(&world, &lead, "/approvals cancel request:1").await, @r#"
    That request is decided
    Request 1 is already taken back by @Olha Koval; nothing was changed.
    "#);
    // An approver may, too; the requester is told who.
    insta::assert_snapshot!(says(&world, &approver, "/approvals cancel request:2").await, @r#"
    Request 2 is taken back
    Nothing was changed. The card says so, too.
    "#);
    second.changes_until(|text| text.contains("Cancelled")).await;
    insta::assert_snapshot!(told(&world, &lead).await, @r#"
    Your request 2 — cancelled
    You asked to delete **agent.901** on mediatel for good.
    ↩️ Taken back by @Iryna Shevchenko. Nothing was changed.
    "#);
    world.log_says("request 2").await;
    let mut refused = Vec::new();
    for typed in ["3", "0", "-1", "1.5", "abc", "#", "99999999999999999999", "**1**"] {
        refused.push(format!(
            "{typed}: {}",
            says(&world, &lead, &format!("/approvals cancel request:{typed}")).await.replace('\n', " / ")
        ));
    }
    insta::assert_snapshot!(refused.join("\n"), @r#"
    3: No such request / There is no request “3”. / `/approvals list` shows those that wait.
    0: I cannot read that command / The option request takes a request's number; write 12 or #12. Nothing was changed; please send /approvals cancel again.
    -1: I cannot read that command / The option request takes a request's number; write 12 or #12. Nothing was changed; please send /approvals cancel again.
    1.5: I cannot read that command / The option request takes a request's number; write 12 or #12. Nothing was changed; please send /approvals cancel again.
    abc: I cannot read that command / The option request takes a request's number; write 12 or #12. Nothing was changed; please send /approvals cancel again.
    #: I cannot read that command / The option request takes a request's number; write 12 or #12. Nothing was changed; please send /approvals cancel again.
    99999999999999999999: I cannot read that command / The option request takes a request's number; write 12 or #12. Nothing was changed; please send /approvals cancel again.
    **1**: I cannot read that command / The option request takes a request's number; write 12 or #12. Nothing was changed; please send /approvals cancel again.
    "#);
    // What was taken back can be asked for again, and a late ✅ under the old card changes nothing.
    let third = asks(&world, &lead, 900).await;
    approver.reacts(&first, "✅");
    approved(&world, &third, "is gone").await;
    told(&world, &lead).await;
    world.log_says("deleted").await;
    assert_eq!(world.phones.mediatel.deleted_agents(), [900]);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_is_told_in_words() {
    let world = world_of(7, approvals("")).await;
    let (lead, approver, twin) = (world.sandbox.lead(), world.sandbox.approver(), &world.phones.mediatel);
    let settled = async |words: &str| {
        told(&world, &lead).await;
        world.log_says(words).await;
    };
    let done = asks(&world, &lead, 900).await;
    approved(&world, &done, "is gone").await;
    settled("deleted").await;
    let failed = asks(&world, &lead, 901).await;
    twin.hold(901, 1);
    approved(&world, &failed, "Not done").await;
    settled("").await;
    let void = asks(&world, &lead, 902).await;
    twin.change_agent(902, r#"{"State":1}"#).unwrap();
    approved(&world, &void, "Void").await;
    settled("").await;
    let denied = asks(&world, &lead, 903).await;
    let form = approver.presses(&denied, "Deny with a reason").await;
    approver.submits(&form, &[("reason", "still on the\nrota")]).await;
    denied.changes_until(|text| text.contains("Denied")).await;
    settled("").await;
    asks(&world, &lead, 904).await;
    says(&world, &lead, "/approvals cancel request:5").await;
    settled("").await;
    asks(&world, &lead, 905).await;
    // The phone system takes the delete and does not answer: it is being executed.
    let lost = Fault {
        method: Some("DELETE"),
        path: "/v1/agents",
        moment: Moment::Before,
        times: Times::Always,
        trouble: Trouble::Status { status: 503, body: None, retry_after: None },
    };
    let executing = asks(&world, &lead, 906).await;
    twin.fault(lost);
    approver.reacts(&executing, "✅");
    let executing = executing.changes_until(|text| text.contains("No answer yet") || text.contains("Not done")).await;
    println!("{}", aloud(&world, executing.text()));
    insta::assert_snapshot!(says(&world, &lead, "/approvals history").await, @r#"
    Requests
    These are yours; `approvals.read` would show everybody's.
    Request 7: @Olha Koval asked <time:R> to delete **agent.906** on mediatel for good.
    Reason: leaver
    No answer yet; approved by @Iryna Shevchenko.
    Request 6: @Olha Koval asked <time:R> to delete **agent.905** on mediatel for good.
    Reason: leaver
    Waits until <time:f>; 0 of 1 approve.
    Request 5: @Olha Koval asked <time:R> to delete **agent.904** on mediatel for good.
    Reason: leaver
    Taken back by @Olha Koval.
    Request 4: @Olha Koval asked <time:R> to delete **agent.903** on mediatel for good.
    Reason: leaver
    Denied by @Iryna Shevchenko.
    Request 3: @Olha Koval asked <time:R> to delete **agent.902** on mediatel for good.
    Reason: leaver
    Void.
    Request 2: @Olha Koval asked <time:R> to delete **agent.901** on mediatel for good.
    Reason: leaver
    Not done; approved by @Iryna Shevchenko.
    Request 1: @Olha Koval asked <time:R> to delete **agent.900** on mediatel for good.
    Reason: leaver
    Done; approved by @Iryna Shevchenko.
    "#);
    twin.mend();
    for state in ["pending", "done", "failed", "void", "denied", "cancelled"] {
        let said = says(&world, &lead, &format!("/approvals history state:{state}")).await;
        assert!(said.contains("Request "), "{state}: {said}");
    }
    executing.changes_until(|text| text.contains("is gone") || text.contains("Not done")).await;
    settled("").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_request_says_so() {
    let world = world_of(1, approvals("expires = \"1s\"")).await;
    let lead = world.sandbox.lead();
    let card = asks(&world, &lead, 900).await;
    let card = card.changes_until(|text| text.contains("Expired")).await;
    assert!(card.buttons().is_empty());
    insta::assert_snapshot!(told(&world, &lead).await, @r#"
    Your request 1 — expired
    You asked to delete **agent.900** on mediatel for good.
    ⌛ Nobody decided it in time. Nothing was changed; it can be asked for again.
    "#);
    insta::assert_snapshot!(aloud(&world, world.log_says("request 1").await.text()), @"🗳️ @Olha Koval: request 1 to delete **agent.900** on mediatel for good — ⌛ Nobody decided it in time. Nothing was changed; it can be asked for again.");
    insta::assert_snapshot!(says(&world, &lead, "/approvals history state:expired").await, @r#"
    Requests expired
    These are yours; `approvals.read` would show everybody's.
    Request 1: @Olha Koval asked <time:R> to delete **agent.900** on mediatel for good.
    Reason: leaver
    Expired.
    "#);
    insta::assert_snapshot!(says(&world, &lead, "/approvals cancel request:1").await, @r#"
    That request is decided
    Request 1 is already over: nobody decided it in time. It can be asked for again.
    "#);
    world.ends().await;
}

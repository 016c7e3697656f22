//! One person on several systems: shown together, and sent to lunch once.

use rollcall_sandbox::erix::{Fault, Moment, Presence, Times, Trouble};

use super::{erix_got, reports};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn on_all_of_them() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let reply = reports(&world, "/agent login agent:erix-br:maria").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r"
    Maria Silva on erix-br is logged in at 2001, queue suporte
    Maria Silva is also `voicenter:318840127`.
    The button below works until <time:t>.
    [Log in Maria Silva on all of them]
    ");
    world.log_says("logged in").await;
    let all = lead.presses(&reply, "Log in Maria Silva on all of them").await;
    let all = all.changes_until(|text| text.contains("2 of 2")).await;
    insta::assert_snapshot!(world.heard(all.text()), @r"
    Maria Silva: logged in on 2 of 2
    ✅ **Maria Silva** on erix-br is logged in at 2001, queue suporte (done a moment ago, not asked again).
    ✅ **Maria Silva** on voicenter is logged in.
    ");
    let line = world.log_says("asked to log in **Maria Silva** on erix-br and voicenter").await;
    insta::assert_snapshot!(world.heard(line.text()), @"@Olha Koval asked to log in **Maria Silva** on erix-br and voicenter. ✅ **Maria Silva** on erix-br is logged in at 2001, queue suporte (done a moment ago, not asked again). ✅ **Maria Silva** on voicenter is logged in.");
    // What was done a moment ago is not asked again.
    assert_eq!(erix_got(&world).len(), 1);
    assert_eq!(world.phones.voicenter.mutations().len(), 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_fails_is_told_as_that() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    for line in ["/agent login agent:erix-br:maria", "/agent login agent:voicenter:318840127"] {
        reports(&world, line).await;
        world.log_says("logged in").await;
    }
    // Voicenter does not have the status: the account is set up otherwise than the settings say.
    world.phones.voicenter.put_statuses(&[1, 2]);
    let reply = reports(&world, "/agent pause agent:erix-br:maria reason:Lunch").await;
    world.log_says("paused").await;
    let all = lead.presses(&reply, "Pause Maria Silva on all of them").await;
    let all = all.changes_until(|text| text.contains("1 of 2")).await;
    insta::assert_snapshot!(world.heard(all.text()), @r#"
    Maria Silva: paused on 1 of 2
    ✅ **Maria Silva** on erix-br is paused (Lunch) (done a moment ago, not asked again).
    ❌ **Maria Silva** on voicenter: voicenter refused: the account does not have the status Lunch (3), or the extension sipmaria is not valid ("Status not support", Status 4, StatusError 1); have statuses of this connection compared with the account, and extension_user of this agent checked. Nothing was changed.
    "#);
    world.log_says("1").await;
    assert_eq!(world.phones.voicenter.mutations().len(), 1, "the login");

    // One system is down: the other one is done all the same.
    world.phones.erix.fault(Fault {
        method: None,
        path: "",
        moment: Moment::Before,
        times: Times::Always,
        trouble: Trouble::Cut,
    });
    let reply = reports(&world, "/agent logout agent:voicenter:318840127").await;
    world.log_says("logged out").await;
    let all = lead.presses(&reply, "Log out Maria Silva on all of them").await;
    let all = all.changes_until(|text| text.contains("1 of 2")).await;
    assert!(all.text().contains("✅ **Maria Silva** on voicenter is logged out"), "{}", all.text());
    assert!(all.text().contains("Nobody can tell whether Maria Silva is logged out"), "{}", all.text());
    world.log_says("Nobody can tell").await;
    assert!(matches!(world.phones.erix.presence("maria"), Some(Presence::Paused { .. })));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_that_one_system_does_not_know_takes_one_pick() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    for line in ["/agent login agent:erix-br:maria", "/agent login agent:voicenter:318840127"] {
        reports(&world, line).await;
        world.log_says("logged in").await;
    }
    let reply = reports(&world, "/agent pause agent:erix-br:maria reason:Almoço").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r"
    Maria Silva on erix-br is paused (Almoço)
    Maria Silva is also `voicenter:318840127`.
    voicenter has breaks of its own: pick one below to pause Maria Silva there, too.
    The menu below works until <time:t>.
    ▾ Break on voicenter: …
      • Lunch
      • Administrative
      • Private
      • Other
      • Training
      • Team meeting
      • Brief
    ");
    world.log_says("paused").await;
    let all = lead.selects(&reply, &["Lunch"]).await;
    let all = all.changes_until(|text| text.contains("2 of 2")).await;
    insta::assert_snapshot!(world.heard(all.text()), @r"
    Maria Silva: paused on 2 of 2
    ✅ **Maria Silva** on erix-br is paused (Almoço) (done a moment ago, not asked again).
    ✅ **Maria Silva** on voicenter is paused (Lunch).
    ");
    world.log_says("asked to pause **Maria Silva**").await;
    let paused = world.phones.voicenter.mutations();
    assert_eq!(paused.iter().map(|set| set.status).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(erix_got(&world).len(), 2, "what was done a moment ago is not asked again");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_somebody_is_where_it_can_be_done() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    // Mediatel has no logins and pauses.
    let login = world.phones.mediatel.agent(2).and_then(|agent| agent.text("Login")).expect("a login");
    let reply = reports(&world, "/agent login agent:mediatel:2").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r"
    It can be done on another phone system
    mediatel has no login and logout, but Maria Silva is on another phone system, too.
    Pick where:
    [Log in Maria Silva (erix-br)] [Log in Maria Silva (voicenter)]
    ");
    let there = lead.presses(&reply, "Log in Maria Silva (erix-br)").await;
    there.changes_until(|text| text.contains("is logged in at 2001")).await;
    world.log_says("logged in").await;

    let status = reports(&world, &format!("/agent status agent:{login}")).await;
    let text = world.heard(status.text());
    assert!(text.contains("Status of Maria Silva"), "{text}");
    assert!(text.contains("last requested <time:t> by @Olha Koval, not confirmed by the phone system"), "{text}");
    assert!(text.contains("`voicenter:318840127`"), "{text}");
    assert!(text.contains("mediatel tells nothing of logins and pauses."), "{text}");

    let card = reports(&world, "/agent show agent:mediatel:2").await;
    let text = world.heard(card.text());
    assert!(text.contains("`erix-br:maria`") && text.contains("`voicenter:318840127`"), "{text}");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_names_join_nobody() {
    let settings = crate::world::Setup::default().rewriting(|settings| {
        let (before, rest) = settings.split_once("[[person]]").expect("a person");
        let (_, after) = rest.split_once("[[connection]]").expect("a connection");
        format!("{before}[[connection]]{after}")
    });
    let world = World::with(settings).await;
    let reply = reports(&world, "/agent login agent:erix-br:maria").await;
    insta::assert_snapshot!(world.heard(reply.text()), @"Maria Silva on erix-br is logged in at 2001, queue suporte");
    world.log_says("logged in").await;
    world.ends().await;
}

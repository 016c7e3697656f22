//! Search, cards, "did you mean", and what people may ask about themselves and the bot.

use rollcall_sandbox::{PhoneOptions, PrivilegedIntent};

use crate::world::{Setup, VIRA, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_search_turns_its_pages_and_opens_a_card() {
    let setup = Setup::default();
    let world = World::with(Setup { phones: PhoneOptions { agents: 120, ..setup.phones }, ..setup }).await;
    let lead = world.sandbox.lead();
    let page = lead.types("/agent search query:an").await;
    insta::assert_snapshot!(world.heard(page.text()), @r#"
    25 agents match “an”
    🟢 **andrii.hrytsenko** · andrii.hrytsenko@example.com · enabled · `mediatel:30`
    🟢 **andrii.ivanov** · andrii.ivanov@example.com · enabled · `mediatel:51`
    ⚪ **andrii.petrenko** · andrii.petrenko@example.com · disabled · `mediatel:70`
    🟢 **andrii.taylor** · andrii.taylor@example.com · enabled · `mediatel:31`
    🟢 **anne-marie.koval** · anne-marie.koval@example.com · enabled · `mediatel:118`
    🟢 **anne-marie.sydorenko** · anne-marie.sydorenko@example.com · enabled · `mediatel:5`
    🟢 **bohdan.evans** · bohdan.evans@example.com · enabled · `mediatel:49`
    🟢 **bohdan.hrytsenko** · bohdan.hrytsenko@example.com · enabled · `mediatel:69`
    🟢 **bohdan.o-neill** · bohdan.o-neill@example.com · enabled · `mediatel:117`
    🟢 **bohdan.savchenko** · bohdan.savchenko@example.com · enabled · `mediatel:50`
    Page 1 of 3
    ▾ Open an agent's card
      • andrii.hrytsenko · andrii.hrytsenko@… · enabled · mediatel
      • andrii.ivanov · andrii.ivanov@… · enabled · mediatel
      • andrii.petrenko · andrii.petrenko@… · disabled · mediatel
      • andrii.taylor · andrii.taylor@… · enabled · mediatel
      • anne-marie.koval · anne-marie.koval@… · enabled · mediatel
      • anne-marie.sydorenko · anne-marie.sydorenko@… · enabled · mediatel
      • bohdan.evans · bohdan.evans@… · enabled · mediatel
      • bohdan.hrytsenko · bohdan.hrytsenko@… · enabled · mediatel
      • bohdan.o-neill · bohdan.o-neill@… · enabled · mediatel
      • bohdan.savchenko · bohdan.savchenko@… · enabled · mediatel
    [Next 10]
    "#);
    let first = page.options();
    assert_eq!(first.len(), 10);
    let next = lead.presses(&page, "Next 10").await;
    assert!(next.text().contains("Page 2 of"), "{}", next.text());
    assert!(next.options().iter().all(|option| !first.contains(option)));
    let back = lead.presses(&next, "Previous 10").await;
    assert_eq!(back.options(), first);
    let card = lead.selects(&back, &[&first[0]]).await;
    assert!(card.text().contains(first[0].split(' ').next().unwrap()), "{}", card.text());
    let nobody = lead.types("/agent search query:qqqq state:disabled").await;
    insta::assert_snapshot!(world.heard(nobody.text()), @r#"
    No agents found
    Nobody matches “qqqq” among the disabled agents.
    Try fewer letters, or another part of the login, name or e-mail.
    "#);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_tells_everything_but_the_password() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let card = world.sandbox.lead().types("/agent show agent:mediatel:vira.luhova").await;
    insta::assert_snapshot!(world.heard(card.text()), @r#"
    vira.luhova · enabled · mediatel
    Account: Login: vira.luhova
    E-mail or name: vira.luhova@example.com
    Supervisor: 2
    Domain: CALL
    Personal numbers: 945
    State: enabled
    Id: 900
    Rights and skill: Rights: 0
    Rights as supervisor: 0
    Default skill: 7
    Auto-answer: Predictive calls: yes
    Inbound calls: yes
    Manual calls: no
    Other calls: no
    Answer after: 2200
    What the client shows: Call centre tree: yes
    Full call centre tree: yes
    Valid CB list: no
    Pause pop-up: yes
    Calls and reminders: Time warning: yes
    Time for dialling out: 15
    Clerical reminder: 20
    Reset the voice channel: yes
    Ring file: none
    Start page and clipboard: Start page: https://crm.example.com/
    Number into the clipboard: yes
    Not in the documents: x-Crm: 42 bytes
    QueueIDs: 7 bytes
    ClientApp.Theme: 6 bytes
    ClientApp.AutoAnswer.x-Ramp: 4 bytes
    Serial: 23 bytes
    mediatel:900 · read just now
    [Edit vira.luhova] [Disable vira.luhova] [Reset the password of vira.luhova] [Ask to delete vira.luhova]
    "#);
    assert!(!card.text().contains("c4ca4238a0b92382"));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistyped_name_offers_whom_it_may_have_meant() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let reply = lead.types("/agent disable agent:vira.lugova reason:gone").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    No such agent
    Nobody here is called “vira.lugova”.
    Did you mean:
    [Disable vira.luhova (mediatel)]
    "#);
    assert_eq!(world.phones.mediatel.mutations(), []);
    let done = lead.presses(&reply, "Disable vira.luhova (mediatel)").await;
    done.changes_until(|text| text.contains("vira.luhova on mediatel is disabled") && text.contains("gone")).await;
    world.log_says("disabled").await;
    let reply = lead.types("/agent show agent:nobody.like.this").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    No such agent
    Nobody here is called “nobody.like.this”.
    Start typing a login or name and pick from the list, or look with `/agent search`.
    "#);
    let reply = lead.types("/agent show agent:elsewhere:7").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    No such agent
    Nobody here is called “elsewhere:7”.
    Start typing a login or name and pick from the list, or look with `/agent search`.
    "#);
    let reply = lead.types("/agent show agent:mediatel:77777").await;
    insta::assert_snapshot!(world.heard(reply.text()), @r#"
    That did not work
    mediatel has no such agent (any more).
    Nothing was changed. Look for it with `/agent search`.
    "#);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoami_and_doctor_answer_the_lead() {
    let world = World::of_agents(&[VIRA], Setup::default()).await;
    let lead = world.sandbox.lead();
    let whoami = lead.types("/whoami").await;
    insta::assert_snapshot!(world.heard(whoami.text()), @r#"
    Who you are here
    You are @Olha Koval.
    You may: Through @Support lead: `agent.read`, `agent.clone`, `agent.edit`, `agent.disable`, `agent.reset-password`, `agent.restore`, `presence.write`, `presence.read`, `extension.read`, `extension.write`, `doctor`
    Through @Support lead, once a second person agrees: `agent.delete`, `extension.delete`
    You may not: No role here has: `agent.create`, `queue.read`, `queue.write`, `event.read`, `event.write`, `user.read`, `user.write`, `user.delete`, `user.check-password`, `callback.read`, `callback.write`, `callback.delete`, `meeting-room.read`, `meeting-room.write`, `meeting-room.delete`, `approvals.read`, `audit.read`
    The phone systems take me for: erix-br: it has no way to tell
    mediatel: root (rights 4, as supervisor 4)
    voicenter: it has no way to tell
    "#);
    let doctor = said_by_doctor(&world).await;
    insta::assert_snapshot!(doctor, @r#"
    It works, with remarks
    ⚠️ Discord does not list the server's members to the bot, so whether anybody could approve a request is not checked.
    → Turn on Server Members Intent (developer portal, Bot, Privileged Gateway Intents).
    ✅ Discord knows the bot as rollcall.(number).
    ✅ The bot is in the server Call centre.
    ✅ It works without any privileged intent of the gateway.
    ✅ All 2 roles of the file exist.
    ✅ The bot can post in #rollcall-log (log_channel).
    ✅ The bot can post in #approvals (approvals_channel).
    ✅ The commands are registered.
    ✅ The store can be written.
    ✅ erix-br takes connections; nothing more was tried, since it takes commands only. The settings name 4 agents.
    ✅ mediatel answers and takes the bot for root (rights 4, as supervisor 4).
    ✅ voicenter takes connections; nothing more was tried, since it takes commands only. The settings name 4 agents.
    ✅ All 3 agents that [[person]] joins are known.
    "#);
    world.sandbox.portal_allows(PrivilegedIntent::ServerMembers);
    let doctor = said_by_doctor(&world).await;
    insta::assert_snapshot!(doctor, @r#"
    All is well
    ✅ Discord knows the bot as rollcall.(number).
    ✅ The bot is in the server Call centre.
    ✅ It works without any privileged intent of the gateway.
    ✅ Discord lists the server's members: a request that nobody could approve is refused.
    ✅ All 2 roles of the file exist.
    ✅ The bot can post in #rollcall-log (log_channel).
    ✅ The bot can post in #approvals (approvals_channel).
    ✅ The commands are registered.
    ✅ The store can be written.
    ✅ erix-br takes connections; nothing more was tried, since it takes commands only. The settings name 4 agents.
    ✅ mediatel answers and takes the bot for root (rights 4, as supervisor 4).
    ✅ voicenter takes connections; nothing more was tried, since it takes commands only. The settings name 4 agents.
    ✅ All 3 agents that [[person]] joins are known.
    "#);
    world.ends().await;
}

async fn said_by_doctor(world: &World) -> String {
    let reply = world.sandbox.lead().types("/doctor").await;
    let said = regex::Regex::new(r"rollcall\.\d+").unwrap().replace(reply.text(), "rollcall.(number)").into_owned();
    world.heard(&said)
}

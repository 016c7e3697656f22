//! List, show, create and edit, as they are read and as they reach Mediatel.

use super::{asked, at_mediatel, says};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn created_and_changed() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let preview = says(&world, "/extension create name:SIP9 type:2 codecs:g7231_6, g726_40").await;
    insta::assert_snapshot!(world.heard(preview.text()), @"
    Create extension SIP9 on mediatel?
    mediatel gives it a number. This button works until <time:t>.
    Everything that is sent: Name: **SIP9**
    Type: **2**
    Codecs: **g7231_6, g726_40**
    [Create extension SIP9] [Cancel]
    ");
    assert_eq!(asked(&world, "POST"), 0, "a preview sends nothing");
    let made = lead.presses(&preview, "Create extension SIP9").await;
    let made = made.changes_until(|text| text.contains("exists on mediatel")).await;
    insta::assert_snapshot!(world.heard(made.text()), @"
    Extension SIP9 exists on mediatel
    Its number is 22; `/extension show extension:mediatel:22` shows it.
    Read back: everything is as you asked.
    ");
    assert_eq!(world.last_body("POST"), r#"{"E_Extension":"SIP9","E_Type":2,"Codecs":["g7231_6","g726_40"]}"#);
    let line = world.log_says("SIP9").await;
    insta::assert_snapshot!(world.heard(line.text()), @"✅ @Olha Koval created extension **SIP9** (`mediatel:22`).");

    let preview = says(&world, "/extension edit extension:SIP9 description:Ninth, dial-out:5559").await;
    insta::assert_snapshot!(world.heard(preview.text()), @"
    Change extension SIP9 (22) on mediatel?
    Only this is sent. This button works until <time:t>.
    Before → after: Description: empty → **Ninth,**
    Dial-out identities: empty → **5559**
    [Change extension SIP9 (22)] [Cancel]
    ");
    let changed = lead.presses(&preview, "Change extension SIP9 (22)").await;
    let changed = changed.changes_until(|text| text.contains("was changed")).await;
    insta::assert_snapshot!(world.heard(changed.text()), @"
    Extension SIP9 (22) on mediatel was changed
    Before → after: Description: empty → **Ninth,**
    Dial-out identities: empty → **5559**
    ");
    assert_eq!(world.last_body("PUT"), r#"{"E_Description":"Ninth,","E_DialOutIdentities":"5559"}"#);
    let line = world.log_says("SIP9").await;
    insta::assert_snapshot!(world.heard(line.text()), @"✅ @Olha Koval changed extension **SIP9** (`mediatel:22`): Description: empty → **Ninth,**; Dial-out identities: empty → **5559**");
    assert_eq!(at_mediatel(&world, 22), Some(("SIP9".to_owned(), "Ninth,".to_owned())));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_document_does_not_tell_of_survives() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let odd = r#"{"x-Site":{"floor":1.50},"E_ID":40,"E_Extension":"Odd","E_Type":2,"E_Description":"","Serial":12345678901234567890123}"#;
    world.phones.mediatel.put_extension(odd).unwrap();
    let card = says(&world, "/extension show extension:mediatel:40").await;
    insta::assert_snapshot!(world.heard(card.text()), @"
    Odd (40) · mediatel
    Extension: Name: Odd
    Type: 2
    Description: empty
    Dial-out identities: not told
    Protocol: not told
    Id: 40
    Addresses: Contact: not told
    From: not told
    Destination address: not told
    Destination: not told
    Codecs and tones: Codecs: not told
    Connection type: not told
    DTMF: not told
    Payload: not told
    Not in the documents, carried along: x-Site: 14 bytes
    Serial: 23 bytes
    mediatel:40 · read just now
    [Edit Odd (40)] [Ask to delete Odd (40)]
    ");
    let preview = says(&world, "/extension edit extension:Odd description:x").await;
    let changed = lead.presses(&preview, "Change extension Odd (40)").await;
    changed.changes_until(|text| text.contains("was changed")).await;
    world.log_says("Odd").await;
    let after = serde_json::to_string(&world.phones.mediatel.extension(40).unwrap()).unwrap();
    assert!(after.contains(r#""x-Site":{"floor":1.50}"#) && after.contains("12345678901234567890123"), "{after}");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_offered_while_typing() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let of = |choices: Vec<rollcall_sandbox::Choice>| {
        choices.into_iter().map(|it| format!("{} = {}", it.name, it.value)).collect::<Vec<_>>()
    };
    assert_eq!(
        of(lead.completes("/extension show extension:lviv").await),
        ["Lviv trunk · 18 · Spare trunk, billed per minute · mediatel = mediatel:18"]
    );
    let types = of(lead.completes("/extension create name:x type:").await);
    assert_eq!(types.len(), 5, "{types:?}");
    let codecs = lead.completes("/extension create name:x type:2 codecs:g7231_6, g726").await;
    assert_eq!(codecs.first().map(|it| it.value.as_str()), Some("g7231_6, g726_40"));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not() {
    let setup = crate::world::Setup::default()
        .setting("\"extension.read\", \"extension.write\", \"extension.delete\"", "\"extension.read\"");
    let world = World::with(setup).await;
    world.sandbox.lead().attaches("lines.csv", "E_ID,E_Extension,E_Type\n,SIP9,2\n");
    for (line, needs) in [
        ("/extension create name:x type:2", "extension.write"),
        ("/extension edit extension:SIP description:x", "extension.write"),
        ("/extension delete extension:SIP reason:x", "extension.delete"),
        ("/extension batch file:lines.csv", "extension.write"),
    ] {
        let refused = says(&world, line).await;
        assert!(refused.text().contains(&format!("It needs the permission `{needs}`")), "{line}: {}", refused.text());
    }
    assert!(world.sandbox.files_fetched().is_empty(), "nothing is fetched for somebody who may not");
    let trainee = world.sandbox.trainee().types("/extension list").await;
    trainee.changes_until(|text| text.contains("extension.read")).await;
    assert_eq!(asked(&world, "POST") + asked(&world, "PUT") + asked(&world, "DELETE") + asked(&world, "PATCH"), 0);
    world.ends().await;
}

//! A file: what would happen, what is wrong with it, and what really changed.

use rollcall_sandbox::PhoneOptions;
use rollcall_sandbox::mediatel::{Batches, Fault, Moment, Options, Times, Trouble};

use super::{asked, at_mediatel, hands_in};
use crate::world::{Setup, World};

const ADDS_AND_CHANGES: &str = "E_ID,E_Extension,E_Type,E_Description,Codecs\n,SIP3,3,Third,\"g7231_6, g726_40\"\n17,,,Second line,\n-1,SIP4,2,,\n";

#[tokio::test(flavor = "multi_thread")]
async fn added_and_changed() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let preview = hands_in(&world, "lines.csv", ADDS_AND_CHANGES).await;
    insta::assert_snapshot!(world.heard(preview.text()), @"
    Carry out 3 rows of lines.csv on mediatel?
    It adds 2, changes 1, in one request. The button works until <time:t>.
    mediatel does not promise all or nothing: I read its list afterwards and tell you row by row what changed.
    ```
    row what   id name
      2 add     - SIP3
      3 change 17 SIP2
      4 add     - SIP4
    ```
    Row by row: ✏️ row 3: **SIP2** (17): Description: empty → **Second line**
    ➕ row 2: **SIP3**: Type 3 · Description Third · Codecs g7231_6, g726_40
    ➕ row 4: **SIP4**: Type 2
    [Carry out 3 rows on mediatel] [Cancel]
    ");
    assert_eq!(asked(&world, "PATCH"), 0);
    let label = preview.buttons().into_iter().next().expect("a button");
    let done = lead.presses(&preview, &label).await;
    let done = done.changes_until(|text| text.contains("SIP4")).await;
    insta::assert_snapshot!(world.heard(done.text()), @"
    All 3 rows of lines.csv are done on mediatel
    What changed: ✅ row 2: added **SIP3** as 22
    ✅ row 3: changed **SIP2** (17)
    ✅ row 4: added **SIP4** as 23
    ");
    let line = world.log_says("lines.csv").await;
    insta::assert_snapshot!(world.heard(line.text()), @"✅ @Olha Koval sent **lines.csv** to mediatel: 3 of 3 rows done: 2 added, 1 changed.");
    assert_eq!(asked(&world, "PATCH"), 1);
    // What is changed is sent whole, as it was read, so that a server which replaces it loses nothing of it.
    assert_eq!(
        world.last_body("PATCH"),
        concat!(
            r#"{"Deleted":[],"Inserted":["#,
            r#"{"E_ID":17,"E_Extension":"SIP2","Protocol":"","E_Type":2,"E_Description":"Second line","#,
            r#""E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"","Destination":"","Codecs":[],"#,
            r#""ConnectionType":"","DTMFSupport":[],"FromDisplay":"","Payload":""},"#,
            r#"{"E_ID":-1,"E_Extension":"SIP3","E_Type":3,"E_Description":"Third","Codecs":["g7231_6","g726_40"]},"#,
            r#"{"E_ID":-1,"E_Extension":"SIP4","E_Type":2}]}"#
        )
    );
    assert_eq!(at_mediatel(&world, 17), Some(("SIP2".to_owned(), "Second line".to_owned())));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_mistakes_has_no_button() {
    let world = World::begins().await;
    let file = "E_ID,E_Extension,E_Type,delete\n0,SIP3,3,\n99,X,,\n-1,,2,\n14,Desk,abc,maybe\n,SIP,2,\n17,,,yes\n";
    let preview = hands_in(&world, "lines.csv", file).await;
    insta::assert_snapshot!(world.heard(preview.text()), @r#"
    lines.csv cannot be carried out on mediatel
    5 of 6 rows are wrong. Nothing was sent: mend the file, and attach it again.
    ```
    row what         id name
      2 !! E_ID       -
      3 !! E_ID      99 X
      4 !! E_Extens…  -
      5 !! 2 cells    -
      6 !! E_Extens…  - SIP
      7 delete       17 SIP2
    ```
    What is wrong: ❌ row 2, **E_ID**: 0 is no extension; leave the cell empty to add one.
    ❌ row 3, **E_ID**: mediatel has no extension 99 (any more).
    ❌ row 4, **E_Extension**: a new extension needs one.
    ❌ row 5, **E_Type**: Type is a whole number from 0 to 2147483647.
    ❌ row 5, **delete**: "maybe" is neither yes nor no.
    ❌ row 6, **E_Extension**: extension 13 has that name already.
    Row by row: 🗑️ row 7: **SIP2** (17) is deleted for good
    "#);
    assert_eq!(preview.buttons(), Vec::<String>::new());
    let refused = hands_in(&world, "lines.csv", "E_ID,E_Extention\n,SIP3\n").await;
    insta::assert_snapshot!(world.heard(refused.text()), @"
    That file cannot be used
    **lines.csv**: one thing is wrong with it:
    ❌ row 1, **E_Extention**: there is no such column; did you mean E_Extension?
    Nothing was sent. Mend the file, and attach it again.
    ");
    assert_eq!(asked(&world, "PATCH"), 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_deletes_takes_a_second_person() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let preview = hands_in(&world, "lines.csv", "E_ID,E_Extension,E_Type,delete\n18,,,yes\n,SIP3,3,\n").await;
    insta::assert_snapshot!(world.heard(preview.text()), @"
    Carry out 2 rows of lines.csv on mediatel?
    It adds 1, deletes 1, in one request. The button works until <time:t>.
    mediatel does not promise all or nothing: I read its list afterwards and tell you row by row what changed.
    👥 Here `extension.delete` takes a second person: the button asks the approvers.
    ```
    row what   id name
      2 delete 18 Lviv trunk
      3 add     - SIP3
    ```
    Row by row: 🗑️ row 2: **Lviv trunk** (18) is deleted for good
    ➕ row 3: **SIP3**: Type 3
    [Ask the approvers for 2 rows, 1 of them a delete] [Cancel]
    ");
    let label = preview.buttons().into_iter().next().expect("a button");
    let sent = lead.presses(&preview, &label).await;
    sent.changes_until(|text| text.contains("The approvers are asked")).await;
    assert_eq!(asked(&world, "PATCH"), 0);
    let card = world.sandbox.approvals_channel().next_message().await;
    insta::assert_snapshot!(world.heard(card.text()), @"
    Carry out the 2 rows of lines.csv on mediatel (adds 1, deletes 1)?
    Asked by @Olha Koval (Olha Koval), <time:f>.
    **✅ approves, ❌ denies:** one person with @Approver (not who asked), until <time:f>.
    What is sent: 🗑️ row 2: delete **Lviv trunk** (18) for good
    ➕ row 3: add **SIP3**: Type 3
    Everything that goes: **18 Lviv trunk · Extension**: Name Lviv trunk · Type 6 · Description Spare trunk, billed per minute · Dial-out identities 380322000 · Protocol SIP · Id 18
    **18 Lviv trunk · Addresses**: Contact empty · From empty · Destination address trunk.example:5060 · Destination ~
    **18 Lviv trunk · Codecs and tones**: Codecs g7231_5 · Connection type 3 · DTMF inband · Payload 127
    request 1 · record 1e199fc2cb85
    [Approve: 2 rows of lines.csv, 1 of them a delete] [Deny with a reason] [I'm looking]
    ");
    world.sandbox.approver().reacts(&card, "✅");
    let card = card.changes_until(|text| text.starts_with("Done")).await;
    insta::assert_snapshot!(world.heard(card.text()), @"
    Done: Carry out the 2 rows of lines.csv on mediatel (adds 1, deletes 1)
    Asked by @Olha Koval (Olha Koval), <time:f>.
    ✅ Approved by @Iryna Shevchenko.
    2 of 2 rows done: 1 added, 1 deleted.
    Settled <time:f>.
    What is sent: 🗑️ row 2: delete **Lviv trunk** (18) for good
    ➕ row 3: add **SIP3**: Type 3
    The record as it was shown: **18 Lviv trunk · Extension**: Name Lviv trunk · Type 6 · Description Spare trunk, billed per minute · Dial-out identities 380322000 · Protocol SIP · Id 18
    **18 Lviv trunk · Addresses**: Contact empty · From empty · Destination address trunk.example:5060 · Destination ~
    **18 Lviv trunk · Codecs and tones**: Codecs g7231_5 · Connection type 3 · DTMF inband · Payload 127
    request 1 · record 1e199fc2cb85
    ");
    world.sandbox.lead().next_direct_message().await;
    world.log_says("lines.csv").await;
    assert_eq!((asked(&world, "PATCH"), at_mediatel(&world, 18)), (1, None));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_was_done_is_told_row_by_row() {
    let mediatel = Options { batches: Batches::UntilWrong, ..Options::default() };
    let world =
        World::with(Setup { phones: PhoneOptions { mediatel, ..PhoneOptions::default() }, ..Setup::default() }).await;
    let lead = world.sandbox.lead();
    let preview = hands_in(&world, "lines.csv", ADDS_AND_CHANGES).await;
    // Somebody takes the name of the last row, in the moment between the last look and the request.
    let label = preview.buttons().into_iter().next().expect("a button");
    let twin = world.phones.mediatel.clone();
    world.phones.mediatel.on_request(std::sync::Arc::new(move |moment, seen| {
        if moment == Moment::Before && seen.method == "PATCH" {
            twin.put_extension(r#"{"E_ID":60,"E_Extension":"SIP4","E_Type":5}"#).unwrap();
        }
        Box::pin(async {})
    }));
    let done = lead.presses(&preview, &label).await;
    let done = done.changes_until(|text| text.contains("SIP3")).await;
    insta::assert_snapshot!(world.heard(done.text()), @"
    2 of 3 rows of lines.csv are done on mediatel
    ⚠️ mediatel refused: another extension already has that name; choose another. Its list, read afterwards, shows that a part of it is done even so.
    Next: look at what is not as asked, take the rows that are done out of the file, and attach it again.
    Not as asked: ⚠️ row 4: **SIP4** is not as asked (asked → is): Type: 2 → **5**
    What changed: ✅ row 2: added **SIP3** as 61
    ✅ row 3: changed **SIP2** (17)
    ");
    world.log_says("lines.csv").await;
    assert_eq!(asked(&world, "PATCH"), 1, "it is never sent again");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_looked_up_in_the_list() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let preview = hands_in(&world, "lines.csv", ADDS_AND_CHANGES).await;
    let label = preview.buttons().into_iter().next().expect("a button");
    let trouble = Trouble::Cut;
    world.phones.mediatel.fault(Fault {
        method: Some("PATCH"),
        path: "",
        moment: Moment::After,
        times: Times::Next(1),
        trouble,
    });
    let done = lead.presses(&preview, &label).await;
    let done = done.changes_until(|text| text.contains("SIP4")).await;
    insta::assert_snapshot!(world.heard(done.text()), @"
    All 3 rows of lines.csv are done on mediatel
    ⚠️ What mediatel answered is not known. Its list, read afterwards, shows that all of it is done.
    What changed: ✅ row 2: added **SIP3** as 22
    ✅ row 3: changed **SIP2** (17)
    ✅ row 4: added **SIP4** as 23
    ");
    world.log_says("lines.csv").await;
    assert_eq!(asked(&world, "PATCH"), 1, "it is never sent again");
    world.ends().await;
}

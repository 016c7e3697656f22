//! Lists that are not whole: with rows that nobody can read, and empty by mistake. What is told of them.

use std::sync::Arc;

use rollcall_sandbox::mediatel::{Fault, Moment, Times, Trouble};

use super::{asked, hands_in, says};
use crate::world::{Setup, World};

const DELETES: &str = "E_ID,E_Description,delete\n17,Second line,\n18,,yes\n";

/// A list with these records.
fn list(records: &str) -> Trouble {
    let body = format!(r#"{{"error":{{"code":200}},"result":[{records}]}}"#);
    Trouble::Status { status: 200, body: Some(body), retry_after: None }
}

/// A world in which a delete needs nobody else, and whose list is answered so once a batch was sent.
async fn world_that_lists(answers: Vec<Trouble>) -> World {
    let world = World::with(Setup::default().setting("[approvals]\n", "[approvals]\nrequire = []\n")).await;
    let (twin, answers) = (world.phones.mediatel.clone(), std::sync::Mutex::new(answers));
    world.phones.mediatel.on_request(Arc::new(move |moment, seen| {
        if moment == Moment::After && seen.method == "PATCH" {
            for trouble in std::mem::take(&mut *answers.lock().unwrap()) {
                let (method, path) = (Some("GET"), "/v1/extensions");
                twin.fault(Fault { method, path, moment: Moment::Before, times: Times::Next(1), trouble });
            }
        }
        Box::pin(async {})
    }));
    world
}

/// The file that deletes is carried out; what is told, to whoever asked and in the log channel.
async fn carried_out(world: &World) -> String {
    let preview = hands_in(world, "lines.csv", DELETES).await;
    let label = preview.buttons().into_iter().next().expect("a button");
    let done = world.sandbox.lead().presses(&preview, &label).await;
    let done = done.changes_until(|text| text.contains("row 3")).await;
    let line = world.log_says("lines.csv").await;
    assert_eq!(asked(world, "PATCH"), 1, "it is never sent again");
    format!("{}\n\n{}", world.heard(done.text()), world.heard(line.text()))
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_nobody_can_read_are_told() {
    let world = World::begins().await;
    world.phones.mediatel.put_extension(r#"{"E_ID":40,"E_Extension":null,"E_Type":2}"#).unwrap();
    let told = says(&world, "/extension list connection:mediatel").await;
    insta::assert_snapshot!(world.heard(told.text()), @"
    6 extensions on mediatel
    Read <time:R>.
    ⚠️ One row of mediatel's list (number 40) could not be read and is left out; look at the phone system itself for what you miss here.
    **MSI** (9) · type 0 · MSI1
    **SIP** (13) · type 5 · SIP · SIP Extension · 192.168.0.12:5062
    **Kyiv front desk** (14) · type 5 · SIP · Reception, ground floor · 192.168.0.20:5060
    **SIP2** (17) · type 2
    **Lviv trunk** (18) · type 6 · SIP · Spare trunk, billed per minute · trunk.example:5060
    **Night line** (21) · type 3 · SIP · Rings after 20:00
    ▾ Open an extension's card
      • MSI · 9 · MSI1 · mediatel
      • SIP · 13 · SIP Extension · mediatel
      • Kyiv front desk · 14 · Reception, ground floor · mediatel
      • SIP2 · 17 · mediatel
      • Lviv trunk · 18 · Spare trunk, billed per minute · mediatel
      • Night line · 21 · Rings after 20:00 · mediatel
    ");
    let (method, path, moment) = (Some("GET"), "/v1/extensions", Moment::Before);
    let trouble = list(r#"{"E_ID":9,"E_Extension":"MSI"},{"E_Extension":"no number"},5,{"E_ID":41,"E_Extension":[]}"#);
    world.phones.mediatel.fault(Fault { method, path, moment, times: Times::Next(1), trouble });
    let told = says(&world, "/extension list connection:mediatel").await;
    insta::assert_snapshot!(world.heard(told.text()), @"
    The one extension of mediatel
    Read <time:R>.
    ⚠️ 3 rows of mediatel's list could not be read and are left out (among them 41); look at the phone system itself for what you miss here.
    **MSI** (9)
    ▾ Open an extension's card
      • MSI · 9 · mediatel
    ");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list_is_read_once_more() {
    let world = world_that_lists(vec![list("")]).await;
    insta::assert_snapshot!(carried_out(&world).await, @"
    All 2 rows of lines.csv are done on mediatel
    What changed: ✅ row 2: changed **SIP2** (17)
    🗑️ row 3: deleted **Lviv trunk** (18)

    ✅ @Olha Koval sent **lines.csv** to mediatel: 2 of 2 rows done: 1 changed, 1 deleted.
    ");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_stays_empty_is_told_as_it_is() {
    let world = world_that_lists(vec![list(""); 20]).await;
    insta::assert_snapshot!(carried_out(&world).await, @"
    1 of 2 rows of lines.csv are done on mediatel
    ⚠️ mediatel said that it was done. Its list, read afterwards, shows that a part of it is done.
    Next: look at what is not as asked, take the rows that are done out of the file, and attach it again.
    Not as asked: ⚠️ row 2: **SIP2** (17) is not as asked (asked → is): Extension: changed → **gone**
    What changed: 🗑️ row 3: deleted **Lviv trunk** (18)

    ⚠️ @Olha Koval sent **lines.csv** to mediatel: 1 of 2 rows done: 1 deleted. Not as asked: row 2. ⚠️ mediatel said that it was done. Its list, read afterwards, shows that a part of it is done.
    ");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_lack_nearly_all_and_contradict_each_other_prove_nothing() {
    // The extensions of the sandbox are too few to lose nine tenths and keep one, so what is left is a stranger.
    let stranger = list(r#"{"E_ID":90,"E_Extension":"Nobody's"}"#);
    let world = world_that_lists([list(""), stranger].into_iter().cycle().take(20).collect()).await;
    insta::assert_snapshot!(carried_out(&world).await, @"
    Nobody can tell whether lines.csv is done on mediatel
    ⚠️ mediatel said that it was done. Its list, read afterwards, does not show whether it is done.
    ❓ Its list lacked nearly everything that was there before, and said something else when I read it again: what I do not find there may be there all the same.
    Next: look at the rows marked ❓ in the phone system itself, and attach again only what is not done there.
    Nobody can tell: ❓ row 2: nobody can tell whether **SIP2** (17) was changed
    ❓ row 3: nobody can tell whether **Lviv trunk** (18) was deleted

    ❓ @Olha Koval sent **lines.csv** to mediatel: None of 2 rows seen to be done; of 2 nobody can tell. Nobody can tell: rows 2 and 3. ⚠️ mediatel said that it was done. Its list, read afterwards, does not show whether it is done.
    ");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_may_be_one_that_nobody_can_read_is_told_so() {
    let left = r#"{"E_ID":9,"E_Extension":"MSI"},{"E_ID":13,"E_Extension":"SIP"},{"E_ID":null,"E_Extension":"?"}"#;
    let world = world_that_lists(vec![list(left); 20]).await;
    insta::assert_snapshot!(carried_out(&world).await, @"
    Nobody can tell whether lines.csv is done on mediatel
    ⚠️ mediatel said that it was done. Its list, read afterwards, does not show whether it is done.
    ❓ There are extensions in its list that cannot be read: what I do not find there may be one of them.
    Next: look at the rows marked ❓ in the phone system itself, and attach again only what is not done there.
    Nobody can tell: ❓ row 2: nobody can tell whether **SIP2** (17) was changed
    ❓ row 3: nobody can tell whether **Lviv trunk** (18) was deleted

    ❓ @Olha Koval sent **lines.csv** to mediatel: None of 2 rows seen to be done; of 2 nobody can tell. Nobody can tell: rows 2 and 3. ⚠️ mediatel said that it was done. Its list, read afterwards, does not show whether it is done.
    ");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extension_with_a_secret_is_left_to_be_changed_by_itself() {
    let world = World::begins().await;
    world.phones.mediatel.change_extension(17, r#"{"SipPassword":"sesame"}"#).unwrap();
    let preview = hands_in(&world, "lines.csv", "E_ID,E_Description\n17,Second line\n").await;
    insta::assert_snapshot!(world.heard(preview.text()), @"
    lines.csv cannot be carried out on mediatel
    1 of 1 row is wrong. Nothing was sent: mend the file, and attach it again.
    ```
    row what   id name
      2 !! row 17 SIP2
    ```
    What is wrong: ❌ row 2: mediatel keeps a secret in this extension, which I neither read nor repeat, and a batch sends all that an extension has. Change it by itself, with /extension edit.
    ");
    world.ends().await;
}

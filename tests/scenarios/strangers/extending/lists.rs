//! Lists that are not whole: empty by mistake, with rows that nobody can read, with secrets that are not for us.

use serde_json::{Value, json};

use super::super::bot::Team;
use super::super::discord::LOG;
use super::super::extensions::{Batch, Change, Shows};
use super::super::mediatel::Mediatel;
use super::{MAY, approves, connection, hes, member};

/// A file that deletes the lift, with the approvers' consent.
async fn deletes_the_lift(team: &Team) {
    let file = team.discord.uploads("away.csv", b"E_ID,delete\n400,yes\n");
    let preview = team.types("extension batch", &[("file", &file)], "Carry out 1 row of away.csv on hes?").await;
    team.presses(&preview, "Ask the approvers for 1 row, 1 of them a delete", "approve").await;
    approves(team, &["away.csv", "Lift"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_empty_once_makes_no_delete_look_done() {
    let (mut team, mediatel) = hes().await;
    mediatel.batches_end(Batch::NothingToldFailed);
    mediatel.shows_after_batch(Shows::Nothing(1));
    deletes_the_lift(&team).await;
    team.posted(LOG, &["sent **away.csv** to hes", "None of 1 row done", "nothing of it is done"]).await;
    assert_eq!((mediatel.batches().len(), mediatel.changes()), (1, Vec::new()));
    assert!(mediatel.extension(400).is_some());
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_stays_empty_is_believed() {
    let (mut team, mediatel) = hes().await;
    mediatel.shows_after_batch(Shows::Nothing(usize::MAX));
    deletes_the_lift(&team).await;
    team.posted(LOG, &["sent **away.csv** to hes", "1 of 1 row done: 1 deleted"]).await;
    assert_eq!(mediatel.changes(), [Change::Deleted(400)]);
    team.types("extension list", &[], "hes has no extensions").await;
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_nobody_can_read_are_counted_and_hide_nothing() {
    let (mut team, mediatel) = hes().await;
    mediatel.lists_too(json!({ "E_Extension": "no number", "E_Type": "2" }));
    mediatel.lists_too(json!({ "E_ID": "77", "E_Extension": { "name": "an object" } }));
    let list = team.types("extension list", &[], "3 extensions on hes").await;
    for words in ["2 rows of hes's list could not be read and are left out", "among them 77"] {
        assert!(list.text().contains(words), "{words} in\n{}", list.text());
    }
    let file = team.discord.uploads("odd.csv", b"E_ID,E_Description\n77,x\n78,y\n");
    let said = team.types("extension batch", &[("file", &file)], "odd.csv cannot be carried out on hes").await;
    for words in
        ["extension 77 is on hes, but its record cannot be read", "extension 78 is not in the list of hes, or is"]
    {
        assert!(said.text().contains(words), "{words} in\n{}", said.text());
    }
    // They were there before: that the lift is missing afterwards says that it is gone.
    deletes_the_lift(&team).await;
    team.posted(LOG, &["sent **away.csv** to hes", "1 of 1 row done: 1 deleted"]).await;
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_of_an_extension_is_neither_shown_nor_lost() {
    let (team, mediatel) = hes().await;
    let secret = "k3epmes4fe";
    mediatel
        .somebody_changes(17, &json!({ "SipPassword": secret, "Account": { "User": "fax", "userpassword": secret } }));
    let file = team.discord.uploads("rows.csv", b"E_ID,E_Description\n17,in the archive\n400,the old one\n");
    let said = team.types("extension batch", &[("file", &file)], "rows.csv cannot be carried out on hes").await;
    let words = "row 2: hes keeps a secret in this extension, which I neither read nor repeat";
    assert!(said.text().contains(words), "{}", said.text());
    assert_eq!((said.buttons(), mediatel.batches()), (Vec::<String>::new(), Vec::<Value>::new()));
    let options = [("extension", "hes:17"), ("description", "in the archive")];
    let preview = team.types("extension edit", &options, "Change extension Fax (17) on hes?").await;
    team.presses(&preview, "Change extension Fax (17)", "was changed").await;
    assert_eq!(member(&mediatel, 17, "SipPassword"), secret);
    assert_eq!(member(&mediatel, 17, "Account")["userpassword"], secret);
    let card = team.types("extension show", &[("extension", "hes:17")], "Fax (17)").await;
    assert!(card.text().contains("Colour"), "{}", card.text());
    // A delete repeats nothing, and its record is sealed without the secret.
    let file = team.discord.uploads("away.csv", b"E_ID,delete\n17,yes\n");
    let preview = team.types("extension batch", &[("file", &file)], "Carry out 1 row of away.csv on hes?").await;
    team.presses(&preview, "Ask the approvers for 1 row, 1 of them a delete", "approve").await;
    approves(&team, &["away.csv", "Fax"]).await;
    team.posted(LOG, &["sent **away.csv** to hes", "1 of 1 row done: 1 deleted"]).await;
    team.ends_without("an extension's password", secret).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_for_one_of_two_systems_is_asked_for_with_commands_to_copy() {
    let (one, other) = (Mediatel::starts().await, Mediatel::starts().await);
    let settings = format!("{}{}", connection("hes-1", &one), connection("hes-2", &other));
    let mut team = Team::with(MAY, &settings, &[]).await;
    let file = team.discord.uploads("rows.csv", b"E_ID,E_Description\n17,x\n");
    let said = team.types("extension batch", &[("file", &file)], "/extension batch connection:hes-1").await;
    for words in ["/extension batch connection:hes-2", "attach the file to it again", "Nothing was changed"] {
        assert!(said.text().contains(words), "{words} in\n{}", said.text());
    }
    assert_eq!(said.buttons(), Vec::<String>::new());
    assert!(team.discord.fetched().is_empty(), "nothing is fetched before it is known what for");
    let options = [("file", file.as_str()), ("connection", "hes-2")];
    team.types("extension batch", &options, "Carry out 1 row of rows.csv on hes-2?").await;
    team.bot.ends().await;
}

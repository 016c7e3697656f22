//! One extension at a time: listed, shown, created, changed, deleted.

use serde_json::json;

use super::super::discord::{CARDS, LOG};
use super::super::extensions::{Change, Single};
use super::{approves, hes, member};

#[tokio::test(flavor = "multi_thread")]
async fn extensions_are_listed_and_shown_whatever_their_order() {
    let (mut team, _mediatel) = hes().await;
    let first = team.types("extension list", &[], "3 extensions on hes").await;
    assert!(first.ephemeral, "{}", first.text());
    let order = |text: &str| ["(17)", "(400)", "(9001)"].map(|id| text.find(id).unwrap_or_else(|| panic!("{text}")));
    let second = team.types("extension list", &[("connection", "hes")], "3 extensions on hes").await;
    assert_eq!(order(&first.text()).is_sorted(), order(&second.text()).is_sorted(), "the order does not jump about");
    let card = team.types("extension show", &[("extension", "hes:9001")], "Front desk (9001)").await;
    for words in ["by the door", "g7231", "07123456", "Colour"] {
        assert!(card.text().contains(words), "{words} in\n{}", card.text());
    }
    team.types("extension show", &[("extension", "Lift")], "Lift (400)").await;
    team.types("extension show", &[("extension", "hes:18")], "18").await;
    // What there is, is offered.
    let offered = team.completes("extension create", &[("name", "x"), ("codecs", "g7")]).await;
    assert!(offered.iter().any(|(_, value)| value == "g7231_6"), "{offered:?}");
    let offered = team.completes("extension edit", &[("extension", "hes:17"), ("dtmf", "")]).await;
    let values: Vec<&str> = offered.iter().map(|(_, value)| value.as_str()).collect();
    assert!(values.contains(&"inband") && values.contains(&"rfc2833"), "{values:?}");
    let offered = team.completes("extension show", &[("extension", "lif")]).await;
    assert!(offered.iter().any(|(_, value)| value == "hes:400"), "{offered:?}");
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_extension_is_told_as_the_server_made_it() {
    let (mut team, mediatel) = hes().await;
    let options = [("name", "Door 2"), ("type", "2"), ("description", "back door"), ("codecs", "alaw, g726_40")];
    let preview = team.types("extension create", &options, "Create extension Door 2 on hes?").await;
    assert_eq!(mediatel.changes(), [], "a preview changes nothing");
    let made = team.presses(&preview, "Create extension Door 2", "Extension Door 2 exists on hes").await;
    assert!(made.text().contains("20000"), "{}", made.text());
    assert_eq!(mediatel.changes(), [Change::Added(20_000)]);
    assert_eq!(member(&mediatel, 20_000, "E_Description"), "back door");
    assert_eq!(member(&mediatel, 20_000, "Codecs"), json!(["alaw", "g726_40"]));
    assert_eq!(member(&mediatel, 20_000, "ConnectionType"), "1", "what nobody asked for is the server's own");
    team.posted(LOG, &["created extension **Door 2**", "hes:20000"]).await;
    // A name may be taken, and only the server knows.
    let preview =
        team.types("extension create", &[("name", "Fax"), ("type", "2")], "an extension of that name already").await;
    team.presses(&preview, "Create extension Fax", "another extension already has that name").await;
    assert_eq!(mediatel.changes(), []);
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_sends_what_changes_and_nothing_beside() {
    let (mut team, mediatel) = hes().await;
    let options = [("extension", "hes:9001"), ("description", "at the gate"), ("type", "5"), ("payload", "101")];
    let preview = team.types("extension edit", &options, "Change extension Front desk (9001) on hes?").await;
    assert!(preview.text().contains("by the door"), "{}", preview.text());
    let label = "Change extension Front desk (9001)";
    team.presses(&preview, label, "was changed").await;
    let sent = json!({ "E_Description": "at the gate", "Payload": "101" });
    assert_eq!(mediatel.changes(), [Change::Modified(9001, sent)], "type 5 it had already");
    assert_eq!(member(&mediatel, 9001, "Colour"), json!({ "Hue": 12.50, "Tags": [null, "a"] }));
    // What was seen is what happens: or nothing does.
    let options = [("extension", "hes:9001"), ("destination", "112")];
    let preview = team.types("extension edit", &options, "Change extension Front desk (9001) on hes?").await;
    mediatel.somebody_changes(9001, &json!({ "Colour": null }));
    let void = team.presses(&preview, label, "Nothing was").await;
    assert!(void.text().contains("changed"), "{}", void.text());
    assert_eq!(mediatel.changes(), []);
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_is_approved_and_then_looked_up() {
    let (mut team, mediatel) = hes().await;
    let options = [("extension", "hes:400"), ("reason", "the lift is gone")];
    team.types("extension delete", &options, "approve").await;
    assert_eq!(mediatel.changes(), [], "nobody approved it yet");
    let card = approves(&team, &["Lift", "the lift is gone", "400"]).await;
    team.posted(LOG, &["deleted extension **Lift**", "the lift is gone"]).await;
    assert_eq!(mediatel.changes(), [Change::Deleted(400)]);
    let settled = team.posted(CARDS, &["is gone"]).await;
    assert_eq!(settled.id, card.id, "the card says what came of it");

    // Changed under the approvers' eyes: void, and nothing is sent.
    let options = [("extension", "hes:17"), ("reason", "no more faxes")];
    team.types("extension delete", &options, "approve").await;
    team.posted(CARDS, &["no more faxes"]).await;
    mediatel.somebody_changes(17, &json!({ "E_Description": "the archive needs it" }));
    approves(&team, &["no more faxes"]).await;
    team.posted(CARDS, &["no more faxes", "the archive needs it"]).await;
    assert_eq!(mediatel.changes(), []);
    assert!(mediatel.extension(17).is_some());
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_and_told_as_an_error_is_looked_up_and_not_sent_again() {
    let (mut team, mediatel) = hes().await;
    mediatel.singles_end(Single::DoneToldFailed);
    let preview = team.types("extension create", &[("name", "Door 2"), ("type", "2")], "Create extension").await;
    team.presses(&preview, "Create extension Door 2", "Extension Door 2 exists on hes").await;
    assert_eq!(mediatel.changes(), [Change::Added(20_000)]);
    let options = [("extension", "hes:17"), ("description", "in the archive")];
    let preview = team.types("extension edit", &options, "Change extension Fax (17) on hes?").await;
    team.presses(&preview, "Change extension Fax (17)", "was changed").await;
    assert_eq!(mediatel.changes(), [Change::Modified(17, json!({ "E_Description": "in the archive" }))]);
    team.types("extension delete", &[("extension", "hes:400"), ("reason", "the lift is gone")], "approve").await;
    approves(&team, &["Lift", "the lift is gone"]).await;
    team.posted(LOG, &["deleted extension **Lift**"]).await;
    assert_eq!(mediatel.changes(), [Change::Deleted(400)]);
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_as_done_and_is_not_is_never_told_as_done() {
    let (mut team, mediatel) = hes().await;
    mediatel.singles_end(Single::NotDoneToldDone);
    let options = [("extension", "hes:17"), ("description", "in the archive")];
    let preview = team.types("extension edit", &options, "Change extension Fax (17) on hes?").await;
    let told = team.presses(&preview, "Change extension Fax (17)", "the record reads otherwise").await;
    assert!(!told.text().contains("was changed"), "{}", told.text());
    let preview = team.types("extension create", &[("name", "Door 2"), ("type", "2")], "Create extension").await;
    let told = team.presses(&preview, "Create extension Door 2", "Door 2").await;
    assert!(!told.text().contains("exists on hes"), "{}", told.text());
    assert_eq!(mediatel.changes(), []);
    team.bot.ends().await;
}

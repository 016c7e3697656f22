//! One extension: created once whatever happens, changed while it is as it was shown, deleted for good.

use rollcall_commands::ExtensionText;
use rollcall_telephony::ExtensionId;
use rollcall_telephony::systems::mediatel::twin::{self, Fault, Moment, Times, Trouble};

use super::{Office, lead};
use crate::desk::{Differs, ExtensionPreview, FoundGone, Outcome, Refusal, Taken};

/// Settings under which nobody is asked.
const ALONE: &str = "require = []";

impl Office {
    fn alone() -> Self {
        Self::with(twin::Options::default(), ALONE)
    }

    fn previews_delete(&self, extension: &str) -> ExtensionPreview {
        let (typed, asked) = (ExtensionText(extension.to_owned()), self.asked());
        let offered = self.does(async |desk| desk.ask_delete_extension(&lead(), &typed, "old", asked).await);
        offered.unwrap().expect("nobody needs to be asked")
    }

    fn name_of(&self, id: u64) -> Option<String> {
        self.extension(id)?.text("E_Extension")
    }

    /// How many have this name.
    fn called(&self, name: &str) -> usize {
        self.twin.extensions().iter().filter(|(_, it)| it.text("E_Extension").as_deref() == Some(name)).count()
    }
}

fn differs(label: &str, before: &str, after: &str) -> Differs {
    Differs { label: label.to_owned(), before: before.to_owned(), after: after.to_owned() }
}

#[test]
fn a_new_extension_is_created_once_and_read_back() {
    let office = Office::opens();
    let offer = office.previews_create("Support").offer;
    assert!(matches!(office.presses(offer), Ok(Taken::Act(_))));
    assert!(matches!(office.presses(offer), Ok(Taken::Before(_))));
    assert_eq!(office.outcome(), Outcome::ExtensionCreated { id: ExtensionId(17), differs: Vec::new() });
    assert_eq!(office.extension(17).unwrap().texts("Codecs").unwrap(), ["gsm", "g729"]);
    assert_eq!(office.sent("POST"), 1);
}

#[test]
fn a_create_whose_answer_is_lost_is_found_by_its_name() {
    let office = Office::opens();
    let offer = office.previews_create("Support").offer;
    office.loses("POST", Moment::After);
    office.presses(offer).unwrap();
    assert!(office.concluded().is_none(), "nobody can tell yet");
    office.settles_late();
    assert_eq!(office.outcome(), Outcome::ExtensionCreated { id: ExtensionId(17), differs: Vec::new() });
    assert_eq!((office.sent("POST"), office.called("Support")), (1, 1));
}

#[test]
fn a_create_that_never_arrived_is_told_and_not_sent_again() {
    let office = Office::opens();
    let offer = office.previews_create("Support").offer;
    office.loses("POST", Moment::Before);
    office.presses(offer).unwrap();
    office.clock.advance(std::time::Duration::from_secs(2));
    office.settles();
    assert!(office.concluded().is_none(), "it may still be on its way");
    office.settles_late();
    assert!(matches!(office.outcome(), Outcome::Untold { .. }));
    office.settles_late();
    assert_eq!((office.sent("POST"), office.called("Support")), (1, 0));
}

#[test]
fn a_bot_that_dies_creates_nothing_twice() {
    for (at, made) in [(Moment::Before, 0), (Moment::After, 1)] {
        let mut office = Office::opens();
        let offer = office.previews_create("Support").offer;
        office.dies_at(offer, "POST", at);
        office.settles_late();
        office.settles_late();
        let done = matches!(office.outcome(), Outcome::ExtensionCreated { .. });
        assert_eq!(done, made == 1, "{at:?}");
        assert_eq!((office.sent("POST"), office.called("Support")), (1, made), "{at:?}");
    }
}

#[test]
fn a_bot_that_dies_before_it_sends_sends_when_it_is_back() {
    let mut office = Office::opens();
    let (offer, asked) = (office.previews_create("Support").offer, office.asked());
    office.begins(async |desk| desk.take_offer(&lead(), offer, asked).await.unwrap());
    office.crashes();
    assert_eq!(office.sent("POST"), 0);
    office.starts();
    office.settles();
    assert!(matches!(office.outcome(), Outcome::ExtensionCreated { .. }));
    assert_eq!((office.sent("POST"), office.called("Support")), (1, 1));
}

#[test]
fn somebody_elses_extension_of_that_name_is_not_taken_for_ours() {
    let office = Office::opens();
    let named = r#"{"E_ID":40,"E_Extension":"support","E_Type":3}"#;
    let offer = office.previews_create("Support").offer;
    office.twin.put_extension(named).unwrap();
    assert!(matches!(office.presses(offer), Err(Refusal::Changed { .. })), "it came after the preview");

    let offer = office.previews_create("Support").offer;
    office.loses("POST", Moment::Before);
    office.presses(offer).unwrap();
    office.settles_late();
    assert!(matches!(office.outcome(), Outcome::Untold { .. }), "it was there before the preview");
}

#[test]
fn a_refused_create_is_told_with_the_reason() {
    let office = Office::opens();
    let offer = office.previews_create("sales").offer;
    office.presses(offer).unwrap();
    let Outcome::Failed { why } = office.outcome() else { panic!("{:?}", office.outcome()) };
    assert!(why.contains("refused"), "{why}");
}

#[test]
fn a_change_sends_what_changes_and_keeps_what_no_document_tells_of() {
    let office = Office::opens();
    let preview = office.previews_edit("Sales", &[("destination", "80"), ("type", "2"), ("payload", "101")]).unwrap();
    office.presses(preview.offer).unwrap();
    let changed = vec![differs("Destination", "77", "80"), differs("Payload", "empty", "101")];
    assert_eq!(office.outcome(), Outcome::Changed { differs: changed });
    let put = office.twin.seen().into_iter().find(|seen| seen.method == "PUT").unwrap();
    assert_eq!(put.body, r#"{"Destination":"80","Payload":"101"}"#);
    assert_eq!(office.extension(15).unwrap().raw("X_Vendor").unwrap().get(), r#"{"n":1.50}"#);
}

#[test]
fn a_change_is_refused_when_the_record_is_another() {
    let office = Office::opens();
    let offer = office.previews_edit("15", &[("destination", "80")]).unwrap().offer;
    office.twin.change_extension(15, r#"{"Destination":"81"}"#).unwrap();
    let Err(Refusal::Changed { login, what }) = office.presses(offer) else { panic!("it was taken") };
    assert_eq!((login.as_str(), what), ("Sales", vec!["Destination".to_owned()]));
    assert_eq!(office.twin.mutations(), []);
}

#[test]
fn a_change_whose_answer_is_lost_is_looked_up() {
    for (moment, sent) in [(Moment::After, 1), (Moment::Before, 2)] {
        let office = Office::opens();
        let offer = office.previews_edit("15", &[("destination", "80")]).unwrap().offer;
        office.loses("PUT", moment);
        office.presses(offer).unwrap();
        office.settles_late();
        assert_eq!(office.outcome(), Outcome::Changed { differs: vec![differs("Destination", "77", "80")] });
        assert_eq!((office.sent("PUT"), office.twin.mutations().len()), (sent, 1), "{moment:?}");
    }
}

#[test]
fn a_change_that_somebody_else_got_into_is_told_as_unknown() {
    let office = Office::opens();
    let offer = office.previews_edit("15", &[("destination", "80")]).unwrap().offer;
    office.loses("PUT", Moment::Before);
    office.presses(offer).unwrap();
    office.twin.change_extension(15, r#"{"Destination":"81"}"#).unwrap();
    office.settles_late();
    assert!(matches!(office.outcome(), Outcome::Untold { .. }));
    assert_eq!(office.sent("PUT"), 1);
}

#[test]
fn a_change_is_sent_three_times_at_the_most() {
    let office = Office::opens();
    let offer = office.previews_edit("15", &[("destination", "80")]).unwrap().offer;
    let (moment, times) = (Moment::Before, Times::Always);
    office.twin.fault(Fault { method: Some("PUT"), path: "", moment, times, trouble: Trouble::Cut });
    office.presses(offer).unwrap();
    for _ in 0..5 {
        office.settles_late();
    }
    assert!(matches!(office.outcome(), Outcome::Untold { .. }));
    assert_eq!((office.sent("PUT"), office.twin.mutations().len()), (3, 0));
}

#[test]
fn a_delete_that_needs_nobody_is_offered_and_looked_up_to_be_gone() {
    let office = Office::alone();
    let offer = office.previews_delete("mediatel:16").offer;
    assert_eq!(office.sent("DELETE"), 0);
    office.presses(offer).unwrap();
    assert_eq!(office.outcome(), Outcome::ExtensionDeleted { found: FoundGone::Deleted });
    assert_eq!((office.extension(16), office.twin.deleted_extensions()), (None, vec![16]));
}

#[test]
fn a_delete_whose_answer_is_lost_is_done_once() {
    for (moment, sent) in [(Moment::After, 1), (Moment::Before, 2)] {
        let office = Office::alone();
        let offer = office.previews_delete("16").offer;
        office.loses("DELETE", moment);
        office.presses(offer).unwrap();
        office.settles_late();
        assert_eq!(office.outcome(), Outcome::ExtensionDeleted { found: FoundGone::Deleted }, "{moment:?}");
        assert_eq!((office.sent("DELETE"), office.twin.deleted_extensions()), (sent, vec![16]), "{moment:?}");
    }
}

#[test]
fn a_bot_that_dies_deletes_what_was_confirmed_and_nothing_else() {
    for at in [Moment::Before, Moment::After] {
        let mut office = Office::alone();
        let offer = office.previews_delete("16").offer;
        office.dies_at(offer, "DELETE", at);
        if at == Moment::Before {
            office.twin.change_extension(16, r#"{"Destination":"81"}"#).unwrap();
        }
        office.settles_late();
        match at {
            Moment::Before => assert!(matches!(office.outcome(), Outcome::Moved { .. }), "{:?}", office.outcome()),
            Moment::After => {
                assert_eq!(office.outcome(), Outcome::ExtensionDeleted { found: FoundGone::Deleted });
            }
        }
        assert_eq!(office.sent("DELETE"), 1);
        assert_eq!(office.name_of(16).is_some(), at == Moment::Before);
    }
}

#[test]
fn a_delete_of_what_is_in_use_is_told() {
    let office = Office::alone();
    office.twin.hold_extension(16, 4);
    let offer = office.previews_delete("16").offer;
    office.presses(offer).unwrap();
    assert!(matches!(office.outcome(), Outcome::Failed { .. }), "{:?}", office.outcome());
    assert!(office.extension(16).is_some());
}

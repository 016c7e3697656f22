//! The list after a batch, when it lacks what nobody deleted, or holds what cannot be read.

use rollcall_telephony::systems::mediatel::twin;
use rollcall_telephony::{ExtensionId, Record};

use super::{FAX, Fault, Moment, Office, SALES, SIP, Seen, Times, Trouble};
use crate::desk::{BatchSaid, Outcome, Refusal, RowOutcome, RowUntold};

/// One person is enough for a delete.
const ALONE: &str = "require = []\n";
const DELETING: &str = "E_ID,E_Extension,E_Type,Destination,delete\n15,,,80,\n16,,,,yes\n,Support,3,,\n";

/// An answer with these records.
fn list(records: &[&str]) -> Trouble {
    let body = format!(r#"{{"error":{{"code":200}},"result":[{}]}}"#, records.join(","));
    Trouble::Status { status: 200, body: Some(body), retry_after: None }
}

impl Office {
    /// From the PATCH on, the list is answered so, one answer for each read; then as it is.
    fn lists_afterwards(&self, answers: Vec<Trouble>) {
        let (twin, answers) = (self.twin.clone(), std::sync::Mutex::new(answers));
        self.twin.on_request(std::sync::Arc::new(move |moment: Moment, seen: &Seen| {
            if moment == Moment::After && seen.method == "PATCH" {
                for trouble in std::mem::take(&mut *answers.lock().unwrap()) {
                    let (method, path) = (Some("GET"), "/v1/extensions");
                    twin.fault(Fault { method, path, moment: Moment::Before, times: Times::Next(1), trouble });
                }
            }
            Box::pin(async {})
        }));
    }

    /// Carries a file out; what came of its rows.
    fn carries_out(&self, file: &str) -> Vec<RowOutcome> {
        let offer = self.previews_batch(file).offer.unwrap().0;
        self.presses(offer).unwrap();
        match self.outcome() {
            Outcome::Batch { rows, said: BatchSaid::Done } => rows,
            outcome => panic!("{outcome:?}"),
        }
    }
}

fn deleting() -> Office {
    Office::with(twin::Options::default(), ALONE)
}

fn untold(why: RowUntold) -> RowOutcome {
    RowOutcome::Untold { why }
}

const ALL_DONE: [RowOutcome; 3] = [RowOutcome::Changed, RowOutcome::Deleted, RowOutcome::Added { id: ExtensionId(17) }];

#[test]
fn an_empty_list_is_not_believed_the_first_time() {
    let office = deleting();
    office.lists_afterwards(vec![list(&[])]);
    assert_eq!(office.carries_out(DELETING), ALL_DONE);
    assert_eq!(office.sent("PATCH"), 1);
}

#[test]
fn a_list_that_stays_empty_is_believed() {
    let office = deleting();
    office.lists_afterwards(vec![list(&[]); 20]);
    let rows = office.carries_out(DELETING);
    assert!(matches!(&rows[0], RowOutcome::Otherwise { differs } if differs[0].after == "gone"), "{rows:?}");
    assert_eq!(rows[1..], [RowOutcome::Deleted, RowOutcome::NotDone]);
}

#[test]
fn a_list_that_says_something_else_each_time_proves_nothing_by_what_it_lacks() {
    let office = deleting();
    for id in 101..=120 {
        let line = format!(r#"{{"E_ID":{id},"E_Extension":"Line {id}","E_Type":2}}"#);
        office.twin.put_extension(&line).unwrap();
    }
    // Of 22 that no row deletes it shows one or none; what it shows is there.
    let changed = SALES.replace(r#""77""#, r#""80""#);
    office.lists_afterwards([list(&[]), list(&[&changed])].into_iter().cycle().take(40).collect());
    let rows = office.carries_out(DELETING);
    assert_eq!(rows, [RowOutcome::Changed, untold(RowUntold::Doubted), untold(RowUntold::Doubted)]);
}

#[test]
fn deleting_everything_leaves_an_empty_list() {
    let office = deleting();
    let rows = office.carries_out("E_ID,delete\n13,yes\n15,yes\n16,yes\n");
    assert_eq!(rows, [RowOutcome::Deleted, RowOutcome::Deleted, RowOutcome::Deleted]);
    let lists = office.twin.seen().into_iter().rev().take_while(|seen| seen.method == "GET").count();
    assert_eq!(lists, 1, "there is nothing to doubt");
}

#[test]
fn what_may_be_among_the_unreadable_is_not_told_as_gone() {
    let (named, unnamed) = (r#"{"E_ID":15,"E_Extension":null}"#, r#"{"E_ID":"?","E_Extension":"Support"}"#);
    let fax = r#"{"E_ID":16,"E_Extension":[],"E_Type":2}"#;
    for (answer, told) in [
        // Those that tell their number are there.
        (vec![SIP, named], [untold(RowUntold::Unreadable), RowOutcome::Deleted, RowOutcome::NotDone]),
        (vec![SIP, SALES, fax], [RowOutcome::NotDone, RowOutcome::NotDone, RowOutcome::NotDone]),
        // A new number may be the one that was added.
        (
            vec![SIP, SALES, r#"{"E_ID":17,"E_Extension":7.5}"#],
            [RowOutcome::NotDone, RowOutcome::Deleted, untold(RowUntold::Unreadable)],
        ),
        (
            vec![SIP, unnamed],
            [untold(RowUntold::Unreadable), untold(RowUntold::Unreadable), untold(RowUntold::Unreadable)],
        ),
    ] {
        let office = deleting();
        office.lists_afterwards(vec![list(&answer); 20]);
        assert_eq!(office.carries_out(DELETING), told, "{answer:?}");
    }
}

#[test]
fn what_could_never_be_read_hides_nothing() {
    let office = deleting();
    let broken = r#"{"E_ID":"?","E_Extension":"Old"}"#;
    let (method, path, moment) = (Some("GET"), "/v1/extensions", Moment::Before);
    // Twice before: for the preview, and for the last look.
    let times = Times::Next(2);
    office.twin.fault(Fault { method, path, moment, times, trouble: list(&[SIP, SALES, FAX, broken]) });
    office.lists_afterwards(vec![list(&[SIP, SALES, broken]); 20]);
    assert_eq!(office.carries_out(DELETING), [RowOutcome::NotDone, RowOutcome::Deleted, RowOutcome::NotDone]);
}

#[test]
fn a_row_that_names_an_unreadable_one_says_so() {
    let office = deleting();
    office.twin.put_extension(r#"{"E_ID":40,"E_Extension":null,"E_Type":2}"#).unwrap();
    let preview = office.previews_batch("E_ID,Destination\n40,80\n41,80\n");
    assert!(preview.offer.is_none());
    let problems: Vec<&str> = preview.rows.iter().map(|row| row.problems[0].what.as_str()).collect();
    assert_eq!(
        problems,
        [
            "extension 40 is on mediatel, but its record cannot be read; look at it in the phone system itself.",
            "mediatel has no extension 41 (any more)."
        ]
    );
}

#[test]
fn an_extension_with_a_secret_has_no_place_in_a_batch() {
    let office = deleting();
    let secret = SALES.replace(r#""X_Vendor":{"n":1.50}"#, r#""X_Vendor":{"n":1.50,"LinePassword":"sesame"}"#);
    office.twin.put_extension(&secret).unwrap();
    let preview = office.previews_batch(DELETING);
    assert!(preview.offer.is_none());
    let what = &preview.rows[0].problems[0].what;
    assert!(what.starts_with("mediatel keeps a secret in this extension"), "{what}");
    // One that changes nothing sends nothing, and a delete repeats nothing.
    let same = office.previews_batch("E_ID,Destination,delete\n15,77,\n16,79,\n");
    assert!(same.offer.is_some(), "{:?}", same.rows);
    assert!(office.previews_batch("E_ID,delete\n15,yes\n").offer.is_some());
    // By itself it is changed: only what changes is sent.
    let preview = office.previews_edit("mediatel:15", &[("destination", "80")]).unwrap();
    office.presses(preview.offer).unwrap();
    let after = office.extension(15).unwrap();
    assert_eq!(after.text("Destination").as_deref(), Some("80"));
    assert_eq!(after.record("X_Vendor").and_then(|it: Record| it.text("LinePassword")).as_deref(), Some("sesame"));
}

#[test]
fn a_secret_that_comes_between_preview_and_button_stops_the_batch() {
    let office = deleting();
    let offer = office.previews_batch(DELETING).offer.unwrap().0;
    office.twin.change_extension(15, r#"{"SipPassword":"sesame"}"#).unwrap();
    let Err(Refusal::Changed { what, .. }) = office.presses(offer) else { panic!("it was taken") };
    assert_eq!(what, ["row 2 (Sales), where a secret stands by now"]);
    assert_eq!(office.sent("PATCH"), 0);
}

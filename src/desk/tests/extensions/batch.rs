//! A file: its rows before anything is sent, and what each came to, as the list shows afterwards.

use rollcall_telephony::ExtensionId;
use rollcall_telephony::systems::mediatel::twin::{self, Batches, Fault, Moment, Times, Trouble};

use super::{Office, lead, with_roles};
use crate::desk::{BatchPreview, BatchSaid, Differs, LineWhat, Outcome, Refusal, RowOutcome};

/// Changes one and adds two.
const FILE: &str = "E_ID,E_Extension,E_Type,Destination\n15,,,80\n,Support,3,81\n-1,Night,3,82\n";
/// Deletes one, changes one, adds one.
const DELETING: &str = "E_ID,E_Extension,E_Type,Destination,delete\n16,,,,yes\n15,,,80,\n,Support,3,81,\n";

/// Settings under which nobody is asked.
const ALONE: &str = "require = []";

/// A preview, a line for each row.
fn lines(preview: &BatchPreview) -> Vec<String> {
    let differs = |differs: &[Differs]| {
        differs.iter().map(|d| format!("{} {} → {}", d.label, d.before, d.after)).collect::<Vec<_>>().join(", ")
    };
    let line = |line: &crate::desk::BatchLine| {
        let what = match &line.what {
            LineWhat::Add { .. } => "add".to_owned(),
            LineWhat::Change { id, differs: changes } => format!("change {id} {}", differs(changes)),
            LineWhat::Delete { id } => format!("delete {id}"),
            LineWhat::Unreadable => "unreadable".to_owned(),
        };
        let problems: Vec<String> = line.problems.iter().map(ToString::to_string).collect();
        format!("{} [{}] {what} {}", line.row, line.name, problems.join(" ")).trim().to_owned()
    };
    preview.rows.iter().map(line).collect()
}

fn added(id: i64) -> RowOutcome {
    RowOutcome::Added { id: ExtensionId(id) }
}

fn done(rows: Vec<RowOutcome>) -> Outcome {
    Outcome::Batch { rows, said: BatchSaid::Done }
}

/// What came of the rows, where nothing is known of the answer.
fn unanswered(outcome: Outcome) -> Vec<RowOutcome> {
    match outcome {
        Outcome::Batch { rows, said: BatchSaid::Nothing { .. } } => rows,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_is_shown_sent_once_and_told_row_by_row() {
    let office = Office::opens();
    let preview = office.previews_batch(FILE);
    assert_eq!(lines(&preview), ["2 [Sales] change 15 Destination 77 → 80", "3 [Support] add", "4 [Night] add"]);
    assert_eq!((preview.deletes, preview.second), (0, None));
    office.presses(preview.offer.unwrap().0).unwrap();
    assert_eq!(office.outcome(), done(vec![RowOutcome::Changed, added(17), added(18)]));
    assert_eq!(office.sent("PATCH"), 1);
}

#[test]
fn rows_that_change_nothing_are_shown_and_not_sent() {
    let office = Office::opens();
    let preview = office.previews_batch("E_ID,E_Extension,Destination\n15,Sales,77\n16,Fax,90\n");
    assert_eq!(lines(&preview), ["2 [Sales] change 15", "3 [Fax] change 16 Destination 78 → 90"]);
    office.presses(preview.offer.unwrap().0).unwrap();
    let patch = office.twin.seen().into_iter().find(|seen| seen.method == "PATCH").unwrap();
    // What is changed is sent whole, as the documents' sample is: what becomes of members left out is not told.
    let fax = r#"{"E_ID":16,"E_Extension":"Fax","Protocol":"","E_Type":2,"E_Description":"","E_DialOutIdentities":"","ContactDisplay":"","DestAddress":"","Destination":"90","Codecs":[],"ConnectionType":"","DTMFSupport":[],"FromDisplay":"","Payload":""}"#;
    assert_eq!(patch.body, format!(r#"{{"Deleted":[],"Inserted":[{fax}]}}"#));
    let nothing = office.batch(&lead(), "E_ID,E_Extension,Destination\n15,Sales,77\n");
    assert!(matches!(nothing, Err(Refusal::Already { .. })));
}

#[test]
fn what_is_wrong_is_told_beside_the_other_rows_and_nothing_can_be_pressed() {
    let office = Office::opens();
    let file = "E_ID,E_Extension,E_Type,delete\n15,,9,\n99,,2,\n98,,,yes\n0,Zero,3,\n,SALES,3,\n,Twice,3,\n,twice,3,\n,New,x,\n";
    let preview = office.previews_batch(file);
    assert_eq!(
        lines(&preview),
        [
            "2 [Sales] change 15 Type 2 → 9",
            "3 [] change 99  Row 3, column E_ID: mediatel has no extension 99 (any more).",
            "4 [] delete 98 Row 4, column E_ID: mediatel has no extension 98 (any more).",
            "5 [] unreadable Row 5, column E_ID: 0 is no extension; leave the cell empty to add one.",
            "6 [SALES] add Row 6, column E_Extension: extension 15 has that name already.",
            "7 [Twice] add",
            "8 [twice] add Row 8, column E_Extension: row 7 gives that name already.",
            "9 [] unreadable Row 9, column E_Type: Type is a whole number from 0 to 2147483647.",
        ]
    );
    assert_eq!(preview.offer, None);
}

#[test]
fn a_name_that_the_file_sets_free_can_be_given_again() {
    let office = Office::with(twin::Options::default(), ALONE);
    let file = "E_ID,E_Extension,E_Type,delete\n16,,,yes\n15,Old sales,,\n,Fax,3,\n,Sales,3,\n";
    let offer = office.previews_batch(file).offer.expect("nothing is wrong").0;
    office.presses(offer).unwrap();
    assert_eq!(office.outcome(), done(vec![RowOutcome::Deleted, RowOutcome::Changed, added(17), added(18)]));
}

#[test]
fn a_file_that_cannot_be_read_is_refused_as_a_whole() {
    let office = Office::opens();
    for file in ["", "E_ID\n", "E_ID,Colour\n1,red\n", "PK\u{3}\u{4}zip", "\0"] {
        let Err(Refusal::Sheet { problems, .. }) = office.batch(&lead(), file) else { panic!("{file:?} was read") };
        assert!(!problems.is_empty());
    }
    assert_eq!(office.twin.seen().len(), 0);
}

#[test]
fn a_file_that_deletes_needs_both_permissions() {
    let office = Office::with(twin::Options::default(), ALONE);
    let needs = |roles: &[u64]| match office.batch(&with_roles(roles), DELETING) {
        Ok(_) => None,
        Err(Refusal::NotPermitted { permission, .. }) => Some(permission.to_string()),
        Err(other) => panic!("{other:?}"),
    };
    assert_eq!(needs(&[7]).as_deref(), Some("extension.delete"));
    assert_eq!(needs(&[8]).as_deref(), Some("extension.write"));
    assert_eq!(needs(&[7, 8]), None);
    // A role that is lost before the button is pressed counts, whichever it is.
    let offer = office.batch(&with_roles(&[7, 8]), DELETING).unwrap().offer.unwrap().0;
    for left in [7, 8] {
        let asked = office.asked();
        let taken = office.does(async |desk| desk.take_offer(&with_roles(&[left]), offer, asked).await);
        assert!(matches!(taken, Err(Refusal::NotPermitted { .. })), "{left}");
    }
    assert_eq!(office.twin.mutations(), []);
}

#[test]
fn a_batch_whose_answer_is_lost_is_told_by_the_list() {
    let office = Office::opens();
    let offer = office.previews_batch(FILE).offer.unwrap().0;
    office.loses("PATCH", Moment::After);
    office.presses(offer).unwrap();
    assert_eq!(unanswered(office.outcome()), [RowOutcome::Changed, added(17), added(18)]);
    assert_eq!(office.sent("PATCH"), 1);
}

#[test]
fn a_batch_that_never_arrived_is_given_time_and_not_sent_again() {
    let office = Office::opens();
    let offer = office.previews_batch(FILE).offer.unwrap().0;
    office.loses("PATCH", Moment::Before);
    office.presses(offer).unwrap();
    assert!(office.concluded().is_none(), "it may still be on its way");
    office.settles_late();
    assert_eq!(unanswered(office.outcome()), [RowOutcome::NotDone, RowOutcome::NotDone, RowOutcome::NotDone]);
    office.settles_late();
    assert_eq!((office.sent("PATCH"), office.twin.mutations().len()), (1, 0));
}

#[test]
fn a_bot_that_dies_sends_no_batch_twice() {
    for (at, first) in [(Moment::Before, RowOutcome::NotDone), (Moment::After, RowOutcome::Changed)] {
        let mut office = Office::opens();
        let offer = office.previews_batch(FILE).offer.unwrap().0;
        office.dies_at(offer, "PATCH", at);
        office.settles_late();
        office.settles_late();
        assert_eq!(unanswered(office.outcome()).first(), Some(&first), "{at:?}");
        assert_eq!(office.sent("PATCH"), 1, "{at:?}");
    }
}

#[test]
fn a_batch_that_was_recorded_and_not_sent_is_sent_when_the_bot_is_back() {
    for changed in [false, true] {
        let mut office = Office::opens();
        let (offer, asked) = (office.previews_batch(FILE).offer.unwrap().0, office.asked());
        office.begins(async |desk| desk.take_offer(&lead(), offer, asked).await.unwrap());
        office.crashes();
        assert_eq!(office.sent("PATCH"), 0);
        if changed {
            office.twin.change_extension(15, r#"{"Destination":"78"}"#).unwrap();
        }
        office.starts();
        office.settles();
        match office.outcome() {
            Outcome::Failed { why } => assert!(changed && why.contains("row 2 (Sales)"), "{why}"),
            outcome => assert_eq!((outcome, changed), (done(vec![RowOutcome::Changed, added(17), added(18)]), false)),
        }
        assert_eq!(office.sent("PATCH"), usize::from(!changed));
    }
}

#[test]
fn a_list_that_cannot_be_read_afterwards_is_waited_for() {
    let office = Office::opens();
    let offer = office.previews_batch(FILE).offer.unwrap().0;
    // The reads after it fail, however often they are tried.
    let (patched, get) = (Some("PATCH"), Some("GET"));
    let slow = Trouble::Status { status: 401, body: None, retry_after: None };
    let twin = std::sync::Arc::clone(&office.twin);
    office.twin.on_request(std::sync::Arc::new(move |moment, seen| {
        if moment == Moment::After && Some(seen.method.as_str()) == patched {
            let (moment, times, trouble) = (Moment::Before, Times::Always, slow.clone());
            twin.fault(Fault { method: get, path: "", moment, times, trouble });
        }
        Box::pin(async {})
    }));
    office.presses(offer).unwrap();
    assert!(office.concluded().is_none());
    office.twin.mend();
    office.settles_late();
    assert_eq!(unanswered(office.outcome()), [RowOutcome::Changed, added(17), added(18)]);
    assert_eq!(office.sent("PATCH"), 1);
}

#[test]
fn the_largest_file_goes_all_the_way() {
    let office = Office::opens();
    let rows = (0..1_000).map(|n| format!(",Line {n},3,{n}"));
    let file: Vec<String> = std::iter::once("E_ID,E_Extension,E_Type,Destination".to_owned()).chain(rows).collect();
    let offer = office.previews_batch(&file.join("\n")).offer.unwrap().0;
    office.presses(offer).unwrap();
    let Outcome::Batch { rows, said: BatchSaid::Done } = office.outcome() else { panic!("it is not done") };
    assert_eq!((rows.len(), rows.iter().filter(|row| row.is_done()).count()), (1_000, 1_000));
}

#[test]
fn a_batch_that_was_done_in_part_is_told_as_it_is() {
    let options = twin::Options { batches: Batches::UntilWrong, ..twin::Options::default() };
    let office = Office::with(options, ALONE);
    office.twin.hold_extension(16, 4);
    // What is deleted comes first at the phone system: 13 goes, then 16 is in use and nothing more is done.
    let file = "E_ID,E_Extension,E_Type,Destination,delete\n15,,,80,\n13,,,,yes\n16,,,,yes\n,Support,3,,\n";
    let preview = office.previews_batch(file);
    assert_eq!(preview.deletes, 2);
    office.presses(preview.offer.unwrap().0).unwrap();
    let Outcome::Batch { rows, said: BatchSaid::Refused { why } } = office.outcome() else {
        panic!("{:?}", office.outcome())
    };
    assert_eq!(rows, [RowOutcome::NotDone, RowOutcome::Deleted, RowOutcome::NotDone, RowOutcome::NotDone]);
    assert!(why.contains("refused"), "{why}");
}

#[test]
fn a_refused_batch_that_did_nothing_is_told_so() {
    let office = Office::with(twin::Options::default(), ALONE);
    office.twin.hold_extension(16, 4);
    let offer = office.previews_batch(DELETING).offer.unwrap().0;
    office.presses(offer).unwrap();
    let Outcome::Batch { rows, said: BatchSaid::Refused { .. } } = office.outcome() else {
        panic!("{:?}", office.outcome())
    };
    assert_eq!(rows, [RowOutcome::NotDone, RowOutcome::NotDone, RowOutcome::NotDone]);
}

#[test]
fn an_answer_that_says_done_is_not_believed() {
    let office = Office::opens();
    let offer = office.previews_batch(FILE).offer.unwrap().0;
    let body = r#"{"error":{"code":0},"result":[]}"#.to_owned();
    let trouble = Trouble::Status { status: 200, body: Some(body), retry_after: None };
    let (method, moment, times) = (Some("PATCH"), Moment::Before, Times::Next(1));
    office.twin.fault(Fault { method, path: "", moment, times, trouble });
    office.presses(offer).unwrap();
    office.settles_late();
    let Outcome::Batch { rows, .. } = office.outcome() else { panic!("{:?}", office.outcome()) };
    assert_eq!(rows, [RowOutcome::NotDone, RowOutcome::NotDone, RowOutcome::NotDone]);
    assert_eq!(office.sent("PATCH"), 1);
}

#[test]
fn what_came_out_otherwise_is_told_with_what_stands_there() {
    let office = Office::opens();
    let offer = office.previews_batch(FILE).offer.unwrap().0;
    office.loses("PATCH", Moment::Before);
    office.presses(offer).unwrap();
    office.twin.change_extension(15, r#"{"Destination":"99"}"#).unwrap();
    office.twin.put_extension(r#"{"E_ID":30,"E_Extension":"Night","E_Type":3,"Destination":"0"}"#).unwrap();
    office.settles_late();
    let otherwise = |before: &str, after: &str| {
        let (label, before, after) = ("Destination".to_owned(), before.to_owned(), after.to_owned());
        RowOutcome::Otherwise { differs: vec![Differs { label, before, after }] }
    };
    assert_eq!(unanswered(office.outcome()), [otherwise("80", "99"), RowOutcome::NotDone, otherwise("82", "0")]);
}

#[test]
fn a_batch_is_refused_when_what_it_names_is_another() {
    let office = Office::opens();
    let offer = office.previews_batch(FILE).offer.unwrap().0;
    office.twin.change_extension(15, r#"{"Destination":"78"}"#).unwrap();
    let Err(Refusal::Changed { what, .. }) = office.presses(offer) else { panic!("it was taken") };
    assert_eq!(what, ["row 2 (Sales)"]);

    let offer = office.previews_batch(FILE).offer.unwrap().0;
    office.twin.put_extension(r#"{"E_ID":30,"E_Extension":"support","E_Type":3}"#).unwrap();
    let Err(Refusal::Changed { what, .. }) = office.presses(offer) else { panic!("it was taken") };
    assert_eq!(what, ["extension 30 has the name of row 3 meanwhile"]);

    // What it does not name may change.
    let offer = office.previews_batch("E_ID,Destination\n15,80\n").offer.unwrap().0;
    office.twin.change_extension(16, r#"{"Destination":"79"}"#).unwrap();
    office.presses(offer).unwrap();
    assert_eq!(office.outcome(), done(vec![RowOutcome::Changed]));
}

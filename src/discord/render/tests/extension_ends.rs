//! Extensions once something was asked: cards for approvers, and what came of it.

use rollcall_telephony::{ExtensionId, IntentId};

use super::extensions::{HOSTILE, batch_of, create, delete_of, edit_of, extension, type_differs};
use super::*;
use crate::desk::{BatchSaid, ExtensionAct, Report, RowOutcome, RowUntold};
use crate::discord::render::{asked, decided as told, decided_line, log_line, reply, request_card};

fn report(act: &ExtensionAct, outcome: Outcome) -> Report {
    Report {
        intent: IntentId(9),
        actor: Some(LEAD),
        act: Act::Extension(act.clone()),
        outcome,
        undo: None,
        approved: None,
        next: Vec::new(),
    }
}

fn done(added: i64) -> Vec<RowOutcome> {
    vec![
        RowOutcome::Added { id: ExtensionId(added) },
        RowOutcome::Changed,
        RowOutcome::Deleted,
        RowOutcome::Added { id: ExtensionId(added + 1) },
        RowOutcome::Changed,
    ]
}

fn in_part() -> Vec<RowOutcome> {
    let mut rows = done(17);
    rows[1] = RowOutcome::Otherwise { differs: vec![type_differs().remove(0)] };
    rows[2] = RowOutcome::NotDone;
    rows[3] = RowOutcome::NotDone;
    rows
}

fn untold() -> Vec<RowOutcome> {
    let untold = |why| RowOutcome::Untold { why };
    let (doubted, unreadable) = (untold(RowUntold::Doubted), untold(RowUntold::Unreadable));
    vec![doubted.clone(), unreadable, RowOutcome::NotDone, doubted.clone(), doubted]
}

fn refused() -> BatchSaid {
    BatchSaid::Refused { why: "mediatel refused: it does not take one of the values".to_owned() }
}

/// Every way in which an act on extensions can end.
fn ends() -> Vec<(&'static str, ExtensionAct, Outcome)> {
    let why = || "mediatel could not be reached: no connection".to_owned();
    let batch = |rows, said| (batch_of("new_lines.csv", "SIP"), Outcome::Batch { rows, said });
    let nothing = || BatchSaid::Nothing { why: why() };
    let created = |differs| Outcome::ExtensionCreated { id: ExtensionId(15), differs };
    let mut ends = vec![
        ("created", create("SIP2"), created(Vec::new())),
        ("created, otherwise", create("SIP2"), created(type_differs())),
        ("changed", edit_of("SIP"), Outcome::Changed { differs: type_differs() }),
        ("deleted", delete_of("SIP"), Outcome::ExtensionDeleted { found: FoundGone::Deleted }),
        ("gone already", delete_of("SIP"), Outcome::ExtensionDeleted { found: FoundGone::Gone }),
        ("failed", create("SIP2"), Outcome::Failed { why: "mediatel refused: that name is taken".to_owned() }),
        ("untold", edit_of("SIP"), Outcome::Untold { why: why() }),
        ("looking", delete_of("SIP"), Outcome::Looking { why: why() }),
        ("doubt", create("SIP2"), Outcome::Doubt { why: why(), until: NOW + HOUR, agent: None }),
        ("moved", edit_of("SIP"), Outcome::Moved { login: "SIP".to_owned(), what: type_differs() }),
        ("hostile", delete_of(HOSTILE), Outcome::ExtensionDeleted { found: FoundGone::Deleted }),
    ];
    let batches = [
        ("batch: done", batch(done(17), BatchSaid::Done)),
        ("batch: done in part, said done", batch(in_part(), BatchSaid::Done)),
        ("batch: done in part, refused", batch(in_part(), refused())),
        ("batch: not done, refused", batch(vec![RowOutcome::NotDone; 5], refused())),
        ("batch: done, no answer", batch(done(17), nothing())),
        ("batch: not done, no answer", batch(vec![RowOutcome::NotDone; 5], nothing())),
        ("batch: nobody can tell, no answer", batch(untold(), nothing())),
        ("batch: nobody can tell, said done", batch(untold(), BatchSaid::Done)),
        ("batch: nobody can tell, refused", batch(untold(), refused())),
        ("batch: in part, of some nobody can tell", batch([&done(17)[..2], &untold()[2..]].concat(), BatchSaid::Done)),
        ("batch: failed", (batch_of("new_lines.csv", "SIP"), Outcome::Failed { why: why() })),
        ("batch: looking", (batch_of("new_lines.csv", "SIP"), Outcome::Looking { why: why() })),
        ("batch: untold", (batch_of("new_lines.csv", "SIP"), Outcome::Untold { why: why() })),
        (
            "batch: moved",
            (batch_of("new_lines.csv", "SIP"), Outcome::Moved { login: String::new(), what: type_differs() }),
        ),
        ("batch: hostile", (batch_of(HOSTILE, HOSTILE), Outcome::Batch { rows: in_part(), said: BatchSaid::Done })),
    ];
    ends.extend(batches.map(|(name, (act, outcome))| (name, act, outcome)));
    ends
}

#[test]
fn the_answer_to_whoever_asked() {
    insta::assert_snapshot!(all(ends()
        .into_iter()
        .map(|(name, act, outcome)| (name, reply(&report(&act, outcome), None, None)))));
}

#[test]
fn the_log_channel() {
    insta::assert_snapshot!(all(ends()
        .into_iter()
        .map(|(name, act, outcome)| (name, log_line(&report(&act, outcome))))));
}

fn with_card(act: ExtensionAct) -> Showing {
    let edits = match &act.change {
        crate::desk::ExtensionChange::Edit { differs, .. } => differs.clone(),
        crate::desk::ExtensionChange::Create { .. }
        | crate::desk::ExtensionChange::Delete { .. }
        | crate::desk::ExtensionChange::Batch { .. } => Vec::new(),
    };
    let mut showing = showing(Act::Extension(act));
    showing.card.record = match &showing.act {
        Act::Extension(ExtensionAct { change: crate::desk::ExtensionChange::Create { .. }, .. }) => Vec::new(),
        _ => rollcall_telephony::systems::EXTENSION_FIELDS[0].describe(&extension(13, "SIP")),
    };
    showing.card.differs = edits;
    showing.card.why = SecondPerson::Permission(Permission::ExtensionDelete);
    showing
}

#[test]
fn cards_for_approvers() {
    let terms = crate::desk::Terms {
        approvers: vec![RoleId::new(55)],
        people: None,
        threshold: 1,
        expires_at: NOW + HOUR * 24,
    };
    let card = |act| request_card(&with_card(act), 1);
    insta::assert_snapshot!(all([
        ("asked", asked(&Act::Extension(delete_of("SIP")), &terms)),
        ("asked for a batch", asked(&Act::Extension(batch_of("new_lines.csv", "SIP")), &terms)),
        ("delete", card(delete_of("SIP"))),
        ("batch", card(batch_of("new_lines.csv", "SIP"))),
        ("create", card(create("SIP2"))),
        ("edit", card(edit_of("SIP"))),
        ("hostile delete", card(delete_of(HOSTILE))),
        ("hostile batch", card(batch_of(HOSTILE, HOSTILE))),
    ]));
}

#[test]
fn cards_that_are_decided() {
    let acted = ends().into_iter().map(|(name, act, outcome)| (name, act, acted(outcome)));
    let voids = || {
        [
            ("void: changed", Settled::Void(VoidWhy::Changed { what: type_differs() })),
            ("void: gone", Settled::Void(VoidWhy::Gone)),
            ("denied", Settled::Denied { by: FIRST, words: None }),
        ]
    };
    let voids_of = |act: fn() -> ExtensionAct| voids().map(|(name, settled)| (name, act(), settled));
    let batch: fn() -> ExtensionAct = || batch_of("new_lines.csv", "SIP");
    let all_of: Vec<_> = acted.chain(voids_of(|| delete_of("SIP"))).chain(voids_of(batch)).collect();
    let messages = all_of
        .iter()
        .map(|(name, act, settled)| (*name, told(&about(Act::Extension(act.clone()), Some(settled.clone())))));
    let lines = all_of
        .iter()
        .map(|(name, act, settled)| (*name, decided_line(&about(Act::Extension(act.clone()), Some(settled.clone())))));
    insta::assert_snapshot!(format!("{}===== in the log channel\n\n{}", all(messages), all(lines)));
}

#[test]
fn a_batch_of_a_thousand_rows_says_how_many_are_not_shown() {
    let mut act = batch_of("new_lines.csv", "SIP");
    let crate::desk::ExtensionChange::Batch { rows, .. } = &mut act.change else { unreachable!("it is one") };
    let row = rows[0].clone();
    *rows = (2..=1001).map(|number| crate::desk::BatchRow { row: number, ..row.clone() }).collect();
    let outcomes: Vec<RowOutcome> = (0..1000)
        .map(|at| if at % 2 == 0 { RowOutcome::NotDone } else { RowOutcome::Added { id: ExtensionId(at) } })
        .collect();
    let outcome = Outcome::Batch { rows: outcomes, said: BatchSaid::Done };
    for message in [
        reply(&report(&act, outcome.clone()), None, None),
        request_card(&with_card(act.clone()), 1),
        request_card(&decided(Act::Extension(act.clone()), acted(outcome.clone())), 1),
    ] {
        let text = read(&message);
        assert!(text.contains(" more "), "{text}");
    }
    let line = read(&log_line(&report(&act, outcome)));
    assert!(line.contains("and 490 more") && !line.ends_with('…'), "{line}");
}

//! Acts on agents and what came of each: the answer to whoever asked, the line in the log channel, the decided card. What
//! waits for approvers is in `cards`.

use rollcall_telephony::IntentId;

use super::extensions::HOSTILE;
use super::*;
use crate::desk::{
    Approved, ClonePreview, EditPreview, HandoverTold, Masked, ReplaceAct, Report, ResetPreview, Terms, ThenDelete,
    Warning,
};
use crate::discord::render::{clone_preview, direct, edit_preview, log_line, reply, request_card, reset_preview};
use crate::ledger::{HandoverState, OfferId};

fn report(act: Act, outcome: Outcome) -> Report {
    Report { intent: IntentId(9), actor: Some(LEAD), act, outcome, undo: None, approved: None, next: Vec::new() }
}

fn replace() -> Act {
    Act::Replace(ReplaceAct { agent: agent("42"), login: "ivan.ivanov".to_owned(), handover: 4 })
}

/// Disables, for a reason, and asks for a delete afterwards.
fn leaving(reason: &str) -> Act {
    Act::SetState(StateAct {
        agent: agent("42"),
        login: "ivan.ivanov".to_owned(),
        to: AgentState::Disabled,
        reason: Some(reason.to_owned()),
        fingerprint: FINGERPRINT.to_owned(),
        then_delete: Some(ThenDelete { reason: reason.to_owned(), requester_name: "Olha Koval".to_owned() }),
    })
}

fn every_act() -> Vec<(&'static str, Act)> {
    let mut every = acts();
    every.extend([("replace", replace()), ("leaving", leaving("leaver"))]);
    every
}

/// Every way in which this act can end that is its own.
fn own_ends(act: &Act) -> Vec<(&'static str, Outcome)> {
    let created = |login: &str, differs, password| Outcome::Created {
        agent: agent("77"),
        login: login.to_owned(),
        differs,
        password,
    };
    let deleted = |found| Outcome::Deleted { found, restorable_until: NOW + HOUR * 24 * 30 };
    match act {
        Act::Clone(_) | Act::Restore(_) => vec![
            ("created", created(act.login(), Vec::new(), PasswordNote::Fine)),
            ("created, otherwise", created("z.hnatiuk", skill_differs(), PasswordNote::Repaired)),
            ("created, no usable password", created(act.login(), Vec::new(), PasswordNote::RepairFailed)),
        ],
        Act::SetState(_) | Act::Edit(_) => vec![("changed", Outcome::Changed { differs: skill_differs() })],
        Act::ResetPassword(_) => vec![
            ("set", Outcome::PasswordSet { password: PasswordNote::Fine }),
            ("set as sent", Outcome::PasswordSet { password: PasswordNote::StoresAsSent }),
            ("set, not shown", Outcome::PasswordSet { password: PasswordNote::TryLogin }),
        ],
        Act::Delete(_) => {
            vec![("deleted", deleted(FoundGone::Deleted)), ("gone already", deleted(FoundGone::Gone))]
        }
        Act::Replace(_) => vec![
            ("replaced", Outcome::Replaced),
            ("left alone", Outcome::LeftAlone { masked: Masked::Shown }),
            ("left alone, hidden", Outcome::LeftAlone { masked: Masked::Hidden }),
        ],
        Act::Presence(_) | Act::Extension(_) => Vec::new(),
    }
}

/// The ends that any act can have.
fn common_ends() -> Vec<(&'static str, Outcome)> {
    let why = || "mediatel could not be reached: no connection".to_owned();
    let doubt = |agent| Outcome::Doubt { why: why(), until: NOW + HOUR * 24, agent };
    vec![
        ("moved", Outcome::Moved { login: "ivan.petrenko".to_owned(), what: skill_differs() }),
        ("failed", Outcome::Failed { why: "the server said no.".to_owned() }),
        ("untold", Outcome::Untold { why: why() }),
        ("looking", Outcome::Looking { why: why() }),
        ("doubt", doubt(None)),
        ("doubt, agent known", doubt(Some(agent("42")))),
    ]
}

fn ends_of_each() -> Vec<(String, Act, Outcome)> {
    let each = every_act().into_iter().flat_map(|(name, act)| {
        let ends = own_ends(&act).into_iter().chain(common_ends());
        ends.map(|(end, outcome)| (format!("{name}: {end}"), act.clone(), outcome)).collect::<Vec<_>>()
    });
    let hostile = ("leaving: hostile".to_owned(), leaving(HOSTILE), Outcome::Changed { differs: Vec::new() });
    each.chain([hostile]).collect()
}

#[test]
fn the_answer_to_whoever_asked() {
    let replies =
        ends_of_each().into_iter().map(|(name, act, outcome)| (name, reply(&report(act, outcome), None, None)));
    insta::assert_snapshot!(all(replies));
}

#[test]
fn the_log_channel() {
    let lines = ends_of_each().into_iter().map(|(name, act, outcome)| (name, log_line(&report(act, outcome))));
    insta::assert_snapshot!(all(lines));
}

#[test]
fn a_card_that_is_decided() {
    let cards =
        ends_of_each().into_iter().map(|(name, act, outcome)| (name, request_card(&decided(act, acted(outcome)), 1)));
    insta::assert_snapshot!(all(cards));
}

/// No act ends in another kind's way; if one did, it would be said plainly.
#[test]
fn an_end_of_another_kind() {
    assert_eq!(
        read(&reply(&report(delete(), Outcome::Replaced), None, None)),
        "# Deleting ivan.ivanov from mediatel — done"
    );
    assert_eq!(
        read(&log_line(&report(delete(), Outcome::Replaced))),
        "✅ <@11>: deleting ivan.ivanov from mediatel — done."
    );
}

fn handover(state: HandoverState, recipient: UserId) -> HandoverTold {
    HandoverTold {
        id: 4,
        login: "ivan.ivanov".to_owned(),
        agent: agent("42"),
        requester: LEAD,
        recipient,
        state,
        expires_at: NOW + HOUR * 24,
    }
}

#[test]
fn what_follows_an_answer() {
    let undo = |act: Act| {
        let outcome = own_ends(&act).remove(0).1;
        Report { undo: Some((5, NOW + HOUR)), ..report(act, outcome) }
    };
    let undone = [state(AgentState::Enabled), state(AgentState::Disabled), edit()];
    let undone = undone.into_iter().map(|act| ("undo".to_owned(), reply(&undo(act), None, None)));
    let states = [
        HandoverState::Due,
        HandoverState::Delivered,
        HandoverState::Closed,
        HandoverState::Confirmed,
        HandoverState::Expired,
    ];
    let reset = || report(acts().remove(5).1, Outcome::PasswordSet { password: PasswordNote::Fine });
    let handed = states.into_iter().flat_map(|state| {
        [LEAD, FIRST].map(|to| (format!("password {state:?}"), reply(&reset(), Some(&handover(state, to)), None)))
    });
    let terms = Terms { approvers: vec![RoleId::new(55)], people: None, threshold: 1, expires_at: NOW + HOUR };
    let left = Report {
        approved: Some(Approved { request: 12, by: vec![FIRST, SECOND] }),
        ..report(leaving("leaver"), Outcome::Changed { differs: Vec::new() })
    };
    let others = [
        ("asked to delete".to_owned(), reply(&left, None, Some(&terms))),
        ("approved, in the log channel".to_owned(), log_line(&left)),
        ("by the bot".to_owned(), direct(&Report { actor: None, ..report(replace(), Outcome::Replaced) })),
        (
            "by the bot, in the log channel".to_owned(),
            log_line(&Report { actor: None, ..report(replace(), Outcome::Replaced) }),
        ),
    ];
    insta::assert_snapshot!(all(undone.chain(handed).chain(others)));
}

#[test]
fn previews() {
    let Act::Clone(act) = acts().remove(1).1 else { unreachable!("it is a clone") };
    let numbers = || vec!["+380441234567".to_owned()];
    let second = Some(SecondPerson::Rights { highest: 9, limit: 3 });
    let clone = |act: &CloneAct, warnings, second| ClonePreview {
        offer: OfferId(5),
        expires_at: NOW + HOUR,
        act: act.clone(),
        copied: record(),
        warnings,
        second,
    };
    let warned = vec![
        Warning::SourceDisabled,
        Warning::Rights { agent: Some(9), supervisor: None, above: 3 },
        Warning::NumbersCopied(numbers()),
        Warning::NumbersCleared(numbers()),
        Warning::UnknownMembers((0..12).map(|n| format!("Member{n}")).collect()),
    ];
    let bare = CloneAct { email: None, details: String::new(), personal_numbers: Numbers::Clear, ..act.clone() };
    let edit = |second| EditPreview {
        offer: OfferId(5),
        expires_at: NOW + HOUR,
        agent: agent("42"),
        login: "ivan.ivanov".to_owned(),
        differs: skill_differs(),
        second,
    };
    let reset = |second| ResetPreview {
        offer: OfferId(5),
        expires_at: NOW + HOUR,
        agent: agent("42"),
        login: "ivan.ivanov".to_owned(),
        recipient: FIRST,
        second,
    };
    let permission = Some(SecondPerson::Permission(Permission::AgentResetPassword));
    insta::assert_snapshot!(all([
        ("clone", clone_preview(&clone(&act, Vec::new(), None))),
        ("clone, warned", clone_preview(&clone(&bare, warned, second))),
        ("edit", edit_preview(&edit(None))),
        ("edit, second person", edit_preview(&edit(second))),
        ("reset", reset_preview(&reset(None), FIRST)),
        ("reset, second person", reset_preview(&reset(permission), FIRST)),
    ]));
}

//! What people read of presence. The sentences of errors are the clients' own, taken from the snapshots of their tests, so
//! that each documented one is read here as it reaches a person.

use rollcall_telephony::{Effect, Error, ErrorKind, IntentId, PresenceAnswer, PresenceChange};

use super::extensions::HOSTILE;
use super::*;
use crate::desk::{
    Also, AlsoAgent, Evidence, FirstStep, Next, NextWhat, PartOutcome, PresenceAct, PresencePart, Report,
};
use crate::discord::render::{decided_line, log_line, refusal, reply, request_card};

const ERIX: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/telephony/src/systems/erix/tests/snapshots/",
    "rollcall_telephony__systems__erix__tests__answers__texts_become_sentences.snap"
));
const ERIX_STATUSES: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/telephony/src/systems/erix/tests/snapshots/",
    "rollcall_telephony__systems__erix__tests__answers__statuses_become_sentences.snap"
));
const VOICENTER: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/telephony/src/systems/voicenter/tests/snapshots/",
    "rollcall_telephony__systems__voicenter__tests__answers__messages_become_sentences.snap"
));
const VOICENTER_STATUSES: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/telephony/src/systems/voicenter/tests/snapshots/",
    "rollcall_telephony__systems__voicenter__tests__answers__statuses_of_http_become_sentences.snap"
));

fn at(connection: &str, id: &str) -> AgentRef {
    AgentRef::new(ConnectionName::new(connection).unwrap(), AgentId::new(id))
}

fn login() -> PresenceChange {
    PresenceChange::LogIn { extension: Some("2001".to_owned()), queue: Some("suporte".to_owned()) }
}

fn pause(reason: &str) -> PresenceChange {
    PresenceChange::Pause { reason: Some(reason.to_owned()) }
}

fn part(agent: AgentRef, change: PresenceChange) -> PresencePart {
    PresencePart {
        login: agent.id.as_str().to_owned(),
        agent,
        name: "Maria Souza".to_owned(),
        first: None,
        change,
        note: String::new(),
        before: None,
    }
}

fn maria(change: PresenceChange) -> PresenceAct {
    PresenceAct { who: "maria".to_owned(), first: part(at("erix-br", "maria"), change), others: Vec::new(), also: None }
}

fn done() -> PartOutcome {
    PartOutcome::Done { answer: PresenceAnswer::Done }
}

fn already() -> PartOutcome {
    PartOutcome::Done { answer: PresenceAnswer::Already }
}

fn failed(why: &str, first: FirstStep) -> PartOutcome {
    PartOutcome::Failed { why: why.to_owned(), evidence: Evidence::None, first }
}

fn untold(first: FirstStep) -> PartOutcome {
    PartOutcome::Untold { why: "erix-br could not be reached: it did not answer in time".to_owned(), first }
}

fn of_error(kind: ErrorKind) -> PartOutcome {
    let connection = ConnectionName::new("erix-br").unwrap();
    let error = Error { connection, operation: "logging the agent in", kind, effect: Effect::None, source: None };
    PartOutcome::of_error(&error, FirstStep::NotDone)
}

fn report(act: PresenceAct, parts: Vec<PartOutcome>, next: Vec<NextWhat>) -> Report {
    let next = next.into_iter().zip(7..).map(|(what, offer)| Next { offer, until: NOW + HOUR, what }).collect();
    Report {
        intent: IntentId(9),
        actor: Some(LEAD),
        act: Act::Presence(Box::new(act)),
        outcome: Outcome::Presence { parts },
        undo: None,
        approved: None,
        next,
    }
}

/// One of these breaks is to be picked.
fn a_break(breaks: &[&str]) -> NextWhat {
    let on = ConnectionName::new("voicenter").unwrap();
    NextWhat::Break { person: "Maria Souza".to_owned(), on, breaks: breaks.iter().map(|it| (*it).to_owned()).collect() }
}

/// Every way in which a change of presence can end.
fn ends() -> Vec<(&'static str, Report)> {
    let not_logged = "erix-br refused: maria is not logged in there; log the agent in first";
    let changed = || {
        let mut act = maria(pause("Treinamento"));
        act.first.first = Some(PresenceChange::Unpause);
        act
    };
    let also = || {
        let other = AlsoAgent { agent: at("voicenter", "1042"), login: "1042".to_owned(), name: String::new() };
        let mut act = maria(pause("Almoço"));
        act.also = Some(Also { person: "Maria Souza".to_owned(), agents: vec![other] });
        act
    };
    let both = || PresenceAct {
        who: "Maria Souza".to_owned(),
        first: part(at("erix-br", "maria"), pause("Almoço")),
        others: vec![part(at("voicenter", "1042"), pause("Almoço")), part(at("desk-2", "m.souza"), pause("Almoço"))],
        also: None,
    };
    let noted = || {
        let mut act = maria(PresenceChange::Unpause);
        act.first.note = "Voicenter knows no end of a break: the agent is logged in, which ends it.".to_owned();
        act
    };
    let moment_ago = || {
        let mut act = both();
        act.first.before = Some(done());
        act
    };
    let hostile = || PresenceAct { who: HOSTILE.to_owned(), ..maria(pause(HOSTILE)) };
    let anew = NextWhat::PauseAnew { reason: "Treinamento".to_owned() };
    vec![
        ("logged in", report(maria(login()), vec![done()], Vec::new())),
        ("logged in already", report(maria(login()), vec![already()], Vec::new())),
        ("logged out", report(maria(PresenceChange::LogOut), vec![done()], Vec::new())),
        ("logged out already", report(maria(PresenceChange::LogOut), vec![already()], Vec::new())),
        ("paused", report(maria(pause("Almoço")), vec![done()], Vec::new())),
        ("paused without a reason", report(maria(PresenceChange::Pause { reason: None }), vec![done()], Vec::new())),
        ("paused already", report(maria(pause("Treinamento")), vec![already()], vec![anew])),
        ("unpaused", report(maria(PresenceChange::Unpause), vec![done()], Vec::new())),
        ("unpaused already", report(maria(PresenceChange::Unpause), vec![already()], Vec::new())),
        ("unpaused, with a note", report(noted(), vec![done()], Vec::new())),
        ("not done", report(maria(pause("Almoço")), vec![failed(not_logged, FirstStep::NotDone)], Vec::new())),
        ("half done", report(changed(), vec![failed(not_logged, FirstStep::Done)], Vec::new())),
        ("nobody can tell", report(maria(pause("Almoço")), vec![untold(FirstStep::NotDone)], vec![NextWhat::Again])),
        ("nobody can tell, half done", report(changed(), vec![untold(FirstStep::Done)], vec![NextWhat::Again])),
        ("signed out", report(maria(login()), vec![of_error(ErrorKind::SignedOut)], Vec::new())),
        ("too fast", report(maria(login()), vec![of_error(ErrorKind::RateLimited(None))], Vec::new())),
        (
            "is somebody elsewhere, too",
            report(also(), vec![done()], vec![NextWhat::OnAll { person: "Maria Souza".to_owned() }]),
        ),
        ("a break to pick", report(also(), vec![done()], vec![a_break(&["Lunch", "Team meeting"])])),
        ("more breaks than a menu holds", report(also(), vec![done()], vec![a_break(&["Lunch"; 30])])),
        (
            "a break and a button",
            report(
                also(),
                vec![already()],
                vec![NextWhat::PauseAnew { reason: "Almoço".to_owned() }, a_break(&[HOSTILE])],
            ),
        ),
        ("on all of them", report(both(), vec![done(), already(), done()], Vec::new())),
        (
            "on some of them",
            report(
                moment_ago(),
                vec![done(), failed(not_logged, FirstStep::NotDone), untold(FirstStep::NotDone)],
                vec![NextWhat::Again],
            ),
        ),
        ("on none of them", report(both(), vec![failed(not_logged, FirstStep::NotDone); 3], Vec::new())),
        ("hostile", report(hostile(), vec![failed(HOSTILE, FirstStep::NotDone)], Vec::new())),
    ]
}

#[test]
fn presence_is_answered() {
    insta::assert_snapshot!(all(ends().iter().map(|(name, report)| (name, reply(report, None, None)))));
}

#[test]
fn presence_in_the_log_channel() {
    insta::assert_snapshot!(all(ends().iter().map(|(name, report)| (name, log_line(report)))));
}

#[test]
fn presence_that_was_approved() {
    let card = (String::from("waits"), request_card(&showing(Act::Presence(Box::new(maria(login())))), 1));
    let lines = ends()
        .into_iter()
        .map(|(name, report)| (name.to_owned(), decided_line(&about(report.act.clone(), Some(acted(report.outcome))))));
    insta::assert_snapshot!(all(std::iter::once(card).chain(lines)));
}

/// The sentences of a client's snapshot, each with what it answers; the same sentence is read once.
fn sentences(snapshot: &str, on: &str) -> Vec<(String, PartOutcome)> {
    let mut found: Vec<(String, PartOutcome)> = Vec::new();
    let mut heading = String::new();
    for line in snapshot.lines() {
        // What is done, and an answer to another command, is read elsewhere.
        let error = line.split_once(": desk ").filter(|(_, sentence)| !sentence.contains("to another command"));
        let Some((asked, sentence)) = error else {
            if !line.starts_with(' ') {
                heading = line.trim().to_owned();
            }
            continue;
        };
        let (sentence, effect) = sentence.rsplit_once(" (").unwrap();
        let why = format!("{on} {}", sentence.replace("sipsip", "1042"));
        let outcome = match effect {
            "None)" => failed(&why, FirstStep::NotDone),
            "Unknown)" => PartOutcome::Untold { why, first: FirstStep::NotDone },
            other => panic!("{other} in {line}"),
        };
        let asked = if line.starts_with(' ') { format!("{heading}, {}", asked.trim()) } else { asked.to_owned() };
        if !found.iter().any(|(_, other)| *other == outcome) {
            found.push((asked, outcome));
        }
    }
    assert!(found.len() > 5, "{snapshot}");
    found
}

fn told(snapshot: &str, on: &str, id: &str) -> String {
    all(sentences(snapshot, on).into_iter().map(|(asked, outcome)| {
        let change = match asked.rsplit(' ').next() {
            Some("login") => login(),
            Some("logoff") => PresenceChange::LogOut,
            Some("unpause") => PresenceChange::Unpause,
            Some(_) | None => pause("Almoço"),
        };
        let act = PresenceAct { who: id.to_owned(), first: part(at(on, id), change), others: Vec::new(), also: None };
        let next = match outcome {
            PartOutcome::Untold { .. } => vec![NextWhat::Again],
            PartOutcome::Done { .. } | PartOutcome::Failed { .. } => Vec::new(),
        };
        (asked, reply(&report(act, vec![outcome], next), None, None))
    }))
}

#[test]
fn a_menu_of_breaks_is_within_discords_limits() {
    for (breaks, options) in [(vec!["Lunch", "Team meeting"], 2), (vec![HOSTILE; 30], 25)] {
        let body = reply(&report(maria(pause("Almoço")), vec![done()], vec![a_break(&breaks)]), None, None).to_json();
        let menu = &body["components"][0]["components"][0];
        assert_eq!((&menu["custom_id"], &menu["placeholder"]), (&"pick:7".into(), &"Break on voicenter: …".into()));
        let offered = menu["options"].as_array().unwrap();
        assert_eq!(offered.len(), options);
        for (place, (option, label)) in offered.iter().zip(breaks).enumerate() {
            assert_eq!(option["value"], place.to_string());
            let shown = option["label"].as_str().unwrap();
            assert!(shown.encode_utf16().count() <= 100 && !shown.contains(char::is_control), "{shown:?}");
            assert!(label == HOSTILE || shown == label, "{shown}");
        }
    }
}

#[test]
fn what_erix_refuses_reaches_the_person() {
    insta::assert_snapshot!(told(ERIX, "erix-br", "maria"));
}

#[test]
fn what_stands_before_erix_reaches_the_person() {
    insta::assert_snapshot!(told(ERIX_STATUSES, "erix-br", "maria"));
}

#[test]
fn what_voicenter_refuses_reaches_the_person() {
    insta::assert_snapshot!(told(VOICENTER, "voicenter", "1042"));
}

#[test]
fn what_stands_before_voicenter_reaches_the_person() {
    insta::assert_snapshot!(told(VOICENTER_STATUSES, "voicenter", "1042"));
}

#[test]
fn refusals_of_presence() {
    use rollcall_telephony::Ability;

    use crate::desk::Refusal;
    use crate::directory::Hit;
    let hits = vec![Hit {
        agent: at("erix-br", "maria"),
        login: "maria".to_owned(),
        name: "Maria Souza".to_owned(),
        state: AgentState::Unknown,
    }];
    let elsewhere = |person: &str| Refusal::Elsewhere {
        person: person.to_owned(),
        connection: ConnectionName::new("mediatel").unwrap(),
        ability: Ability::Pause,
        hits: hits.clone(),
    };
    insta::assert_snapshot!(all([
        ("elsewhere", refusal(&elsewhere("Maria Souza"))),
        ("elsewhere, hostile", refusal(&elsewhere(HOSTILE))),
        (
            "it cannot",
            refusal(&Refusal::Lacks { connection: ConnectionName::new("mediatel").unwrap(), ability: Ability::Login })
        ),
    ]));
}

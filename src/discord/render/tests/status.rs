//! Who is how, as people read it.

use rollcall_telephony::PresenceChange;

use super::extensions::HOSTILE;
use super::*;
use crate::desk::{How, Known, KnownState, Noted, StatusLine, Statuses};
use crate::discord::render::{STATUS_A_PAGE, statuses};
use crate::ledger::OfferId;

fn at(connection: &str, id: &str) -> AgentRef {
    AgentRef::new(ConnectionName::new(connection).unwrap(), AgentId::new(id))
}

fn line(id: &str, name: &str, state: Option<(KnownState, How)>) -> StatusLine {
    let agent = at("erix-br", id);
    let noted = state.map(|(state, how)| Noted {
        agent: agent.clone(),
        at: NOW + HOUR,
        by: LEAD,
        known: Known {
            login: id.to_owned(),
            name: name.to_owned(),
            since: (!matches!(state, KnownState::Doubtful { .. })).then_some(NOW),
            extension: (state != KnownState::LoggedOut).then(|| "2001".to_owned()),
            queues: if state == KnownState::LoggedIn {
                vec!["suporte".to_owned(), "vendas".to_owned()]
            } else {
                Vec::new()
            },
            state,
            how,
        },
    });
    StatusLine { agent, login: id.to_owned(), name: name.to_owned(), noted }
}

fn each() -> Vec<StatusLine> {
    let paused = |reason: Option<&str>| KnownState::Paused { reason: reason.map(str::to_owned) };
    let doubt = |asked| KnownState::Doubtful { asked };
    vec![
        line("maria", "Maria Souza", Some((KnownState::LoggedIn, How::Asked))),
        line("ana", "", Some((KnownState::LoggedIn, How::Answered))),
        line("joao", "João Lima", Some((paused(Some("Almoço")), How::Asked))),
        line("rui", "Rui Alves", Some((paused(None), How::Answered))),
        line("bia", "Bia Reis", Some((doubt(PresenceChange::LogOut), How::Asked))),
        line("eva", "Eva Dias", Some((doubt(PresenceChange::Pause { reason: None }), How::Asked))),
        line("leo", "Léo Cruz", Some((KnownState::LoggedOut, How::Asked))),
        line("ivo", "Ivo Luz", None),
    ]
}

fn on_erix(lines: Vec<StatusLine>) -> Statuses {
    Statuses {
        who: None,
        on: vec![ConnectionName::new("erix-br").unwrap()],
        lines,
        may: Vec::new(),
        now: NOW + HOUR * 2,
        silent: Vec::new(),
    }
}

#[test]
fn who_is_in() {
    let names = |names: &[&str]| names.iter().map(|name| ConnectionName::new(*name).unwrap()).collect::<Vec<_>>();
    let one = Statuses {
        who: Some("Maria Souza".to_owned()),
        on: names(&["erix-br", "voicenter"]),
        lines: vec![
            line("maria", "Maria Souza", Some((KnownState::LoggedIn, How::Asked))),
            StatusLine {
                agent: at("voicenter", "1042"),
                login: "1042".to_owned(),
                name: "Maria".to_owned(),
                noted: None,
            },
        ],
        may: names(&["erix-br", "voicenter"]),
        now: NOW + HOUR * 2,
        silent: names(&["mediatel"]),
    };
    let yesterday = Statuses { now: NOW + HOUR * 30, ..on_erix(each()) };
    let two_silent = Statuses { silent: names(&["mediatel", "second"]), lines: Vec::new(), ..on_erix(Vec::new()) };
    let hostile =
        || line(HOSTILE, HOSTILE, Some((KnownState::Paused { reason: Some(HOSTILE.to_owned()) }, How::Asked)));
    let two = Statuses { on: names(&["erix-br", "voicenter"]), ..on_erix(each()) };
    let many = || on_erix((0..40).map(|n| line(&format!("agent{n}"), "", None)).collect());
    let offer = Some(OfferId(5));
    insta::assert_snapshot!(all([
        ("each", statuses(LEAD, &on_erix(each()), 0, None)),
        ("a day later", statuses(LEAD, &yesterday, 0, None)),
        ("on two phone systems", statuses(LEAD, &two, 0, None)),
        ("one person on several", statuses(LEAD, &one, 0, None)),
        ("nobody", statuses(LEAD, &on_erix(Vec::new()), 0, None)),
        ("nobody who has presence", statuses(LEAD, &Statuses { who: Some("Ivan".to_owned()), ..two_silent }, 0, None)),
        ("hostile", statuses(LEAD, &Statuses { who: Some(HOSTILE.to_owned()), ..on_erix(vec![hostile()]) }, 0, None)),
        ("the second page", statuses(LEAD, &many(), 1, offer)),
        ("beyond the last page", statuses(LEAD, &many(), 9, offer)),
    ]));
}

#[test]
fn a_page_of_the_longest_lines_is_whole() {
    let long = "_".repeat(200);
    let lines = (0..STATUS_A_PAGE)
        .map(|_| {
            let mut line = line(&long, &long, Some((KnownState::Paused { reason: Some(long.clone()) }, How::Asked)));
            if let Some(noted) = &mut line.noted {
                noted.known.queues = vec![long.clone(); 20];
                noted.known.extension = Some(long.clone());
            }
            line
        })
        .collect();
    let body = statuses(LEAD, &Statuses { now: NOW + HOUR * 30, ..on_erix(lines) }, 0, None).to_json();
    let description = body["embeds"][0]["description"].as_str().unwrap();
    assert_eq!(description.matches("🟡").count(), STATUS_A_PAGE, "{description}");
    assert!(!description.ends_with("\n…") && description.ends_with("system"), "{description}");
}

//! Who is how, as people read it.

use rollcall_telephony::PresenceChange;

use super::extensions::HOSTILE;
use super::*;
use crate::desk::{Existence, How, Known, KnownState, Noted, StatusLine, Statuses};
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
            entered: (state == KnownState::LoggedIn && how == How::Asked).then_some(NOW),
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
    StatusLine { agent, login: id.to_owned(), name: name.to_owned(), noted, leaves: None }
}

/// Nobody knows whether there is such an agent.
fn mistyped() -> StatusLine {
    let asked = PresenceChange::LogIn { extension: None, queue: None };
    let doubt = KnownState::Doubtful { asked, agent: Existence::Unproven };
    StatusLine { leaves: Some(NOW + HOUR * 25), ..line("mria", "", Some((doubt, How::Asked))) }
}

fn each() -> Vec<StatusLine> {
    let paused = |reason: Option<&str>| KnownState::Paused { reason: reason.map(str::to_owned) };
    let doubt = |asked| KnownState::Doubtful { asked, agent: Existence::Proven };
    vec![
        line("maria", "Maria Souza", Some((KnownState::LoggedIn, How::Asked))),
        line("ana", "", Some((KnownState::LoggedIn, How::Answered))),
        line("joao", "João Lima", Some((paused(Some("Almoço")), How::Asked))),
        line("rui", "Rui Alves", Some((paused(None), How::Answered))),
        line("bia", "Bia Reis", Some((doubt(PresenceChange::LogOut), How::Asked))),
        line("eva", "Eva Dias", Some((doubt(PresenceChange::Pause { reason: None }), How::Asked))),
        line("leo", "Léo Cruz", Some((KnownState::LoggedOut, How::Asked))),
        line("lia", "Lia Paz", Some((KnownState::NoSuchAgent, How::Answered))),
        line("ivo", "Ivo Luz", None),
        mistyped(),
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
                leaves: None,
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
        ("two who are called the same", statuses(LEAD, &twins(), 0, None)),
        ("the second page", statuses(LEAD, &many(), 1, offer)),
        ("beyond the last page", statuses(LEAD, &many(), 9, offer)),
    ]));
}

/// A person who is two agents of one phone system, and one of another.
fn twins() -> Statuses {
    let long = "Maria Antónia da Conceição e Silva de Albuquerque Vasconcelos";
    let logged_out = || Some((KnownState::LoggedOut, How::Asked));
    let lines = vec![
        line("maria.1", "Maria", logged_out()),
        line("maria.2", "Maria", logged_out()),
        line("antonia", long, logged_out()),
    ];
    Statuses { who: Some("Maria".to_owned()), may: vec![ConnectionName::new("erix-br").unwrap()], ..on_erix(lines) }
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

//! What people read of approvals, word for word. Read the snapshots aloud before accepting a change: a sentence that
//! nobody would say to a colleague is a bug. What is sent when is played in `tests/scenarios/approvals/`.

mod agent_ends;
mod answers;
mod cards;
mod extension_ends;
mod extensions;
mod limits;
mod presence;
mod status;
mod told;

use std::fmt::Write as _;
use std::time::Duration;

use rollcall_commands::Permission;
use rollcall_telephony::{
    AgentId, AgentRef, AgentState, ConnectionName, FieldKey, FieldValue, Held, Line, Millis, Section,
};
use serde_json::Value;
use serenity::model::id::{ChannelId, RoleId, UserId};

use crate::desk::{
    Act, CloneAct, DeleteAct, Differs, EditAct, FoundGone, Numbers, Outcome, PasswordNote, RequestCard, RequestTold,
    ResetAct, RestoreAct, Settled, Showing, StateAct, VoidWhy,
};
use crate::discord::message::Message;
use crate::ledger::{Request, RequestId, RequestState};
use crate::policy::SecondPerson;

const NOW: Millis = Millis(1_790_000_000_000);
const HOUR: Duration = Duration::from_hours(1);
const LEAD: UserId = UserId::new(11);
const FIRST: UserId = UserId::new(21);
const SECOND: UserId = UserId::new(22);
const FINGERPRINT: &str = "c4ca4238a0b923820dcc509a6f75849bc81e728d9d4c2f636f067f89cc14862c";

/// A message as a person reads it, in the order in which Discord shows it.
fn read(message: &Message) -> String {
    let body = message.to_json_once("n1");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut out = format!("{}\n", text(&body["content"]));
    for embed in body["embeds"].as_array().unwrap() {
        let _ = writeln!(out, "# {}", text(&embed["title"]));
        let _ = writeln!(out, "{}", text(&embed["description"]));
        for field in embed["fields"].as_array().unwrap() {
            let _ = writeln!(out, "## {}\n{}", text(&field["name"]), text(&field["value"]));
        }
        let _ = writeln!(out, "({})", text(&embed["footer"]["text"]));
    }
    for row in body["components"].as_array().unwrap() {
        for button in row["components"].as_array().unwrap() {
            let _ = write!(out, "[{}] ", text(&button["label"]));
        }
    }
    if let Some(roles) = body["allowed_mentions"]["roles"].as_array() {
        let _ = write!(out, "\npings {roles:?}");
    }
    let lines: Vec<&str> = out.lines().map(str::trim_end).filter(|line| !line.is_empty() && *line != "()").collect();
    lines.join("\n")
}

/// Several messages under each other, each under what it is.
fn all<T>(messages: impl IntoIterator<Item = (T, Message)>) -> String
where
    T: AsRef<str>,
{
    messages
        .into_iter()
        .fold(String::new(), |out, (what, message)| format!("{out}----- {}\n{}\n\n", what.as_ref(), read(&message)))
}

fn agent(id: &str) -> AgentRef {
    AgentRef::new(ConnectionName::new("mediatel").unwrap(), AgentId::new(id))
}

fn delete() -> Act {
    Act::Delete(DeleteAct {
        agent: agent("42"),
        login: "ivan.ivanov".to_owned(),
        name: "ivan.ivanov@example.com".to_owned(),
        reason: "leaver".to_owned(),
        fingerprint: FINGERPRINT.to_owned(),
    })
}

fn restore() -> Act {
    Act::Restore(RestoreAct {
        kept: 3,
        was: agent("42"),
        login: "ivan.ivanov".to_owned(),
        details: "ivan.ivanov@example.com".to_owned(),
        fingerprint: FINGERPRINT.to_owned(),
        recipient: LEAD,
    })
}

fn state(to: AgentState) -> Act {
    Act::SetState(StateAct {
        agent: agent("42"),
        login: "ivan.ivanov".to_owned(),
        to,
        reason: None,
        fingerprint: FINGERPRINT.to_owned(),
        then_delete: None,
    })
}

fn edit() -> Act {
    let skill = |level| (FieldKey("default-skill".to_owned()), FieldValue::Number(level));
    Act::Edit(EditAct {
        agent: agent("42"),
        login: "ivan.ivanov".to_owned(),
        change: vec![skill(7)],
        before: vec![skill(5)],
        fingerprint: FINGERPRINT.to_owned(),
    })
}

/// One act of each kind that can be put behind approval.
fn acts() -> Vec<(&'static str, Act)> {
    let clone = Act::Clone(CloneAct {
        source: agent("42"),
        source_login: "ivan.ivanov".to_owned(),
        fingerprint: FINGERPRINT.to_owned(),
        login: "zoriana.hnatiuk".to_owned(),
        email: Some("zoriana.hnatiuk@example.com".to_owned()),
        details: "zoriana.hnatiuk@example.com".to_owned(),
        personal_numbers: Numbers::Copy,
        recipient: LEAD,
    });
    let reset = Act::ResetPassword(ResetAct {
        agent: agent("42"),
        login: "ivan.ivanov".to_owned(),
        recipient: LEAD,
        fingerprint: FINGERPRINT.to_owned(),
    });
    vec![
        ("delete", delete()),
        ("clone", clone),
        ("enable", state(AgentState::Enabled)),
        ("disable", state(AgentState::Disabled)),
        ("edit", edit()),
        ("reset", reset),
        ("restore", restore()),
    ]
}

fn skill_differs() -> Vec<Differs> {
    vec![Differs { label: "Default skill".to_owned(), before: "5".to_owned(), after: "7".to_owned() }]
}

fn section(title: &str, lines: &[(&str, &str, Held)]) -> Section {
    let lines = lines.iter().map(|(label, value, held)| Line {
        label: (*label).to_owned(),
        value: (*value).to_owned(),
        held: *held,
    });
    Section { title: title.to_owned(), lines: lines.collect() }
}

/// A record as Mediatel describes one.
fn record() -> Vec<Section> {
    use Held::{Absent, Given, There};
    vec![
        section(
            "Account",
            &[
                ("Login", "ivan.ivanov", There),
                ("E-mail or name", "ivan.ivanov@example.com", There),
                ("Supervisor", "none", There),
                ("Domain", "not told", Absent),
                ("Personal numbers", "+380441234567, +380501112233", There),
                ("State", "disabled", There),
                ("Id", "42", Given),
            ],
        ),
        section("Rights and skill", &[("Rights", "0", There), ("Default skill", "5", There)]),
        section("Desktop", &[("Start page", "not told", Absent)]),
        section("Not in the documents, carried along", &[("ClientApp.Theme", "214 bytes", There)]),
    ]
}

/// A request for this act, as its card and messages show it.
fn showing(act: Act) -> Showing {
    let mut record = record();
    if matches!(act, Act::Clone(_) | Act::Restore(_)) {
        record[0].lines.retain(|line| line.held == Held::There && line.label != "State");
    }
    let differs = if matches!(act, Act::Edit(_)) { skill_differs() } else { Vec::new() };
    let request = Request {
        id: RequestId(12),
        requester: LEAD,
        connection: act.connection().clone(),
        agent: act.agent().map(|agent| agent.id.clone()),
        login: act.login().to_owned(),
        act: String::new(),
        card: String::new(),
        threshold: 1,
        created_at: NOW,
        expires_at: NOW + HOUR * 24,
        state: RequestState::Pending,
        settled_at: None,
        settlement: None,
        intent: None,
        remind_at: Some(NOW + HOUR),
        reminders: 0,
        channel: ChannelId::new(31),
        revision: 1,
    };
    let card = RequestCard {
        requester_name: "Olha Koval".to_owned(),
        why: SecondPerson::Permission(Permission::AgentDelete),
        record,
        fingerprint: FINGERPRINT.to_owned(),
        state: AgentState::Disabled,
        disabled_since: Some(NOW + HOUR),
        referring: Vec::new(),
        referring_more: 0,
        differs,
    };
    Showing {
        request,
        act,
        card,
        settled: None,
        approving: Vec::new(),
        looking: Vec::new(),
        approvers: vec![RoleId::new(55)],
        notify: Vec::new(),
    }
}

fn decided(act: Act, settled: Settled) -> Showing {
    let mut showing = showing(act);
    showing.request.state = settled.state();
    showing.request.settled_at = settled.state().is_settled().then_some(NOW + HOUR * 2);
    showing.settled = Some(settled);
    showing
}

fn about(act: Act, settled: Option<Settled>) -> RequestTold {
    RequestTold { id: 12, act, requester: LEAD, requester_name: "Olha Koval".to_owned(), settled }
}

fn acted(outcome: Outcome) -> Settled {
    Settled::Acted { by: vec![FIRST], outcome }
}

fn created(act: &Act) -> Settled {
    acted(Outcome::Created {
        agent: agent("77"),
        login: act.login().to_owned(),
        differs: Vec::new(),
        password: PasswordNote::Fine,
    })
}

fn deleted(found: FoundGone) -> Settled {
    acted(Outcome::Deleted { found, restorable_until: NOW + HOUR * 24 * 30 })
}

/// Every way in which the request for a delete can stand once it is decided.
fn ends() -> Vec<(&'static str, Settled)> {
    let why = "mediatel could not be reached: no connection".to_owned();
    let changed = || VoidWhy::Changed { what: skill_differs() };
    vec![
        ("executing", Settled::Executing { by: vec![FIRST] }),
        ("done", deleted(FoundGone::Deleted)),
        ("done, gone already", deleted(FoundGone::Gone)),
        ("failed", acted(Outcome::Failed { why: "mediatel refused: group 3 still uses it.".to_owned() })),
        ("untold", acted(Outcome::Untold { why: why.clone() })),
        ("looking", acted(Outcome::Looking { why: why.clone() })),
        ("doubt", acted(Outcome::Doubt { why, until: NOW + HOUR * 24, agent: Some(agent("42")) })),
        ("moved", acted(Outcome::Moved { login: "ivan.ivanov".to_owned(), what: skill_differs() })),
        ("void: changed", Settled::Void(changed())),
        ("void: gone", Settled::Void(VoidWhy::Gone)),
        ("void: requester lost", Settled::Void(VoidWhy::RequesterLost)),
        ("void: nobody left", Settled::Void(VoidWhy::NoApprovers { need: 1, have: Some(0) })),
        ("void: too few left", Settled::Void(VoidWhy::NoApprovers { need: 3, have: Some(1) })),
        ("void: no role left", Settled::Void(VoidWhy::NoApprovers { need: 1, have: None })),
        ("void: channel gone", Settled::Void(VoidWhy::ChannelGone)),
        ("void: refused", Settled::Void(VoidWhy::Refused { why: "mediatel is not configured any more".to_owned() })),
        ("denied", Settled::Denied { by: FIRST, words: None }),
        ("denied with words", Settled::Denied { by: FIRST, words: Some("He is on leave, not gone.".to_owned()) }),
        ("expired", Settled::Expired),
        ("cancelled", Settled::Cancelled { by: LEAD }),
    ]
}

/// What a done act of each kind of [`acts`], other than a delete, is told as.
fn dones() -> Vec<(&'static str, Act, Settled)> {
    let changed = || acted(Outcome::Changed { differs: skill_differs() });
    acts()
        .into_iter()
        .filter_map(|(name, act)| {
            let settled = match &act {
                Act::Clone(_) | Act::Restore(_) => created(&act),
                Act::SetState(_) | Act::Edit(_) => changed(),
                Act::ResetPassword(_) => acted(Outcome::PasswordSet { password: PasswordNote::Fine }),
                Act::Delete(_) | Act::Replace(_) | Act::Presence(_) | Act::Extension(_) => return None,
            };
            Some((name, act, settled))
        })
        .collect()
}

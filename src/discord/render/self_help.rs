//! `/whoami` and `/doctor`.

use std::fmt::Write as _;

use rollcall_commands::Permission;
use rollcall_telephony::ConnectionName;
use serenity::all::ButtonStyle;
use serenity::model::id::UserId;

use super::button;
use crate::desk::{Account, Approver, Finding, Level, Whoami};
use crate::discord::custom_id::CustomId;
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, escaped, join, moment, person, roles};
use crate::ledger::{Handover, HandoverState};
use crate::policy::{NeedsSecond, On, Refusal};

/// The answer to `/whoami`.
pub(in crate::discord) fn whoami(me: UserId, answer: &Whoami) -> Message {
    let mut message = Message::card(Tone::Plain, "Who you are here").says(format!("You are {}.", person(me)));
    let may = together(answer.grants.may.iter().map(|granted| {
        let through: Vec<String> =
            granted.through.iter().map(|grant| format!("<@&{}>{}", grant.role, on_which(&grant.on))).collect();
        let second = match granted.needs_second {
            NeedsSecond::Yes => ", once a second person agrees",
            NeedsSecond::No => "",
        };
        (format!("Through {}{second}", join(&through, "and")), granted.permission)
    }));
    let may_not = together(answer.grants.may_not.iter().map(|Refusal { permission, could }| {
        let who = if could.is_empty() { "No role here has".to_owned() } else { format!("{} could", roles(could)) };
        (who, *permission)
    }));
    message = if may.is_empty() {
        message.says("You may do nothing here yet, but ask `/whoami`.")
    } else {
        message.part("You may", &may)
    };
    message = message.part("You may not", &may_not);
    if answer.approver == Approver::Yes {
        message = message.says("You decide requests that need a second person, except your own.");
    }
    let accounts: Vec<String> = answer.accounts.iter().map(|(name, account)| account_line(name, account)).collect();
    message = message.part("The phone systems take me for", &accounts);
    let lines: Vec<String> = answer.handovers.iter().map(|h| handover_line(me, h)).collect();
    message = message.part("Passwords", &lines);
    let buttons = answer
        .handovers
        .iter()
        .filter(|h| h.state == HandoverState::Closed && h.requester == me)
        .filter_map(|h| {
            let label = format!("Show the password of {}", h.login);
            button(&CustomId::HandOver(h.id), &label, ButtonStyle::Primary)
        })
        .take(10)
        .collect::<Vec<_>>();
    message.buttons(&buttons)
}

/// Permissions that are held in the same way, on one line each: "Through @Leads: `agent.read`, `agent.clone`".
fn together(permissions: impl Iterator<Item = (String, Permission)>) -> Vec<String> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for (how, permission) in permissions {
        let permission = format!("`{permission}`");
        match lines.iter_mut().find(|(other, _)| *other == how) {
            Some((_, list)) => list.push(permission),
            None => lines.push((how, vec![permission])),
        }
    }
    lines.into_iter().map(|(how, list)| format!("{how}: {}", list.join(", "))).collect()
}

fn on_which(on: &On) -> String {
    match on {
        On::All => String::new(),
        On::Only(on) => format!(" on {}", join(&on.iter().map(ToString::to_string).collect::<Vec<_>>(), "and")),
    }
}

fn account_line(name: &ConnectionName, account: &Account) -> String {
    match account {
        Account::Agent { login, rights } => {
            let level = |n: Option<i64>| n.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
            format!(
                "{name}: {} (rights {}, as supervisor {})",
                escaped(login, 80),
                level(rights.agent),
                level(rights.supervisor)
            )
        }
        Account::Untold => format!("{name}: it has no way to tell"),
        Account::Unknown(why) => format!("{name}: unknown; {}", escaped(why, 150)),
    }
}

fn handover_line(me: UserId, h: &Handover) -> String {
    let mut line = format!("**{}** on {}", escaped(&h.login, 80), h.agent.connection);
    if h.recipient != me {
        let _ = write!(line, " for {}", person(h.recipient));
    }
    if h.requester != me {
        let _ = write!(line, ", asked by {}", person(h.requester));
    }
    let opened = h.opened_at.map_or_else(String::new, |at| format!(", opened at {}", clock(at)));
    let how = match h.state {
        HandoverState::Due => format!("on its way{opened}"),
        HandoverState::Delivered => format!("delivered{opened}, until {}", moment(h.expires_at)),
        HandoverState::Closed => {
            let what =
                if h.recipient == me { "you take no direct messages, so it waits here" } else { "yours to hand over" };
            format!("{what}{opened}, until {}", moment(h.expires_at))
        }
        HandoverState::Confirmed => "confirmed".to_owned(),
        HandoverState::Expired => format!("expired{opened}"),
        HandoverState::Replaced => "never opened, replaced".to_owned(),
        HandoverState::Superseded => "never opened, expired".to_owned(),
    };
    format!("{line}: {how}")
}

/// What the doctor found, worst first.
pub(in crate::discord) fn findings(findings: &[Finding]) -> Message {
    let worst = findings.iter().map(|f| f.level).max().unwrap_or(Level::Good);
    let (tone, title) = match worst {
        Level::Good => (Tone::Good, "All is well"),
        Level::Warning => (Tone::Question, "It works, with remarks"),
        Level::Bad => (Tone::Bad, "Something does not work"),
    };
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|f| std::cmp::Reverse(f.level));
    sorted.into_iter().fold(Message::card(tone, title), |message, finding| {
        let mark = match finding.level {
            Level::Good => "✅",
            Level::Warning => "⚠️",
            Level::Bad => "❌",
        };
        let mend =
            if finding.mend.is_empty() { String::new() } else { format!("\n→ {}", escaped(&finding.mend, 400)) };
        message.says(format!("{mark} {}{mend}", escaped(&finding.what, 400)))
    })
}

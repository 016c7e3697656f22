//! Who is in, who is paused, since when: what was last requested, and that nobody confirmed it.

use std::time::Duration;

use rollcall_telephony::{Millis, PresenceChange};
use serenity::all::ButtonStyle;
use serenity::builder::CreateButton;
use serenity::model::id::UserId;

use super::{agent_label, button, turning};
use crate::desk::{How, Known, KnownState, Noted, StatusLine, Statuses};
use crate::discord::custom_id::{CardVerb, CustomId};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, code, escaped, few, join, moment, person};
use crate::ledger::OfferId;

/// How many agents stand on a page: so many of the longest lines fit into a card.
pub(in crate::discord) const STATUS_A_PAGE: usize = 10;

/// How many queues of an agent are named.
const QUEUES_MAX: usize = 2;

/// How long ago something was today.
const TODAY: Duration = Duration::from_hours(16);

/// Who is how; `pages` turns the pages, where there is more than one.
pub(in crate::discord) fn statuses(owner: UserId, found: &Statuses, page: u32, pages: Option<OfferId>) -> Message {
    let on: Vec<String> = found.on.iter().map(ToString::to_string).collect();
    let title = match &found.who {
        Some(who) => format!("Status of {}", escaped(who, 100)),
        None if on.is_empty() => "Who is logged in".to_owned(),
        None => format!("Who is logged in on {}", join(&on, "and")),
    };
    let mut message = Message::card(Tone::Plain, title);
    if found.who.is_none() {
        message = message.says(totals(found));
    }
    let last = found.lines.len().saturating_sub(1) / STATUS_A_PAGE;
    let at = (page as usize).min(last);
    for line in found.lines.iter().skip(at * STATUS_A_PAGE).take(STATUS_A_PAGE) {
        message = message.says(one(line, found.now));
    }
    if found.lines.is_empty() && found.silent.is_empty() {
        message = message.says(
            "No agent is known here yet: they are those of my settings, and those whom somebody has logged in, logged out \
             or paused through me.",
        );
    }
    if !found.silent.is_empty() {
        let silent: Vec<String> = found.silent.iter().map(ToString::to_string).collect();
        let tell = if silent.len() == 1 { "tells" } else { "tell" };
        message = message.says(format!("{} {tell} nothing of logins and pauses.", join(&silent, "and")));
    }
    if last == 0 {
        let mine = found.lines.iter().filter(|line| found.who.is_some() && found.may.contains(&line.agent.connection));
        return message.buttons(&buttons(owner, &mine.collect::<Vec<_>>()));
    }
    let message = message.footer(format!("{} agents · page {} of {}", found.lines.len(), at + 1, last + 1));
    turning(message, pages, (at, last), ("Back", "Further"))
}

/// "2 logged in, 1 paused, 4 logged out, 1 not known."
fn totals(found: &Statuses) -> String {
    let (mut inside, mut paused, mut doubtful, mut out) = (0_usize, 0_usize, 0_usize, 0_usize);
    let (mut gone, mut never) = (0_usize, 0_usize);
    for line in &found.lines {
        let count = match line.noted.as_ref().map(|noted| &noted.known.state) {
            Some(KnownState::LoggedIn) => &mut inside,
            Some(KnownState::Paused { .. }) => &mut paused,
            Some(KnownState::Doubtful { .. }) => &mut doubtful,
            Some(KnownState::LoggedOut) => &mut out,
            Some(KnownState::NoSuchAgent) => &mut gone,
            None => &mut never,
        };
        *count += 1;
    }
    let told: Vec<String> = [
        (inside, "logged in"),
        (paused, "paused"),
        (doubtful, "in doubt"),
        (out, "logged out"),
        (gone, "not found"),
        (never, "not known"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    if told.is_empty() { String::new() } else { format!("{}.", told.join(", ")) }
}

/// Whether a time can be told by the clock alone.
fn is_of_today(at: Millis, now: Millis) -> bool {
    at <= now && now.since(at) < TODAY
}

/// A time of today by the clock alone.
fn when(at: Millis, now: Millis) -> String {
    if is_of_today(at, now) { clock(at) } else { moment(at) }
}

/// The same after a verb: "at 10:02".
fn at_when(at: Millis, now: Millis) -> String {
    let word = if is_of_today(at, now) { "at" } else { "on" };
    format!("{word} {}", when(at, now))
}

/// One agent: how it is, and how that is known.
pub(super) fn one(line: &StatusLine, now: Millis) -> String {
    let who = format!("**{}** ({})", escaped(called(line), 50), code(&line.agent.to_string(), 70));
    match &line.noted {
        None => format!("⚪ {who}: not known, since nobody has asked me for a login, logout or pause yet."),
        Some(noted) => {
            let leaves = line.leaves.filter(|leaves| now < *leaves).map_or_else(String::new, |leaves| {
                format!(" · nobody knows whether there is such an agent; lists name it until {} only", moment(leaves))
            });
            let (sign, so, by) = (sign(&noted.known.state), so(&noted.known, now), known_by(noted, now));
            format!("{sign} {who}: {so} · {by}{leaves}")
        }
    }
}

/// What people call the agent: by its name, where there is one.
fn called(line: &StatusLine) -> &str {
    if line.name.is_empty() { &line.login } else { &line.name }
}

/// What can be done next with these, as far as is known how they are.
pub(super) fn buttons(owner: UserId, lines: &[&StatusLine]) -> Vec<CreateButton> {
    let one = |line: &StatusLine| {
        // Of two who are called the same on one phone system, each is named by what tells them apart.
        let same =
            |other: &&&StatusLine| called(other) == called(line) && other.agent.connection == line.agent.connection;
        let alone = lines.iter().filter(same).count() < 2;
        let place = if alone { line.agent.connection.to_string() } else { line.agent.to_string() };
        let verbs = verbs(line).iter().filter_map(|verb| {
            let label = agent_label(word(*verb)?, called(line), &place);
            button(&CustomId::Card { owner, verb: *verb, agent: line.agent.clone() }, &label, ButtonStyle::Secondary)
        });
        verbs.collect::<Vec<CreateButton>>()
    };
    lines.iter().flat_map(|line| one(line)).collect()
}

fn verbs(line: &StatusLine) -> &'static [CardVerb] {
    match line.noted.as_ref().map(|noted| &noted.known.state) {
        Some(KnownState::LoggedIn) => &[CardVerb::Pause, CardVerb::LogOut],
        Some(KnownState::Paused { .. }) => &[CardVerb::Unpause, CardVerb::LogOut],
        Some(KnownState::LoggedOut | KnownState::NoSuchAgent) => &[CardVerb::LogIn],
        Some(KnownState::Doubtful { .. }) | None => {
            &[CardVerb::LogIn, CardVerb::Pause, CardVerb::Unpause, CardVerb::LogOut]
        }
    }
}

const fn word(verb: CardVerb) -> Option<&'static str> {
    match verb {
        CardVerb::LogIn => Some("Log in"),
        CardVerb::LogOut => Some("Log out"),
        CardVerb::Pause => Some("Pause"),
        CardVerb::Unpause => Some("Unpause"),
        CardVerb::Edit | CardVerb::Disable | CardVerb::Enable | CardVerb::ResetPassword | CardVerb::Delete => None,
    }
}

const fn sign(state: &KnownState) -> &'static str {
    match state {
        KnownState::LoggedIn => "🟢",
        KnownState::Paused { .. } => "🟡",
        KnownState::Doubtful { .. } => "❓",
        KnownState::LoggedOut => "⚫",
        KnownState::NoSuchAgent => "🚫",
    }
}

/// "paused (Almoço) since 10:02".
fn so(known: &Known, now: Millis) -> String {
    let since = known.since.map_or_else(String::new, |since| format!(" since {}", when(since, now)));
    match &known.state {
        KnownState::LoggedIn => match known.entered {
            Some(entered) => format!("logged in since {}{}", when(entered, now), sits(known)),
            None => format!("available{since}{}", sits(known)),
        },
        KnownState::LoggedOut => format!("logged out{since}"),
        KnownState::Paused { reason: Some(reason) } => {
            format!("paused ({}){since}{}", escaped(reason, 40), sits(known))
        }
        KnownState::Paused { reason: None } => format!("paused{since}{}", sits(known)),
        KnownState::Doubtful { asked, .. } => {
            let asked = match asked {
                PresenceChange::LogIn { .. } => "logged in",
                PresenceChange::LogOut => "logged out",
                PresenceChange::Pause { .. } => "paused",
                PresenceChange::Unpause => "unpaused",
            };
            format!("maybe {asked}: the answer was lost")
        }
        KnownState::NoSuchAgent => "not found: no agent there has this login".to_owned(),
    }
}

/// Where somebody sits, where that was said.
fn sits(known: &Known) -> String {
    let extension = known.extension.as_ref().map(|extension| format!(", extension {}", escaped(extension, 20)));
    let queues: Vec<String> = known.queues.iter().map(|queue| escaped(queue, 20)).collect();
    let word = if queues.len() == 1 { "queue" } else { "queues" };
    let queues = (!queues.is_empty()).then(|| format!(", {word} {}", few(&queues, QUEUES_MAX, "and")));
    [extension, queues].into_iter().flatten().collect()
}

/// "last requested 10:02 by …, not confirmed by the phone system".
fn known_by(noted: &Noted, now: Millis) -> String {
    let (at, by, on) = (noted.at, person(noted.by), &noted.agent.connection);
    match (noted.known.how, &noted.known.state) {
        // That it is not confirmed has been said.
        (How::Asked, KnownState::Doubtful { .. }) => format!("last requested {} by {by}", when(at, now)),
        (How::Asked, _) => format!("last requested {} by {by}, not confirmed by the phone system", when(at, now)),
        (How::Answered, _) => format!("{on} said so {}, when {by} asked", at_when(at, now)),
    }
}

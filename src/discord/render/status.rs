//! Who is in, who is paused, since when: what was last requested, and that nobody confirmed it.

use std::time::Duration;

use rollcall_telephony::{Millis, PresenceChange};
use serenity::all::ButtonStyle;
use serenity::builder::CreateButton;
use serenity::model::id::UserId;

use super::button;
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
        Some(who) => format!("How {} is", escaped(who, 100)),
        None if on.is_empty() => "Who is in".to_owned(),
        None => format!("Who is in on {}", join(&on, "and")),
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
        message =
            message.says("Nobody is known here yet: agents come from the settings, or once somebody commands one.");
    }
    if !found.silent.is_empty() {
        let silent: Vec<String> = found.silent.iter().map(ToString::to_string).collect();
        let tell = if silent.len() == 1 { "tells" } else { "tell" };
        message = message.says(format!("{} {tell} nothing of logins and pauses.", join(&silent, "and")));
    }
    if last == 0 {
        let mine = found.lines.iter().filter(|line| found.who.is_some() && found.may.contains(&line.agent.connection));
        let all: Vec<CreateButton> = mine.flat_map(|line| buttons(owner, line)).collect();
        return message.buttons(&all);
    }
    let message = message.footer(format!("{} agents · page {} of {}", found.lines.len(), at + 1, last + 1));
    let Some(offer) = pages else { return message };
    let turn = |to: usize| u32::try_from(to).ok().map(|to| CustomId::Turn(offer, to));
    let mut buttons = Vec::new();
    if at > 0 {
        buttons.extend(turn(at - 1).and_then(|id| button(&id, "Back", ButtonStyle::Secondary)));
    }
    if at < last {
        buttons.extend(turn(at + 1).and_then(|id| button(&id, "Further", ButtonStyle::Secondary)));
    }
    message.buttons(&buttons)
}

/// "2 logged in, 1 paused, 4 logged out, 1 never asked for."
fn totals(found: &Statuses) -> String {
    let (mut inside, mut paused, mut doubtful, mut out, mut never) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    for line in &found.lines {
        let count = match line.noted.as_ref().map(|noted| &noted.known.state) {
            Some(KnownState::LoggedIn) => &mut inside,
            Some(KnownState::Paused { .. }) => &mut paused,
            Some(KnownState::Doubtful { .. }) => &mut doubtful,
            Some(KnownState::LoggedOut) => &mut out,
            None => &mut never,
        };
        *count += 1;
    }
    let told: Vec<String> = [
        (inside, "logged in"),
        (paused, "paused"),
        (doubtful, "in doubt"),
        (out, "logged out"),
        (never, "never asked about"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    if told.is_empty() { String::new() } else { format!("{}.", told.join(", ")) }
}

/// A time of today by the clock alone.
fn when(at: Millis, now: Millis) -> String {
    if at <= now && now.since(at) < TODAY { clock(at) } else { moment(at) }
}

/// One agent: how it is, and how that is known.
pub(super) fn one(line: &StatusLine, now: Millis) -> String {
    let who = if line.name.is_empty() { &line.login } else { &line.name };
    let who = format!("**{}** ({})", escaped(who, 50), code(&line.agent.to_string(), 70));
    match &line.noted {
        None => format!("⚪ {who}: never asked about through me."),
        Some(noted) => {
            format!("{} {who}: {} · {}", sign(&noted.known.state), so(&noted.known, now), known_by(noted, now))
        }
    }
}

/// What can be done next with somebody, as far as is known how it is.
pub(super) fn buttons(owner: UserId, line: &StatusLine) -> Vec<CreateButton> {
    let verbs: &[CardVerb] = match line.noted.as_ref().map(|noted| &noted.known.state) {
        Some(KnownState::LoggedIn) => &[CardVerb::Pause, CardVerb::LogOut],
        Some(KnownState::Paused { .. }) => &[CardVerb::Unpause, CardVerb::LogOut],
        Some(KnownState::LoggedOut) => &[CardVerb::LogIn],
        Some(KnownState::Doubtful { .. }) | None => {
            &[CardVerb::LogIn, CardVerb::Pause, CardVerb::Unpause, CardVerb::LogOut]
        }
    };
    let label = |verb: &CardVerb| match verb {
        CardVerb::LogIn => Some("Log in"),
        CardVerb::LogOut => Some("Log out"),
        CardVerb::Pause => Some("Pause"),
        CardVerb::Unpause => Some("Unpause"),
        CardVerb::Edit | CardVerb::Disable | CardVerb::Enable | CardVerb::ResetPassword | CardVerb::Delete => None,
    };
    verbs
        .iter()
        .filter_map(|verb| {
            let label = format!("{} {} ({})", label(verb)?, line.login, line.agent.connection);
            button(&CustomId::Card { owner, verb: *verb, agent: line.agent.clone() }, &label, ButtonStyle::Secondary)
        })
        .collect()
}

const fn sign(state: &KnownState) -> &'static str {
    match state {
        KnownState::LoggedIn => "🟢",
        KnownState::Paused { .. } => "🟡",
        KnownState::Doubtful { .. } => "❓",
        KnownState::LoggedOut => "⚫",
    }
}

/// "paused (Almoço) since 10:02".
fn so(known: &Known, now: Millis) -> String {
    let since = known.since.map_or_else(String::new, |since| format!(" since {}", when(since, now)));
    match &known.state {
        KnownState::LoggedIn => format!("logged in{since}{}", sits(known)),
        KnownState::LoggedOut => format!("logged out{since}"),
        KnownState::Paused { reason: Some(reason) } => {
            format!("paused ({}){since}{}", escaped(reason, 40), sits(known))
        }
        KnownState::Paused { reason: None } => format!("paused{since}{}", sits(known)),
        KnownState::Doubtful { asked } => {
            let asked = match asked {
                PresenceChange::LogIn { .. } => "logged in",
                PresenceChange::LogOut => "logged out",
                PresenceChange::Pause { .. } => "paused",
                PresenceChange::Unpause => "unpaused",
            };
            format!("maybe {asked}: the answer was lost")
        }
    }
}

/// Where somebody sits, where that was said.
fn sits(known: &Known) -> String {
    let extension = known.extension.as_ref().map(|extension| format!(", at {}", escaped(extension, 20)));
    let queues: Vec<String> = known.queues.iter().map(|queue| escaped(queue, 20)).collect();
    let word = if queues.len() == 1 { "queue" } else { "queues" };
    let queues = (!queues.is_empty()).then(|| format!(", {word} {}", few(&queues, QUEUES_MAX, "and")));
    [extension, queues].into_iter().flatten().collect()
}

/// "last requested 10:02 by …, not confirmed by the phone system".
fn known_by(noted: &Noted, now: Millis) -> String {
    let (at, by) = (when(noted.at, now), person(noted.by));
    match noted.known.how {
        How::Asked => format!("last requested {at} by {by}, not confirmed by the phone system"),
        How::Answered => format!("the phone system said so {at}, when {by} asked"),
    }
}

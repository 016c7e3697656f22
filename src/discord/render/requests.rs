//! Lists of requests, answers to presses under cards, and the previews that lead to a request or a restore.

use rollcall_commands::approvals;
use serenity::all::ButtonStyle;

use super::acts::words;
use super::preview::decide;
use super::{settled, turning};
use crate::desk::{
    DisableFirst, Heard, REQUESTS_A_PAGE, RequestTold, Requests, RestorePreview, Settled, Showing, Whose,
};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{clock, code, escaped, moment, person, relative};
use crate::ledger::{OfferId, Request, RequestState};

/// A page of requests. `pages` is the kept command that turns them, where there is more than one.
pub(in crate::discord) fn requests(title: &str, found: &Requests, page: u32, pages: Option<OfferId>) -> Message {
    let mut message = Message::card(Tone::Plain, title);
    if found.shown.is_empty() {
        message = message.says("There is none.");
    }
    for showing in &found.shown {
        message = message.part(format!("Request {}", showing.request.id), &lines(showing));
    }
    if found.whose == Whose::Own {
        message = message.says("These are yours; `approvals.read` would show everybody's.");
    }
    let last = found.total.saturating_sub(1) / REQUESTS_A_PAGE;
    if last == 0 {
        return message;
    }
    let message = message.footer(format!("{} in all · page {} of {}", found.total, page + 1, last + 1));
    turning(message, pages, (page as usize, last as usize), ("Newer", "Older"))
}

fn lines(showing: &Showing) -> Vec<String> {
    let request = &showing.request;
    let mut lines = vec![format!(
        "{} asked {} to {}.",
        person(request.requester),
        relative(request.created_at),
        words(&showing.act).to_do()
    )];
    if let Some(reason) = showing.act.reason() {
        lines.push(format!("Reason: {}", escaped(reason, 100)));
    }
    lines.push(match &showing.settled {
        Some(settled) => settled::in_short(settled),
        None => format!(
            "Waits until {}; {} of {} approve.",
            moment(request.expires_at),
            showing.approving.len(),
            request.threshold
        ),
    });
    lines
}

/// The title of a history, with what it was narrowed to.
pub(in crate::discord) fn history_title(asked: &approvals::History) -> String {
    let mut narrowed = Vec::new();
    narrowed.extend(asked.agent.as_ref().map(|agent| format!("about {}", escaped(&agent.0, 60))));
    narrowed.extend(asked.state.map(|state| state.to_string()));
    narrowed.extend(asked.since.map(|since| format!("since {since}")));
    if narrowed.is_empty() { "Requests".to_owned() } else { format!("Requests {}", narrowed.join(", ")) }
}

/// The answer to a press under a card.
pub(in crate::discord) fn heard(heard: &Heard) -> Message {
    match heard {
        Heard::Counted { have, need } => Message::card(Tone::Good, "Your approval counts")
            .says(format!("{have} of {need} so far. The card tells what becomes of it.")),
        Heard::Looking => Message::card(Tone::Plain, "The card says that you are looking")
            .says("It decides nothing; the others just know."),
        Heard::Decided(request) => match settled_of(request) {
            Some(settled) => {
                let next = if settled.state().is_settled() {
                    "The card says so, too."
                } else {
                    "The card tells what comes of it."
                };
                Message::card(Tone::Good, "That decided it").says(format!("{} {next}", settled::in_short(&settled)))
            }
            None => Message::card(Tone::Good, "That decided it").says("The card tells what comes of it."),
        },
        Heard::Late(request) => match settled_of(request) {
            Some(settled) => Message::card(Tone::Plain, "It is decided already").says(already("It", &settled)),
            None => Message::card(Tone::Plain, "It is decided already").says("The card tells what became of it."),
        },
        Heard::NotCounted(why) => settled::press_not_counted(*why),
        Heard::Waits(why) => Message::card(Tone::Question, "I have it, but cannot check it yet").says(format!(
            "{}. It is written down and counts as soon as that can be checked; the card tells.",
            escaped(why.trim_end_matches('.'), 400)
        )),
    }
}

fn settled_of(request: &Request) -> Option<Settled> {
    request.settlement.as_deref().and_then(|json| serde_json::from_str(json).ok())
}

/// "It is already approved by …".
fn already(it: &str, settled: &Settled) -> String {
    match settled {
        Settled::Executing { by } | Settled::Acted { by, .. } => {
            format!("{it} is already approved by {}. The card tells what comes of it.", settled::people(by))
        }
        Settled::Denied { by, .. } => format!("{it} is already denied by {}; nothing was changed.", person(*by)),
        Settled::Void(_) => format!("{it} is already void; nothing was changed. The card says why."),
        Settled::Expired => format!("{it} is already over: nobody decided it in time. It can be asked for again."),
        Settled::Cancelled { by } => format!("{it} is already taken back by {}; nothing was changed.", person(*by)),
    }
}

/// The refusal to do something with a request that is decided.
pub(in crate::discord) fn over(request: &Request) -> Vec<String> {
    let it = format!("Request {}", request.id);
    vec![match (&settled_of(request), request.state) {
        (Some(settled), _) => already(&it, settled),
        (None, RequestState::Pending) => format!("{it} waits."),
        (None, _) => format!("{it} is decided."),
    }]
}

/// The first answer to a press under a card, until it is checked.
pub(in crate::discord) fn one_moment() -> Message {
    Message::card(Tone::Plain, "One moment")
        .says("I am checking whether that counts. Should nothing more come here, the card tells.")
}

/// The answer to who took a request back.
pub(in crate::discord) fn taken_back(about: &RequestTold) -> Message {
    Message::card(Tone::Plain, format!("Request {} is taken back", about.id))
        .says("Nothing was changed. The card says so, too.")
}

/// The offer to disable an agent before its delete is asked for.
pub(in crate::discord) fn disable_first(first: &DisableFirst) -> Message {
    let (login, on) = (escaped(&first.login, 100), &first.connection);
    let message = Message::card(Tone::Question, format!("{login} on {on} still works"))
        .says(format!("{on} deletes only what is disabled, and nothing has been changed yet."));
    let (says, label) = match (first.stays.is_zero(), first.second) {
        (true, None) => (
            "The button disables it now and then asks the approvers to delete it: two steps, both recorded.".to_owned(),
            format!("Disable {} now and ask for the delete", first.login),
        ),
        (true, Some(_)) => (
            "The button asks the approvers to disable it; once that is done, they are asked to delete it: two steps, \
             each with its own card."
                .to_owned(),
            format!("Ask to disable {}, then for the delete", first.login),
        ),
        (false, second) => (
            format!("Here an agent stays disabled for {} before its delete can be asked for.", humane(first.stays)),
            match second {
                None => format!("Disable {} now", first.login),
                Some(_) => format!("Ask to disable {}", first.login),
            },
        ),
    };
    let message = message.says(says).says(super::preview::second_note(first.second));
    message.says(format!("This button works until {}.", clock(first.expires_at))).buttons(&decide(
        first.offer,
        &label,
        ButtonStyle::Danger,
    ))
}

/// A duration as people say it.
fn humane(duration: std::time::Duration) -> String {
    let seconds = duration.as_secs();
    let (count, unit) = match seconds {
        s if s >= 86_400 && s % 86_400 == 0 => (s / 86_400, "day"),
        s if s >= 3_600 && s % 3_600 == 0 => (s / 3_600, "hour"),
        s if s >= 60 && s % 60 == 0 => (s / 60, "minute"),
        s => (s, "second"),
    };
    if count == 1 { format!("one {unit}") } else { format!("{count} {unit}s") }
}

/// The preview of a restore.
pub(in crate::discord) fn restore_preview(preview: &RestorePreview) -> Message {
    let act = &preview.act;
    let (login, on) = (escaped(&act.login, 100), &act.was.connection);
    let mut message = Message::card(Tone::Question, format!("Restore {login} on {on}?"))
        .says(format!(
            "It was {} and was deleted {}. It comes back enabled, as its record was then.",
            code(&act.was.to_string(), 100),
            moment(preview.kept.deleted_at)
        ))
        .says(format!("Password: a fresh one, by direct message to {}.", person(act.recipient)));
    let gone = [
        format!("its id ({}): {on} gives a new one", code(act.was.id.as_str(), 60)),
        "its old password".to_owned(),
        "what other systems held under its id, and its place as supervisor of other agents".to_owned(),
    ];
    message = message.part("What cannot come back", &gone);
    for section in &preview.record {
        let lines: Vec<String> =
            section.held().map(|line| format!("{}: {}", escaped(&line.label, 80), escaped(&line.value, 120))).collect();
        message = message.part(format!("What comes back: {}", escaped(&section.title, 60)), &lines);
    }
    let verb = if preview.second.is_some() { "Ask to restore" } else { "Restore" };
    message
        .says(super::preview::second_note(preview.second))
        .says(format!("This button works until {}.", clock(preview.expires_at)))
        .buttons(&decide(preview.offer, &format!("{verb} {}", act.login), ButtonStyle::Success))
}

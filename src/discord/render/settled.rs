//! What became of a request: on its card, for its requester, in the log channel.

use super::acts::{self, end, words};
use super::sentences::{capital, changed, reason};
use crate::desk::{Act, NotCounted, RequestTold, Settled, Terms, VoidWhy};
use crate::discord::message::{Message, Tone};
use crate::discord::text::{escaped, few, join, moment, person, roles};
use crate::ledger::{Request, RequestId, RequestState};

const NOTHING: &str = "Nothing was changed.";

/// How many approvers are named.
const NAMED_MAX: usize = 10;

/// A card's colour once it is decided.
pub(super) fn tone(settled: &Settled) -> Tone {
    match settled.state() {
        RequestState::Done => Tone::Good,
        RequestState::Pending | RequestState::Executing => Tone::Plain,
        RequestState::Failed
        | RequestState::Void
        | RequestState::Denied
        | RequestState::Expired
        | RequestState::Cancelled => Tone::Bad,
    }
}

/// A card's title.
pub(super) fn title(act: &Act, settled: Option<&Settled>) -> String {
    // A title shows a mention as its number: nobody is named in one.
    let what = capital(&words(act).naming_nobody().replace("**", ""));
    match settled {
        None => format!("{what}?"),
        Some(settled) => format!("{}: {what}", headline(settled)),
    }
}

/// What became of it, in two or three words.
fn headline(settled: &Settled) -> &'static str {
    match settled {
        Settled::Executing { .. } => "Approved",
        Settled::Acted { outcome, .. } => acts::headline(outcome),
        Settled::Void(_) => "Void",
        Settled::Denied { .. } => "Denied",
        Settled::Expired => "Expired",
        Settled::Cancelled { .. } => "Cancelled",
    }
}

/// How a decided request stands, for its card.
pub(super) fn how_it_stands(request: &Request, act: &Act, settled: &Settled) -> Vec<String> {
    let mut lines = sentences(act, settled);
    if let Some(at) = request.settled_at {
        lines.push(format!("Settled {}.", moment(at)));
    }
    lines
}

/// What became of it, for anybody.
fn sentences(act: &Act, settled: &Settled) -> Vec<String> {
    let on = act.connection();
    match settled {
        Settled::Executing { by } => vec![format!("✅ Approved by {}. {on} is being asked now.", people(by))],
        Settled::Acted { by, outcome } => {
            let mut lines = vec![format!("✅ Approved by {}.", people(by))];
            lines.extend(end(act, outcome).lines);
            lines
        }
        Settled::Void(why) => void_lines(act, why),
        Settled::Denied { by, words } => {
            let words = words.as_deref().map(|words| format!(" “{}”", escaped(words, 300))).unwrap_or_default();
            vec![format!("❌ Denied by {}.{words} Nothing was changed.", person(*by))]
        }
        Settled::Expired => {
            vec!["⌛ Nobody decided it in time. Nothing was changed; it can be asked for again.".to_owned()]
        }
        Settled::Cancelled { by } => vec![format!("↩️ Taken back by {}. Nothing was changed.", person(*by))],
    }
}

fn void_lines(act: &Act, why: &VoidWhy) -> Vec<String> {
    let on = act.connection();
    let login = words(act).about();
    match why {
        VoidWhy::Changed { what } => {
            let mut lines = vec![format!(
                "⚠️ {login} is no longer as the card shows it: somebody changed it after this was asked. I have done nothing."
            )];
            lines.extend(changed(what));
            lines.push("Next: look at it, and ask again if it still should be done.".to_owned());
            lines
        }
        VoidWhy::Gone => vec![format!("⚠️ {login} is not on {on} any more. {NOTHING}")],
        VoidWhy::RequesterLost => {
            vec![format!(
                "⚠️ The person who asked may no longer ask for this. {NOTHING} Somebody who still may can ask again."
            )]
        }
        VoidWhy::NoApprovers { need, have } => {
            let next = match have {
                None => "name roles that exist under `[approvals]`",
                Some(_) => "give people an approver role",
            };
            let have = match have {
                None => "none of the approver roles exists any more".to_owned(),
                Some(0) => "nobody is left who could approve it".to_owned(),
                Some(have) => format!("it needs {need} approvers, and only {have} could"),
            };
            vec![format!("⚠️ Nobody can decide it: {have}. {NOTHING} Next: {next}, then ask again.")]
        }
        VoidWhy::ChannelGone => {
            vec![format!(
                "⚠️ The channel of its card was deleted. {NOTHING} Next: set another approvals channel, then ask again."
            )]
        }
        VoidWhy::Refused { why } => vec![format!("⚠️ It can no longer be done: {}. {NOTHING}", reason(why))],
    }
}

pub(super) fn people(by: &[serenity::model::id::UserId]) -> String {
    if by.is_empty() {
        return "the approvers".to_owned();
    }
    few(&by.iter().map(|id| person(*id)).collect::<Vec<_>>(), NAMED_MAX, "and")
}

/// What became of a request, in one line.
pub(super) fn in_one_line(id: RequestId, act: &Act, settled: &Settled) -> String {
    let how = if settled.state().is_settled() { "is settled" } else { "is approved" };
    format!("Request {id} ({}) {how} — {}", words(act).to_do(), sentences(act, settled).join(" "))
}

/// How a decided request stands, in a few words.
pub(super) fn in_short(settled: &Settled) -> String {
    match settled {
        Settled::Executing { by } => format!("Approved by {}; being done.", people(by)),
        Settled::Acted { by, .. } => format!("{}; approved by {}.", headline(settled), people(by)),
        Settled::Denied { by, .. } => format!("Denied by {}.", person(*by)),
        Settled::Cancelled { by } => format!("Taken back by {}.", person(*by)),
        Settled::Void(_) | Settled::Expired => format!("{}.", headline(settled)),
    }
}

/// What the requester reads.
pub(in crate::discord) fn decided(about: &RequestTold) -> Message {
    let Some(settled) = &about.settled else {
        return Message::text(format!("Your request {} waits: {}.", about.id, words(&about.act).to_do()));
    };
    let message =
        Message::card(tone(settled), format!("Your request {} — {}", about.id, headline(settled).to_lowercase()));
    let message = message.says(format!("You asked to {}.", words(&about.act).to_do()));
    let message = sentences(&about.act, settled).iter().fold(message, Message::says);
    let follows = words(&about.act).follows().filter(|_| settled.state() == RequestState::Done);
    follows.into_iter().fold(message, Message::says)
}

/// The line in the log channel.
pub(in crate::discord) fn decided_line(about: &RequestTold) -> Message {
    let asked = format!("{}: request {} to {}", person(about.requester), about.id, words(&about.act).to_do());
    Message::text(match &about.settled {
        None => format!("🗳️ {asked} waits for approvers."),
        Some(settled) => format!("🗳️ {asked} — {}", sentences(&about.act, settled).join(" ")),
    })
}

/// The line in the log channel for a requester who takes no direct messages: by name, mentioning nobody.
pub(in crate::discord) fn decided_instead(about: &RequestTold) -> Message {
    let who = escaped(&about.requester_name, 60);
    let became = about.settled.as_ref().map_or("waits", headline).to_lowercase();
    Message::text(format!(
        "✉️ {who} takes no direct messages from me, so here: request {} to {} — {became}. `/approvals history` tells more.",
        about.id,
        words(&about.act).naming_nobody()
    ))
}

/// Why something that a person said does not count.
pub(in crate::discord) fn not_counted(about: &RequestTold, why: NotCounted) -> Message {
    let request = format!("request {}: {}", about.id, words(&about.act).to_do());
    Message::card(Tone::Bad, "That does not count")
        .says(format!("{}.", not_counted_sentence(why)))
        .says(format!("It was under {request}."))
}

/// The same, as the answer to a press.
pub(in crate::discord) fn press_not_counted(why: NotCounted) -> Message {
    Message::card(Tone::Bad, "That does not count").says(format!("{}.", not_counted_sentence(why)))
}

fn not_counted_sentence(why: NotCounted) -> String {
    match why {
        NotCounted::Requester => {
            "You asked for it yourself, so somebody else has to decide; `/approvals cancel` takes it back".to_owned()
        }
        NotCounted::NotHere => "You are not a member of this server any more".to_owned(),
        NotCounted::Machine => "Bots do not decide".to_owned(),
        NotCounted::NoRole => {
            "Only people with an approver role decide, and you have none; the card names the roles".to_owned()
        }
        NotCounted::TimedOut { until } => format!("You are timed out until {}, so you cannot decide", moment(until)),
        NotCounted::SuperReaction => "Super-reactions do not count; react with a plain ✅ or ❌".to_owned(),
        NotCounted::WrongEmoji => "Only ✅ (approve) and ❌ (deny) decide".to_owned(),
        NotCounted::NotTheCard => {
            "A reaction to a reminder decides nothing; react to the card that it answers, or press its button"
                .to_owned()
        }
        NotCounted::Stale => {
            "You reacted while I was away, and I cannot tell when; please take it away and react again".to_owned()
        }
        NotCounted::TakenAway => "Your reaction was gone when I came to it; react again".to_owned(),
    }
}

/// The answer to the person whose act now waits for approvers.
pub(in crate::discord) fn asked(act: &Act, terms: &Terms) -> Message {
    let message = Message::card(Tone::Question, "The approvers are asked")
        .says(format!("You asked to {}. Nothing has been changed yet.", words(act).to_do()));
    asked_terms(terms).iter().fold(message, Message::says)
}

/// Who decides, and what happens next.
pub(super) fn asked_terms(terms: &Terms) -> Vec<String> {
    let who = roles(&terms.approvers);
    let needed = if terms.threshold == 1 {
        format!("One person with {who} has to approve it")
    } else {
        format!("{} different people with {who} have to approve it", terms.threshold)
    };
    let mut lines = vec![format!("{needed} by {}. You cannot approve it yourself.", moment(terms.expires_at))];
    match &terms.people {
        Some(people) if people.len() <= 10 => {
            let people: Vec<String> = people.iter().map(|id| person(*id)).collect();
            lines.push(format!("Who could right now: {}.", join(&people, "and")));
        }
        Some(people) => lines.push(format!("{} people could right now.", people.len())),
        None => {}
    }
    lines.push("I tell you by direct message what becomes of it; `/approvals list` shows it, `/approvals cancel` takes it back.".to_owned());
    lines
}

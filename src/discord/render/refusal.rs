//! Why something is not done: one sentence each, that says who could or what would be right.

use rollcall_commands::Permission;
use rollcall_telephony::Effect;

use crate::desk::{HandoverOver, Refusal};
use crate::directory::Hit;
use crate::discord::message::{Message, Tone};
use crate::discord::text::{code, escaped, join, moment, person, relative, roles};
use crate::ledger::OfferRefusal;

/// A refusal, as the person reads it.
pub(in crate::discord) fn refusal(refusal: &Refusal) -> Message {
    let (title, lines) = words(refusal);
    lines.into_iter().fold(Message::card(Tone::Bad, title), Message::says)
}

#[expect(clippy::too_many_lines, reason = "a table: one arm for each refusal, with its sentences")]
fn words(refusal: &Refusal) -> (&'static str, Vec<String>) {
    const NOTHING: &str = "Nothing was changed.";
    match refusal {
        Refusal::NotPermitted { permission, connection, could } => (
            "You may not do that",
            vec![
                format!(
                    "It needs the permission `{permission}`{}.",
                    connection.as_ref().map_or_else(String::new, |c| format!(" on {c}"))
                ),
                who_could(could, *permission, connection.as_ref()),
            ],
        ),
        Refusal::AskedAlready { request, login } => (
            "That waits for approvers already",
            vec![
                format!("Request {request} about {} is open; `/approvals list` shows it.", escaped(login, 100)),
                "Nothing more was asked.".to_owned(),
            ],
        ),
        Refusal::NobodyCouldApprove { need, have, roles: approvers } => {
            ("Nobody could approve it", nobody_could(*need, *have, approvers))
        }
        Refusal::NoApprovalsChannel { lacks } if lacks.is_empty() => (
            "There is nowhere to ask the approvers",
            vec![
                "It needs a second person, and there is no approvals channel that I can see.".to_owned(),
                format!("{NOTHING} Whoever installed me can set [discord] approvals_channel; `/doctor` says more."),
            ],
        ),
        Refusal::NoApprovalsChannel { lacks } => (
            "I cannot ask the approvers",
            vec![
                format!("In the approvals channel I lack {}.", join(&strings(lacks), "and")),
                format!("{NOTHING} Whoever runs this server can give me that; `/doctor` says more."),
            ],
        ),
        Refusal::Discord(why) => (
            "Discord does not answer",
            vec![format!("{}.", escaped(why.trim_end_matches('.'), 400)), format!("{NOTHING} Ask again in a while.")],
        ),
        Refusal::MustBeDisabled { login, could } => (
            "It still works",
            vec![
                format!("{} is not disabled, and only a disabled agent can be deleted.", escaped(login, 100)),
                if could.is_empty() {
                    format!("{NOTHING} Disable it with `/agent disable` first.")
                } else {
                    format!("{NOTHING} People with {} could disable it.", roles(could))
                },
            ],
        ),
        Refusal::NotDisabledLongEnough { login, since, from } => (
            "It has not been disabled for long enough",
            vec![
                format!("I have seen {} disabled since {}.", escaped(login, 100), moment(*since)),
                format!("Its delete can be asked for from {} on. {NOTHING}", moment(*from)),
            ],
        ),
        Refusal::NoRequest { typed } => (
            "No such request",
            vec![format!("There is no request “{}”.", escaped(typed, 40)), "`/approvals list` shows those that wait.".to_owned()],
        ),
        Refusal::RequestOver { request } => ("That request is decided", super::requests::over(request)),
        Refusal::NotYourRequest { request, approvers } => (
            "That is not yours to take back",
            vec![
                format!("Request {request} can be taken back by whoever asked, or by people with {}.", roles(approvers)),
                "It waits as before.".to_owned(),
            ],
        ),
        Refusal::NotKept { typed } => (
            "Nothing to restore",
            vec![
                format!("No deleted agent “{}” can be restored.", escaped(typed, 100)),
                "Pick one from the suggestions; a record is kept for a while after a delete, then erased.".to_owned(),
            ],
        ),
        Refusal::RestoredAlready { login, was, now } => (
            "It is back already",
            vec![format!("{} (it was `{was}`) was restored as `{now}`. {NOTHING}", escaped(login, 100))],
        ),
        Refusal::RestoreTaken { login, by } => (
            "Its login is taken",
            vec![
                format!("“{}” belongs to `{by}` by now, and who comes back gets the old login.", escaped(login, 80)),
                format!("{NOTHING} Give that one another login with `/agent edit`, or delete it; then restore this one."),
            ],
        ),
        Refusal::SeveralKept { typed, kept } => (
            "Several deleted agents were called that",
            vec![
                format!("“{}” could be:", escaped(typed, 100)),
                kept.iter()
                    .take(10)
                    .map(|k| format!("`{}`, deleted {}", k.agent, moment(k.deleted_at)))
                    .collect::<Vec<_>>()
                    .join("\n"),
                "Name the one you mean by that.".to_owned(),
            ],
        ),
        Refusal::NoConnection { typed, known } => (
            "No such phone system",
            vec![
                format!("There is no connection “{}”.", escaped(typed, 60)),
                format!("There are: {}.", join(&known.iter().map(ToString::to_string).collect::<Vec<_>>(), "and")),
            ],
        ),
        Refusal::NoAgent { typed, near } => ("No such agent", no_agent(typed, near)),
        Refusal::SeveralAgents { typed, hits } => (
            "That is not one agent",
            vec![
                format!("{} agents are called “{}”.", hits.len(), escaped(typed, 100)),
                "Pick the one you mean:".to_owned(),
            ],
        ),
        Refusal::Lacks { connection, ability } => {
            ("The phone system cannot do that", vec![format!("{connection} has no {ability}. It was not asked.")])
        }
        Refusal::Elsewhere { person, connection, ability, .. } => (
            "It can be done on another phone system",
            vec![
                format!("{connection} has no {ability}, but {} is on another phone system, too.", escaped(person, 100)),
                "Pick where:".to_owned(),
            ],
        ),
        Refusal::NoExtension { .. }
        | Refusal::WhichConnection { .. }
        | Refusal::WhereBatch { .. }
        | Refusal::Sheet { .. }
        | Refusal::File(_) => super::extensions::refusal_words(refusal),
        Refusal::LoginPattern { login, pattern, offers } => (
            "That login does not fit",
            vec![
                format!("“{}” must match `{}`.", escaped(login, 80), pattern.replace('`', "'")),
                offered(offers),
                NOTHING.to_owned(),
            ],
        ),
        Refusal::LoginTaken { login, by, offers } => (
            "That login is taken",
            vec![
                format!("“{}” belongs to `{by}` already.", escaped(login, 80)),
                offered(offers),
                NOTHING.to_owned(),
            ],
        ),
        Refusal::Value(sentence) => ("That value does not go there", vec![escaped(sentence, 600), NOTHING.to_owned()]),
        Refusal::NotInSettings { agent } => (
            "No such agent",
            vec![
                format!(
                    "{} has no list of agents that I could read, and {} is none of those in my settings.",
                    agent.connection,
                    code(agent.id.as_str(), 80)
                ),
                format!("{NOTHING} Whoever installed me can add it under agents of that connection."),
            ],
        ),
        Refusal::Incomplete(sentence) => {
            ("That is not all I need", vec![escaped(sentence, 600), NOTHING.to_owned()])
        }
        Refusal::Changed { login, what } => (
            "The record changed meanwhile",
            vec![
                format!("{} is not as it was shown to you{}.", escaped(login, 100), changed_fields(what)),
                format!("{NOTHING} Type the command again to see it as it is now."),
            ],
        ),
        Refusal::Already { login, how } => {
            ("Nothing to do", vec![format!("{} is already {how}. {NOTHING}", escaped(login, 100))])
        }
        Refusal::OwnAccount { connection, login } => (
            "That is the bot's own account",
            vec![
                format!("{} is who {connection} takes me for; it cannot be changed through me.", escaped(login, 100)),
                "Change it in the phone system itself.".to_owned(),
            ],
        ),
        Refusal::RecipientIsBot(id) => (
            "A bot cannot receive a password",
            vec![format!("{} is a bot. Name a person of this server as recipient.", person(*id)), NOTHING.to_owned()],
        ),
        Refusal::RecipientNotHere(id) => (
            "The recipient is not here",
            vec![format!("{} is not a member of this server. Name one who is.", person(*id)), NOTHING.to_owned()],
        ),
        Refusal::Offer(why) => ("This button is over", vec![offer(*why)]),
        Refusal::HandoverOver(why) => ("This password cannot be shown", vec![handover_over(*why).to_owned()]),
        Refusal::NotYourButton => (
            "This button is not yours",
            vec!["It belongs to whoever typed the command. Type it yourself to get your own.".to_owned()],
        ),
        Refusal::Store(why) => (
            "The bot's store cannot be written",
            vec![
                format!("{}.", escaped(why, 300).trim_end_matches('.')),
                "What is not recorded is not done: no phone system was asked, nothing was changed. Tell whoever runs the bot; \
                 `/doctor` says more."
                    .to_owned(),
            ],
        ),
        Refusal::System(error) => (
            "That did not work",
            vec![
                format!("{}.", escaped(&error.to_string(), 600)),
                match error.took_effect() {
                    Effect::None => format!("{NOTHING} {}", next(error)).trim_end().to_owned(),
                    Effect::Unknown => "Whether anything changed is not known; look at it with `/agent show`.".to_owned(),
                },
            ],
        ),
    }
}

fn who_could(
    could: &[serenity::model::id::RoleId],
    permission: Permission,
    connection: Option<&rollcall_telephony::ConnectionName>,
) -> String {
    if could.is_empty() {
        let there = connection.map_or_else(|| "here".to_owned(), |c| format!("on {c}"));
        format!("No role has it {there}. Whoever installed the bot can give `{permission}` to a role.")
    } else {
        format!("People with {} could do it.", roles(could))
    }
}

fn nobody_could(need: u32, have: Option<u32>, approvers: &[serenity::model::id::RoleId]) -> Vec<String> {
    let who = match (have, approvers) {
        (_, []) => "No approver role is set".to_owned(),
        (None, _) => "None of the approver roles exists in this server any more".to_owned(),
        (Some(have), approvers) => {
            let need = if need == 1 { "one person".to_owned() } else { format!("{need} different people") };
            let have = match have {
                0 => "there is nobody".to_owned(),
                1 => "there is only one person".to_owned(),
                n => format!("there are only {n} people"),
            };
            format!("It needs {need} with {}; not counting you, {have}", roles(approvers))
        }
    };
    let next = if have.is_none() || approvers.is_empty() {
        "Whoever runs the bot can name roles that exist under `[approvals] approvers`."
    } else {
        "Whoever runs this server can give people an approver role; whoever asks can never approve it themselves."
    };
    vec![format!("{who}. Nobody was asked, nothing was changed."), next.to_owned()]
}

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

fn no_agent(typed: &str, near: &[Hit]) -> Vec<String> {
    let mut lines = vec![format!("Nobody here is called “{}”.", escaped(typed, 100))];
    lines.push(if near.is_empty() {
        "Start typing a login or name and pick from the list, or look with `/agent search`.".to_owned()
    } else {
        "Did you mean:".to_owned()
    });
    lines
}

fn offered(offers: &[String]) -> String {
    if offers.is_empty() {
        "Type a person's name into `login:` and pick from the suggestions.".to_owned()
    } else {
        let offers: Vec<String> = offers.iter().map(|o| format!("`{o}`")).collect();
        format!("Free and fitting: {}.", join(&offers, "or"))
    }
}

fn changed_fields(what: &[String]) -> String {
    if what.is_empty() {
        return " any more".to_owned();
    }
    let what: Vec<String> = what.iter().map(|w| escaped(w, 60)).collect();
    format!(" any more; what changed: {}", join(&what, "and"))
}

fn offer(why: OfferRefusal) -> String {
    match why {
        OfferRefusal::Unknown => "I do not know this button any more. Type the command again.".to_owned(),
        OfferRefusal::NotYours => {
            "Only the person who was shown it can press it. Type the command yourself.".to_owned()
        }
        OfferRefusal::Cancelled => {
            "It was cancelled; nothing was changed. Type the command again if you want it.".to_owned()
        }
        OfferRefusal::Expired(at) => {
            format!("It expired {}; nothing was changed. Type the command again.", relative(at))
        }
    }
}

const fn handover_over(why: HandoverOver) -> &'static str {
    match why {
        HandoverOver::Confirmed => "It was confirmed and erased. `/agent reset-password` makes a fresh one.",
        HandoverOver::Expired => "Its time is over. Ask for a fresh one: `/agent reset-password`.",
        HandoverOver::Unknown => "It is not yours, or I do not know it any more.",
    }
}

fn next(error: &rollcall_telephony::Error) -> &'static str {
    use rollcall_telephony::{ErrorKind, Refusal as Refused, Thing};
    match (&error.kind, error.thing()) {
        (ErrorKind::NotFound, Thing::Agent) => "Look for it with `/agent search`.",
        (ErrorKind::NotFound, Thing::Extension) => "`/extension list` shows what is there.",
        (ErrorKind::Refused(_), Thing::Agent) => "Change what it refuses, then ask again.",
        (ErrorKind::Refused(Refused::NotPermitted), Thing::Extension) => {
            "Whoever looks after that phone system can give it to that account."
        }
        // Whoever only reads can change nothing about it.
        (
            ErrorKind::Refused(
                Refused::InvalidParameters
                | Refused::InUse(_)
                | Refused::NameTaken
                | Refused::InvalidName
                | Refused::MustBeDisabled
                | Refused::LoggedOut(_),
            ),
            Thing::Extension,
        ) => "Whoever looks after that phone system can say more.",
        (ErrorKind::SignedOut, _) => "Tell whoever installed the bot; `/doctor` says more.",
        (ErrorKind::RateLimited(_) | ErrorKind::Unreachable(_) | ErrorKind::Broken(_), _) => "Ask again in a while.",
        (ErrorKind::Unreadable(_), _) => "Tell whoever runs the phone system; `/doctor` says more.",
        // Of extensions, a sentence of the phone system's own ends with what to do.
        (ErrorKind::Refused(Refused::Other(_)), Thing::Extension) | (ErrorKind::Unsupported(_), _) => "",
    }
}

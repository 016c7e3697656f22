//! Follow-ups by an interaction's token. See [Discord Docs/Receiving and Responding], "Followup Messages".

use super::{
    super::{
        events,
        ids::{InteractionId, MessageId},
        refusal::Refusal,
        state::{Interaction, LOADING, State},
        validate::message::{Place, draft},
    },
    Answer, Call, interactions,
    messages::{amend, remove, says_something},
};

/// Everything behind `/webhooks/{application}/{token}`.
pub(super) fn route(
    state: &mut State,
    call: &Call,
    application: &str,
    token: &str,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    if application != state.bot.application.to_string() {
        return Err(Refusal::UnknownWebhook);
    }
    let interaction = state.interactions.values().find(|known| known.token == token).cloned();
    let interaction = interaction.ok_or(Refusal::UnknownWebhook)?;
    if interaction.token_dead || interaction.made.elapsed() > state.limits.token_life {
        return Err(Refusal::InvalidWebhookToken);
    }
    if interaction.acknowledged.is_none() {
        return Err(Refusal::UnknownWebhook);
    }
    match (call.method.as_str(), rest) {
        ("POST", []) => follow_up(state, call, &interaction),
        ("GET", ["messages", message]) => {
            let id = find(state, &interaction, message)?;
            show(state, id)
        }
        ("PATCH", ["messages", message]) => {
            let id = find(state, &interaction, message)?;
            let draft = draft(&call.body, "", Place::Edit)?;
            let flags = state.message(id).map_or(0, |message| message.flags);
            amend(state, id, draft, flags & !LOADING)?;
            complete(state, interaction.id);
            show(state, id)
        }
        ("DELETE", ["messages", message]) => {
            let id = find(state, &interaction, message)?;
            remove(state, id)?;
            complete(state, interaction.id);
            Ok(Answer::nothing())
        }
        (method, _) => Err(Refusal::NotModelled(format!("{method} webhooks/…/{}", rest.join("/")))),
    }
}

/// `POST`: a further message; the first one after "is thinking …" takes its place.
fn follow_up(state: &mut State, call: &Call, interaction: &Interaction) -> Result<Answer, Refusal> {
    let mut draft = draft(&call.body, "", Place::Interaction)?;
    says_something(&draft)?;
    let thinking = interaction.original.filter(|id| state.message(*id).is_some_and(|it| it.flags & LOADING != 0));
    let id = if let Some(id) = thinking {
        let flags = state.message(id).map_or(0, |message| message.flags);
        draft.flags = 0;
        amend(state, id, draft, flags & !LOADING)?;
        id
    } else {
        let id = interactions::reply(state, interaction, draft);
        if let Some(known) = state.interactions.get_mut(&interaction.id) {
            known.followups.push(id);
        }
        id
    };
    complete(state, interaction.id);
    show(state, id)
}

fn complete(state: &mut State, id: InteractionId) {
    if let Some(known) = state.interactions.get_mut(&id) {
        known.completed = true;
    }
}

/// A message that this token reaches: its answer and its follow-ups.
fn find(state: &State, interaction: &Interaction, message: &str) -> Result<MessageId, Refusal> {
    let id = match message {
        "@original" => interaction.original,
        id => id.parse().ok().filter(|id| interaction.followups.contains(id) || interaction.original == Some(*id)),
    };
    id.filter(|id| state.message(*id).is_some()).ok_or(Refusal::UnknownMessage)
}

fn show(state: &State, id: MessageId) -> Result<Answer, Refusal> {
    let message = state.message(id).ok_or(Refusal::UnknownMessage)?;
    Ok(Answer::ok(events::message(state, message)))
}

//! `POST /interactions/{id}/{token}/callback`. See [Discord Docs/Receiving and Responding].

use super::{
    super::{
        events,
        ids::{InteractionId, MessageId},
        refusal::{Form, Refusal},
        state::{Acknowledgement, EPHEMERAL, Interaction, InteractionKind, LOADING, State},
        validate::{
            command, component,
            message::{Draft, Place, draft},
        },
    },
    Answer, Call,
    messages::{Standing, amend, post, says_something},
};
use serde_json::{Value, json};

/// Acknowledges an interaction: once, in time, in a form that fits its kind.
pub(super) fn callback(state: &mut State, call: &Call, id: &str, token: &str) -> Result<Answer, Refusal> {
    let id: InteractionId = id.parse().map_err(|_| Refusal::UnknownInteraction)?;
    let within = state.limits.acknowledge_within;
    let interaction = state.interactions.get(&id).filter(|known| known.token == token).cloned();
    let interaction = interaction.ok_or(Refusal::UnknownInteraction)?;
    if interaction.acknowledged.is_some() {
        return Err(Refusal::AlreadyAcknowledged);
    }
    if interaction.made.elapsed() > within {
        return Err(Refusal::UnknownInteraction);
    }
    let acknowledged = acknowledge(state, &interaction, &call.body)?;
    state.note(format!("{} is answered", interaction.summary));
    let original = match &acknowledged {
        (_, Some(message)) => Some(*message),
        (Acknowledgement::DeferredUpdate | Acknowledgement::Update, None) => {
            interaction.source.map(|(message, _)| message)
        }
        (_, None) => None,
    };
    let Some(known) = state.interactions.get_mut(&id) else { return Err(Refusal::UnknownInteraction) };
    known.acknowledged = Some(acknowledged.0);
    known.original = original;
    if call.says("with_response") {
        Ok(Answer::ok(with_response(state, id, &call.body)))
    } else {
        Ok(Answer::nothing())
    }
}

fn acknowledge(
    state: &mut State,
    interaction: &Interaction,
    body: &Value,
) -> Result<(Acknowledgement, Option<MessageId>), Refusal> {
    let data = &body["data"];
    let kind = body["type"].as_u64().unwrap_or_default();
    let fits = match interaction.kind {
        InteractionKind::Command => matches!(kind, 4 | 5 | 9),
        InteractionKind::Component => matches!(kind, 4..=7 | 9),
        InteractionKind::Autocomplete => kind == 8,
        InteractionKind::Modal => matches!(kind, 4 | 5) || (matches!(kind, 6 | 7) && interaction.source.is_some()),
    };
    if !fits {
        let mut form = Form::default();
        let message = format!("Type {kind} is no answer to an interaction of type {}.", interaction.kind.number());
        form.fault("type", "INTERACTION_CALLBACK_TYPE_INVALID", message);
        return Err(Refusal::InvalidForm(form));
    }
    match kind {
        4 => {
            let draft = draft(data, "data", Place::Interaction)?;
            says_something(&draft)?;
            Ok((Acknowledgement::Message, Some(reply(state, interaction, draft))))
        }
        5 => {
            let mut draft = if data.is_null() { Draft::default() } else { draft(data, "data", Place::Interaction)? };
            draft = Draft { flags: draft.flags | LOADING, ..Draft::default() };
            Ok((Acknowledgement::DeferredMessage, Some(reply(state, interaction, draft))))
        }
        6 => Ok((Acknowledgement::DeferredUpdate, None)),
        7 => {
            let draft = draft(data, "data", Place::Edit)?;
            let (source, _) = interaction.source.ok_or(Refusal::UnknownMessage)?;
            let flags = state.message(source).map_or(0, |message| message.flags);
            amend(state, source, draft, flags)?;
            Ok((Acknowledgement::Update, Some(source)))
        }
        8 => {
            let choices = command::answer(data, focused_kind(&interaction.event["data"]["options"]))?;
            Ok((Acknowledgement::Choices(choices), None))
        }
        _ => {
            let mut form = Form::default();
            let modal = component::modal(&mut form, "data", data);
            form.verdict()?;
            Ok((Acknowledgement::Modal(modal), None))
        }
    }
}

/// The type of the option that is being filled.
fn focused_kind(options: &Value) -> u64 {
    let nested = |option: &Value| match option["focused"].as_bool() {
        Some(true) => option["type"].as_u64(),
        _ => Some(focused_kind(&option["options"])).filter(|kind| *kind != 0),
    };
    options.as_array().into_iter().flatten().find_map(nested).unwrap_or_default()
}

/// Posts a message that answers an interaction.
pub(super) fn reply(state: &mut State, interaction: &Interaction, draft: Draft) -> MessageId {
    let only_for = (draft.flags & EPHEMERAL != 0).then_some(interaction.user);
    let standing = Standing { author: state.bot.user, interaction: Some(interaction.id), only_for };
    post(state, interaction.channel, draft, standing)
}

/// The body that `with_response=true` asks for. See [Discord Docs/Interaction Callback Response Object].
fn with_response(state: &State, id: InteractionId, body: &Value) -> Value {
    let Some(interaction) = state.interactions.get(&id) else { return Value::Null };
    let message = interaction.original.and_then(|message| state.message(message));
    let mut answer = json!({
        "interaction": {
            "id": id,
            "type": interaction.kind.number(),
            "channel_id": interaction.channel,
            "response_message_id": message.map(|message| message.id),
            "response_message_loading": message.is_some_and(|message| message.flags & LOADING != 0),
            "response_message_ephemeral": message.is_some_and(|message| message.flags & EPHEMERAL != 0),
        },
        "resource": { "type": body["type"] },
    });
    if let Some(message) = message {
        answer["resource"]["message"] = events::message(state, message);
    }
    answer
}

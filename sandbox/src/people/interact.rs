//! An interaction from the person's side: made, delivered, awaited until it has settled.

use super::{
    Modal, Person, Posted, Reply,
    trouble::{Trouble, What},
};
use crate::discord::{
    events,
    ids::{InteractionId, MessageId},
    state::{Acknowledgement, Interaction, InteractionKind, LOADING, State},
};
use rand::{Rng as _, distr::Alphanumeric};
use serde_json::{Value, json};
use tokio::time::Instant;

/// The length of an interaction's token; Discord's are about as long.
const TOKEN: usize = 160;

/// An interaction about to be made.
pub(super) struct Act<'a> {
    pub(super) kind: InteractionKind,
    pub(super) data: Value,
    /// The message whose component is used, or whose button opened the modal.
    pub(super) source: Option<MessageId>,
    pub(super) line: &'a str,
    /// Members of the event that are put in place of the true ones.
    pub(super) forged: Value,
}

/// How an interaction ended.
enum Settled {
    Shows(MessageId),
    Modal(Value, Option<MessageId>),
    Choices(Vec<Value>),
    /// Acknowledged, and the message is gone.
    Nothing,
}

impl Person {
    /// Makes an interaction and delivers it.
    pub(super) fn begin(&self, act: Act<'_>) -> Result<InteractionId, Trouble> {
        let made = self.discord.change(|state| {
            if state.gateway.session.is_none() {
                return Err(What::BotAway(act.line.to_owned()));
            }
            Ok(self.make(state, act))
        });
        made.map_err(|what| Trouble::new(&self.discord, what))
    }

    fn make(&self, state: &mut State, act: Act<'_>) -> InteractionId {
        let id = InteractionId(state.mint.next());
        let token: String = rand::rng().sample_iter(Alphanumeric).take(TOKEN).map(char::from).collect();
        let source = act.source.and_then(|message| state.messages.get(&message)).cloned();
        let channel = source.as_ref().map_or(self.channel, |message| message.channel);
        let mut event = events::interaction_frame(state, self.id, channel);
        event["id"] = json!(id);
        event["type"] = json!(act.kind.number());
        event["token"] = json!(token);
        event["data"] = act.data;
        for (name, value) in act.forged.as_object().into_iter().flatten() {
            event[name] = value.clone();
        }
        if let Some(message) = &source {
            event["message"] = events::message(state, message);
        }
        let summary = format!("{}: {}", state.name_of(self.id), act.line);
        state.note(format!("{summary} (interaction {id})"));
        let interaction = Interaction {
            id,
            kind: act.kind,
            token,
            user: self.id,
            channel,
            event,
            summary,
            made: Instant::now(),
            source: source.map(|message| (message.id, message.version)),
            acknowledged: None,
            original: None,
            followups: Vec::new(),
            completed: false,
            token_dead: false,
            noticed: false,
        };
        state.interactions.insert(id, interaction);
        state.dispatch_interaction(id);
        id
    }

    /// Waits for the acknowledgement, then for what follows a deferral.
    async fn settle(&self, id: InteractionId) -> Result<Settled, Trouble> {
        let (made, summary, within) = self.discord.read(|state| {
            let known = state.interactions.get(&id);
            let summary = known.map_or_else(String::new, |known| known.summary.clone());
            (known.map_or_else(Instant::now, |known| known.made), summary, state.limits.acknowledge_within)
        });
        let acknowledged = |state: &mut State| state.interactions.get(&id)?.acknowledged.as_ref().map(|_| ());
        if self.discord.until(made + within, acknowledged).await.is_none() {
            return Err(self.give_up(id, What::NotAnswered(summary)));
        }
        let settled = self.discord.until(Instant::now() + self.patience, |state| settled(state, id)).await;
        settled.ok_or_else(|| self.give_up(id, What::NotFinished(summary)))
    }

    fn give_up(&self, id: InteractionId, what: What) -> Trouble {
        self.discord.change(|state| {
            state.note(format!("the person gives up: {what}"));
            if let Some(known) = state.interactions.get_mut(&id) {
                known.noticed = true;
            }
        });
        Trouble::new(&self.discord, what)
    }

    /// Awaits what the person sees in the end.
    pub(super) async fn sees(&self, id: InteractionId) -> Result<Reply, Trouble> {
        let (posted, modal) = match self.settle(id).await? {
            Settled::Shows(message) => (Posted::look(&self.discord, Some(message), self.patience), None),
            Settled::Modal(data, source) => {
                let modal = Modal::new(data, source);
                (Posted::of_text(&self.discord, modal.text(), self.patience), Some(modal))
            }
            Settled::Choices(_) | Settled::Nothing => (Posted::look(&self.discord, None, self.patience), None),
        };
        Ok(Reply::new(posted, modal, id))
    }

    /// Awaits the choices of an autocomplete.
    pub(super) async fn sees_choices(&self, id: InteractionId) -> Result<Vec<Value>, Trouble> {
        match self.settle(id).await? {
            Settled::Choices(choices) => Ok(choices),
            Settled::Shows(_) | Settled::Modal(..) | Settled::Nothing => Ok(Vec::new()),
        }
    }
}

/// What a person sees of an interaction once nothing more is to come.
fn settled(state: &State, id: InteractionId) -> Option<Settled> {
    let interaction = state.interactions.get(&id)?;
    let shows = |message: Option<MessageId>| {
        let message = message.filter(|message| state.message(*message).is_some());
        message.map_or(Settled::Nothing, Settled::Shows)
    };
    match interaction.acknowledged.as_ref()? {
        Acknowledgement::Message | Acknowledgement::Update => Some(shows(interaction.original)),
        Acknowledgement::DeferredMessage => {
            let thinking =
                interaction.original.and_then(|it| state.message(it)).is_some_and(|it| it.flags & LOADING != 0);
            (!thinking).then(|| shows(interaction.original))
        }
        Acknowledgement::DeferredUpdate => {
            let changed = interaction
                .source
                .is_some_and(|(message, version)| state.messages.get(&message).is_none_or(|it| it.version > version));
            match (changed, interaction.followups.last()) {
                (false, Some(followup)) => Some(shows(Some(*followup))),
                (true, _) => Some(shows(interaction.original)),
                (false, None) => interaction.completed.then_some(Settled::Nothing),
            }
        }
        Acknowledgement::Choices(choices) => Some(Settled::Choices(choices.clone())),
        Acknowledgement::Modal(data) => Some(Settled::Modal(data.clone(), interaction.source.map(|(it, _)| it))),
    }
}

//! The acts that make interactions: typing, completing, pressing, selecting, submitting.

use super::{
    Choice, Doing, Modal, Person, Posted, Reply,
    interact::Act,
    shown::or_panic,
    trouble::{Trouble, What},
    typing::Stage,
};
use crate::{
    discord::{
        ids::{InteractionId, MessageId},
        state::{InteractionKind, Message},
        validate::component::{BUTTON, LINK, STRING_SELECT},
    },
    render,
};
use serde_json::{Value, json};
use std::{future::Future, panic::Location};

impl Person {
    /// Types a slash command, such as `/agent clone source:mediatel:3 login:ivan.ivanov email:"a b"`, and sees
    /// what comes of it. User options take `<@id>` or `@name`.
    ///
    /// # Errors
    /// If the client does not send it, nobody answers in time, or nothing follows a deferral.
    pub async fn try_types(&self, line: &str) -> Result<Reply, Trouble> {
        let id = self.types_and_goes(line)?;
        self.sees(id).await
    }

    /// Types a slash command and does not wait. [`Self::try_sees`] looks at what came of it.
    ///
    /// # Errors
    /// If the client does not send it or the bot is away.
    pub fn types_and_goes(&self, line: &str) -> Result<InteractionId, Trouble> {
        self.may_interact(line, None)?;
        let data = self.reads(line, Stage::Sent);
        let data = data.map_err(|why| self.not_sent(line, why))?;
        self.begin(Act { kind: InteractionKind::Command, data, source: None, line, forged: Value::Null })
    }

    /// Sees what came of an earlier act.
    ///
    /// # Errors
    /// As [`Self::try_types`].
    pub async fn try_sees(&self, interaction: InteractionId) -> Result<Reply, Trouble> {
        self.sees(interaction).await
    }

    /// [`Self::try_types`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn types(&self, line: &str) -> impl Future<Output = Reply> {
        let caller = Location::caller();
        async move { or_panic(self.try_types(line).await, caller) }
    }

    /// The gateway delivers the very same event once more; whatever the answer is, nobody waits for it.
    pub fn typed_again(&self, reply: &Reply) {
        self.discord.change(|state| {
            state.note(format!("interaction {} is delivered again", reply.interaction()));
            state.dispatch_interaction(reply.interaction());
        });
    }

    /// What is offered while the last option of this line is being typed.
    ///
    /// # Errors
    /// If that option has no autocomplete, or nobody answers in time.
    pub async fn try_completes(&self, line: &str) -> Result<Vec<Choice>, Trouble> {
        self.may_interact(line, None)?;
        let data = self.reads(line, Stage::Typing);
        let data = data.map_err(|why| self.not_sent(line, why))?;
        let id =
            self.begin(Act { kind: InteractionKind::Autocomplete, data, source: None, line, forged: Value::Null })?;
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        let choices = self.sees_choices(id).await?;
        Ok(choices
            .iter()
            .map(|choice| Choice { name: plain(&choice["name"]), value: plain(&choice["value"]) })
            .collect())
    }

    /// [`Self::try_completes`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn completes(&self, line: &str) -> impl Future<Output = Vec<Choice>> {
        let caller = Location::caller();
        async move { or_panic(self.try_completes(line).await, caller) }
    }

    /// Presses the button with this label. Somebody else's ephemeral message works too: a forged press.
    ///
    /// # Errors
    /// If there is no such button, it is off, or nobody answers.
    pub async fn try_presses(&self, message: &Posted, label: &str) -> Result<Reply, Trouble> {
        let id = self.press(message, label)?;
        self.sees(id).await
    }

    /// [`Self::try_presses`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn presses(&self, message: &Posted, label: &str) -> impl Future<Output = Reply> {
        let caller = Location::caller();
        async move { or_panic(self.try_presses(message, label).await, caller) }
    }

    /// Presses a button twice, so fast that both presses are under way before either is answered.
    ///
    /// # Errors
    /// As [`Self::try_presses`].
    pub async fn try_presses_twice(&self, message: &Posted, label: &str) -> Result<[Reply; 2], Trouble> {
        let (first, second) = (self.press(message, label)?, self.press(message, label)?);
        let (first, second) = tokio::join!(self.sees(first), self.sees(second));
        Ok([first?, second?])
    }

    /// [`Self::try_presses_twice`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn presses_twice(&self, message: &Posted, label: &str) -> impl Future<Output = [Reply; 2]> {
        let caller = Location::caller();
        async move { or_panic(self.try_presses_twice(message, label).await, caller) }
    }

    /// Presses a button that is not there: a forged custom id.
    ///
    /// # Errors
    /// If nobody answers.
    pub async fn try_presses_id(&self, message: &Posted, custom_id: &str) -> Result<Reply, Trouble> {
        let line = format!("presses the forged id {custom_id:?}");
        let data = json!({ "custom_id": custom_id, "component_type": BUTTON, "id": 1 });
        let id = self.begin(Act {
            kind: InteractionKind::Component,
            data,
            source: message.id(),
            line: &line,
            forged: Value::Null,
        })?;
        self.sees(id).await
    }

    /// [`Self::try_presses_id`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn presses_id(&self, message: &Posted, custom_id: &str) -> impl Future<Output = Reply> {
        let caller = Location::caller();
        async move { or_panic(self.try_presses_id(message, custom_id).await, caller) }
    }

    /// Presses a button and does not wait.
    ///
    /// # Errors
    /// If there is no such button or it is off.
    pub fn press(&self, message: &Posted, label: &str) -> Result<InteractionId, Trouble> {
        let line = format!("presses [{label}]");
        let (message, component) = self.component(message, &line, |it| {
            it["type"] == BUTTON && it["style"] != LINK && render::label(it) == label
        })?;
        let data = json!({ "custom_id": component["custom_id"], "component_type": BUTTON, "id": component["id"] });
        self.begin(Act {
            kind: InteractionKind::Component,
            data,
            source: Some(message),
            line: &line,
            forged: Value::Null,
        })
    }

    /// Chooses in the select menu that has these options, by label or value.
    ///
    /// # Errors
    /// If no menu has them, they are too few or too many, or nobody answers.
    pub async fn try_selects(&self, message: &Posted, wanted: &[&str]) -> Result<Reply, Trouble> {
        let line = format!("selects {wanted:?}");
        let is = |option: &Value, name: &str| option["label"] == name || option["value"] == name;
        let has = |menu: &Value, name: &str| menu["options"].as_array().into_iter().flatten().any(|it| is(it, name));
        let (source, menu) = self
            .component(message, &line, |it| it["type"] == STRING_SELECT && wanted.iter().all(|name| has(it, name)))?;
        let bound = |name: &str| usize::try_from(menu[name].as_u64().unwrap_or(1)).unwrap_or(1);
        if !(bound("min_values")..=bound("max_values")).contains(&wanted.len()) {
            let why = format!("the menu takes {} to {} of its options", bound("min_values"), bound("max_values"));
            return Err(self.not_sent(&line, why));
        }
        let options = menu["options"].as_array().map(Vec::as_slice).unwrap_or_default();
        let values: Vec<&Value> = wanted
            .iter()
            .filter_map(|name| options.iter().find(|option| is(option, name)))
            .map(|option| &option["value"])
            .collect();
        let data = json!({
            "custom_id": menu["custom_id"],
            "component_type": STRING_SELECT,
            "id": menu["id"],
            "values": values,
        });
        let id = self.begin(Act {
            kind: InteractionKind::Component,
            data,
            source: Some(source),
            line: &line,
            forged: Value::Null,
        })?;
        self.sees(id).await
    }

    /// [`Self::try_selects`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn selects(&self, message: &Posted, wanted: &[&str]) -> impl Future<Output = Reply> {
        let caller = Location::caller();
        async move { or_panic(self.try_selects(message, wanted).await, caller) }
    }

    /// Types over some fields of a modal, by label or id, and submits it.
    ///
    /// # Errors
    /// If a field does not exist or does not fit, or nobody answers.
    pub async fn try_submits(&self, modal: &Modal, typed: &[(&str, &str)]) -> Result<Reply, Trouble> {
        let id = self.submit(modal, typed)?;
        self.sees(id).await
    }

    /// Types over some fields of a modal, submits it and does not wait.
    ///
    /// # Errors
    /// If a field does not exist or does not fit.
    pub fn submit(&self, modal: &Modal, typed: &[(&str, &str)]) -> Result<InteractionId, Trouble> {
        let line = format!("submits {:?}", modal.title());
        self.may_interact(&line, modal.source)?;
        let data = modal.submission(typed).map_err(|why| self.not_sent(&line, why))?;
        self.begin(Act { kind: InteractionKind::Modal, data, source: modal.source, line: &line, forged: Value::Null })
    }

    /// Submits the modal of a reply; [`Self::try_submits`], for tests.
    ///
    /// # Panics
    /// With the trouble, or if the reply was no modal.
    #[track_caller]
    pub fn submits(&self, reply: &Reply, typed: &[(&str, &str)]) -> impl Future<Output = Reply> {
        let caller = Location::caller();
        async move {
            let Some(modal) = reply.modal() else { panic!("at {caller}: no modal opened, but: {}", reply.text()) };
            or_panic(self.try_submits(modal, typed).await, caller)
        }
    }

    /// Whether Discord's client lets the person use the application here, or at this message.
    fn may_interact(&self, line: &str, at: Option<MessageId>) -> Result<(), Trouble> {
        let refused = self.discord.read(|state| {
            let channel = at.and_then(|id| state.messages.get(&id)).map_or(self.channel, |it| it.channel);
            self.client_refuses(state, channel, Doing::Interacts)
        });
        refused.map_or(Ok(()), |why| Err(self.not_sent(line, why)))
    }

    fn not_sent(&self, line: &str, why: impl Into<String>) -> Trouble {
        Trouble::new(&self.discord, What::NotSent { line: line.to_owned(), why: why.into() })
    }

    /// The component of a message as it stands now, if it can be used.
    fn component(
        &self,
        message: &Posted,
        line: &str,
        is: impl Fn(&Value) -> bool,
    ) -> Result<(MessageId, Value), Trouble> {
        let find = |message: &Message| {
            let all = message.components.iter().filter_map(|row| row["components"].as_array()).flatten();
            all.into_iter().find(|it| is(it)).cloned()
        };
        let found = message.id().and_then(|id| {
            self.discord.read(|state| state.message(id).and_then(find)).map(|component| (id, component))
        });
        let shows = || format!("the message does not offer that; it shows:\n{}", message.now());
        let (id, component) = found.ok_or_else(|| self.not_sent(line, shows()))?;
        self.may_interact(line, Some(id))?;
        if component["disabled"] == true {
            return Err(self.not_sent(line, "it is switched off"));
        }
        Ok((id, component))
    }
}

//! Interactions that Discord's own client would not make: of things that are not registered, or from elsewhere.

use super::{
    Person, Reply,
    interact::Act,
    shown::{Posted, or_panic},
    trouble::Trouble,
};
use crate::discord::state::InteractionKind;
use serde_json::Value;
use std::{future::Future, panic::Location};

/// What kind of interaction is forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forged {
    /// A slash command.
    Command,
    /// A press or a choice from a menu.
    Component,
    /// Typing.
    Autocomplete,
    /// A submitted form.
    Modal,
}

impl Person {
    /// Sends an interaction with this `data`; the members of `instead` take the place of the true ones.
    ///
    /// # Errors
    /// If nobody answers.
    pub async fn try_forges(
        &self,
        kind: Forged,
        on: Option<&Posted>,
        data: Value,
        instead: Value,
    ) -> Result<Reply, Trouble> {
        let kind = match kind {
            Forged::Command => InteractionKind::Command,
            Forged::Component => InteractionKind::Component,
            Forged::Autocomplete => InteractionKind::Autocomplete,
            Forged::Modal => InteractionKind::Modal,
        };
        let line = format!("forges {data}");
        let source = on.and_then(Posted::id);
        let id = self.begin(Act { kind, data, source, line: &line, forged: instead })?;
        self.sees(id).await
    }

    /// [`Self::try_forges`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    #[track_caller]
    pub fn forges(
        &self,
        kind: Forged,
        on: Option<&Posted>,
        data: Value,
        instead: Value,
    ) -> impl Future<Output = Reply> {
        let caller = Location::caller();
        async move { or_panic(self.try_forges(kind, on, data, instead).await, caller) }
    }
}

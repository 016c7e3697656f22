//! Disable, enable, edit and reset-password, up to the point where they are started.

use rollcall_commands::{AgentText, Permission, agent};
use rollcall_telephony::{Ability, Agent, AgentRef, AgentState, Change, FieldKey, FieldValue, Millis, Reading};
use serenity::model::id::UserId;

use super::act::{Act, EditAct, ResetAct, StateAct};
use super::lookup::Want;
use super::offers::Offered;
use super::report::Differs;
use super::{Asked, Desk, Refusal};
use crate::ledger::OfferId;
use crate::policy::{Actor, SecondPerson};

/// What a person sees before fields are changed.
#[derive(Debug)]
pub struct EditPreview {
    /// Its button.
    pub offer: OfferId,
    /// Until when it can be pressed.
    pub expires_at: Millis,
    /// Which agent.
    pub agent: AgentRef,
    /// Its login.
    pub login: String,
    /// Before → after.
    pub differs: Vec<Differs>,
    /// Why one person is not enough, where they are not.
    pub second: Option<SecondPerson>,
}

/// What a person sees before a password is reset.
#[derive(Debug)]
pub struct ResetPreview {
    /// Its button.
    pub offer: OfferId,
    /// Until when it can be pressed.
    pub expires_at: Millis,
    /// Which agent.
    pub agent: AgentRef,
    /// Its login.
    pub login: String,
    /// Who gets the password.
    pub recipient: UserId,
    /// Why one person is not enough, where they are not.
    pub second: Option<SecondPerson>,
}

impl Desk {
    /// Disables or enables an agent at once.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn set_state(
        &self,
        actor: &Actor,
        typed: &AgentText,
        to: AgentState,
        reason: Option<&str>,
        asked: Asked,
    ) -> Result<(), Refusal> {
        let want = Want { permission: Permission::AgentDisable, ability: Ability::DisableAgent };
        let agent = self.find(actor, typed, want).await?;
        self.permit(actor, Permission::AgentDisable, &agent.connection)?;
        let fresh = self.read_fresh(&agent).await?;
        let act = Act::SetState(StateAct {
            login: fresh.login.clone(),
            to,
            reason: reason.map(str::to_owned),
            fingerprint: fresh.record.fingerprint(),
            then_delete: None,
            agent,
        });
        self.start(actor, act, asked, None).await.map(drop)
    }

    /// Checks an edit and offers it.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn preview_edit(&self, actor: &Actor, asked: &agent::Edit) -> Result<EditPreview, Refusal> {
        let want = Want { permission: Permission::AgentEdit, ability: Ability::EditAgent };
        let agent = self.find(actor, &asked.agent, want).await?;
        let second = self.permit(actor, Permission::AgentEdit, &agent.connection)?;
        let fresh = self.read_fresh(&agent).await?;
        let reading = self.reading(&agent.connection)?;
        self.not_our_own(&agent, &fresh.login).await?;

        let (mut change, mut before, mut differs) = (Change::new(), Change::new(), Vec::new());
        for (key, typed) in &asked.changes {
            let spec = reading
                .fields()
                .iter()
                .find(|f| f.key == key.0)
                .ok_or_else(|| Refusal::Value(format!("{} has no field “{key}”.", agent.connection)))?;
            let value = spec.read(typed).map_err(Refusal::Value)?;
            let current = reading.field(&fresh, key);
            if current.as_ref() == Some(&value) {
                continue;
            }
            let shown = current.as_ref().map(ToString::to_string).unwrap_or_default();
            differs.push(Differs { label: spec.label.to_owned(), before: shown, after: value.to_string() });
            if let Some(current) = current {
                before.push((key.clone(), current));
            }
            change.push((key.clone(), value));
        }
        if change.is_empty() {
            return Err(Refusal::Already { login: fresh.login, how: "as you want it".to_owned() });
        }
        self.check_change(&agent, &fresh, &change).await?;
        let second = second.or(self.second_for_rights(rights_touched(&fresh, &change)));
        let login = fresh.login.clone();
        let act = EditAct {
            agent: agent.clone(),
            login: login.clone(),
            change,
            before,
            fingerprint: fresh.record.fingerprint(),
        };
        let (offer, expires_at) = self.make_offer(actor.id, &Offered::Act(Act::Edit(act))).await?;
        self.remember(actor.id, &agent).await;
        Ok(EditPreview { offer, expires_at, agent, login, differs, second })
    }

    /// What an edit must not do: take another agent's login.
    async fn check_change(&self, agent: &AgentRef, fresh: &Agent, change: &Change) -> Result<(), Refusal> {
        let login = change.iter().find(|(key, _)| key.0 == "login").map(|(_, value)| value);
        if let Some(FieldValue::Text(login)) = login
            && !login.eq_ignore_ascii_case(&fresh.login)
        {
            let reading = self.reading(&agent.connection)?;
            if let Some(rules) = reading.provisioning() {
                self.check_login(&agent.connection, rules, login).await?;
            }
        }
        Ok(())
    }

    /// Checks a reset of a password and offers it.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn preview_reset(
        &self,
        actor: &Actor,
        typed: &AgentText,
        recipient: UserId,
    ) -> Result<ResetPreview, Refusal> {
        let want = Want { permission: Permission::AgentResetPassword, ability: Ability::SetPassword };
        let agent = self.find(actor, typed, want).await?;
        let second = self.permit(actor, Permission::AgentResetPassword, &agent.connection)?;
        let fresh = self.read_fresh(&agent).await?;
        self.not_our_own(&agent, &fresh.login).await?;
        let second = second.or(self.second_for_rights(fresh.rights.highest()));
        let fingerprint = fresh.record.fingerprint();
        let login = fresh.login;
        let act = ResetAct { agent: agent.clone(), login: login.clone(), recipient, fingerprint };
        let (offer, expires_at) = self.make_offer(actor.id, &Offered::Act(Act::ResetPassword(act))).await?;
        self.remember(actor.id, &agent).await;
        Ok(ResetPreview { offer, expires_at, agent, login, recipient, second })
    }
}

/// The highest rights that an edit touches: those there are and those it sets.
pub(super) fn rights_touched(fresh: &Agent, change: &Change) -> i64 {
    let set = change.iter().filter(|(FieldKey(key), _)| key == "rights" || key == "supervisor-rights");
    set.filter_map(|(_, value)| match value {
        FieldValue::Number(n) => Some(*n),
        FieldValue::Flag(_) | FieldValue::Text(_) | FieldValue::List(_) => None,
    })
    .fold(fresh.rights.highest(), i64::max)
}

/// Whether every field of a change already has the value it is to get.
pub(super) fn is_so(reading: &dyn Reading, agent: &Agent, change: &Change) -> bool {
    change.iter().all(|(key, value)| reading.field(agent, key).as_ref() == Some(value))
}

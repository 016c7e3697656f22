//! Restoring a deleted agent from its sealed record.

use rollcall_commands::{AgentText, Permission};
use rollcall_telephony::{
    Ability, Agent, AgentRef, AgentState, ConnectionName, Held, Millis, PasswordForm, Reading, Section, Sent,
};

use super::act::{Act, RestoreAct};
use super::offers::Offered;
use super::{Desk, Refusal};
use crate::ledger::{Kept, KeptId, OfferId};
use crate::policy::{Actor, SecondPerson};

/// What a person sees before a deleted agent is created again.
#[derive(Debug)]
pub struct RestorePreview {
    /// Its button.
    pub offer: OfferId,
    /// Until when it can be pressed.
    pub expires_at: Millis,
    /// What the button does.
    pub act: RestoreAct,
    /// When it was deleted, and until when it can be restored.
    pub kept: Kept,
    /// What comes back.
    pub record: Vec<Section>,
    /// Why one person is not enough, where they are not.
    pub second: Option<SecondPerson>,
}

impl Desk {
    /// Checks a restore and offers it. Whoever asks gets the password.
    ///
    /// # Errors
    /// As [`Refusal`] tells; nothing was changed.
    pub async fn preview_restore(&self, actor: &Actor, typed: &AgentText) -> Result<RestorePreview, Refusal> {
        self.permit_somewhere(actor, Permission::AgentRestore)?;
        let kept = self.find_kept(actor, &typed.0).await?;
        let connection = kept.agent.connection.clone();
        let mut second = self.permit(actor, Permission::AgentRestore, &connection)?;
        self.able(&connection, Ability::CloneAgent)?;
        let record = self.kept_to_restore(kept.id, &kept.login).await?;
        second = second.or(self.second_for_rights(record.rights.highest()));
        self.free_to_restore(&connection, &record).await?;
        let act = RestoreAct {
            kept: kept.id.0,
            was: kept.agent.clone(),
            login: record.login.clone(),
            details: record.name.clone(),
            fingerprint: record.record.fingerprint(),
            recipient: actor.id,
        };
        let reading = self.reading(&connection)?;
        let record = comes_back(reading, &record);
        let (offer, expires_at) = self.make_offer(actor.id, &Offered::Act(Act::Restore(act.clone()))).await?;
        Ok(RestorePreview { offer, expires_at, act, kept, record, second })
    }

    /// The deleted agents that this person may restore, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn restorable(&self, actor: &Actor) -> Result<Vec<Kept>, Refusal> {
        let on = self.connections_for(actor, Permission::AgentRestore, Ability::CloneAgent);
        let mut kept = self.inner.ledger.kept_agents().await?;
        kept.retain(|kept| on.contains(&kept.agent.connection));
        Ok(kept)
    }

    /// The kept record that a person means: by `connection:id`, or by a login that is unique among those.
    async fn find_kept(&self, actor: &Actor, typed: &str) -> Result<Kept, Refusal> {
        let restorable = self.restorable(actor).await?;
        let typed = typed.trim();
        let exactly: Option<AgentRef> = typed.parse().ok();
        let by_ref = exactly.and_then(|agent| restorable.iter().find(|kept| kept.agent == agent));
        if let Some(kept) = by_ref {
            return Ok(kept.clone());
        }
        let (connection, login) = match typed.split_once(':') {
            Some((connection, login)) => (Some(connection), login),
            None => (None, typed),
        };
        let mut named = restorable.iter().filter(|kept| {
            (kept.login.eq_ignore_ascii_case(login) || (connection.is_none() && kept.agent.id.as_str() == login))
                && connection.is_none_or(|c| kept.agent.connection.as_str() == c)
        });
        match (named.next(), named.next()) {
            (Some(kept), None) => Ok(kept.clone()),
            (Some(_), Some(_)) => Err(Refusal::SeveralKept {
                typed: typed.to_owned(),
                kept: restorable.iter().filter(|k| k.login.eq_ignore_ascii_case(login)).cloned().collect(),
            }),
            (None, _) => Err(self.not_kept(actor, typed).await?),
        }
    }

    /// Why nothing is kept of an agent: it may have come back already.
    async fn not_kept(&self, actor: &Actor, typed: &str) -> Result<Refusal, Refusal> {
        let not_kept = Refusal::NotKept { typed: typed.to_owned() };
        let Ok(agent) = typed.parse::<AgentRef>() else { return Ok(not_kept) };
        if !self.connections_for(actor, Permission::AgentRestore, Ability::CloneAgent).contains(&agent.connection) {
            return Ok(not_kept);
        }
        let last = self.inner.ledger.kept_of(&agent).await?.into_iter().next();
        Ok(last.and_then(restored).unwrap_or(not_kept))
    }

    /// The record that an agent is restored from; refused when it is erased, or the agent is back.
    pub(super) async fn kept_to_restore(&self, id: KeptId, login: &str) -> Result<Agent, Refusal> {
        if let Some(record) = self.kept_agent(id).await? {
            return Ok(record);
        }
        let back = self.inner.ledger.kept(id).await?.and_then(restored);
        Err(back.unwrap_or_else(|| Refusal::NotKept { typed: login.to_owned() }))
    }

    /// Whether the login is free now, in a list no older than `refresh`.
    async fn free_to_restore(&self, connection: &ConnectionName, record: &Agent) -> Result<(), Refusal> {
        self.inner
            .directory
            .refresh(connection)
            .await
            .map_err(|error| Refusal::Value(format!("Whether the login is free cannot be told: {error}.")))?;
        if self.inner.directory.is_taken(connection, &record.login) {
            // A list that was kept over a restart may be from before the delete: the phone system knows.
            let any = self.fresh_password();
            let sent = Sent { plain: &any, form: PasswordForm::Configured };
            return self.login_is_free(connection, &record.login, sent).await.map_err(|refusal| match refusal {
                Refusal::LoginTaken { login, by, .. } => Refusal::RestoreTaken { login, by },
                other => other,
            });
        }
        Ok(())
    }
}

/// What comes back of a deleted agent's record, in words: enabled, and without what the phone system gives anew.
pub(super) fn comes_back(reading: &dyn Reading, record: &Agent) -> Vec<Section> {
    let mut sections = reading.describe(&Agent { state: AgentState::Enabled, ..record.clone() });
    for section in &mut sections {
        section.lines.retain(|line| line.held == Held::There);
    }
    sections.retain(|section| !section.lines.is_empty());
    sections
}

/// Refuses what is back already.
fn restored(kept: Kept) -> Option<Refusal> {
    let now = AgentRef::new(kept.agent.connection.clone(), kept.restored_as?);
    Some(Refusal::RestoredAlready { login: kept.login, was: kept.agent, now })
}

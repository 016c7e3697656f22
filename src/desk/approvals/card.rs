//! What a card shows: frozen when the request is made, so that what is approved is what was seen.

use rollcall_telephony::{
    Agent, AgentRef, AgentState, Extension, ExtensionFields, FieldKey, FieldValue, Millis, Section,
};
use serde::{Deserialize, Serialize};

use super::subject::Subject;
use crate::desk::act::Act;
use crate::desk::extensions::{ExtensionAct, ExtensionChange, RowAct, titled};
use crate::desk::report::Differs;
use crate::desk::{Desk, Refusal};
use crate::policy::SecondPerson;

/// How many of the agents that refer to one are named.
const REFERRING_NAMED: usize = 10;

/// What a card shows, beside the act itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestCard {
    /// What the guild called the requester; hostile text.
    pub requester_name: String,
    /// Why one person is not enough.
    pub why: SecondPerson,
    /// The record it is about, every member in words, never a password: of a clone what it takes over, of a restore
    /// what comes back.
    pub record: Vec<Section>,
    /// The record's fingerprint.
    pub fingerprint: String,
    /// Whether the account works.
    pub state: AgentState,
    /// Since when the bot has seen it disabled.
    pub disabled_since: Option<Millis>,
    /// Logins of agents that refer to it as their supervisor.
    pub referring: Vec<String>,
    /// How many there are beyond those.
    pub referring_more: u64,
    /// Before → after, for an edit.
    pub differs: Vec<Differs>,
}

impl Desk {
    /// Freezes what the card of this act shows. `subject` is what it is about, as just read.
    pub(super) async fn freeze(
        &self,
        requester_name: &str,
        act: &Act,
        why: SecondPerson,
        subject: &Subject,
    ) -> Result<RequestCard, Refusal> {
        match (subject, act) {
            (Subject::Agent(agent), _) => self.freeze_agent(requester_name, act, why, agent).await,
            (Subject::Extensions(extensions), Act::Extension(act)) => {
                self.freeze_extensions(requester_name, act, why, extensions)
            }
            (Subject::Extensions(_), _) => Err(Refusal::Store("it is about no extension".to_owned())),
        }
    }

    /// The same of extensions: of one, all of it; of a batch, all that goes (what it changes and adds stands in its
    /// rows); of one to be created, what is sent.
    fn freeze_extensions(
        &self,
        requester_name: &str,
        act: &ExtensionAct,
        why: SecondPerson,
        extensions: &[Extension],
    ) -> Result<RequestCard, Refusal> {
        let fields = self.extension_fields(&act.connection)?;
        let (record, fingerprint) = match &act.change {
            ExtensionChange::Create { members, .. } => (Vec::new(), members.fingerprint()),
            ExtensionChange::Edit { .. } | ExtensionChange::Delete { .. } => {
                (extensions.iter().flat_map(|it| fields.describe(it)).collect(), act.fingerprint_now(extensions))
            }
            ExtensionChange::Batch { rows, .. } => {
                let goes = |id| rows.iter().any(|row| row.what == RowAct::Delete { id });
                let gone = extensions.iter().filter(|it| goes(it.id));
                (gone.flat_map(|it| titled_sections(fields, it)).collect(), act.fingerprint_now(extensions))
            }
        };
        Ok(RequestCard {
            requester_name: requester_name.to_owned(),
            why,
            record,
            fingerprint,
            state: AgentState::Unknown,
            disabled_since: None,
            referring: Vec::new(),
            referring_more: 0,
            differs: act.differs().to_vec(),
        })
    }

    async fn freeze_agent(
        &self,
        requester_name: &str,
        act: &Act,
        why: SecondPerson,
        agent: &Agent,
    ) -> Result<RequestCard, Refusal> {
        let reading = self.reading(act.connection())?;
        let (referring, referring_more) = match act.kind().deleted() {
            Some(agent) => self.referring(agent).await,
            None => (Vec::new(), 0),
        };
        Ok(RequestCard {
            requester_name: requester_name.to_owned(),
            why,
            record: act.kind().shown(reading, agent),
            fingerprint: agent.record.fingerprint(),
            state: agent.state,
            disabled_since: act.agent().and_then(|at| self.inner.marks.since(at)),
            referring,
            referring_more,
            differs: act.kind().changes(reading),
        })
    }

    /// The agents whose supervisor this one is, by login, from a list no older than `refresh`; and how many more.
    async fn referring(&self, agent: &AgentRef) -> (Vec<String>, u64) {
        if let Err(error) = self.inner.directory.refresh(&agent.connection).await {
            tracing::warn!(%error, "who refers to an agent is told from an old list");
        }
        let Ok(reading) = self.reading(&agent.connection) else { return (Vec::new(), 0) };
        let supervisor = FieldKey("supervisor".to_owned());
        let mut logins: Vec<String> = self
            .inner
            .directory
            .all(&agent.connection)
            .iter()
            .filter(|other| other.id != agent.id)
            .filter(|other| match reading.field(other, &supervisor) {
                Some(FieldValue::Number(id)) => id.to_string() == agent.id.as_str(),
                Some(FieldValue::Text(id)) => id == agent.id.as_str(),
                Some(FieldValue::Flag(_) | FieldValue::List(_)) | None => false,
            })
            .map(|other| other.login.clone())
            .collect();
        logins.sort_unstable();
        let more = logins.len().saturating_sub(REFERRING_NAMED);
        logins.truncate(REFERRING_NAMED);
        (logins, u64::try_from(more).unwrap_or(u64::MAX))
    }
}

/// An extension's sections, each with whose it is.
fn titled_sections(fields: &ExtensionFields, extension: &Extension) -> Vec<Section> {
    let mut sections = fields.describe(extension);
    for section in &mut sections {
        section.title = format!("{} · {}", titled(extension), section.title);
    }
    sections
}

//! The port in two halves. Anybody may hold the reading half; only the desk is handed the writing one, and every
//! writing call takes an [`Authorized`], which only the desk makes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use regex::Regex;
use secrecy::SecretString;

use crate::{
    Abilities, Ability, Agent, AgentId, Change, ConnectionName, Difference, Error, Extension, ExtensionBatch,
    ExtensionFields, ExtensionId, FieldKey, FieldSpec, FieldValue, IntentId, ListedExtensions, LoginOffers,
    PresenceAnswer, PresenceChange, PresenceRules, Record, Section,
};

/// Proof that an act was permitted and that its intent is on disk.
#[derive(Debug)]
pub struct Authorized {
    intent: IntentId,
}

impl Authorized {
    /// For the desk alone, once the intent has been committed (clippy's `disallowed-methods` holds everybody else off).
    #[must_use]
    pub const fn by_the_desk(intent: IntentId) -> Self {
        Self { intent }
    }

    /// The intent that this act belongs to; for the log.
    #[must_use]
    pub const fn intent(&self) -> IntentId {
        self.intent
    }
}

/// A plain password and the form in which it is (or was) sent.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// The password that a person types.
    pub plain: &'a SecretString,
    /// How it travels.
    pub form: PasswordForm,
}

/// How a password travels to the phone system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordForm {
    /// As the connection's settings say.
    Configured,
    /// As it is, whatever the settings say: repairs an account whose server turned out to hash by itself.
    Plain,
}

/// What the phone system holds, compared with what was sent. The stored value itself never leaves the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// It stores exactly what it was sent.
    AsSent,
    /// It stores a digest of what it was sent: it hashes by itself.
    Digested,
    /// It shows nothing, or a mask.
    Masked,
    /// It stores something else.
    Other,
}

impl Echo {
    /// Whether the stored value is, beyond doubt, made from the password it was compared with.
    #[must_use]
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::AsSent | Self::Digested)
    }
}

/// What to do with a source's personal numbers in a clone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PersonalNumbers {
    /// Carry them over, with a warning.
    #[default]
    Copy,
    /// Leave the new agent without.
    Clear,
}

/// An agent to be created as a copy of another.
#[derive(Debug)]
pub struct NewAgent<'a> {
    /// The source, just read: every member is carried over save those below and the id.
    pub source: &'a Agent,
    /// Its login.
    pub login: &'a str,
    /// What stands beside the login (Mediatel: `Details`).
    pub details: &'a str,
    /// What happens to the source's personal numbers.
    pub personal_numbers: PersonalNumbers,
    /// Its password.
    pub password: Sent<'a>,
}

/// How agents are made on a connection: from its settings.
#[derive(Debug, Clone)]
pub struct Provisioning {
    /// What a login must match.
    pub login_pattern: Regex,
    /// The e-mail's template; `{login}` stands for the login. Absent: no e-mail is made up.
    pub email: Option<String>,
    /// The details' template; `{email}`, `{login}` and `{name}` stand for theirs.
    pub details: String,
    /// What happens to personal numbers.
    pub personal_numbers: PersonalNumbers,
    /// A source with rights above this is pointed out.
    pub warn_above_rights: i64,
    /// The setting's name for how passwords travel, to be named in advice: `md5-16` or `plain`.
    pub password_encoding: &'static str,
}

/// The reading half: asks, changes nothing. Every call may be repeated.
///
/// What a system without accounts of its own cannot tell has an answer already: it is refused by name, or empty.
#[async_trait]
pub trait Reading: fmt::Debug + Send + Sync + 'static {
    /// The connection's name.
    fn connection(&self) -> &ConnectionName;

    /// The kind as the settings spell it: `mediatel`.
    fn kind(&self) -> &'static str;

    /// How long a call may take before it counts as lost.
    fn timeout(&self) -> Duration;

    /// What it can do; asking for anything else is refused without a call.
    fn abilities(&self) -> Abilities;

    /// How agents are made here; `None` where they cannot be.
    fn provisioning(&self) -> Option<&Provisioning> {
        None
    }

    /// Every agent that our account sees.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn agents(&self) -> Result<Vec<Agent>, Error>;

    /// One agent, fresh.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else as [`Error`] tells.
    async fn agent(&self, id: &AgentId) -> Result<Agent, Error>;

    /// Whether the phone system can be reached; whatever is asked for it changes nothing.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn reached(&self) -> Result<(), Error> {
        self.agents().await.map(drop)
    }

    /// One agent, fresh, and how its stored password compares with `sent`.
    ///
    /// # Errors
    /// As [`Reading::agent`].
    async fn agent_with_echo(&self, _id: &AgentId, _sent: Sent<'_>) -> Result<(Agent, Echo), Error> {
        Err(Error::unsupported(self.connection(), Ability::SetPassword))
    }

    /// The agents with exactly this login (blind to case), fresh, and how each one's password compares with `sent`.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn agents_by_login(&self, _login: &str, _sent: Sent<'_>) -> Result<Vec<(Agent, Echo)>, Error> {
        Err(Error::unsupported(self.connection(), Ability::CloneAgent))
    }

    /// The account that the phone system takes us for.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn own_account(&self) -> Result<Agent, Error> {
        Err(Error::unsupported(self.connection(), Ability::OwnAccount))
    }

    /// The fields that can be edited, in the order of their groups (at most five a group).
    fn fields(&self) -> &'static [FieldSpec] {
        &[]
    }

    /// A field's value in `agent`; `None` when the record lacks it or holds something else there.
    fn field(&self, _agent: &Agent, _key: &FieldKey) -> Option<FieldValue> {
        None
    }

    /// The agent's card: every documented member in words, then the unknown ones by name and size.
    fn describe(&self, agent: &Agent) -> Vec<Section>;

    /// Members of the record that the documents do not tell of, by name.
    fn unknown_members(&self, _agent: &Agent) -> Vec<String> {
        Vec::new()
    }

    /// What a clone replaces of its source's card, by the labels of [`Reading::describe`].
    fn clone_replaces(&self, _personal_numbers: PersonalNumbers) -> Vec<String> {
        Vec::new()
    }

    /// Where a created agent is not what was asked for: every member of `source`, save those that a clone replaces and
    /// those the server gives.
    fn deviations(
        &self,
        _source: &Agent,
        _created: &Agent,
        _login: &str,
        _details: &str,
        _personal_numbers: PersonalNumbers,
    ) -> Vec<Difference> {
        Vec::new()
    }

    /// What people call a member that [`crate::Record::differences`] names (`ClientApp.AutoAnswer.Time`).
    fn label(&self, path: &str) -> String {
        path.to_owned()
    }

    /// Every extension, and how many more there are that cannot be read.
    ///
    /// # Errors
    /// As [`Error`] tells; when none at all can be read, the list is broken.
    async fn extensions(&self) -> Result<ListedExtensions, Error> {
        Err(Error::unsupported(self.connection(), Ability::Extensions))
    }

    /// One extension, fresh.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else as [`Error`] tells.
    async fn extension(&self, _id: ExtensionId) -> Result<Extension, Error> {
        Err(Error::unsupported(self.connection(), Ability::Extensions))
    }

    /// What people know of an extension: which members, under which names; `None` where there are no extensions.
    fn extension_fields(&self) -> Option<&'static ExtensionFields> {
        None
    }

    /// What people call a value of such a member, given as JSON: texts without quotes, lists with commas between.
    fn words(&self, _path: &str, json: &str) -> String {
        crate::agent::words_of_json(json)
    }
}

/// The writing half: handed to the desk alone. No call is ever repeated by the client.
#[async_trait]
pub trait Writing: fmt::Debug + Send + Sync + 'static {
    /// Creates an agent as a copy; answers it as the server echoed it, and what it did with the password.
    ///
    /// # Errors
    /// As [`Error`] tells; look at [`Error::took_effect`] before doing anything else.
    async fn create_agent(&self, by: &Authorized, new: NewAgent<'_>) -> Result<(Agent, Echo), Error>;

    /// Changes fields of an agent: only what `change` names is sent. `current` is the agent as just read.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn edit_agent(&self, by: &Authorized, current: &Agent, change: &Change) -> Result<Agent, Error>;

    /// Switches an account off (reversible).
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn disable_agent(&self, by: &Authorized, id: &AgentId) -> Result<Agent, Error>;

    /// Switches an account on.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn enable_agent(&self, by: &Authorized, id: &AgentId) -> Result<Agent, Error>;

    /// Sets an agent's password.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn set_password(&self, by: &Authorized, id: &AgentId, sent: Sent<'_>) -> Result<(Agent, Echo), Error>;

    /// Deletes an agent for good.
    ///
    /// # Errors
    /// [`crate::Refusal::MustBeDisabled`] where the system asks for that first, else as [`Error`] tells.
    async fn delete_agent(&self, by: &Authorized, id: &AgentId) -> Result<(), Error>;
}

/// The writing half of presence, where a phone system has it: handed to the desk alone. No call is ever repeated by the
/// client.
#[async_trait]
pub trait PresenceWriting: fmt::Debug + Send + Sync + 'static {
    /// How presence works here.
    fn rules(&self) -> &PresenceRules;

    /// What a login of this agent may name, as far as is known here: to be offered, not a limit.
    fn login_offers(&self, _agent: &AgentId) -> LoginOffers {
        LoginOffers::default()
    }

    /// Changes an agent's presence. `agent` is one of [`Reading::agents`], or one that [`Reading::agent`] answered.
    ///
    /// # Errors
    /// As [`Error`] tells. A system that says that it was so already does not fail: that is
    /// [`PresenceAnswer::Already`].
    async fn set_presence(
        &self,
        by: &Authorized,
        agent: &Agent,
        change: &PresenceChange,
    ) -> Result<PresenceAnswer, Error>;
}

/// The writing half of extensions, where a phone system has them: handed to the desk alone. No call is ever repeated by
/// the client.
#[async_trait]
pub trait ExtensionWriting: fmt::Debug + Send + Sync + 'static {
    /// Creates an extension with these members; answers it as the server echoed it.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn create_extension(&self, by: &Authorized, members: &Record) -> Result<Extension, Error>;

    /// Changes an extension: only these members are sent.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn edit_extension(&self, by: &Authorized, id: ExtensionId, members: &Record) -> Result<Extension, Error>;

    /// Deletes an extension for good.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn delete_extension(&self, by: &Authorized, id: ExtensionId) -> Result<(), Error>;

    /// Deletes, changes and adds extensions in one request; answers those changed and added, in order. What was really
    /// done is known only by listing again: no document says that it is all or nothing.
    ///
    /// # Errors
    /// As [`Error`] tells.
    async fn batch_extensions(&self, by: &Authorized, batch: &ExtensionBatch) -> Result<Vec<Extension>, Error>;
}

/// The writing half of a phone system that has no agents of its own to write: everything is refused by name.
#[derive(Debug)]
pub struct NoAgentWriting(pub ConnectionName);

impl NoAgentWriting {
    fn lacks<T>(&self, ability: Ability) -> Result<T, Error> {
        Err(Error::unsupported(&self.0, ability))
    }
}

#[async_trait]
impl Writing for NoAgentWriting {
    async fn create_agent(&self, _by: &Authorized, _new: NewAgent<'_>) -> Result<(Agent, Echo), Error> {
        self.lacks(Ability::CloneAgent)
    }

    async fn edit_agent(&self, _by: &Authorized, _current: &Agent, _change: &Change) -> Result<Agent, Error> {
        self.lacks(Ability::EditAgent)
    }

    async fn disable_agent(&self, _by: &Authorized, _id: &AgentId) -> Result<Agent, Error> {
        self.lacks(Ability::DisableAgent)
    }

    async fn enable_agent(&self, _by: &Authorized, _id: &AgentId) -> Result<Agent, Error> {
        self.lacks(Ability::DisableAgent)
    }

    async fn set_password(&self, _by: &Authorized, _id: &AgentId, _sent: Sent<'_>) -> Result<(Agent, Echo), Error> {
        self.lacks(Ability::SetPassword)
    }

    async fn delete_agent(&self, _by: &Authorized, _id: &AgentId) -> Result<(), Error> {
        self.lacks(Ability::DeleteAgent)
    }
}

/// A connection, ready to be asked.
#[derive(Debug, Clone)]
pub struct Connected {
    /// The reading half.
    pub reading: Arc<dyn Reading>,
    /// The writing half, for the desk.
    pub writing: Arc<dyn Writing>,
    /// The writing half of presence; `None` where there is none.
    pub presence: Option<Arc<dyn PresenceWriting>>,
    /// The writing half of extensions; `None` where there are none.
    pub extensions: Option<Arc<dyn ExtensionWriting>>,
}

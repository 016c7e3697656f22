//! What is known of somebody's presence: what was last asked of it, and what answers told on the way. The ledger keeps it,
//! the desk holds it in memory; nothing here asks a phone system.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rollcall_telephony::{AgentRef, ConnectionName, Millis, PresenceAnswer, PresenceChange};
use serde::{Deserialize, Serialize};
use serenity::model::id::UserId;

use super::act::{Evidence, FirstStep, PartOutcome, PresencePart};
use crate::ledger::Requested;

/// What is known of one agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Its login, for people.
    pub login: String,
    /// Its name, for people; may be empty.
    pub name: String,
    /// How it is, as far as anybody told.
    pub state: KnownState,
    /// How that came to be known.
    pub how: How,
    /// Since when it is so; `None`: since before the bot heard of it.
    pub since: Option<Millis>,
    /// When it logged in, where the bot was asked for that; a pause ends nothing of it.
    #[serde(default)]
    pub entered: Option<Millis>,
    /// The extension it was logged in at.
    pub extension: Option<String>,
    /// The queues it was logged in to.
    pub queues: Vec<String>,
}

/// How an agent is, as far as anybody told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum KnownState {
    /// Logged in, and not paused.
    LoggedIn,
    /// Logged out.
    LoggedOut,
    /// Paused.
    Paused {
        /// Why; `None`: nobody said.
        reason: Option<String>,
    },
    /// Something was asked, and nobody can tell whether it was done.
    Doubtful {
        /// What was asked.
        asked: PresenceChange,
        /// Whether an answer before it showed that there is such an agent.
        #[serde(default)]
        agent: Existence,
    },
    /// There is no such agent.
    NoSuchAgent,
}

/// What answers have shown of whether there is such an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Existence {
    /// None came that showed anything: its login may be mistyped.
    #[default]
    Unproven,
    /// There is one.
    Proven,
    /// There is none (any more).
    Denied,
}

/// How something came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It was asked for, and the phone system said that it was done.
    Asked,
    /// An answer told of it: it was so already, or something else was refused because of it.
    Answered,
}

/// What is known of an agent, when that was, and through whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Whose it is.
    pub agent: AgentRef,
    /// When it was last asked for something.
    pub at: Millis,
    /// Who asked.
    pub by: UserId,
    /// What is known since.
    pub known: Known,
}

impl Known {
    /// What answers have shown of whether there is such an agent.
    #[must_use]
    pub const fn existence(&self) -> Existence {
        match &self.state {
            KnownState::LoggedIn | KnownState::LoggedOut | KnownState::Paused { .. } => Existence::Proven,
            KnownState::Doubtful { agent, .. } => *agent,
            KnownState::NoSuchAgent => Existence::Denied,
        }
    }

    /// What is known of an agent after a part came to its end; `None`: nothing new.
    pub(in crate::desk) fn after(
        before: Option<&Self>,
        part: &PresencePart,
        outcome: &PartOutcome,
        now: Millis,
    ) -> Option<Self> {
        let known = |state: KnownState, how: How, since: Option<Millis>| {
            // Where somebody sits is of no matter once they are out.
            let sits = before.filter(|_| !matches!(state, KnownState::LoggedOut | KnownState::NoSuchAgent));
            Self {
                login: part.login.clone(),
                name: part.name.clone(),
                state,
                how,
                since,
                entered: sits.and_then(|known| known.entered),
                extension: sits.and_then(|known| known.extension.clone()),
                queues: sits.map(|known| known.queues.clone()).unwrap_or_default(),
            }
        };
        // What was so before has been so since then.
        let since = |state: &KnownState| before.filter(|known| known.state == *state).and_then(|known| known.since);
        match outcome {
            PartOutcome::Done { answer } => Some(match (&part.change, answer) {
                (PresenceChange::LogIn { extension, queue }, answer) => {
                    let (state, sits) = (KnownState::LoggedIn, (extension.as_ref(), queue.as_ref()));
                    let mut known = match (since(&state), answer) {
                        (None, PresenceAnswer::Done) => known(state, How::Asked, Some(now)),
                        (begun, PresenceAnswer::Done) => known(state, How::Asked, begun),
                        (begun, PresenceAnswer::Already) => known(state, How::Answered, begun),
                    };
                    if answer == &PresenceAnswer::Done {
                        known.entered = known.entered.or(Some(now));
                    }
                    known.sits_at(sits.0, sits.1)
                }
                (PresenceChange::Pause { reason }, PresenceAnswer::Done) => {
                    known(KnownState::Paused { reason: reason.clone() }, How::Asked, Some(now))
                }
                (PresenceChange::LogOut, PresenceAnswer::Done) => known(KnownState::LoggedOut, How::Asked, Some(now)),
                (PresenceChange::Unpause, PresenceAnswer::Done) => known(KnownState::LoggedIn, How::Asked, Some(now)),
                (PresenceChange::Pause { .. }, PresenceAnswer::Already) => {
                    // For which reason is what it was paused for, where that is known.
                    let state = match before.map(|known| &known.state) {
                        Some(paused @ KnownState::Paused { .. }) => paused.clone(),
                        Some(
                            KnownState::LoggedIn
                            | KnownState::LoggedOut
                            | KnownState::Doubtful { .. }
                            | KnownState::NoSuchAgent,
                        )
                        | None => KnownState::Paused { reason: None },
                    };
                    let begun = since(&state);
                    known(state, How::Answered, begun)
                }
                (PresenceChange::LogOut, PresenceAnswer::Already) => {
                    known(KnownState::LoggedOut, How::Answered, since(&KnownState::LoggedOut))
                }
                (PresenceChange::Unpause, PresenceAnswer::Already) => {
                    known(KnownState::LoggedIn, How::Answered, since(&KnownState::LoggedIn))
                }
            }),
            PartOutcome::Failed { evidence: Evidence::LoggedOut, .. } => {
                Some(known(KnownState::LoggedOut, How::Answered, since(&KnownState::LoggedOut)))
            }
            PartOutcome::Failed { evidence: Evidence::NoSuchAgent, .. } => {
                Some(known(KnownState::NoSuchAgent, How::Answered, None))
            }
            // The pause was ended, and the next one not begun.
            PartOutcome::Failed { first: FirstStep::Done, .. } => {
                Some(known(KnownState::LoggedIn, How::Asked, Some(now)))
            }
            PartOutcome::Failed { evidence: Evidence::None, first: FirstStep::NotDone, .. } => None,
            PartOutcome::Untold { .. } => {
                let agent = match before.map(Self::existence) {
                    Some(Existence::Proven) => Existence::Proven,
                    // Somebody may have made it since.
                    Some(Existence::Denied | Existence::Unproven) | None => Existence::Unproven,
                };
                Some(known(KnownState::Doubtful { asked: part.change.clone(), agent }, How::Asked, None))
            }
        }
    }

    /// With where it was logged in, beside where it was already.
    fn sits_at(mut self, extension: Option<&String>, queue: Option<&String>) -> Self {
        if let Some(extension) = extension {
            self.extension = Some(extension.clone());
        }
        if let Some(queue) = queue
            && !self.queues.contains(queue)
        {
            self.queues.push(queue.clone());
        }
        self
    }
}

/// What is known of everybody, in memory.
#[derive(Debug, Default)]
pub(in crate::desk) struct Presences {
    noted: Mutex<BTreeMap<AgentRef, Noted>>,
}

impl Presences {
    /// What the ledger kept.
    pub(in crate::desk) fn new(kept: Vec<Requested>) -> Self {
        let noted = kept.into_iter().filter_map(|kept| match serde_json::from_str(&kept.body) {
            Ok(known) => Some((kept.agent.clone(), Noted { agent: kept.agent, at: kept.at, by: kept.actor, known })),
            Err(error) => {
                tracing::warn!(agent = %kept.agent, %error, "what was last asked of an agent cannot be read");
                None
            }
        });
        Self { noted: Mutex::new(noted.collect()) }
    }

    /// What is known of an agent.
    pub(in crate::desk) fn of(&self, agent: &AgentRef) -> Option<Noted> {
        self.lock().get(agent).cloned()
    }

    /// Everybody of a connection of whom something is known.
    pub(in crate::desk) fn on(&self, connection: &ConnectionName) -> Vec<Noted> {
        self.lock().values().filter(|noted| noted.agent.connection == *connection).cloned().collect()
    }

    /// Everybody of whom something is known.
    pub(in crate::desk) fn all(&self) -> Vec<Noted> {
        self.lock().values().cloned().collect()
    }

    /// Takes in what was written down; whether it is what is known now, and nothing that was asked later.
    pub(in crate::desk) fn note(&self, noted: Noted) -> bool {
        let mut all = self.lock();
        let latest = all.get(&noted.agent).is_none_or(|before| before.at <= noted.at);
        if latest {
            all.insert(noted.agent.clone(), noted);
        }
        latest
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<AgentRef, Noted>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

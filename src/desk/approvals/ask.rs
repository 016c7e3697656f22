//! Asking: from an act that needs a second person to a request with a card.
//!
//! Everything because of which nobody could approve it is found here, before the request is taken.

use rollcall_telephony::Millis;
use serde_json::json;
use serenity::model::id::{ChannelId, InteractionId, UserId};

use super::guild::{Nature, Posting};
use super::subject::Subject;
use super::value::{RequestTold, Terms};
use crate::desk::act::Act;
use crate::desk::journal::{Started, entry, notice};
use crate::desk::report::Told;
use crate::desk::{Desk, Refusal};
use crate::ledger::{NewRequest, NoticeTo, OfferId, Request, RequestMade};
use crate::policy::{Actor, SecondPerson};

/// An act that one person may not do alone.
pub(in crate::desk) struct Asking {
    /// The act.
    pub(in crate::desk) act: Act,
    /// Why one person is not enough.
    pub(in crate::desk) why: SecondPerson,
    /// What it is about, as just read.
    pub(in crate::desk) subject: Subject,
}

/// Why fewer people than needed could approve, or how many could.
pub(super) enum Electorate {
    /// These could, beside the requester.
    People {
        /// Sooner or later: a time-out passes.
        could: Vec<UserId>,
        /// Right now.
        now: Vec<UserId>,
    },
    /// Discord does not list members to this bot; at least one approver role exists.
    Unlisted,
    /// No approver role exists any more.
    NoRole,
}

impl Desk {
    /// Makes a request of an act, and has its card posted.
    pub(in crate::desk) async fn ask(
        &self,
        actor: &Actor,
        asking: Asking,
        interaction: InteractionId,
        offer: Option<OfferId>,
    ) -> Result<Started, Refusal> {
        let (channel, terms) = self.terms(actor.id).await?;
        let mut new = self.new_request(actor.id, &actor.name, asking, channel, terms.expires_at).await?;
        new.interaction = Some(interaction);
        new.offer = offer;
        let told = Told::Asked { act: read_act(&new.act)?, terms };
        new.notices.extend(notice(NoticeTo::Reply(interaction, actor.id), &told));
        match self.inner.ledger.ask(new).await? {
            RequestMade::New(request) => {
                tracing::info!(request = request.id.0, "a request waits for approvers");
                self.wake_courier();
                self.inner.approvals.moved.notify_one();
                Ok(Started::Asked(request.id))
            }
            RequestMade::Already(_) | RequestMade::Done(_) => Ok(Started::Before),
            RequestMade::Open(request) => Err(Refusal::AskedAlready { request: request.id, login: request.login }),
            RequestMade::Refused(why) => Err(Refusal::Offer(why)),
        }
    }

    /// The request as the ledger is to write it.
    pub(in crate::desk) async fn new_request(
        &self,
        requester: UserId,
        requester_name: &str,
        asking: Asking,
        channel: ChannelId,
        expires_at: Millis,
    ) -> Result<NewRequest, Refusal> {
        let Asking { act, why, subject } = asking;
        let card = self.freeze(requester_name, &act, why, &subject).await?;
        let json = |error: serde_json::Error| Refusal::Store(error.to_string());
        let detail = json!({ "act": act, "as": requester_name, "record": card.fingerprint, "why": why });
        Ok(NewRequest {
            requester,
            interaction: None,
            offer: None,
            connection: act.connection().clone(),
            agent: act.agent().map(|agent| agent.id.clone()),
            login: act.login().to_owned(),
            subject: format!("{} {}", act.name(), act.target()),
            act: serde_json::to_string(&act).map_err(json)?,
            card: serde_json::to_string(&card).map_err(json)?,
            threshold: self.inner.approvals.rules.threshold,
            expires_at,
            remind_at: self.now() + self.inner.approvals.rules.remind,
            channel,
            record: Some(subject.to_seal()?),
            audit: entry(&act, "requested", Some(requester), detail),
            notices: Vec::new(),
        })
    }

    /// Whether a request by this person could be approved at all: where its card goes, and who may decide it.
    pub(in crate::desk) async fn terms(&self, requester: UserId) -> Result<(ChannelId, Terms), Refusal> {
        let rules = &self.inner.approvals.rules;
        let channel = self.inner.approvals.channel.ok_or(Refusal::NoApprovalsChannel { lacks: Vec::new() })?;
        match self.inner.guild.posting(channel).await.map_err(|e| Refusal::Discord(e.0))? {
            Posting::Fine => {}
            Posting::Missing => return Err(Refusal::NoApprovalsChannel { lacks: Vec::new() }),
            Posting::Lacks(lacks) => return Err(Refusal::NoApprovalsChannel { lacks }),
        }
        let people = match self.electorate(requester).await.map_err(|e| Refusal::Discord(e.0))? {
            Electorate::People { could, now } if could.len() >= rules.threshold as usize => Some(now),
            Electorate::People { could, .. } => {
                return Err(self.nobody_could(Some(u32::try_from(could.len()).unwrap_or(u32::MAX))));
            }
            Electorate::Unlisted => None,
            Electorate::NoRole => return Err(self.nobody_could(None)),
        };
        Ok((channel, Terms { people, ..self.terms_unchecked() }))
    }

    /// The terms of a request made now, without a look at who could approve it.
    pub(in crate::desk) fn terms_unchecked(&self) -> Terms {
        let rules = &self.inner.approvals.rules;
        Terms {
            approvers: rules.approvers.clone(),
            people: None,
            threshold: rules.threshold,
            expires_at: self.now() + rules.expires,
        }
    }

    fn nobody_could(&self, have: Option<u32>) -> Refusal {
        let rules = &self.inner.approvals.rules;
        Refusal::NobodyCouldApprove { need: rules.threshold, have, roles: rules.approvers.clone() }
    }

    /// Who could approve a request of this person, as Discord lists its members now.
    pub(super) async fn electorate(&self, requester: UserId) -> Result<Electorate, super::GuildError> {
        let approvers = &self.inner.approvals.rules.approvers;
        let existing = self.inner.guild.roles().await?;
        let roles: Vec<_> = approvers.iter().copied().filter(|role| existing.contains(role)).collect();
        if roles.is_empty() {
            return Ok(Electorate::NoRole);
        }
        let Some(holders) = self.inner.guild.holders(&roles).await? else { return Ok(Electorate::Unlisted) };
        let mut humans = holders;
        humans.retain(|member| member.id != requester && member.nature == Nature::Human);
        let today = self.now();
        let free = humans.iter().filter(|member| member.timed_out_until.is_none_or(|until| until <= today));
        let now = free.map(|member| member.id).collect();
        Ok(Electorate::People { could: humans.into_iter().map(|member| member.id).collect(), now })
    }

    /// A request, as messages tell of it.
    pub(in crate::desk) fn told(request: &Request, settled: Option<super::Settled>) -> Result<RequestTold, Refusal> {
        let card: super::RequestCard =
            serde_json::from_str(&request.card).map_err(|e| Refusal::Store(e.to_string()))?;
        Ok(RequestTold {
            id: request.id.0,
            act: read_act(&request.act)?,
            requester: request.requester,
            requester_name: card.requester_name,
            settled,
        })
    }
}

pub(super) fn read_act(json: &str) -> Result<Act, Refusal> {
    serde_json::from_str(json).map_err(|error| Refusal::Store(error.to_string()))
}

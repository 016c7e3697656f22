//! The gateway's sessions: who is connected with which intents, which events wait for whom.
//! The socket itself is `socket.rs`. See [Discord Docs/Gateway].

pub(crate) mod mishaps;
pub(crate) mod session;
pub(crate) mod socket;

use super::{
    events,
    ids::{ChannelId, InteractionId, MessageId, UserId},
    state::{Message, State},
};
use mishaps::{Held, Mishap, Waiting};
use serde_json::{Value, json};
use std::{collections::VecDeque, time::Duration};

/// Gateway intents by Discord's names. See [Discord Docs/Gateway Intents].
pub(crate) mod intents {
    pub(crate) const GUILDS: u64 = 1;
    pub(crate) const GUILD_MEMBERS: u64 = 1 << 1;
    pub(crate) const GUILD_PRESENCES: u64 = 1 << 8;
    pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(crate) const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    pub(crate) const DIRECT_MESSAGES: u64 = 1 << 12;
    pub(crate) const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
    pub(crate) const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Those that the developer portal must allow.
    pub(crate) const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
    /// Every bit that Discord documents.
    pub(crate) const KNOWN: u64 = 0xFFFF | 1 << 16 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;
}

/// What the bot said when it identified.
#[derive(Clone, Debug)]
pub struct Identified {
    /// The gateway intents it asked for.
    pub intents: u64,
    /// Whether it takes zlib-compressed payloads.
    pub compress: bool,
    /// `properties` as sent.
    pub properties: Value,
}

/// What the bot said when it resumed.
#[derive(Clone, Debug)]
pub struct Resumed {
    /// The session it wanted back.
    pub session_id: String,
    /// The last sequence number it had seen.
    pub seq: u64,
    /// Whether it came to `resume_gateway_url`, as Discord asks.
    pub by_resume_url: bool,
    /// Whether the session was given back.
    pub accepted: bool,
}

/// How the gateway treats the bot; a test turns these.
#[derive(Clone, Debug)]
pub(crate) struct Switches {
    pub(crate) heartbeat: Duration,
    /// Heartbeats are answered.
    pub(crate) acknowledges: Acks,
    /// A RESUME is granted.
    pub(crate) resumes: Resumes,
    /// Payloads longer than this are compressed for those who asked.
    pub(crate) compress_above: usize,
}

/// Whether heartbeats are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acks {
    Sent,
    Withheld,
}

/// Whether a RESUME is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resumes {
    Granted,
    Refused,
}

/// What a test tells the open connection to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Op 7.
    Reconnect,
    /// Op 9, resumable.
    InvalidButResumable,
    /// Op 9, the session is gone.
    Invalid,
    /// The wire is cut without a close frame.
    Cut,
    /// A close frame with this code.
    Close(u16),
}

/// A session: outlives its connections.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) intents: u64,
    pub(crate) seq: u64,
    /// Every event since it began, so that any of them can be replayed.
    pub(crate) events: VecDeque<(u64, Value)>,
    /// The connection that serves it now.
    pub(crate) connection: Option<u64>,
}

/// The gateway's state.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) switches: Switches,
    pub(crate) session: Option<Session>,
    pub(crate) connections: u64,
    pub(crate) open: Vec<u64>,
    pub(crate) orders: VecDeque<(u64, Order)>,
    pub(crate) identified: Vec<Identified>,
    pub(crate) resumed: Vec<Resumed>,
    pub(crate) heartbeats: u64,
    pub(crate) identifies_left: u64,
    pub(crate) closed_by_us: Vec<u16>,
    pub(crate) closed_by_bot: Vec<Option<u16>>,
    pub(crate) mishaps: Vec<Waiting>,
    pub(crate) held: VecDeque<Held>,
}

impl State {
    /// Sends an event to the session, now or when it is resumed; nobody gets it if there is no session.
    pub(crate) fn dispatch(&mut self, name: &str, needs: Option<u64>, data: &Value) {
        let wanted = match (&self.gateway.session, needs) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(session), Some(bit)) => session.intents & bit != 0,
        };
        if !wanted {
            self.note(format!("event {name} reaches nobody"));
            return;
        }
        match self.mishap(name) {
            None => self.enqueue(name, data),
            Some(Mishap::Doubled) => {
                self.enqueue(name, data);
                self.enqueue(name, data);
            }
            Some(Mishap::Lost) => {
                self.note(format!("event {name} is lost, as ordered"));
                // Its number is used up: whoever resumes cannot ask for it.
                if let Some(session) = &mut self.gateway.session {
                    session.seq += 1;
                }
            }
            Some(Mishap::Held) => {
                self.hold(name, data);
            }
        }
    }

    pub(super) fn enqueue(&mut self, name: &str, data: &Value) {
        self.note(format!("event {name}"));
        if let Some(session) = &mut self.gateway.session {
            session.seq += 1;
            session.events.push_back((session.seq, json!({ "op": 0, "t": name, "s": session.seq, "d": data })));
        }
    }

    /// Sends an interaction, which needs no intent.
    pub(crate) fn dispatch_interaction(&mut self, id: InteractionId) {
        if let Some(event) = self.interactions.get(&id).map(|interaction| interaction.event.clone()) {
            self.dispatch("INTERACTION_CREATE", None, &event);
        }
    }

    /// The events about a member, with the whole member.
    pub(crate) fn dispatch_member(&mut self, name: &str, user: UserId) {
        let Some(mut event) = self.accounts.get(&user).map(events::member) else { return };
        event["guild_id"] = json!(self.guild);
        self.dispatch(name, Some(intents::GUILD_MEMBERS), &event);
    }

    fn intent(&self, channel: ChannelId, in_guild: u64, direct: u64) -> u64 {
        if self.guild_of(channel).is_some() { in_guild } else { direct }
    }

    /// `MESSAGE_CREATE` or `MESSAGE_UPDATE`; ephemeral messages have neither.
    pub(crate) fn dispatch_message(&mut self, name: &str, message: &Message) {
        if message.only_for.is_some() {
            return;
        }
        let mut event = events::message_event(self, message);
        let content =
            self.gateway.session.as_ref().is_some_and(|session| session.intents & intents::MESSAGE_CONTENT != 0);
        if !content {
            events::hide_from_the_bot(self, message, &mut event);
        }
        let needs = self.intent(message.channel, intents::GUILD_MESSAGES, intents::DIRECT_MESSAGES);
        self.dispatch(name, Some(needs), &event);
    }

    /// `MESSAGE_DELETE_BULK`.
    pub(crate) fn dispatch_bulk_deleted(&mut self, channel: ChannelId, ids: &[MessageId]) {
        let mut event = json!({ "ids": ids, "channel_id": channel });
        if let Some(guild) = self.guild_of(channel) {
            event["guild_id"] = json!(guild);
        }
        let needs = self.intent(channel, intents::GUILD_MESSAGES, intents::DIRECT_MESSAGES);
        self.dispatch("MESSAGE_DELETE_BULK", Some(needs), &event);
    }

    /// `MESSAGE_DELETE`.
    pub(crate) fn dispatch_deleted(&mut self, message: &Message) {
        if message.only_for.is_some() {
            return;
        }
        let mut event = json!({ "id": message.id, "channel_id": message.channel });
        if let Some(guild) = self.guild_of(message.channel) {
            event["guild_id"] = json!(guild);
        }
        let needs = self.intent(message.channel, intents::GUILD_MESSAGES, intents::DIRECT_MESSAGES);
        self.dispatch("MESSAGE_DELETE", Some(needs), &event);
    }

    /// The reaction events.
    pub(crate) fn dispatch_reaction(&mut self, name: &str, channel: ChannelId, event: &Value) {
        let needs = self.intent(channel, intents::GUILD_MESSAGE_REACTIONS, intents::DIRECT_MESSAGE_REACTIONS);
        self.dispatch(name, Some(needs), event);
    }

    /// Tells the open connections what to do; `false` if none is open.
    pub(crate) fn order(&mut self, order: Order) {
        let open = self.gateway.open.clone();
        self.note(format!("gateway: the test orders {order:?} on {} connection(s)", open.len()));
        self.gateway.orders.extend(open.into_iter().map(|connection| (connection, order)));
    }
}

//! The sandbox as its user holds it: options, start, who and what is there.
//! The switches for faults stand in `switches.rs`, the proof of silence in `quiet.rs`.

use crate::{
    discord::{
        Discord,
        gateway::socket::Door,
        ids::{ApplicationId, ChannelId, GuildId, MessageId, RoleId, UserId},
        server,
        state::{AccountKind, Channel, Message, State},
    },
    guild::{account, add_channel, add_person, add_role, empty},
    openapi::Document,
    people::{Person, Posted, TextChannel, Trouble, What},
};
use std::{fmt, io, path::PathBuf, sync::Arc, time::Duration};
use tokio::{net::TcpListener, task::JoinSet, time::Instant};

/// How a sandbox is set up. The defaults are Discord's own limits.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port for REST and gateway; 0 lets the system choose.
    pub port: u16,
    /// How often the bot must send a heartbeat.
    pub heartbeat: Duration,
    /// Discord's `OpenAPI` document, if it is at hand: every request is checked against it.
    pub openapi: Option<PathBuf>,
    /// How long an interaction waits for its acknowledgement.
    pub acknowledge_within: Duration,
    /// How long an interaction's token works.
    pub token_life: Duration,
    /// How long `enforce_nonce` remembers.
    pub nonce_life: Duration,
    /// How long people wait for everything else.
    pub patience: Duration,
    /// Gateway payloads above this many bytes are compressed for a bot that asked for it.
    pub compress_above: usize,
    /// Privileged gateway intents that the developer portal allows, as bits.
    pub privileged_intents: u64,
    /// `session_start_limit.remaining`.
    pub identifies_left: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            heartbeat: Duration::from_millis(41_250),
            openapi: None,
            acknowledge_within: Duration::from_secs(3),
            token_life: Duration::from_mins(15),
            nonce_life: Duration::from_mins(5),
            patience: Duration::from_secs(20),
            compress_above: 1024,
            privileged_intents: 0,
            identifies_left: 1000,
        }
    }
}

/// A running sandbox; it ends when it is dropped.
pub struct Sandbox {
    pub(crate) discord: Arc<Discord>,
    patience: Duration,
    lead: UserId,
    trainee: UserId,
    approvers: [UserId; 2],
    keeper: UserId,
    team_chat: ChannelId,
    log_channel: ChannelId,
    approvals_channel: ChannelId,
    lead_role: RoleId,
    approver_role: RoleId,
    _listeners: JoinSet<()>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.discord.origin).finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.discord.change(|state| state.stopping = true);
    }
}

impl Sandbox {
    /// Starts a Discord on loopback with one guild, its people and a bot account.
    ///
    /// # Errors
    /// If a port cannot be bound or the `OpenAPI` document cannot be read.
    pub async fn start(options: Options) -> io::Result<Self> {
        let document = options.openapi.as_deref().map(Document::read).transpose()?;
        let main = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let resume = TcpListener::bind(("127.0.0.1", 0)).await?;
        let mut state = empty(&options);
        let (lead_role, approver_role) = (add_role(&mut state, "Support lead"), add_role(&mut state, "Approver"));
        let team_chat = add_channel(&mut state, "team-chat");
        let log_channel = add_channel(&mut state, "rollcall-log");
        let approvals_channel = add_channel(&mut state, "approvals");
        let owner = state.owner;
        state.accounts.insert(owner, account(owner, "Nadiia Bondarenko", Vec::new()));
        let lead = add_person(&mut state, "Olha Koval", &[lead_role]);
        let trainee = add_person(&mut state, "Petro Melnyk", &[]);
        let approvers =
            ["Iryna Shevchenko", "Maksym Tkachenko"].map(|name| add_person(&mut state, name, &[approver_role]));
        let keeper = add_person(&mut state, "Ivan Ivanov", &[]);
        let discord = Arc::new(Discord::new(state, document, main.local_addr()?, resume.local_addr()?));
        let mut listeners = JoinSet::new();
        listeners.spawn(server::listen(Arc::clone(&discord), Door::Main, main));
        listeners.spawn(server::listen(Arc::clone(&discord), Door::Resume, resume));
        Ok(Self {
            discord,
            patience: options.patience,
            lead,
            trainee,
            approvers,
            keeper,
            team_chat,
            log_channel,
            approvals_channel,
            lead_role,
            approver_role,
            _listeners: listeners,
        })
    }

    /// The origin for `DISCORD_API_URL`, `http://127.0.0.1:…`.
    #[must_use]
    pub fn discord_url(&self) -> &str {
        &self.discord.origin
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> String {
        self.discord.read(|state| state.bot.token.clone())
    }

    /// The guild's id.
    #[must_use]
    pub fn guild(&self) -> GuildId {
        self.discord.read(|state| state.guild)
    }

    /// The application's id.
    #[must_use]
    pub fn application(&self) -> ApplicationId {
        self.discord.read(|state| state.bot.application)
    }

    /// The bot's user id.
    #[must_use]
    pub fn bot(&self) -> UserId {
        self.discord.read(|state| state.bot.user)
    }

    /// The role of those who lead support.
    #[must_use]
    pub fn lead_role(&self) -> RoleId {
        self.lead_role
    }

    /// The role of those who approve.
    #[must_use]
    pub fn approver_role(&self) -> RoleId {
        self.approver_role
    }

    /// Olha Koval, who leads support.
    #[must_use]
    pub fn lead(&self) -> Person {
        self.person(self.lead)
    }

    /// Petro Melnyk, a trainee without any role.
    #[must_use]
    pub fn trainee(&self) -> Person {
        self.person(self.trainee)
    }

    /// Iryna Shevchenko, who approves.
    #[must_use]
    pub fn approver(&self) -> Person {
        self.person(self.approvers[0])
    }

    /// Maksym Tkachenko, who approves, too.
    #[must_use]
    pub fn second_approver(&self) -> Person {
        self.person(self.approvers[1])
    }

    /// Ivan Ivanov, who receives passwords.
    #[must_use]
    pub fn keeper(&self) -> Person {
        self.person(self.keeper)
    }

    /// Nadiia Bondarenko, who owns the guild.
    #[must_use]
    pub fn owner(&self) -> Person {
        self.person(self.discord.read(|state| state.owner))
    }

    /// Whoever has this account, a bot included.
    #[must_use]
    pub fn person(&self, id: UserId) -> Person {
        Person { discord: Arc::clone(&self.discord), id, channel: self.team_chat, patience: self.patience }
    }

    /// Adds somebody; names may be hostile, and the same as another's.
    #[must_use]
    pub fn add_person(&self, display_name: &str, roles: &[RoleId]) -> Person {
        self.person(self.join(display_name, roles, AccountKind::Human))
    }

    /// Adds so many people who approve.
    #[must_use]
    pub fn more_approvers(&self, how_many: usize) -> Vec<Person> {
        (1..=how_many).map(|number| self.add_person(&format!("Approver {number}"), &[self.approver_role])).collect()
    }

    /// Adds another bot account, which can be named. What it does, it does through [`Self::person`].
    #[must_use]
    pub fn add_bot(&self, name: &str) -> UserId {
        self.join(name, &[], AccountKind::Bot)
    }

    /// Adds a webhook: no member of the guild, but known by an id as people are.
    #[must_use]
    pub fn add_webhook(&self, name: &str) -> Person {
        let id = self.discord.change(|state| {
            let id = add_person(state, name, &[]);
            if let Some(account) = state.accounts.get_mut(&id) {
                account.kind = AccountKind::Webhook;
                account.in_guild = false;
            }
            id
        });
        self.person(id)
    }

    fn join(&self, name: &str, roles: &[RoleId], kind: AccountKind) -> UserId {
        self.discord.change(|state| {
            let id = add_person(state, name, roles);
            if let Some(account) = state.accounts.get_mut(&id) {
                account.kind = kind;
            }
            state.dispatch_member("GUILD_MEMBER_ADD", id);
            id
        })
    }

    /// Where people type.
    #[must_use]
    pub fn team_chat(&self) -> TextChannel {
        self.text_channel(self.team_chat)
    }

    /// Where the bot mirrors every change.
    #[must_use]
    pub fn log_channel(&self) -> TextChannel {
        self.text_channel(self.log_channel)
    }

    /// Where approvers decide.
    #[must_use]
    pub fn approvals_channel(&self) -> TextChannel {
        self.text_channel(self.approvals_channel)
    }

    pub(crate) fn text_channel(&self, id: ChannelId) -> TextChannel {
        TextChannel { discord: Arc::clone(&self.discord), id, patience: self.patience }
    }

    /// A message that still stands, wherever it is; it counts as read from now on.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<Posted> {
        let there = self.discord.read(|state| state.message(id).is_some());
        there.then(|| Posted::look(&self.discord, Some(id), self.patience))
    }

    /// All direct messages of the bot that still stand, with whom they went to; they count as read from now on.
    #[must_use]
    pub fn direct_messages(&self) -> Vec<(UserId, Posted)> {
        let found: Vec<(UserId, MessageId)> = self.discord.read(|state| {
            let to = |message: &Message| match state.channels.get(&message.channel) {
                Some(Channel::Direct { with, .. }) => Some(*with),
                Some(Channel::Text { .. }) | None => None,
            };
            let mine = state.messages.values().filter(|it| it.author == state.bot.user && !it.deleted);
            mine.filter(|it| it.only_for.is_none()).filter_map(|it| Some((to(it)?, it.id))).collect()
        });
        found.into_iter().map(|(to, id)| (to, Posted::look(&self.discord, Some(id), self.patience))).collect()
    }

    /// Requests, events and messages so far, line by line.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.discord.transcript()
    }

    /// Waits until the bot is connected and has registered its commands.
    ///
    /// # Errors
    /// If that does not happen in time.
    pub async fn try_bot_is_ready(&self) -> Result<(), Trouble> {
        let ready = |state: &mut State| {
            let connected = state.gateway.session.as_ref().is_some_and(|session| session.connection.is_some());
            (connected && !state.commands.is_empty()).then_some(())
        };
        let found = self.discord.until(Instant::now() + self.patience, ready).await;
        found.ok_or_else(|| {
            Trouble::new(&self.discord, What::InVain("the bot to connect and register commands".to_owned()))
        })
    }

    /// [`Self::try_bot_is_ready`], for tests.
    ///
    /// # Panics
    /// With the trouble.
    pub async fn bot_is_ready(&self) {
        if let Err(trouble) = self.try_bot_is_ready().await {
            panic!("{trouble}");
        }
    }
}

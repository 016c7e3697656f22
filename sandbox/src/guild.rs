//! The guild as it is before anybody does anything: the bot's account, roles, and how members and channels join.

use crate::{
    discord::{
        files::Files,
        gateway::{Acks, Gateway, Resumes, Switches},
        ids::{ApplicationId, ChannelId, GuildId, Mint, RoleId, UserId},
        permissions,
        state::{Account, AccountKind, Bot, Channel, DirectMessages, Limits, Role, State},
        wire::Wire,
    },
    sandbox::Options,
};
use rand::{Rng as _, distr::Alphanumeric};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tokio::time::Instant;

pub(crate) fn empty(options: &Options) -> State {
    let mut mint = Mint::default();
    let (guild, owner) = (GuildId(mint.next()), UserId(mint.next()));
    let secret: String = rand::rng().sample_iter(Alphanumeric).take(48).map(char::from).collect();
    let bot = Bot {
        user: UserId(mint.next()),
        application: ApplicationId(mint.next()),
        role: RoleId(mint.next()),
        token: format!("sandbox.{secret}"),
        privileged_intents: options.privileged_intents,
    };
    let everyone = Role {
        id: RoleId(guild.0),
        name: "@everyone".to_owned(),
        permissions: permissions::EVERYONE,
        mentionable: false,
        of_bot: None,
    };
    let bots = Role {
        id: bot.role,
        name: "Rollcall".to_owned(),
        permissions: permissions::all_bits(),
        mentionable: false,
        of_bot: Some(bot.user),
    };
    let mut me = account(bot.user, "Rollcall", vec![bot.role]);
    me.kind = AccountKind::Bot;
    State {
        limits: Limits {
            acknowledge_within: options.acknowledge_within,
            token_life: options.token_life,
            nonce_life: options.nonce_life,
        },
        started: Instant::now(),
        guild,
        guild_name: "Call centre".to_owned(),
        owner,
        roles: vec![everyone, bots],
        channels: BTreeMap::new(),
        accounts: BTreeMap::from([(bot.user, me)]),
        messages: BTreeMap::new(),
        commands: BTreeMap::new(),
        interactions: BTreeMap::new(),
        custom_emoji: BTreeMap::new(),
        nonces: Vec::new(),
        files: Files::default(),
        gateway: gateway(options),
        wire: Wire::default(),
        expected_codes: BTreeSet::new(),
        taken_away: BTreeSet::new(),
        transcript: Vec::new(),
        stopping: false,
        mint,
        bot,
    }
}

fn gateway(options: &Options) -> Gateway {
    Gateway {
        switches: Switches {
            heartbeat: options.heartbeat,
            acknowledges: Acks::Sent,
            resumes: Resumes::Granted,
            compress_above: options.compress_above,
        },
        session: None,
        connections: 0,
        open: Vec::new(),
        orders: VecDeque::new(),
        identified: Vec::new(),
        resumed: Vec::new(),
        heartbeats: 0,
        identifies_left: options.identifies_left,
        closed_by_us: Vec::new(),
        closed_by_bot: Vec::new(),
        mishaps: Vec::new(),
        held: VecDeque::new(),
    }
}

pub(crate) fn account(id: UserId, display_name: &str, roles: Vec<RoleId>) -> Account {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '.' };
    Account {
        id,
        username: display_name.chars().take(24).map(plain).chain(format!(".{}", id.0 % 10_000).chars()).collect(),
        display_name: display_name.to_owned(),
        locale: "en-US".to_owned(),
        kind: AccountKind::Human,
        roles,
        in_guild: true,
        timed_out_until: None,
        direct_messages: DirectMessages::Open,
    }
}

pub(crate) fn add_person(state: &mut State, display_name: &str, roles: &[RoleId]) -> UserId {
    let id = UserId(state.mint.next());
    state.accounts.insert(id, account(id, display_name, roles.to_vec()));
    id
}

pub(crate) fn add_role(state: &mut State, name: &str) -> RoleId {
    let id = RoleId(state.mint.next());
    state.roles.push(Role { id, name: name.to_owned(), permissions: 0, mentionable: true, of_bot: None });
    id
}

pub(crate) fn add_channel(state: &mut State, name: &str) -> ChannelId {
    let id = ChannelId(state.mint.next());
    state.channels.insert(id, Channel::Text { id, name: name.to_owned(), overwrites: Vec::new() });
    id
}

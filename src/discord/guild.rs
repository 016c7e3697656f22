//! The guild as the desk asks for it: members, roles, channels and reactions, read over REST each time.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rollcall_telephony::Millis;
use serenity::model::id::{ChannelId, GuildId, RoleId, UserId};
use serenity::model::{Permissions, Timestamp};
use tokio::sync::OnceCell;

use super::permissions;
use super::rest::{self, MemberInfo, Rest, RestError};
use crate::desk::{Guild, GuildError, Member, Nature, Ours, Posting, Reactions, Under};
use crate::ledger::Posted;

/// ✅, as Discord names it.
pub(super) const APPROVE: &str = "✅";
/// ❌, as Discord names it.
pub(super) const DENY: &str = "❌";
/// The most pages of members that are read to learn who could approve: 10,000 people.
const MEMBER_PAGES: usize = 10;
/// The most pages of reactions under a card that are read: 1,000 people.
const REACTION_PAGES: usize = 10;

/// What the bot needs in the channel of the cards.
pub(super) const CARD_NEEDS: [(Permissions, &str); 5] = [
    (Permissions::VIEW_CHANNEL, "View Channel"),
    (Permissions::SEND_MESSAGES, "Send Messages"),
    (Permissions::EMBED_LINKS, "Embed Links"),
    (Permissions::READ_MESSAGE_HISTORY, "Read Message History"),
    (Permissions::ADD_REACTIONS, "Add Reactions"),
];

/// The guild, over REST.
#[derive(Debug)]
pub struct RestGuild {
    rest: Rest,
    guild: GuildId,
    me: OnceCell<UserId>,
}

impl RestGuild {
    /// The guild with this id.
    #[must_use]
    pub fn new(rest: Rest, guild: GuildId) -> Self {
        Self { rest, guild, me: OnceCell::new() }
    }

    async fn me(&self) -> Result<UserId, RestError> {
        self.me.get_or_try_init(|| async { Ok(self.rest.current_user().await?.id) }).await.copied()
    }

    /// Everybody who reacted with an emoji, the bot among them.
    async fn reactors(&self, card: Posted, emoji: &str) -> Result<Vec<UserId>, RestError> {
        let mut all: Vec<UserId> = Vec::new();
        for _ in 0..REACTION_PAGES {
            let page = self.rest.reactions(card.channel, card.message, emoji, all.last().copied()).await?;
            let whole = page.len() >= rest::REACTIONS_A_PAGE;
            all.extend(page.into_iter().map(|user| user.id));
            if !whole {
                break;
            }
        }
        Ok(all)
    }

    async fn under_card(&self, card: Posted) -> Result<Reactions, RestError> {
        let me = self.me().await?;
        let mut approve = self.reactors(card, APPROVE).await?;
        let mut deny = self.reactors(card, DENY).await?;
        let ours = if approve.contains(&me) && deny.contains(&me) { Ours::Both } else { Ours::Missing };
        approve.retain(|person| *person != me);
        deny.retain(|person| *person != me);
        Ok(Reactions { approve, deny, ours })
    }
}

#[async_trait]
impl Guild for RestGuild {
    async fn member(&self, person: UserId) -> Result<Option<Member>, GuildError> {
        match self.rest.member(self.guild, person).await {
            Ok(member) => Ok(Some(as_member(member))),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(untold(&error)),
        }
    }

    async fn roles(&self) -> Result<BTreeSet<RoleId>, GuildError> {
        let roles = self.rest.guild_roles(self.guild).await.map_err(|e| untold(&e))?;
        Ok(roles.into_iter().map(|role| role.id).collect())
    }

    async fn holders(&self, roles: &[RoleId]) -> Result<Option<Vec<Member>>, GuildError> {
        let mut after = None;
        let mut found = Vec::new();
        for _ in 0..MEMBER_PAGES {
            let page = match self.rest.members(self.guild, after).await {
                Ok(page) => page,
                // The switch is off, or this server lists nobody.
                Err(error) if matches!(error.status(), Some(403 | 404 | 405 | 501)) => return Ok(None),
                Err(error) => return Err(untold(&error)),
            };
            let whole = page.len() >= usize::from(rest::MEMBERS_A_PAGE);
            after = page.last().map(|member| member.user.id);
            let holders = page.into_iter().filter(|member| member.roles.iter().any(|role| roles.contains(role)));
            found.extend(holders.map(as_member));
            if !whole {
                return Ok(Some(found));
            }
        }
        tracing::warn!("the server has more members than are read; who could approve is not checked");
        Ok(None)
    }

    async fn posting(&self, channel: ChannelId) -> Result<Posting, GuildError> {
        let channel = match self.rest.channel(channel).await {
            Ok(channel) if channel.guild_id.is_none_or(|guild| guild == self.guild) => channel,
            Ok(_) => return Ok(Posting::Missing),
            Err(error) if matches!(error.status(), Some(403 | 404)) => return Ok(Posting::Missing),
            Err(error) => return Err(untold(&error)),
        };
        let me = self.me().await.map_err(|e| untold(&e))?;
        let roles = self.rest.guild_roles(self.guild).await.map_err(|e| untold(&e))?;
        let mine = match self.rest.member(self.guild, me).await {
            Ok(member) => member.roles,
            // Then its permissions cannot be told; posting will.
            Err(error) if error.status() == Some(404) => return Ok(Posting::Fine),
            Err(error) => return Err(untold(&error)),
        };
        let have = permissions::in_channel(self.guild, &channel, me, &mine, &roles);
        let lacks = permissions::lacking(have, &CARD_NEEDS);
        let untold_at_all = permissions::of_roles(self.guild, &mine, &roles).is_empty();
        Ok(if lacks.is_empty() || untold_at_all { Posting::Fine } else { Posting::Lacks(lacks) })
    }

    async fn under(&self, card: Posted) -> Result<Under, GuildError> {
        match self.under_card(card).await {
            Ok(reactions) => Ok(Under::Card(reactions)),
            Err(error) if error.code() == Some(rest::UNKNOWN_MESSAGE) => Ok(Under::NoMessage),
            Err(error) if error.code() == Some(rest::UNKNOWN_CHANNEL) => Ok(Under::NoChannel),
            Err(error) => Err(untold(&error)),
        }
    }
}

fn as_member(member: MemberInfo) -> Member {
    let user = member.user;
    let name = member.nick.or(user.global_name).unwrap_or(user.username);
    let until = member.communication_disabled_until.as_deref().and_then(|text| Timestamp::parse(text).ok());
    Member {
        id: user.id,
        name,
        roles: member.roles,
        nature: if user.bot || user.system { Nature::Machine } else { Nature::Human },
        timed_out_until: until.map(|at| Millis(at.unix_timestamp() * 1_000)),
    }
}

fn untold(error: &RestError) -> GuildError {
    GuildError(format!("Discord gave no answer that I can use ({error})"))
}

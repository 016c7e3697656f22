//! The doctor's look at Discord: token, guild, roles, channels, permissions, intents; each finding with how to mend it.

use std::collections::{BTreeMap, BTreeSet};

use serenity::model::Permissions;
use serenity::model::id::{ChannelId, GuildId, RoleId, UserId};

use super::guild::CARD_NEEDS;
use super::permissions;
use super::rest::{ChannelInfo, Rest, RoleInfo};
use crate::desk::Finding;

/// What the settings name on Discord's side.
#[derive(Debug, Clone)]
pub struct Doctor {
    /// The guild.
    pub guild: GuildId,
    /// The roles that the file names, with where.
    pub roles: BTreeMap<RoleId, &'static str>,
    /// The channels that the file names, with their setting.
    pub channels: Vec<(ChannelId, &'static str)>,
    /// The roles whose people approve.
    pub approvers: Vec<RoleId>,
    /// The roles that a card pings.
    pub notify: Vec<RoleId>,
}

/// The setting of the channel in which cards are posted.
pub const APPROVALS: &str = "approvals_channel";

/// What the bot needs in a channel it posts to.
const NEEDS: [(Permissions, &str); 3] = [
    (Permissions::VIEW_CHANNEL, "View Channel"),
    (Permissions::SEND_MESSAGES, "Send Messages"),
    (Permissions::EMBED_LINKS, "Embed Links"),
];

impl Doctor {
    /// Looks at Discord.
    pub async fn examine(&self, rest: &Rest) -> Vec<Finding> {
        let me = match rest.current_user().await {
            Ok(me) => me,
            Err(error) => {
                return vec![Finding::bad(
                    format!("Discord does not take the bot's token: {error}."),
                    "Put the current token (developer portal, Bot, Reset Token) into DISCORD_TOKEN; check DISCORD_API_URL \
                     if you set it.",
                )];
            }
        };
        let mut findings = vec![Finding::good(format!("Discord knows the bot as {}.", me.username))];
        let guild = match rest.guild(self.guild).await {
            Ok(guild) => guild,
            Err(error) => {
                findings.push(Finding::bad(
                    format!("The guild {} cannot be read: {error}.", self.guild),
                    "Check [discord] guild, and invite the bot to it with the scopes bot and applications.commands.",
                ));
                return findings;
            }
        };
        findings.push(Finding::good(format!("The bot is in the server {}.", guild.name)));
        findings.push(Finding::good("It works without any privileged intent of the gateway."));
        findings.push(self.examine_members(rest).await);
        findings.extend(self.examine_approvals());
        match rest.guild_roles(self.guild).await {
            Ok(roles) => {
                findings.extend(self.examine_roles(&roles));
                findings.extend(self.examine_channels(rest, me.id, &roles).await);
            }
            Err(error) => findings.push(Finding::bad(
                format!("The server's roles cannot be read: {error}."),
                "Invite the bot again with the scope bot.",
            )),
        }
        match rest.current_application().await {
            Ok(application) => findings.extend(self.examine_commands(rest, application.id).await),
            Err(error) => findings.push(Finding::warning(
                format!("The application cannot be read: {error}."),
                "Nothing to do if commands work.",
            )),
        }
        findings
    }

    /// Without the list of members, whether anybody could approve a request is not known before it is made.
    async fn examine_members(&self, rest: &Rest) -> Finding {
        match rest.members(self.guild, None).await {
            Ok(_) => {
                Finding::good("Discord lists the server's members: a request that nobody could approve is refused.")
            }
            Err(error) if error.status() == Some(403) => Finding::warning(
                "Discord does not list the server's members to the bot, so whether anybody could approve a request is \
                 not checked.",
                "Turn on Server Members Intent (developer portal, Bot, Privileged Gateway Intents).",
            ),
            Err(error) => {
                Finding::warning(format!("The server's members cannot be read: {error}."), "Ask again in a while.")
            }
        }
    }

    /// Deletes always need approvers and a channel in which they are asked.
    fn examine_approvals(&self) -> Option<Finding> {
        let no_channel = !self.channels.iter().any(|(_, setting)| *setting == APPROVALS);
        let lacking = match (no_channel, self.approvers.is_empty()) {
            (false, false) => return None,
            (true, false) => "There is no approvals channel",
            (false, true) => "There are no approver roles",
            (true, true) => "There are no approver roles and no approvals channel",
        };
        Some(Finding::warning(
            format!("{lacking}: what needs a second person (deletes always do) is refused."),
            "Set [discord] approvals_channel and [approvals] approvers.",
        ))
    }

    fn examine_roles(&self, roles: &[RoleInfo]) -> Vec<Finding> {
        let known: BTreeSet<RoleId> = roles.iter().map(|r| r.id).collect();
        let missing: Vec<Finding> = self
            .roles
            .iter()
            .filter(|(id, _)| !known.contains(id))
            .map(|(id, place)| {
                Finding::bad(
                    format!("The role {id} of {place} does not exist in the server; it allows nobody anything."),
                    "Put the id of an existing role there (Server Settings, Roles, Copy Role ID).",
                )
            })
            .collect();
        if missing.is_empty() {
            vec![Finding::good(format!("All {} roles of the file exist.", self.roles.len()))]
        } else {
            missing
        }
    }

    /// A role that nobody may mention is pinged only by who may mention everybody.
    fn examine_pings(&self, roles: &[RoleInfo], have: Permissions) -> Vec<Finding> {
        if have.contains(Permissions::MENTION_EVERYONE) {
            return Vec::new();
        }
        roles
            .iter()
            .filter(|role| self.notify.contains(&role.id) && !role.mentionable)
            .map(|role| {
                Finding::warning(
                    format!("The role {} of [approvals] notify cannot be pinged by the bot.", role.name),
                    "Allow anyone to mention it (Server Settings, Roles), or give the bot Mention @everyone in the channel.",
                )
            })
            .collect()
    }

    async fn examine_channels(&self, rest: &Rest, me: UserId, roles: &[RoleInfo]) -> Vec<Finding> {
        let mine = match rest.member(self.guild, me).await {
            Ok(member) => member.roles,
            Err(error) => {
                return vec![Finding::warning(
                    format!("The bot's own roles cannot be read: {error}."),
                    "Invite the bot again with the scope bot.",
                )];
            }
        };
        let mut findings = Vec::new();
        for (id, setting) in &self.channels {
            match rest.channel(*id).await {
                Ok(channel) => {
                    findings.push(self.examine_channel(&channel, setting, me, &mine, roles));
                    if *setting == APPROVALS {
                        let have = permissions::in_channel(self.guild, &channel, me, &mine, roles);
                        findings.extend(self.examine_pings(roles, have));
                    }
                }
                Err(error) => findings.push(Finding::bad(
                    format!("The channel {id} of {setting} cannot be read: {error}."),
                    "Put the id of an existing channel there, and give the bot View Channel in it.",
                )),
            }
        }
        findings
    }

    fn examine_channel(
        &self,
        channel: &ChannelInfo,
        setting: &str,
        me: UserId,
        mine: &[RoleId],
        roles: &[RoleInfo],
    ) -> Finding {
        let name = channel.name.clone().unwrap_or_else(|| channel.id.to_string());
        if channel.guild_id.is_some_and(|guild| guild != self.guild) {
            return Finding::bad(
                format!("The channel #{name} of {setting} is in another server."),
                "Put the id of a channel of this server there.",
            );
        }
        let have = permissions::in_channel(self.guild, channel, me, mine, roles);
        let needs: &[_] = if setting == APPROVALS { &CARD_NEEDS } else { &NEEDS };
        let lacking = permissions::lacking(have, needs);
        if lacking.is_empty() && setting == APPROVALS && !have.contains(Permissions::MANAGE_MESSAGES) {
            return Finding::warning(
                format!(
                    "In #{name} ({setting}) the bot lacks Manage Messages: it cannot take away reactions that do not count."
                ),
                "Give the bot's role this permission in the channel's settings.",
            );
        }
        if lacking.is_empty() {
            Finding::good(format!("The bot can post in #{name} ({setting})."))
        } else {
            Finding::bad(
                format!("In #{name} ({setting}) the bot lacks {}.", lacking.join(", ")),
                "Give the bot's role these permissions in the channel's settings.",
            )
        }
    }

    async fn examine_commands(&self, rest: &Rest, application: serenity::model::id::ApplicationId) -> Vec<Finding> {
        match rest.guild_commands(application, self.guild).await {
            Ok(registered) if rollcall_commands::differs(&registered) => vec![Finding::warning(
                "The commands in the server are not those of this version.",
                "Start `rollcall run`: it registers them.",
            )],
            Ok(_) => vec![Finding::good("The commands are registered.")],
            Err(error) => vec![Finding::bad(
                format!("The server's commands cannot be read: {error}."),
                "Invite the bot again with the scope applications.commands.",
            )],
        }
    }
}

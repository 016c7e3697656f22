//! What the bot may do in a channel (Discord, "Permissions", "Permission Overwrites").

use serenity::model::Permissions;
use serenity::model::id::{GuildId, RoleId, UserId};

use super::rest::{ChannelInfo, OverwriteKind, RoleInfo};

/// What the bot may do in a channel.
pub(super) fn in_channel(
    guild: GuildId,
    channel: &ChannelInfo,
    me: UserId,
    mine: &[RoleId],
    roles: &[RoleInfo],
) -> Permissions {
    let base = of_roles(guild, mine, roles);
    if base.contains(Permissions::ADMINISTRATOR) {
        return Permissions::all();
    }
    let overwrites = |wanted: &dyn Fn(&OverwriteKind, u64) -> bool| {
        channel
            .permission_overwrites
            .iter()
            .filter(|o| wanted(&o.kind, o.id.get()))
            .fold((Permissions::empty(), Permissions::empty()), |(allow, deny), o| (allow | o.allow, deny | o.deny))
    };
    let apply = |have: Permissions, (allow, deny): (Permissions, Permissions)| (have & !deny) | allow;
    let everyone = overwrites(&|kind, id| matches!(kind, OverwriteKind::Role) && id == guild.get());
    let of_roles = overwrites(&|kind, id| {
        matches!(kind, OverwriteKind::Role) && id != guild.get() && mine.iter().any(|role| role.get() == id)
    });
    let own = overwrites(&|kind, id| matches!(kind, OverwriteKind::Member) && id == me.get());
    apply(apply(apply(base, everyone), of_roles), own)
}

/// What the bot's roles allow in the whole guild.
pub(super) fn of_roles(guild: GuildId, mine: &[RoleId], roles: &[RoleInfo]) -> Permissions {
    let is_mine = |id: RoleId| id.get() == guild.get() || mine.contains(&id);
    roles.iter().filter(|r| is_mine(r.id)).fold(Permissions::empty(), |all, role| all | role.permissions)
}

/// Which of the needed permissions are missing, by the names that Discord's settings show.
pub(super) fn lacking(have: Permissions, needed: &[(Permissions, &'static str)]) -> Vec<&'static str> {
    needed.iter().filter(|(permission, _)| !have.contains(*permission)).map(|(_, name)| *name).collect()
}

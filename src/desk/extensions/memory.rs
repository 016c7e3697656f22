//! Extensions as they were read last, for autocomplete, which waits for nobody. Nothing is ever decided by them.

use rollcall_commands::Permission;
use rollcall_telephony::KnownValue;

use super::shown::KnownExtension;
use crate::desk::Desk;
use crate::policy::Actor;

impl Desk {
    /// Extensions that what was typed may mean, best first, as they were read last.
    #[must_use]
    pub fn extensions_known(
        &self,
        _actor: &Actor,
        _permission: Permission,
        _typed: &str,
        _limit: usize,
    ) -> Vec<KnownExtension> {
        Vec::new()
    }

    /// Values that extensions have for a member, as they were read last: those of most extensions first. `key` is what
    /// `/extension create` calls it.
    #[must_use]
    pub fn extension_values(
        &self,
        _actor: &Actor,
        _permission: Permission,
        _connection: Option<&str>,
        _extension: Option<&str>,
        _key: &str,
    ) -> Vec<KnownValue> {
        Vec::new()
    }
}

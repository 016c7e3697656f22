//! Our own tables of the TOML file: what they are called, what they hold and what holds without them.

use std::collections::{BTreeMap, BTreeSet};
use std::num::{NonZeroU32, NonZeroU64};
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use rollcall_commands::Pattern;
use rollcall_telephony::ConnectionName;
use rollcall_telephony::systems::System;
use serenity::model::id::{ChannelId, GuildId, RoleId};

use super::connections::Placed;
use super::problem::{hint, shown};
use super::reader::{Entry, Reader, Section};
use super::values::{Least, Rate};
use super::{Approvals, Config, Directory, Discord, Identity, Limits, Passwords, Person, RoleGrant, Web};
use crate::ledger::Delivery;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

type Names = BTreeMap<ConnectionName, Range<usize>>;

impl Reader<'_> {
    /// Reads the whole file. Without `[discord]`'s required keys there is no [`Config`]; what the connections are is
    /// answered in any case.
    pub(super) fn config(
        &mut self,
        file: &Path,
        mut root: Section<'_>,
        roster: &'static [System],
    ) -> (Option<Config>, Vec<Placed>) {
        let connections = self.connections(&mut root, roster);
        let names = &connections.names;
        let discord = self.discord(&mut root);
        let roles = self.roles(&mut root, names);
        let approvals = self.approvals(&mut root);
        let passwords = self.passwords(&mut root);
        let directory = self.directory(&mut root);
        let limits = self.limits(&mut root);
        let web = self.web(&mut root);
        let people = self.people(&mut root, names);
        self.close(&root);
        let config = discord.map(|discord| Config {
            file: file.to_owned(),
            discord,
            roles,
            approvals,
            passwords,
            directory,
            limits,
            web,
            connections: connections.read.iter().map(|placed| placed.settings.clone()).collect(),
            people,
        });
        (config, connections.read)
    }

    fn discord(&mut self, root: &mut Section<'_>) -> Option<Discord> {
        let entry = self.need(root, "discord")?;
        let mut table = self.section(&entry);
        let guild = self.need(&mut table, "guild").and_then(|entry| self.snowflake(&entry));
        let log_channel = self.need(&mut table, "log_channel").and_then(|entry| self.snowflake(&entry));
        let approvals_channel = table.get("approvals_channel").and_then(|entry| self.snowflake(&entry));
        self.close(&table);
        Some(Discord {
            guild: GuildId::from(guild?),
            log_channel: ChannelId::from(log_channel?),
            approvals_channel: approvals_channel.map(ChannelId::from),
        })
    }

    fn roles(&mut self, root: &mut Section<'_>, names: &Names) -> Vec<RoleGrant> {
        let mut roles = Vec::new();
        for mut table in self.tables(root, "role") {
            let id = self.need(&mut table, "id").and_then(|entry| self.snowflake(&entry));
            let may = self.need(&mut table, "may").map(|entry| self.patterns(&entry)).unwrap_or_default();
            let connections = table.get("connections").map(|entry| self.connection_names(&entry, names));
            self.close(&table);
            if let Some(id) = id {
                roles.push(RoleGrant { id: RoleId::from(id), may, connections });
            }
        }
        roles
    }

    fn connection_names(&mut self, entry: &Entry<'_>, names: &Names) -> Vec<ConnectionName> {
        let texts = self.texts(entry);
        texts.iter().filter_map(|(item, text)| self.connection_name(item, text, names)).collect()
    }

    fn connection_name(&mut self, entry: &Entry<'_>, text: &str, names: &Names) -> Option<ConnectionName> {
        let found = names.keys().find(|name| name.as_str() == text);
        if found.is_none() {
            let words: Vec<&str> = names.keys().map(ConnectionName::as_str).collect();
            self.wrong_at(entry, format!("there is no connection named {}{}", shown(text), hint(text, &words)));
        }
        found.cloned()
    }

    /// A list of permissions, each by name or with a `*`.
    fn patterns(&mut self, entry: &Entry<'_>) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for (item, text) in self.texts(entry) {
            match text.parse::<Pattern>() {
                Ok(pattern) => patterns.push(pattern),
                Err(why) => self.wrong_at(&item, why.to_string()),
            }
        }
        patterns
    }

    fn approvals(&mut self, root: &mut Section<'_>) -> Approvals {
        let mut table = self.table(root, "approvals");
        let approvals = Approvals {
            approvers: self.role_ids(&mut table, "approvers"),
            notify: self.role_ids(&mut table, "notify"),
            threshold: self.count(&mut table, "threshold", 1..=100, 1),
            expires: self.time(&mut table, "expires", DAY),
            remind: self.time(&mut table, "remind", HOUR),
            stale_after: self.time(&mut table, "stale_after", 15 * MINUTE),
            require: match table.get("require") {
                Some(entry) => self.patterns(&entry),
                None => "*.delete".parse().into_iter().collect(),
            },
            require_above_rights: table.get("require_above_rights").and_then(|entry| self.number(&entry, 0..=i64::MAX)),
            min_disabled: table
                .get("min_disabled")
                .and_then(|entry| self.duration(&entry, Least::Zero))
                .unwrap_or_default(),
            keep_deleted: self.time(&mut table, "keep_deleted", 30 * DAY),
        };
        self.close(&table);
        approvals
    }

    fn role_ids(&mut self, table: &mut Section<'_>, key: &'static str) -> Vec<RoleId> {
        let Some(entry) = table.get(key) else { return Vec::new() };
        let items = self.items(&entry);
        items.iter().filter_map(|item| self.snowflake(item)).map(|id: NonZeroU64| RoleId::from(id)).collect()
    }

    fn passwords(&mut self, root: &mut Section<'_>) -> Passwords {
        const WORDS: &[&str] = &["reveal", "message"];
        let mut table = self.table(root, "passwords");
        let lengths = Passwords::SHORTEST..=Passwords::LONGEST;
        let passwords = Passwords {
            length: self.count(&mut table, "length", lengths, 20) as usize,
            delivery: match table.get("delivery").and_then(|entry| self.word(&entry, WORDS)) {
                Some("message") => Delivery::Message,
                _ => Delivery::Reveal,
            },
            shown: self.time(&mut table, "shown", 10 * MINUTE),
            expires: self.time(&mut table, "expires", DAY),
        };
        self.close(&table);
        passwords
    }

    fn directory(&mut self, root: &mut Section<'_>) -> Directory {
        let mut table = self.table(root, "directory");
        let directory = Directory { refresh: self.time(&mut table, "refresh", MINUTE) };
        self.close(&table);
        directory
    }

    fn limits(&mut self, root: &mut Section<'_>) -> Limits {
        let mut table = self.table(root, "limits");
        let written = table.get("per_person").and_then(|entry| self.rate(&entry));
        let thirty = NonZeroU32::MIN.saturating_add(29);
        let default = Rate { count: thirty, per: Duration::from_secs(MINUTE) };
        self.close(&table);
        Limits { per_person: written.unwrap_or(default) }
    }

    fn web(&mut self, root: &mut Section<'_>) -> Option<Web> {
        let mut table = self.table_if_there(root, "web")?;
        let listen = self.need(&mut table, "listen").and_then(|entry| {
            let text = self.text(&entry)?;
            let address = text.parse().ok();
            if address.is_none() {
                self.wrong_at(&entry, format!("{} is no address with a port; write \"127.0.0.1:9180\"", shown(text)));
            }
            address
        });
        let public_url = table.get("public_url").and_then(|entry| self.url(&entry));
        self.close(&table);
        Some(Web { listen: listen?, public_url })
    }

    fn people(&mut self, root: &mut Section<'_>, names: &Names) -> Vec<Person> {
        let mut people = Vec::new();
        let mut taken = BTreeSet::new();
        for mut table in self.tables(root, "person") {
            let name = self.need(&mut table, "name").and_then(|entry| self.text(&entry));
            let is = self.need(&mut table, "is").map(|entry| self.identities(&entry, names, &mut taken));
            self.close(&table);
            if let (Some(name), Some(is)) = (name, is) {
                people.push(Person { name: name.to_owned(), is });
            }
        }
        people
    }

    fn identities(&mut self, entry: &Entry<'_>, names: &Names, taken: &mut BTreeSet<Identity>) -> Vec<Identity> {
        let mut identities = Vec::new();
        for (item, text) in self.texts(entry) {
            let Some((connection, login)) = text.split_once(':').filter(|(_, login)| !login.trim().is_empty()) else {
                self.wrong_at(&item, format!("{} is no agent; write \"connection:login\"", shown(text)));
                continue;
            };
            let Some(connection) = self.connection_name(&item, connection, names) else { continue };
            let identity = Identity { connection, login: login.trim().to_owned() };
            if taken.insert(identity.clone()) {
                identities.push(identity);
            } else {
                self.wrong_at(&item, format!("{} is listed twice: one agent is one person", shown(text)));
            }
        }
        identities
    }

    fn time(&mut self, table: &mut Section<'_>, key: &'static str, default_seconds: u64) -> Duration {
        let written = table.get(key).and_then(|entry| self.duration(&entry, Least::Second));
        written.unwrap_or(Duration::from_secs(default_seconds))
    }

    fn count(
        &mut self,
        table: &mut Section<'_>,
        key: &'static str,
        range: std::ops::RangeInclusive<u32>,
        default: u32,
    ) -> u32 {
        let range = i64::from(*range.start())..=i64::from(*range.end());
        let written = table.get(key).and_then(|entry| self.number(&entry, range));
        written.and_then(|number| u32::try_from(number).ok()).unwrap_or(default)
    }
}

//! `rollcall run`.

use std::collections::BTreeMap;
use std::sync::Arc;

use rollcall_telephony::Clock;
use secrecy::ExposeSecret as _;
use serenity::model::id::RoleId;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Ended, logs};
use crate::clock::SystemClock;
use crate::config::{self, Config, Environment, Loaded, StoreAccess};
use crate::desk::{Desk, Furnishing};
use crate::discord::rest::Rest;
use crate::discord::{self, Doctor, Opening, RestGuild, Running};
use crate::ledger::{Key, Ledger, LedgerError};
use crate::policy::Policy;

/// Runs the bot until it is told to stop.
pub(super) async fn run() -> Result<(), Ended> {
    let environment = Environment::read()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    // First: a setting that is allowed but unwise is told in the log.
    logs::start(&environment.log_filter());
    let loaded = config::load(&environment, &clock)?;
    let opening = prepare(loaded, clock).await?;
    let ledger = opening.desk.ledger().clone();
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("asked to stop: nothing new is taken, what is under way is finished");
        let _ = stop.send(true);
    });
    let (running, _) = watch::channel(Running::Starting);
    let ended = discord::run(opening, running, stopping).await;
    ledger.close().await;
    ended.map_err(|fatal| Ended::Refused(fatal.to_string()))
}

/// Opens the store and furnishes the desk.
pub(super) async fn prepare(loaded: Loaded, clock: Arc<dyn Clock>) -> Result<Opening, Ended> {
    let Loaded { config, discord, store, secrets: _, connected } = loaded;
    let ledger = open_store(&store, Arc::clone(&clock)).await?;
    let left_out: Vec<_> = config.left_out().map(|c| (c.name.clone(), c.system.kind.to_owned())).collect();
    for (name, kind) in &left_out {
        tracing::warn!(connection = %name, kind, "this kind of phone system is not built yet; the connection is left out");
    }
    let remarks = not_built(&config);
    for remark in &remarks {
        tracing::warn!("{remark}");
    }
    let doctor = doctor(&config);
    let rest = Rest::new(&discord.origin, &discord.token)
        .map_err(|error| Ended::Wrong(format!("Discord cannot be called: {error}.")))?;
    let desk = Desk::open(Furnishing {
        connections: connected.into_iter().map(|(_, connected)| connected).collect(),
        left_out,
        remarks,
        persons: config.people.clone(),
        ledger,
        policy: Policy::new(&config),
        passwords: config.passwords.clone(),
        approvals: config.approvals.clone(),
        approvals_channel: config.discord.approvals_channel,
        guild: Arc::new(RestGuild::new(rest.clone(), config.discord.guild)),
        log_channel: config.discord.log_channel,
        refresh: config.directory.refresh,
        clock: Arc::clone(&clock),
    })
    .await
    .map_err(|error| store_refused(&error))?;
    Ok(Opening {
        desk,
        rest,
        token: discord.token,
        guild: config.discord.guild,
        per_person: config.limits.per_person,
        doctor,
        clock,
    })
}

/// What the file asks for beside connections that this version does not do yet.
fn not_built(config: &Config) -> Vec<String> {
    let mut remarks = Vec::new();
    if config.web.is_some() {
        remarks.push("[web] is not built yet: nothing listens.".to_owned());
    }
    remarks
}

/// Opens the store.
pub(super) async fn open_store(store: &StoreAccess, clock: Arc<dyn Clock>) -> Result<Ledger, Ended> {
    let key = Key::parse(&store.key).map_err(|error| Ended::Wrong(format!("ROLLCALL_KEY: {error}.")))?;
    Ledger::open(store.url.expose_secret(), &key, clock).await.map_err(|error| store_refused(&error))
}

fn store_refused(error: &LedgerError) -> Ended {
    match error {
        // Which store, and with which key, is configuration.
        LedgerError::WrongKey => Ended::Wrong(format!("{error}. Put back the key that it was written with.")),
        LedgerError::Open(why) if why.contains("PostgreSQL") => Ended::Wrong(format!("{error}.")),
        LedgerError::Open(_) | LedgerError::Unwritable(_) | LedgerError::Unreadable(_) | LedgerError::Stale => {
            Ended::Refused(format!(
                "{error}. Check DATABASE_URL, the rights of the file and its folder, and free space."
            ))
        }
    }
}

/// What the doctor compares with Discord.
pub(super) fn doctor(config: &Config) -> Doctor {
    let mut roles: BTreeMap<RoleId, &'static str> = config.roles.iter().map(|r| (r.id, "[[role]]")).collect();
    roles.extend(config.approvals.approvers.iter().map(|id| (*id, "[approvals] approvers")));
    roles.extend(config.approvals.notify.iter().map(|id| (*id, "[approvals] notify")));
    let mut channels = vec![(config.discord.log_channel, "log_channel")];
    channels.extend(config.discord.approvals_channel.map(|id| (id, discord::APPROVALS)));
    let (approvers, notify) = (config.approvals.approvers.clone(), config.approvals.notify.clone());
    Doctor { guild: config.discord.guild, roles, channels, approvers, notify }
}

/// Resolves on Ctrl-C or SIGTERM.
pub(super) async fn asked_to_stop() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be waited for");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

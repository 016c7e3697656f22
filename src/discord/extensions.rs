//! Extensions at the door: commands run, files fetched, pages turned.

use rollcall_commands::{Command, extension};

use super::door::Door;
use super::message::Message;
use crate::desk::{Asked, Refusal};
use crate::policy::Actor;

/// Runs a command about extensions; `None`: its answer follows by itself.
pub(super) async fn run(
    door: &Door,
    actor: &Actor,
    command: &Command,
    _asked: Asked,
) -> Result<Option<Message>, Refusal> {
    match command {
        Command::ExtensionList(asked) => list(door, actor, asked, 0).await.map(Some),
        _ => Err(Refusal::Value("Extensions follow.".to_owned())),
    }
}

/// `/extension list`, one page of it.
pub(super) async fn list(
    _door: &Door,
    _actor: &Actor,
    _asked: &extension::List,
    _page: u32,
) -> Result<Message, Refusal> {
    Err(Refusal::Value("Extensions follow.".to_owned()))
}

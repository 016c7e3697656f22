//! Extensions: listed, created, changed, deleted by two people, and many at once from a file.

mod batches;
mod clicks;
mod deletes;
mod errors;
mod files;
mod kills;
mod lists;
mod offered;
mod verbs;

use rollcall_sandbox::Posted;

use crate::world::World;

/// The lead types a command; answered once it is there.
async fn says(world: &World, line: &str) -> Posted {
    let reply = world.sandbox.lead().types(line).await;
    reply.changes_until(|text| !text.is_empty()).await
}

/// The lead attaches a file and hands it in.
async fn hands_in(world: &World, name: &str, file: &str) -> Posted {
    world.sandbox.lead().attaches(name, file);
    says(world, &format!("/extension batch file:{name}")).await
}

/// How often Mediatel was asked this of its extensions.
fn asked(world: &World, method: &str) -> usize {
    let seen = world.phones.mediatel.seen();
    seen.iter().filter(|seen| seen.method == method && seen.path.starts_with("/v1/extensions")).count()
}

/// What people call an extension at Mediatel, and what it is for.
fn at_mediatel(world: &World, id: u64) -> Option<(String, String)> {
    let extension = world.phones.mediatel.extension(id)?;
    Some((extension.text("E_Extension")?, extension.text("E_Description")?))
}

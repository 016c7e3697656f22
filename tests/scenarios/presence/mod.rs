//! Presence: agents of Erix and Voicenter log in and out, pause and come back; what is known of them; what goes wrong.

mod errors;
mod kills;
mod lost;
mod people;
mod status;
mod verbs;

use rollcall_sandbox::Posted;

use crate::world::World;

/// The lead types a command whose report follows; answered once it is there.
async fn reports(world: &World, line: &str) -> Posted {
    let reply = world.sandbox.lead().types(line).await;
    reply.changes_until(|text| !text.contains("On it")).await
}

/// The bodies of all requests that Erix got.
fn erix_got(world: &World) -> Vec<String> {
    world.phones.erix.seen().iter().map(|seen| seen.body.clone()).collect()
}

/// The last body that Voicenter got, without the code, which is a secret.
fn voicenter_got(world: &World) -> serde_json::Value {
    let seen = world.phones.voicenter.seen();
    let mut body: serde_json::Value = serde_json::from_str(&seen.last().expect("a request").body).expect("JSON");
    let (variable, code) = world.phones.environment().into_iter().next().expect("a secret");
    assert_eq!(variable, "VOICENTER_CODE");
    assert_eq!(body["Code"], *code, "the code of the environment is sent");
    body["Code"] = "(the code)".into();
    body
}

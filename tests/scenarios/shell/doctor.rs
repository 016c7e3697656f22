//! `rollcall doctor`: all well, and each thing that is wrong with how to mend it.

use rollcall_sandbox::Permission;
use rollcall_sandbox::mediatel::Auth;

use super::{errors, out};
use crate::world::{Setup, World};

async fn examined(world: &World) -> (Option<i32>, String, String) {
    let found = world.rollcall(&["doctor"]).output().await.expect("rollcall doctor runs");
    (found.status.code(), out(&found), errors(&found))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_all_well_before_and_after_the_first_start() {
    let world = World::without_bot(Setup::default()).await;
    let (code, found, _) = examined(&world).await;
    assert_eq!(code, Some(0), "{found}");
    assert!(found.contains("note  The commands in the server are not those of this version."), "{found}");
    assert!(!found.contains("BAD"), "{found}");
    world.bot_starts().await;
    let (code, found, _) = examined(&world).await;
    assert_eq!(code, Some(0), "{found}");
    for good in [
        "rollcall.toml is sound",
        "Discord knows the bot as ",
        "The bot is in the server Call centre",
        "The bot can post in #rollcall-log (log_channel)",
        "The commands are registered",
        "The store can be written",
        "mediatel answers and takes the bot for root",
    ] {
        assert!(found.contains(good), "{good:?} in:\n{found}");
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_everything_that_is_wrong() {
    let wrong = |name: &str, url: &str, auth: &str| {
        format!(
            "\n[[connection]]\nname = \"{name}\"\nkind = \"mediatel\"\nbase_url = \"{url}\"\nauth = {auth}\ntimeout = \"1s\"\n"
        )
    };
    let mut setup = Setup::default().adding("[[role]]\nid = \"4711\"\nmay = [\"agent.read\"]");
    setup.phones.mediatel.auth = Auth::Bearer("hes-right-5tGb".to_owned());
    setup.environment.push(("HES_WRONG".to_owned(), "hes-wrong-7uJm".to_owned()));
    let before = setup.settings;
    setup.settings = Box::new(move |settings| {
        let settings = before(settings);
        let url = super::value(&settings, "base_url").to_owned();
        let down = wrong("down", "http://127.0.0.1:9/v1", "\"none\"");
        format!("{settings}{down}{}", wrong("locked", &url, "{ bearer = \"env:HES_WRONG\" }"))
    });
    let world = World::without_bot(setup).await;
    world.sandbox.denies(&world.sandbox.log_channel(), Permission::SendMessages);
    let (code, found, told) = examined(&world).await;
    assert_eq!(code, Some(1), "{found}");
    for bad in [
        "BAD   The role 4711 of [[role]] does not exist in the server",
        "BAD   In #rollcall-log (log_channel) the bot lacks Send Messages.",
        "BAD   down",
        "BAD   locked",
        "Check auth of this connection",
        "Check base_url and ca_file",
    ] {
        assert!(found.contains(bad), "{bad:?} in:\n{found}");
    }
    assert!(told.contains("things are to be mended."), "{told}");
    assert!(![&found, &told].iter().any(|text| text.contains("hes-")), "no credentials:\n{found}{told}");

    world.sandbox.token_is_reset();
    world.sandbox.expects(0);
    let (code, found, _) = examined(&world).await;
    assert_eq!(code, Some(1), "{found}");
    assert!(found.contains("Discord does not take the bot's token"), "{found}");
    assert!(found.contains("DISCORD_TOKEN"), "{found}");
}

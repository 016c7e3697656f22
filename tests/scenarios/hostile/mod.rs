//! Hostile texts and forged interactions: clear sentences, nobody pinged, nothing broken, nothing changed.

mod approvals;
mod forged;
mod names;
mod presence;

use unicode_normalization::char::is_combining_mark;

use crate::world::{Setup, World};

/// A world in which a person may do as much in a minute as a test needs.
async fn patient_world() -> World {
    World::with(Setup::default().adding("[limits]\nper_person = \"1000/min\"")).await
}

/// What holds of every message, whatever was in it: nobody pinged, nothing invisible, no piles of marks.
fn nothing_got_through(world: &World) {
    for (message, text) in world.sandbox.everything_shown() {
        let hidden = text.chars().find(
            |c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'),
        );
        assert_eq!(hidden, None, "message {message}: {text:?}");
        let mut pile = 0;
        for c in text.chars() {
            pile = if is_combining_mark(c) { pile + 1 } else { 0 };
            assert!(pile <= 4, "message {message} has piles of marks: {text:?}");
        }
    }
    let sandbox = &world.sandbox;
    let people = [sandbox.lead(), sandbox.trainee(), sandbox.keeper(), sandbox.owner()];
    let posted = people.iter().flat_map(rollcall_sandbox::Person::direct_messages);
    for message in posted.chain(sandbox.log_channel().messages()) {
        assert!(message.pinged_users().is_empty() && message.pinged_roles().is_empty(), "{}", message.text());
        assert!(!message.pinged_everyone(), "{}", message.text());
    }
    assert_eq!(sandbox.refusals(), Vec::<String>::new(), "Discord refused something");
    assert_eq!(sandbox.findings(), Vec::<String>::new(), "Discord's document finds something wrong");
}

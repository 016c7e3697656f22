//! Approvals: a delete is asked for, approvers react, the agent is gone, and can be brought back.

mod away;
mod behind;
mod buttons;
mod claims;
mod crashes;
mod crowd;
mod deciding;
mod disable_first;
mod early;
mod gone;
mod lists;
mod lost;
mod policy;
mod reasons;
mod reminders;
mod restore;
mod rights;
mod sessions;
mod steps;
mod telling;
pub mod watching;
mod wrong;

use std::time::Duration;

use rollcall_sandbox::{Person, Posted, Reply};

use crate::world::{Setup, World};

/// Vira (900), disabled: she may be deleted.
pub const VIRA_DISABLED: &str = r#"{"Password":"c4ca4238a0b92382","ID":900,"RightID":0,"Domain":"CALL","SupervisorRightID":0,"State":0,"DefaultSkill":7,"Login":"vira.luhova","SupervisorID":2,"Details":"vira.luhova@example.com","PersNumbers":["+380 44 123"],"ClientApp":{"ShowTreeCC":1,"AutoAnswer":{"Time":5}},"Zone":"north"}"#;

/// A scenario waits at most so long for something under a card.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The lead asks to delete Vira; answers the card.
pub async fn lead_asks(world: &World) -> Posted {
    lead_asks_about(world, 900).await
}

/// The lead asks to delete this agent; answers the card, with the bot's ✅ and ❌ under it.
pub async fn lead_asks_about(world: &World, agent: u64) -> Posted {
    let lead = world.sandbox.lead();
    let reply = lead.types(&format!("/agent delete agent:mediatel:{agent} reason:leaver")).await;
    reply.changes_until(|text| text.contains("The approvers are asked")).await;
    let card = world.sandbox.approvals_channel().next_message().await;
    under_the_card(world, &card, &[]).await;
    card
}

/// An agent of this number, disabled.
pub fn disabled(id: u64, login: &str) -> String {
    format!(
        r#"{{"Password":"c4ca4238a0b92382","ID":{id},"RightID":0,"Domain":"CALL","SupervisorID":2,"State":0,"Login":"{login}"}}"#
    )
}

/// A world with these lines in `[approvals]`.
pub fn approvals(lines: &str) -> Setup {
    Setup::default().setting("[approvals]\n", format!("[approvals]\n{lines}\n"))
}

/// Waits until the bot's ✅ and ❌ stand under the card, and beside them exactly these.
pub async fn under_the_card(world: &World, card: &Posted, others: &[(&str, &Person)]) {
    let bot = world.sandbox.bot();
    let mut wanted: Vec<_> = others.iter().map(|(emoji, person)| ((*emoji).to_owned(), person.id())).collect();
    wanted.extend([("✅".to_owned(), bot), ("❌".to_owned(), bot)]);
    wanted.sort();
    let what = format!("under the card: {wanted:?}");
    let stands = |_: &_| {
        let mut stand = card.reactions();
        stand.sort();
        stand == wanted
    };
    world.sandbox.until(&what, PATIENCE, stands).await;
}

/// Somebody is told this in a direct message.
pub async fn told(person: &Person, words: &str) -> Posted {
    let message = person.next_direct_message().await;
    assert!(message.text().contains(words), "{} is told: {}", person.name(), message.text());
    message
}

/// The last answer to a press under a card, which opened no form: while a person is being checked, they are told so.
pub async fn answered(reply: Reply) -> Posted {
    assert!(reply.modal().is_none(), "a form opens, and what is typed into it is typed in vain: {}", reply.text());
    reply.changes_until(|text| !text.contains("One moment")).await
}

/// The lead and the log channel are told that Vira is gone.
pub async fn gone_is_told(world: &World) {
    told(&world.sandbox.lead(), "is gone").await;
    world.log_says("deleted **vira.luhova**").await;
}

/// How often the phone system was asked to delete.
pub fn deletes(world: &World) -> usize {
    world.asked("DELETE")
}

/// A text as a person reads it, with the approvers and their role by name.
pub fn heard(world: &World, text: &str) -> String {
    let (sandbox, mut text) = (&world.sandbox, world.heard(text));
    for person in [sandbox.second_approver(), sandbox.owner()] {
        text = text.replace(&person.mention(), &format!("@{}", person.name()));
    }
    text.replace(&format!("<@&{}>", sandbox.approver_role()), "@Approver")
}

/// The first so many lines.
pub fn first_lines(text: &str, count: usize) -> String {
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}

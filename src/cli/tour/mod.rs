//! The tour: a support lead finds, clones, hands over, disables and enables; with an approver, deletes and restores; logs
//! people in and pauses them; keeps the extensions. It goes over the real wire, every step is printed as the person would
//! see it, and the first thing that does not happen ends it with exit code 1. The part of approvers stands in
//! `approving.rs`, who is in and who is paused in `presence.rs`, the extensions in `extensions.rs`.

mod approving;
mod extensions;
mod presence;

use std::time::{Duration, Instant};

use rollcall_sandbox::{Choice, Person, Phones, Posted, Reply, Sandbox, Trouble};

use super::Ended;
use super::sandbox::Bot;

/// A clone costs the lead at most so many filled fields, and one press.
const FIELDS_MAX: usize = 3;
/// The password is readable within this time of the press.
const READABLE_WITHIN: Duration = Duration::from_secs(10);

impl From<Trouble> for Ended {
    fn from(trouble: Trouble) -> Self {
        Self::Refused(format!("The tour stopped here: {trouble}"))
    }
}

/// Plays the tour.
pub(super) async fn play(sandbox: &Sandbox, phones: &Phones, bot: &mut Bot) -> Result<(), Ended> {
    bot.is_open().await?;
    let lead = sandbox.lead();
    say!("A tour of Rollcall. {} is a support lead; everything happens on this machine.\n", lead.name());

    step("A new colleague gets an account like another's, and the password goes to one person only.");
    let source = find(&lead).await?;
    let (login, password) = clone(sandbox, &lead, &source).await?;
    proof(phones.mediatel.can_log_in(&login, &password), "the new agent can log in with the password")?;
    step("An agent is disabled and enabled at once, with a way back.");
    disable_and_enable(sandbox, phones, &lead, &login).await?;
    step("Deleting for good takes a second person, who sees everything that goes.");
    approving::delete(sandbox, phones, &lead, &login).await?;
    step("What was deleted can be brought back, with a fresh password.");
    approving::restore(sandbox, phones, &lead, &login).await?;
    step("Somebody who works on two phone systems is logged in on both, with one command and one press.");
    presence::log_in(sandbox, phones, &lead).await?;
    step("She goes to a pause, and the reason is corrected.");
    presence::pause(sandbox, phones, &lead).await?;
    step("At the end of the day: who is in, since when, and asked by whom.");
    presence::status(&lead).await?;
    step("A desk that is taken: nobody is logged out by itself.");
    presence::taken(sandbox, phones, &lead).await?;
    step("Extensions: what there is, a new one, and a change; nothing is sent before it was shown.");
    let made = extensions::create(sandbox, phones, &lead).await?;
    extensions::edit(sandbox, phones, &lead, made).await?;
    step("Many at once, from a file: what it would do first, and afterwards what really changed.");
    extensions::batch(sandbox, phones, &lead, made).await?;
    step("An extension is deleted as agents are: once a second person agrees.");
    extensions::delete(sandbox, phones, &lead, made).await?;
    sandbox.finish().await?;
    say!("That was the tour: everything above happened, and nothing was left unread or unanswered.");
    Ok(())
}

/// Finds an agent to copy; answers its `connection:id`.
async fn find(lead: &Person) -> Result<String, Ended> {
    let line = "/agent search query:ko state:enabled";
    let found = lead.try_types(line).await?;
    typed(lead, line);
    shows("Rollcall", found.seen());
    let first = found.options().first().cloned().ok_or_else(|| missing("an agent in the search"))?;
    let card = lead.try_selects(&found, &[first.as_str()]).await?;
    say!("  {} picks “{first}” and reads the card:\n", lead.name());
    shows("Rollcall", card.seen());
    let login = first.split(' ').next().unwrap_or_default();
    let line = format!("/agent clone source:{login}");
    let choices = lead.try_completes(&line).await?;
    typed(lead, &line);
    suggestions(&choices);
    choices.first().map(|c| c.value.clone()).ok_or_else(|| missing("the agent among the suggestions"))
}

/// Clones it for a new colleague; answers login and password as the recipient reads them.
async fn clone(sandbox: &Sandbox, lead: &Person, source: &str) -> Result<(String, String), Ended> {
    let line = format!("/agent clone source:{source} login:Зоряна Гнатюк");
    let choices = lead.try_completes(&line).await?;
    typed(lead, &line);
    suggestions(&choices);
    let login = choices.first().map(|c| c.value.clone()).ok_or_else(|| missing("a login among the suggestions"))?;

    let keeper = sandbox.keeper();
    let line = format!("/agent clone source:{source} login:{login} recipient:{}", keeper.mention());
    let fields = line.split_whitespace().skip(2).count();
    let preview = lead.try_types(&line).await?;
    typed(lead, &line.replace(&keeper.mention(), &format!("@{}", keeper.name())));
    shows("Rollcall", preview.seen());

    let button = format!("Create {login}");
    say!("  {} presses [{button}]\n", lead.name());
    let pressed = Instant::now();
    let reply = press(lead, &preview, &button).await?;
    let told = reply.try_changes_until(|text| text.contains("exists on")).await?;
    let message = keeper.try_next_direct_message().await?;
    say!("  {} gets a direct message:\n", keeper.name());
    shows("Rollcall", message.seen());
    let (shown, password) = reveal(&keeper, &message).await?;
    let readable = pressed.elapsed();
    say!("  {} presses [Reveal]; this very message changes:\n", keeper.name());
    shows("Rollcall", shown.seen());
    keeper.try_presses(&shown, "I have it").await?;
    let hidden = message.try_changes_until(|text| !text.contains("```")).await?;
    say!("  {} presses [I have it]:\n", keeper.name());
    shows("Rollcall", hidden.seen());

    say!("  Meanwhile {} reads the reply, and the receipt:\n", lead.name());
    shows("Rollcall", told.seen());
    let receipt = lead.try_next_direct_message().await?.try_changes_until(|text| text.contains("Confirmed")).await?;
    shows("Rollcall", receipt.seen());
    logged(sandbox).await?;
    say!("  ({fields} filled fields and one press; the password was readable {} ms after it.)\n", readable.as_millis());
    proof(fields <= FIELDS_MAX, "a clone costs at most three fields")?;
    proof(readable <= READABLE_WITHIN, "the password is readable within ten seconds")?;
    Ok((login, password))
}

async fn disable_and_enable(sandbox: &Sandbox, phones: &Phones, lead: &Person, login: &str) -> Result<(), Ended> {
    for (verb, state, wanted) in [("disable", 0, "disabled"), ("enable", 1, "enabled")] {
        let line = format!("/agent {verb} agent:{login}");
        let reply = lead.try_types(&line).await?;
        typed(lead, &line);
        let done = reply.try_changes_until(|text| text.contains(wanted)).await?;
        shows("Rollcall", done.seen());
        logged(sandbox).await?;
        let held = phones.mediatel.agent_by_login(login).and_then(|agent| agent.number("State"));
        proof(held == Some(state), "the phone system holds the new state")?;
    }
    Ok(())
}

/// The next line in the log channel, where everybody on the team sees what changed.
async fn logged(sandbox: &Sandbox) -> Result<(), Ended> {
    let line = sandbox.log_channel().try_next_message().await?;
    say!("  In the log channel:\n");
    shows("Rollcall", line.seen());
    Ok(())
}

/// Reveals the password of a message; answers the message as it then stands, and the password.
async fn reveal(person: &Person, message: &Posted) -> Result<(Posted, String), Ended> {
    person.try_presses(message, "Reveal").await?;
    let shown = message.try_changes_until(|text| text.contains("```")).await?;
    let password = code_block(shown.text()).ok_or_else(|| missing("a password in the message"))?;
    Ok((shown, password))
}

async fn press(person: &Person, message: &Posted, label: &str) -> Result<Reply, Trouble> {
    person.try_presses(message, label).await
}

/// The lead types a command, and reads what came of it.
async fn asks(lead: &Person, line: &str, until: &str) -> Result<Posted, Ended> {
    let reply = lead.try_types(line).await?;
    typed(lead, line);
    let told = reply.try_changes_until(|text| text.contains(until)).await?;
    shows("Rollcall", told.seen());
    Ok(told)
}

/// The lead presses what is offered, and reads what came of it.
async fn presses(lead: &Person, message: &Posted, button: &str, until: &str) -> Result<(), Ended> {
    say!("  {} presses [{button}]\n", lead.name());
    let reply = lead.try_presses(message, button).await?;
    let told = reply.try_changes_until(|text| text.contains(until)).await?;
    shows("Rollcall", told.seen());
    Ok(())
}

/// Looks at what Discord would suggest for the last option of a line.
async fn completes(lead: &Person, line: &str) -> Result<Vec<Choice>, Ended> {
    let choices = lead.try_completes(line).await?;
    typed(lead, line);
    suggestions(&choices);
    Ok(choices)
}

/// What the next steps show, in one line.
fn step(what: &str) {
    say!("▸ {what}\n");
}

fn typed(person: &Person, line: &str) {
    say!("{} types: {line}\n", person.name());
}

fn suggestions(choices: &[Choice]) {
    say!("  Discord suggests:");
    for choice in choices.iter().take(4) {
        say!("    {}", choice.name);
    }
    say!("");
}

fn shows(who: &str, text: &str) {
    for (i, line) in text.lines().enumerate() {
        say!("    {:>8} │ {line}", if i == 0 { who } else { "" });
    }
    say!("");
}

fn code_block(text: &str) -> Option<String> {
    Some(text.split("```").nth(1)?.trim().to_owned())
}

fn missing(what: &str) -> Ended {
    Ended::Refused(format!("The tour stopped here: there was no sign of {what}."))
}

fn proof(holds: bool, what: &str) -> Result<(), Ended> {
    if holds { Ok(()) } else { Err(Ended::Refused(format!("The tour stopped here: it is not so that {what}."))) }
}

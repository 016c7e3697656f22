//! The second half of the tour: an agent is deleted because a second person agrees, and comes back.

use rollcall_sandbox::{Person, Phones, Posted, Sandbox};

use super::{logged, missing, proof, reveal, shows, suggestions, typed};
use crate::cli::Ended;

/// The lead asks, somebody without the role reacts in vain, an approver reacts, the agent is gone.
pub(super) async fn delete(sandbox: &Sandbox, phones: &Phones, lead: &Person, login: &str) -> Result<(), Ended> {
    let card = ask(sandbox, lead, login).await?;
    wrong_person(sandbox, &card).await?;
    let still = phones.mediatel.agent_by_login(login).is_some();
    proof(still, "the agent is still there before an approver reacts")?;

    let card = approved(sandbox, &card, "is gone").await?;
    proof(phones.mediatel.agent_by_login(login).is_none(), "the phone system does not have the agent any more")?;
    proof(card.buttons().is_empty(), "nothing can be pressed under a decided card")?;
    say!("  {} gets a direct message:\n", lead.name());
    shows("Rollcall", lead.try_next_direct_message().await?.seen());
    logged(sandbox).await
}

/// Asks for the delete of an agent that still works; answers the card.
async fn ask(sandbox: &Sandbox, lead: &Person, login: &str) -> Result<Posted, Ended> {
    let line = format!("/agent delete agent:{login} reason:");
    let reasons = lead.try_completes(&line).await?;
    typed(lead, &line);
    suggestions(&reasons);
    let reason = reasons.first().map(|c| c.value.clone()).ok_or_else(|| missing("a reason among the suggestions"))?;
    let line = format!("{line}{reason}");
    let offer = lead.try_types(&line).await?;
    typed(lead, &line);
    shows("Rollcall", offer.seen());
    let button = format!("Disable {login} now and ask for the delete");
    say!("  {} presses [{button}]\n", lead.name());
    let reply = lead.try_presses(&offer, &button).await?;
    let told = reply.try_changes_until(|text| text.contains("The approvers are asked")).await?;
    shows("Rollcall", told.seen());
    logged(sandbox).await?;

    asked(sandbox).await
}

/// The card of what was just asked for, once the bot's own reactions are under it.
pub(super) async fn asked(sandbox: &Sandbox) -> Result<Posted, Ended> {
    let card = sandbox.approvals_channel().try_next_message().await?;
    card.try_reactions_until(|under| ["✅", "❌"].iter().all(|it| under.iter().any(|(emoji, _)| emoji == it))).await?;
    say!("  In the approvals channel stands the card, with the bot's own ✅ and ❌ under it:\n");
    shows("Rollcall", card.seen());
    Ok(card)
}

/// An approver agrees, and the card tells what came of it.
pub(super) async fn approved(sandbox: &Sandbox, card: &Posted, until: &str) -> Result<Posted, Ended> {
    let approver = sandbox.approver();
    say!("{} is an approver and reacts ✅ to the card.\n", approver.name());
    approver.try_reacts(card, "✅")?;
    let card = card.try_changes_until(|text| text.contains(until)).await?;
    say!("  The very card, a moment later:\n");
    shows("Rollcall", card.seen());
    Ok(card)
}

/// Somebody who may not decide reacts, and learns why that does not count.
async fn wrong_person(sandbox: &Sandbox, card: &Posted) -> Result<(), Ended> {
    let trainee = sandbox.trainee();
    say!("{} is a trainee and reacts ✅, too.\n", trainee.name());
    trainee.try_reacts(card, "✅")?;
    let told = trainee.try_next_direct_message().await?;
    let id = trainee.id();
    card.try_reactions_until(|under| !under.iter().any(|(_, user)| *user == id)).await?;
    say!("  The bot takes the reaction away, and {} gets a direct message:\n", trainee.name());
    shows("Rollcall", told.seen());
    Ok(())
}

/// The lead brings the agent back, with a password that works.
pub(super) async fn restore(sandbox: &Sandbox, phones: &Phones, lead: &Person, login: &str) -> Result<(), Ended> {
    let line = format!("/agent restore agent:{login}");
    let kept = lead.try_completes(&line).await?;
    typed(lead, &line);
    suggestions(&kept);
    let agent = kept.first().map(|c| c.value.clone()).ok_or_else(|| missing("the agent among those kept"))?;
    let line = format!("/agent restore agent:{agent}");
    let preview = lead.try_types(&line).await?;
    typed(lead, &line);
    shows("Rollcall", preview.seen());
    let button = format!("Restore {login}");
    say!("  {} presses [{button}]\n", lead.name());
    let reply = lead.try_presses(&preview, &button).await?;
    let told = reply.try_changes_until(|text| text.contains("exists")).await?;
    shows("Rollcall", told.seen());
    let message = lead.try_next_direct_message().await?;
    say!("  {} gets a direct message:\n", lead.name());
    shows("Rollcall", message.seen());
    let (shown, password) = reveal(lead, &message).await?;
    lead.try_presses(&shown, "I have it").await?;
    let hidden = message.try_changes_until(|text| !text.contains("```")).await?;
    say!("  {} presses [Reveal], reads it, and presses [I have it]:\n", lead.name());
    shows("Rollcall", hidden.seen());
    let receipt = lead.try_next_direct_message().await?.try_changes_until(|text| text.contains("Confirmed")).await?;
    shows("Rollcall", receipt.seen());
    logged(sandbox).await?;
    proof(phones.mediatel.can_log_in(login, &password), "the restored agent can log in with the fresh password")
}

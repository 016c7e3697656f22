//! The part of presence: Maria Silva logs in on Erix and on Voicenter, goes to a pause, and somebody's desk is taken.
//! What the phone systems cannot tell, their twins prove after each step.

use rollcall_sandbox::erix::Presence;
use rollcall_sandbox::{Person, Phones, Sandbox};

use super::{asks, completes, logged, presses, proof};
use crate::cli::Ended;

/// Maria Silva's login at Erix.
const MARIA: &str = "maria";
/// Her user id at Voicenter.
const MARIA_AT_VOICENTER: &str = "318840127";
/// Dana Levi and Avi Biton share a desk, and so its extension.
const DANA: &str = "123456789";
const AVI: &str = "207733914";
/// Voicenter's status of who is logged in.
const LOGGED_IN: i64 = 1;

/// One command for one agent, one press for the other.
pub(super) async fn log_in(sandbox: &Sandbox, phones: &Phones, lead: &Person) -> Result<(), Ended> {
    completes(lead, "/agent login agent:maria").await?;
    let reply = asks(lead, &format!("/agent login agent:erix-br:{MARIA}"), "is logged in").await?;
    logged(sandbox).await?;
    let there = phones.erix.presence(MARIA);
    proof(matches!(there, Some(Presence::Available { .. })), "Erix has her logged in")?;
    proof(status_of(phones, MARIA_AT_VOICENTER) != Some(LOGGED_IN), "nobody but Erix was asked")?;

    presses(lead, &reply, "Log in Maria Silva on all of them", "logged in on 2 of 2").await?;
    logged(sandbox).await?;
    proof(status_of(phones, MARIA_AT_VOICENTER) == Some(LOGGED_IN), "Voicenter has her logged in")?;
    proof(phones.erix.mutations().len() == 1, "Erix was not asked twice")
}

/// A pause, and another reason for it: Erix changes none, so the pause is ended and begun anew.
pub(super) async fn pause(sandbox: &Sandbox, phones: &Phones, lead: &Person) -> Result<(), Ended> {
    let line = format!("/agent pause agent:erix-br:{MARIA} reason:");
    completes(lead, &line).await?;
    asks(lead, &format!("{line}Almoço"), "is paused (Almoço)").await?;
    logged(sandbox).await?;
    proof(pauses_for(phones, "Almoço"), "Erix has her paused for lunch")?;

    let reply = asks(lead, &format!("{line}Treinamento"), "was paused already").await?;
    logged(sandbox).await?;
    proof(pauses_for(phones, "Almoço"), "nothing was changed by that")?;
    presses(lead, &reply, "Unpause Maria Silva, then pause: Treinamento", "is paused (Treinamento)").await?;
    logged(sandbox).await?;
    proof(pauses_for(phones, "Treinamento"), "Erix has her paused for a training")
}

/// The list of a connection: what was asked last, since neither system tells more.
pub(super) async fn status(lead: &Person) -> Result<(), Ended> {
    asks(lead, "/agent status connection:erix-br", "Maria Silva").await?;
    Ok(())
}

/// Somebody else sits at the extension: the bot says whom to ask.
pub(super) async fn taken(sandbox: &Sandbox, phones: &Phones, lead: &Person) -> Result<(), Ended> {
    asks(lead, &format!("/agent login agent:voicenter:{DANA}"), "is logged in").await?;
    logged(sandbox).await?;
    asks(lead, &format!("/agent login agent:voicenter:{AVI}"), "Extension is already in use").await?;
    logged(sandbox).await?;
    proof(status_of(phones, DANA) == Some(LOGGED_IN), "whoever sat there is still logged in")?;
    proof(status_of(phones, AVI) != Some(LOGGED_IN), "the other one is not")
}

/// Somebody's status at Voicenter.
fn status_of(phones: &Phones, user: &str) -> Option<i64> {
    phones.voicenter.user(user).map(|user| user.status)
}

/// Whether Erix has Maria Silva paused for this reason.
fn pauses_for(phones: &Phones, wanted: &str) -> bool {
    matches!(phones.erix.presence(MARIA), Some(Presence::Paused { reason: Some(reason), .. }) if reason == wanted)
}

//! What happens under the cards: reactions and deletions, handed to the desk; reactions that do not count are taken away
//! where the bot may.

use std::time::Duration;

use serenity::model::id::{ChannelId, MessageId, UserId};

use super::door::Door;
use super::gateway::{EmojiEvent, Happening, ReactionEvent};
use super::guild::{APPROVE, DENY};
use super::rest;
use super::turns::Turn;
use crate::desk::{Absence, Emoji, Fate, Nature, Reaction, Stray, Weight};
use crate::ledger::{BallotVerdict, LedgerError};

/// How often what happened is handed on again while the store cannot be written, with a pause of as many seconds.
const TRIES: u64 = 30;

/// A pause before what stands under the cards is looked up again.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How often it is noted that the bot is connected, at the least.
pub(super) const BEAT_EVERY: Duration = Duration::from_secs(5);

/// A reaction that does not count.
struct Wrong {
    channel: ChannelId,
    message: MessageId,
    emoji: String,
    person: UserId,
}

/// Hands on what happened, what is written down of it in its turn; while the store cannot be written, again and again.
pub(super) async fn happened(door: &Door, happening: Happening, mut turn: Turn) {
    turn.comes().await;
    let mut turn = Some(turn);
    for pause in 1..=TRIES {
        match hand_on(door, happening.clone(), &mut turn).await {
            Ok(wrong) => {
                // Nobody waits for Discord to take it away.
                drop(turn);
                if let Some(Wrong { channel, message, emoji, person }) = wrong {
                    take_away(door, channel, message, &emoji, person).await;
                }
                return;
            }
            Err(error) => tracing::error!(%error, "what happened under a card cannot be written now"),
        }
        tokio::time::sleep(Duration::from_secs(pause)).await;
    }
    tracing::error!("what happened under a card was not written; the next look under the cards finds it");
}

/// Hands it to the desk; answers what is to be taken away.
async fn hand_on(door: &Door, happening: Happening, turn: &mut Option<Turn>) -> Result<Option<Wrong>, LedgerError> {
    let desk = &door.desk;
    match happening {
        Happening::Reacted(event) => return reacted(door, event, turn).await,
        Happening::Unreacted(event) => match ours(door, &event).await {
            Some(reaction) => desk.unreacted(&reaction).await,
            None => desk.own_reaction_gone(event.channel_id, event.message_id).await,
        },
        Happening::Cleared(event) => {
            let emoji = event.emoji.as_ref().map(emoji);
            desk.reactions_cleared(event.channel_id, event.message_id, emoji).await
        }
        Happening::MessagesGone { channel, messages } => {
            for message in messages {
                desk.message_gone(channel, message).await?;
            }
            Ok(())
        }
        Happening::ChannelGone(channel) => desk.channel_gone(channel).await,
        Happening::RoleGone => desk.check_electorate().await,
    }?;
    Ok(None)
}

async fn reacted(door: &Door, event: ReactionEvent, turn: &mut Option<Turn>) -> Result<Option<Wrong>, LedgerError> {
    let (channel, message, person) = (event.channel_id, event.message_id, event.user_id);
    let Some(reaction) = ours(door, &event).await else { return Ok(None) };
    let written = door.desk.write_reaction(&reaction).await?;
    // Weighing asks Discord and the phone system, which may take long: what others say is written meanwhile.
    *turn = None;
    Ok(match door.desk.fate_of(written).await? {
        Fate::Stays => None,
        Fate::Goes => Some(Wrong { channel, message, emoji: name(&event.emoji), person }),
    })
}

/// The reaction as the desk takes it; `None` for the bot's own and for those elsewhere.
async fn ours(door: &Door, event: &ReactionEvent) -> Option<Reaction> {
    if event.guild_id.is_some_and(|guild| guild != door.guild) {
        return None;
    }
    // The bot's own ✅ and ❌ must never be taken for anybody's: without knowing who it is, nothing is looked at.
    if door.session.user().await.is_none_or(|me| me == event.user_id) {
        return None;
    }
    let machine = event.member.as_ref().and_then(|member| member.user.as_ref()).is_some_and(|user| user.bot);
    Some(Reaction {
        channel: event.channel_id,
        message: event.message_id,
        person: event.user_id,
        nature: if machine { Nature::Machine } else { Nature::Human },
        emoji: emoji(&event.emoji),
        weight: if event.burst || event.kind == 1 { Weight::Super } else { Weight::Normal },
    })
}

fn emoji(event: &EmojiEvent) -> Emoji {
    match (event.id, event.name.as_deref()) {
        (None, Some(APPROVE)) => Emoji::Approve,
        (None, Some(DENY)) => Emoji::Deny,
        // One of the server's own may be called ✅; its id tells.
        (_, _) => Emoji::Other,
    }
}

/// An emoji as it stands in a path of Discord's.
fn name(event: &EmojiEvent) -> String {
    let name = event.name.clone().unwrap_or_default();
    event.id.map_or(name.clone(), |id| format!("{}:{id}", if name.is_empty() { "_" } else { &name }))
}

/// Takes away reactions that were made while the bot was away for too long.
pub(super) async fn take_strays(door: &Door, strays: Vec<Stray>) {
    for stray in strays {
        let emoji = match stray.verdict {
            BallotVerdict::Approve => APPROVE,
            BallotVerdict::Deny => DENY,
            BallotVerdict::Look => continue,
        };
        take_away(door, stray.channel, stray.message, emoji, stray.person).await;
    }
}

async fn take_away(door: &Door, channel: ChannelId, message: MessageId, emoji: &str, person: UserId) {
    match door.rest.remove_reaction(channel, message, emoji, person).await {
        Ok(()) => {}
        Err(error) if matches!(error.code(), Some(rest::MISSING_PERMISSIONS | rest::UNKNOWN_MESSAGE)) => {
            tracing::debug!(%error, "a reaction that does not count stays where it is");
        }
        Err(error) => tracing::warn!(%error, "a reaction that does not count could not be taken away"),
    }
}

/// The gateway tells again what happens: what was missed is looked up, until all of it is.
pub(super) async fn look_under_cards(door: &Door, absence: Absence) {
    loop {
        match door.desk.look_under_cards(absence).await {
            Ok(looked) => {
                take_strays(door, looked.strays).await;
                if looked.unread == 0 {
                    return;
                }
            }
            Err(error) => tracing::error!(%error, "what stands under the cards cannot be looked up now"),
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

//! What must hold, whatever happened.

use std::collections::BTreeSet;

use serenity::model::id::UserId;

use super::super::phone::record;
use super::deeds::Who;
use super::events::Event;
use super::model::{Facts, Said, Seen, Worth, people};
use super::play::Play;
use crate::desk::{Heard, Settled};
use crate::ledger::{Ballot, BallotVerdict, Request, RequestState, Via};

/// What the ledger has of what people said; whatever a bot says never counts.
pub(super) fn said(ballots: &[Ballot]) -> Vec<Said> {
    let of = |b: &Ballot| Said { person: b.person, via: b.via, verdict: b.verdict, worth: b.state.into() };
    ballots.iter().filter(|ballot| ballot.person != Who::Robot.id()).map(of).collect()
}

fn request(play: &Play) -> Request {
    let life = play.life.as_ref().unwrap();
    life.does(life.desk.ledger().request(play.request)).unwrap().unwrap()
}

fn hold(held: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if held { Ok(()) } else { Err(what()) }
}

/// If the request was claimed just now, while this was true: then rightly so.
pub(super) fn claim(play: &Play, was: RequestState, then: &Facts) -> Result<(), String> {
    if was != RequestState::Pending {
        return Ok(());
    }
    let request = request(play);
    if request.intent.is_none() {
        return Ok(());
    }
    let settled: Settled = serde_json::from_str(request.settlement.as_deref().unwrap()).unwrap();
    let by: BTreeSet<UserId> = settled.approvers().iter().copied().collect();
    hold(by.len() >= play.model.threshold, || format!("executed with {by:?} alone"))?;
    for person in &by {
        hold(then.may_decide(*person), || format!("executed on the word of {person}, who may not"))?;
        let stands = then.under.as_ref().is_some_and(|u| people(u, BallotVerdict::Approve).contains(person));
        let pressed = play.pressed.iter().any(|who| who.id() == *person);
        hold(stands || pressed, || format!("executed on the word of {person}, who took it back"))?;
    }
    hold(then.may_ask(), || "executed for somebody who may no longer ask".to_owned())?;
    hold(then.record == Seen::Same, || format!("executed on a record that is {:?}", then.record))?;
    let (wall, steady) = play.model.expires;
    hold(then.wall < wall && then.steady < steady, || "executed after its time".to_owned())
}

/// Who presses after the decision is told that it came late, save whose word had decided it.
pub(super) fn answer(play: &Play, was: RequestState, event: &Event, heard: Option<Heard>) -> Result<(), String> {
    let (Event::Pressed(who, verdict), Some(heard)) = (event, heard) else { return Ok(()) };
    let counted = play
        .model
        .said
        .iter()
        .any(|s| (s.person, s.via, s.verdict, s.worth) == (who.id(), Via::Button, *verdict, Worth::Counted));
    let right = match heard {
        Heard::Late(_) => !counted || *verdict == BallotVerdict::Look,
        Heard::Decided(_) => counted,
        Heard::Counted { .. } | Heard::Looking | Heard::NotCounted(_) | Heard::Waits(_) => was == RequestState::Pending,
    };
    hold(right, || format!("{event:?} of a request that is {was:?} is answered {heard:?}"))
}

/// The request and what people said stand in the ledger as in the model; nothing was deleted that should not be.
pub(super) fn compares(play: &Play) -> Result<(), String> {
    let request = request(play);
    let (is, must) = (request.state, play.model.state);
    hold(is == must, || format!("it is {is:?} and must be {must:?}\n{:#?}", play.model))?;
    let deleted = play.world.phone.now().deleted.clone();
    hold(deleted.len() <= 1, || format!("deleted {} times", deleted.len()))?;
    hold(deleted.iter().all(|it| *it == record().fingerprint()), || "another record was deleted".to_owned())?;
    let claimed = request.intent.is_some();
    hold(deleted.is_empty() || claimed, || "deleted without a claim".to_owned())?;
    // What stood under a card that is gone is taken back once the bot knows.
    let unheard = play.known.is_some() && play.card.is_none();
    let life = play.life.as_ref().unwrap();
    let ballots = life.does(life.desk.ledger().ballots(play.request)).unwrap();
    let [is, must] = [said(&ballots), play.model.said.clone()].map(|mut said| {
        said.retain(|s| !unheard || s.via == Via::Button);
        let checked = |s: &&mut Said| matches!(s.worth, Worth::Counted | Worth::Refused);
        said.iter_mut().filter(checked).filter(|_| play.model.crowded).for_each(|s| s.worth = Worth::Late);
        said.sort();
        said
    });
    hold(is == must, || format!("people said {is:#?}\nand must have said {must:#?}"))
}

/// It is over, once and for all.
pub(super) fn at_the_end(play: &Play) -> Result<(), String> {
    let request = request(play);
    hold(request.state.is_settled(), || format!("it is still {:?}", request.state))?;
    let deleted = play.world.phone.now().deleted.len();
    let may_be: &[usize] = match request.state {
        // Somebody else may have been quicker.
        RequestState::Done => &[0, 1],
        _ => &[0],
    };
    hold(may_be.contains(&deleted), || format!("it is {:?}, and {deleted} agents were deleted", request.state))?;
    let life = play.life.as_ref().unwrap();
    let open = life.does(life.desk.ledger().open_intents()).unwrap();
    hold(open.is_empty(), || format!("left open: {open:?}"))?;
    let rows = life.does(life.desk.ledger().audit_rows(0, 1_000)).unwrap();
    let decided = ["agent.delete recorded", "request void", "request denied", "request expired", "request cancelled"];
    let decided: Vec<&str> = rows.iter().map(|row| row.what.as_str()).filter(|what| decided.contains(what)).collect();
    hold(decided.len() == 1, || format!("decided as {decided:?}"))
}

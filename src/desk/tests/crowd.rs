//! Many people at once, at two bots on one store.

use rollcall_commands::AgentText;
use serenity::model::id::{ChannelId, InteractionId, MessageId, UserId};
use tokio::task::JoinSet;

use super::life::{World, open, settings};
use crate::desk::{Asked, Desk, Emoji, Nature, Reaction, Reactions, Weight};
use crate::ledger::{BallotState, BallotVerdict, Posted, Request, RequestId, RequestState};
use crate::policy::Actor;

const PEOPLE: u64 = 50;

/// A delete is asked for at the first bot, and its card posted.
async fn asked(world: &World, desk: &Desk) -> Request {
    let requester = Actor { id: UserId::new(11), name: "Olha Koval".to_owned(), roles: vec![3.into()] };
    let asked = Asked { interaction: InteractionId::new(1) };
    desk.ask_delete(&requester, &AgentText("mediatel:7".to_owned()), "leaver", asked).await.unwrap();
    let (copy, request) = desk.ledger().due_copies(1).await.unwrap().remove(0);
    let posted = Posted { channel: ChannelId::new(4), message: MessageId::new(1_000) };
    let approve = (1..=PEOPLE).map(|person| UserId::new(100 + person)).collect();
    world.town.now().cards.insert(posted.message, Reactions { approve, ..Reactions::default() });
    desk.ledger().copy_posted(copy.id, posted, request.revision).await.unwrap();
    request
}

/// Every other person reacts, the others press the button.
async fn says_yes(desk: Desk, request: RequestId, person: u64) {
    let by = UserId::new(100 + person);
    if person.is_multiple_of(2) {
        desk.vote(request, by, BallotVerdict::Approve, None).await.unwrap();
    } else {
        let (channel, message) = (ChannelId::new(4), MessageId::new(1_000));
        let (nature, emoji, weight) = (Nature::Human, Emoji::Approve, Weight::Normal);
        desk.reacted(&Reaction { channel, message, person: by, nature, emoji, weight }).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_people_at_two_bots_each_counts_or_is_late_and_one_act_is_done() {
    for threshold in 1..=3_usize {
        let world = World::new(settings(&format!("threshold = {threshold}")));
        world.town.comes(11, "Olha Koval", &[3]);
        (1..=PEOPLE).for_each(|person| world.town.comes(100 + person, "Ann", &[5]));
        let desks = [open(&world).await, open(&world).await];
        for desk in &desks {
            let absence = desk.back_in_touch();
            desk.look_under_cards(absence).await.unwrap();
        }
        let request = asked(&world, &desks[0]).await.id;

        let mut voices = JoinSet::new();
        for person in 1..=PEOPLE {
            let desk = desks[usize::from(person > PEOPLE / 2)].clone();
            voices.spawn(says_yes(desk, request, person));
        }
        while let Some(said) = voices.join_next().await {
            said.unwrap();
        }
        for desk in &desks {
            desk.all_at_rest().await;
        }

        let ledger = desks[1].ledger();
        let line = world.phone.now().clone();
        assert_eq!((line.asked, line.deleted.len()), (1, 1));
        assert_eq!(ledger.request(request).await.unwrap().unwrap().state, RequestState::Done);
        let ballots = ledger.ballots(request).await.unwrap();
        assert_eq!(ballots.len(), usize::try_from(PEOPLE).unwrap());
        let counted = ballots.iter().filter(|ballot| ballot.state == BallotState::Counted).count();
        let late = ballots.iter().filter(|ballot| ballot.state == BallotState::Late).count();
        assert!(counted >= threshold && counted + late == ballots.len(), "{ballots:#?}");
        assert!(ledger.open_intents().await.unwrap().is_empty());
    }
}

//! What a request does with time: reminders, expiry, absences, and how long things are kept, to the millisecond.

use std::time::Duration;

use rollcall_commands::AgentText;
use rollcall_telephony::{Clock as _, Millis};
use serenity::model::id::{ChannelId, InteractionId, MessageId, UserId};

use super::life::{Life, World, settings};
use crate::desk::{
    Absence, Asked, DeleteAsked, Emoji, Fate, Heard, Looked, Nature, Reaction, Reactions, Refusal, Weight,
};
use crate::ledger::{BallotState, BallotVerdict, CopyKind, Posted, Request, RequestId, RequestState};
use crate::policy::Actor;

const HOUR: Duration = Duration::from_hours(1);
const MOMENT: Duration = Duration::from_millis(1);
const REQUESTER: UserId = UserId::new(11);
const ANN: UserId = UserId::new(21);
const BEN: UserId = UserId::new(22);

/// A bot and its world.
struct Office {
    world: World,
    life: Option<Life>,
}

impl Office {
    fn opens(approvals: &str) -> Self {
        let world = World::new(settings(approvals));
        world.town.comes(11, "Olha Koval", &[3]);
        world.town.comes(21, "Ann", &[5]);
        world.town.comes(22, "Ben", &[6]);
        let office = Self { life: Some(Life::begins(&world)), world };
        office.comes_back();
        office
    }

    fn life(&self) -> &Life {
        self.life.as_ref().unwrap()
    }

    fn does<T>(&self, work: impl AsyncFnOnce(&crate::desk::Desk) -> T) -> T {
        let life = self.life();
        let done = life.does(work(&life.desk));
        life.rests();
        done
    }

    /// On both clocks.
    fn passes(&self, time: Duration) {
        self.world.clock.advance(time);
        self.life().time_passes(time);
    }

    /// All of it but the last millisecond.
    fn passes_nearly(&self, time: Duration) {
        self.passes(time.saturating_sub(MOMENT));
    }

    fn crashes(&mut self) {
        self.life = None;
    }

    fn starts(&mut self) {
        self.life = Some(Life::begins(&self.world));
    }

    fn comes_back(&self) -> (Absence, Looked) {
        self.does(async |desk| {
            let absence = desk.back_in_touch();
            (absence, desk.look_under_cards(absence).await.unwrap())
        })
    }

    fn asks(&self, interaction: u64) -> Result<DeleteAsked, Refusal> {
        let requester = Actor { id: REQUESTER, name: "Olha Koval".to_owned(), roles: vec![3.into()] };
        let asked = Asked { interaction: InteractionId::new(interaction) };
        self.does(async |desk| desk.ask_delete(&requester, &AgentText("mediatel:7".to_owned()), "leaver", asked).await)
    }

    /// The delete is asked for, and its card posted.
    fn asked(&self) -> Request {
        self.asks(1).unwrap();
        self.tends();
        let due = self.does(async |desk| desk.ledger().due_copies(1).await.unwrap());
        let [(copy, request)] = &due[..] else { panic!("one card is due") };
        let posted = Posted { channel: ChannelId::new(4), message: MessageId::new(1_000) };
        self.world.town.now().cards.insert(posted.message, Reactions::default());
        self.does(async |desk| {
            desk.ledger().copy_posted(copy.id, posted, request.revision).await.unwrap();
            desk.ledger().copy_reacted(copy.id).await.unwrap();
        });
        request.clone()
    }

    fn tends(&self) {
        self.does(async |desk| desk.tend_requests().await.unwrap());
    }

    fn copies(&self, of: RequestId, kind: CopyKind) -> usize {
        let copies = self.does(async |desk| desk.ledger().copies(of).await.unwrap());
        copies.iter().filter(|copy| copy.kind == kind).count()
    }

    fn state(&self, of: RequestId) -> RequestState {
        self.does(async |desk| desk.ledger().request(of).await.unwrap().unwrap().state)
    }

    fn approves(&self, request: RequestId, person: UserId) -> Heard {
        self.does(async |desk| desk.vote(request, person, BallotVerdict::Approve, None).await.unwrap())
    }

    /// Ann puts a ✅ under the card; whether the bot hears of it is told apart.
    fn ann_reacts(&self) -> Reaction {
        let message = MessageId::new(1_000);
        self.world.town.now().cards.get_mut(&message).unwrap().approve.push(ANN);
        let (channel, emoji, weight) = (ChannelId::new(4), Emoji::Approve, Weight::Normal);
        Reaction { channel, message, person: ANN, nature: Nature::Human, emoji, weight }
    }

    fn ballot(&self, request: RequestId) -> Option<BallotState> {
        let ballots = self.does(async |desk| desk.ledger().ballots(request).await.unwrap());
        ballots.first().map(|ballot| ballot.state)
    }
}

/// When, after the request, each reminder became due, tended to every quarter of an hour.
fn reminded(office: &Office, request: &Request, hours: u32) -> Vec<f64> {
    let mut when = Vec::new();
    for quarter in 1..=hours * 4 {
        let before = office.copies(request.id, CopyKind::Reminder);
        office.passes_nearly(HOUR / 4);
        office.tends();
        assert_eq!(office.copies(request.id, CopyKind::Reminder), before, "a moment before there is none");
        office.passes(MOMENT);
        office.tends();
        let more = office.copies(request.id, CopyKind::Reminder) - before;
        when.extend(std::iter::repeat_n(f64::from(quarter) / 4.0, more));
    }
    when
}

#[test]
fn reminders_come_after_waits_that_double_until_it_expires() {
    let office = Office::opens("remind = \"1h\"\nexpires = \"20h\"");
    let request = office.asked();
    assert_eq!(reminded(&office, &request, 33), [1.0, 3.0, 7.0, 15.0]);
    assert_eq!(office.state(request.id), RequestState::Expired);
}

#[test]
fn nobody_is_reminded_of_what_expires_first() {
    let office = Office::opens("remind = \"3h\"\nexpires = \"3h\"");
    let request = office.asked();
    assert!(reminded(&office, &request, 8).is_empty());
    assert_eq!(office.state(request.id), RequestState::Expired);
}

#[test]
fn reminders_that_were_missed_are_not_made_up_for() {
    let mut office = Office::opens("remind = \"1h\"\nexpires = \"100h\"");
    let request = office.asked();
    office.crashes();
    office.world.clock.advance(10 * HOUR);
    office.starts();
    office.tends();
    office.tends();
    assert_eq!(office.copies(request.id, CopyKind::Reminder), 1, "one for the two at 3 and 7 hours");
    // Those after it come when they would have come.
    assert_eq!(reminded(&office, &request, 60), [5.0, 21.0, 53.0]);
}

#[test]
fn a_request_can_be_approved_until_the_millisecond_it_expires() {
    let office = Office::opens("threshold = 2\nexpires = \"2h\"");
    let request = office.asked();
    office.passes_nearly(2 * HOUR);
    assert_eq!(office.approves(request.id, ANN), Heard::Counted { have: 1, need: 2 });
    office.passes(MOMENT);
    assert!(matches!(office.approves(request.id, BEN), Heard::Late(over) if over.state == RequestState::Expired));
    assert!(office.world.phone.now().deleted.is_empty());

    let office = Office::opens("expires = \"2h\"");
    let request = office.asked();
    office.passes_nearly(2 * HOUR);
    assert!(matches!(office.approves(request.id, ANN), Heard::Decided(_)));
    assert_eq!(office.state(request.id), RequestState::Done);
}

#[test]
fn a_clock_that_is_set_back_gives_no_more_time() {
    let office = Office::opens("expires = \"2h\"");
    let request = office.asked();
    office.world.clock.set_by(-300);
    office.passes_nearly(2 * HOUR);
    office.tends();
    assert_eq!(office.state(request.id), RequestState::Pending);
    office.passes(MOMENT);
    office.tends();
    assert_eq!(office.state(request.id), RequestState::Expired);
}

#[test]
fn a_clock_that_was_set_back_while_the_bot_was_down_gives_no_more_than_was_left() {
    let mut office = Office::opens("expires = \"2h\"");
    let request = office.asked();
    office.passes(HOUR);
    office.does(async |desk| desk.beat().await);
    office.crashes();
    office.world.clock.set_by(-300);
    office.starts();
    office.comes_back();
    office.passes_nearly(HOUR);
    office.tends();
    assert_eq!(office.state(request.id), RequestState::Pending);
    office.passes(MOMENT);
    office.tends();
    assert_eq!(office.state(request.id), RequestState::Expired);
}

#[test]
fn a_clock_that_is_set_forward_makes_nobody_deaf() {
    let office = Office::opens("threshold = 2\nexpires = \"24h\"");
    let request = office.asked();
    office.world.clock.set_by(600);
    let reaction = office.ann_reacts();
    assert_eq!(office.does(async |desk| desk.reacted(&reaction).await.unwrap()), Fate::Stays);
    assert_eq!(office.ballot(request.id), Some(BallotState::Counted));
}

#[test]
fn a_clock_that_is_set_back_does_not_put_off_who_was_asked_in_vain() {
    let office = Office::opens("expires = \"24h\"");
    let request = office.asked();
    office.world.phone.now().silent = true;
    assert!(matches!(office.approves(request.id, ANN), Heard::Waits(_)));
    office.world.clock.set_by(-300);
    office.world.phone.now().silent = false;
    office.passes(Duration::from_mins(1));
    office.tends();
    assert_eq!(office.state(request.id), RequestState::Done);
}

#[test]
fn who_says_no_is_heard_while_the_phone_system_keeps_a_yes_waiting() {
    let office = Office::opens("expires = \"24h\"");
    let request = office.asked();
    office.world.phone.now().silent = true;
    assert!(matches!(office.approves(request.id, ANN), Heard::Waits(_)));
    let heard = office.does(async |desk| desk.vote(request.id, BEN, BallotVerdict::Deny, None).await.unwrap());
    assert!(matches!(heard, Heard::Decided(over) if over.state == RequestState::Denied));
}

#[test]
fn a_delete_is_asked_for_once_the_agent_has_been_seen_disabled_for_long_enough() {
    let office = Office::opens("min_disabled = \"1h\"");
    let seen: Millis = office.world.clock.now();
    let refused = |since: Millis, interaction| {
        let asked = office.asks(interaction);
        let Err(Refusal::NotDisabledLongEnough { since: told, from, .. }) = asked else { panic!("{asked:?}") };
        assert_eq!((told, from), (since, since + HOUR));
    };
    refused(seen, 1);
    office.passes_nearly(HOUR);
    refused(seen, 2);
    // Enabled for a moment: it counts from the beginning, as soon as the bot sees it.
    let enabled = |state: u8| office.world.phone.now().agent.as_mut().unwrap().set("State", &state);
    enabled(1);
    assert!(matches!(office.asks(3), Ok(DeleteAsked::MustBeDisabled(_))));
    enabled(0);
    office.passes(MOMENT);
    let again = office.world.clock.now();
    refused(again, 4);
    office.passes_nearly(HOUR);
    refused(again, 5);
    office.passes(MOMENT);
    assert!(matches!(office.asks(6), Ok(DeleteAsked::Follows)));
}

#[test]
fn a_deleted_agent_can_be_restored_until_its_time_is_over() {
    let office = Office::opens("keep_deleted = \"30d\"");
    let request = office.asked();
    office.approves(request.id, ANN);
    let requester = Actor { id: REQUESTER, name: "Olha Koval".to_owned(), roles: vec![3.into()] };
    let restorable = || office.does(async |desk| desk.restorable(&requester).await.unwrap());
    let kept = restorable();
    assert_eq!(kept.len(), 1);
    let erased = || {
        office.does(async |desk| {
            desk.ledger().tidy().await.unwrap();
            desk.ledger().kept_record(kept[0].id).await.unwrap().is_none()
        })
    };
    office.passes_nearly(30 * 24 * HOUR);
    assert!(!erased());
    assert_eq!(restorable(), kept);
    office.passes(MOMENT);
    assert!(erased());
    assert_eq!(restorable(), []);
    let typed = AgentText("mediatel:7".to_owned());
    let late = office.does(async |desk| desk.preview_restore(&requester, &typed).await);
    assert!(matches!(late, Err(Refusal::NotKept { .. })), "{late:?}");
}

#[test]
fn what_was_said_in_an_absence_counts_up_to_stale_after_and_no_longer() {
    for (more, absence, ballot) in
        [(Duration::ZERO, Absence::Short, BallotState::Counted), (MOMENT, Absence::Long, BallotState::Stale)]
    {
        let mut office = Office::opens("threshold = 2\nstale_after = \"15m\"");
        let request = office.asked();
        office.passes(HOUR);
        office.does(async |desk| desk.beat().await);
        office.crashes();
        office.ann_reacts();
        office.world.clock.advance(Duration::from_mins(15) + more);
        office.starts();
        let (away, looked) = office.comes_back();
        assert_eq!((away, office.ballot(request.id)), (absence, Some(ballot)));
        let long = usize::from(absence == Absence::Long);
        assert_eq!((looked.strays.len(), office.copies(request.id, CopyKind::AskedAgain)), (long, long));
    }
}

#[test]
fn a_clock_that_is_set_back_does_not_shorten_an_absence() {
    let office = Office::opens("threshold = 2\nstale_after = \"15m\"");
    let request = office.asked();
    office.life().desk.lost_touch();
    office.ann_reacts();
    office.world.clock.set_by(-300);
    office.passes(HOUR);
    let (away, _) = office.comes_back();
    assert_eq!((away, office.ballot(request.id)), (Absence::Long, Some(BallotState::Stale)));
}

//! A pause that one of a person's phone systems does not know under its words: a break of that system is picked, once.

use std::time::Duration;

use rollcall_commands::AgentText;
use rollcall_telephony::{IntentId, OtherPauses, PresenceChange};
use serenity::model::id::{InteractionId, UserId};

use super::board::Board;
use super::life::{Life, World, config};
use super::presence::{asked, requester};
use crate::desk::report::{Next, NextWhat, Outcome, Report};
use crate::desk::{Asked, OFFER_LASTS, Refusal, Taken};
use crate::ledger::{OfferId, OfferRefusal};
use crate::policy::Actor;

/// Maria on three phone systems, two of which know their own breaks only; or these of them.
fn world(others: &[&str]) -> World {
    let names = ["erix-br", "one", "two"];
    let system = |name: &&str| {
        format!("[[connection]]\nname = \"{name}\"\nkind = \"erix\"\nbase_url = \"http://127.0.0.1:9/api/agent.php\"\n")
    };
    let is: Vec<String> = std::iter::once(&"erix-br").chain(others).map(|name| format!("\"{name}:maria\"")).collect();
    let mut world = World::new(config(&format!(
        "[discord]\nguild = \"1\"\nlog_channel = \"2\"\n[[role]]\nid = \"3\"\nmay = [\"presence.*\"]\n{}\
         [[person]]\nname = \"Maria Silva\"\nis = [{}]\n",
        names.iter().map(system).collect::<String>(),
        is.join(", "),
    )));
    world.boards = vec![
        Board::new("erix-br", world.trap.clone()),
        Board::with("one", world.trap.clone(), &["Lunch", "Training"], OtherPauses::None),
        Board::with("two", world.trap.clone(), &["Break"], OtherPauses::None),
    ];
    world.town.comes(11, "Olha Koval", &[3]);
    world
}

fn pause(reason: &str) -> PresenceChange {
    PresenceChange::Pause { reason: Some(reason.to_owned()) }
}

fn next_of(life: &Life, intent: i64) -> Vec<Next> {
    let (_, report) = life.does(life.desk.ledger().outcome(IntentId(intent))).unwrap().unwrap();
    let report: Report = serde_json::from_str(&report).unwrap();
    assert!(matches!(report.outcome, Outcome::Presence { .. }));
    report.next
}

/// Maria is paused on the first one; what is offered then.
fn pauses(life: &Life, reason: Option<&str>) -> Vec<Next> {
    let change = PresenceChange::Pause { reason: reason.map(str::to_owned) };
    let asking = Asked { interaction: InteractionId::new(1) };
    life.does(life.desk.set_presence(&requester(), &AgentText("erix-br:maria".to_owned()), change, asking)).unwrap();
    life.rests();
    next_of(life, 1)
}

fn picks(life: &Life, actor: &Actor, next: &Next, place: Option<usize>, interaction: u64) -> Result<Taken, Refusal> {
    let asking = Asked { interaction: InteractionId::new(interaction) };
    let taken = life.does(life.desk.take_offer_with(actor, OfferId(next.offer), place, asking));
    life.rests();
    taken
}

fn offers(next: &[Next]) -> (&Next, &str, &[String]) {
    match next {
        [only @ Next { what: NextWhat::Break { on, breaks, .. }, .. }] => (only, on.as_str(), breaks),
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_pick_pauses_the_person_where_the_reason_is_not_known() {
    for reason in [Some("Almoço"), None] {
        let world = world(&["one"]);
        let life = Life::begins(&world);
        let next = pauses(&life, reason);
        let (offer, on, breaks) = offers(&next);
        assert_eq!((on, breaks), ("one", &["Lunch".to_owned(), "Training".to_owned()][..]));
        assert_eq!(asked(&world), [1, 0, 0]);
        assert!(matches!(picks(&life, &requester(), offer, Some(1), 2), Ok(Taken::Act(_))));
        assert_eq!(asked(&world), [1, 1, 0], "what was done a moment ago is not asked again");
        assert_eq!(*world.boards[1].asked(), [pause("Training")]);
        assert!(matches!(picks(&life, &requester(), offer, Some(0), 3), Ok(Taken::Before(_))));
        assert_eq!(asked(&world), [1, 1, 0], "it is done once");
        assert!(next_of(&life, 2).is_empty());
    }
}

#[test]
fn a_reason_that_is_known_there_takes_no_pick() {
    let world = world(&["one"]);
    let life = Life::begins(&world);
    let next = pauses(&life, Some("lunch"));
    let [Next { what: NextWhat::OnAll { .. }, .. }] = &next[..] else { panic!("{next:?}") };
    assert!(matches!(picks(&life, &requester(), &next[0], Some(0), 2), Err(Refusal::Offer(OfferRefusal::Unknown))));
    assert!(matches!(picks(&life, &requester(), &next[0], None, 3), Ok(Taken::Act(_))));
    assert_eq!(*world.boards[1].asked(), [pause("Lunch")]);
}

#[test]
fn with_two_such_systems_one_pick_follows_the_other() {
    let world = world(&["one", "two"]);
    let life = Life::begins(&world);
    let next = pauses(&life, Some("Almoço"));
    let (offer, on, _) = offers(&next);
    assert_eq!(on, "one");
    picks(&life, &requester(), offer, Some(0), 2).unwrap();
    let next = next_of(&life, 2);
    let (offer, on, breaks) = offers(&next);
    assert_eq!((on, breaks), ("two", &["Break".to_owned()][..]));
    picks(&life, &requester(), offer, Some(0), 3).unwrap();
    assert_eq!(asked(&world), [1, 1, 1]);
    assert_eq!((&*world.boards[1].asked(), &*world.boards[2].asked()), (&vec![pause("Lunch")], &vec![pause("Break")]));
    assert!(next_of(&life, 3).is_empty());
}

#[test]
fn nobody_else_picks_nor_anything_else_nor_later() {
    let world = world(&["one"]);
    let life = Life::begins(&world);
    let next = pauses(&life, Some("Almoço"));
    let (offer, _, _) = offers(&next);
    let other = Actor { id: UserId::new(12), ..requester() };
    let refused = |taken| match taken {
        Err(Refusal::Offer(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(picks(&life, &other, offer, Some(0), 2)), OfferRefusal::NotYours);
    for place in [None, Some(2), Some(usize::MAX)] {
        assert_eq!(refused(picks(&life, &requester(), offer, place, 3)), OfferRefusal::Unknown);
    }
    let without = Actor { roles: Vec::new(), ..requester() };
    assert!(matches!(picks(&life, &without, offer, Some(0), 4), Err(Refusal::NotPermitted { .. })));
    world.clock.advance(OFFER_LASTS);
    assert!(matches!(refused(picks(&life, &requester(), offer, Some(0), 5)), OfferRefusal::Expired(_)));
    assert_eq!(asked(&world), [1, 0, 0]);
}

#[test]
fn what_would_not_be_sent_is_refused_before_it_is_recorded() {
    let world = world(&["one"]);
    let life = Life::begins(&world);
    for (agent, reason) in [("erix-br:maria", "eleven char"), ("one:maria", "Siesta")] {
        let asking = Asked { interaction: InteractionId::new(9) };
        let refused =
            life.does(life.desk.set_presence(&requester(), &AgentText(agent.to_owned()), pause(reason), asking));
        let Err(Refusal::Value(why)) = refused else { panic!("{refused:?}") };
        let on = agent.split(':').next().unwrap();
        assert!(why.starts_with(&format!("On {on}, ")) && why.ends_with('.'), "{why}");
        life.rests();
    }
    assert_eq!(asked(&world), [0, 0, 0]);
    assert!(life.does(life.desk.ledger().intent(IntentId(1))).unwrap().is_none(), "nothing was recorded");
    world.clock.advance(Duration::from_secs(1));
}

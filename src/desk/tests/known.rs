//! What is known of an agent after any sequence of changes and answers, against a model of a few lines.

use proptest::prelude::*;
use rollcall_telephony::{AgentId, AgentRef, ConnectionName, Millis, PresenceAnswer, PresenceChange};

use crate::desk::{Evidence, Existence, FirstStep, Known, KnownState, PartOutcome, PresencePart};

/// A change, what came of it, and how long after the one before.
type Event = (PresenceChange, Option<PresenceChange>, PartOutcome, u32);

fn change() -> impl Strategy<Value = PresenceChange> {
    let some = |values: &[&'static str]| prop::option::of(prop::sample::select(values.to_vec()));
    let word = |text: Option<&'static str>| text.map(str::to_owned);
    prop_oneof![
        (some(&["2001", "2002"]), some(&["suporte", "vendas", "geral"])).prop_map(move |(extension, queue)| {
            PresenceChange::LogIn { extension: word(extension), queue: word(queue) }
        }),
        Just(PresenceChange::LogOut),
        some(&["Lunch", "Training"]).prop_map(move |reason| PresenceChange::Pause { reason: word(reason) }),
        Just(PresenceChange::Unpause),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let first = prop::sample::select(vec![FirstStep::NotDone, FirstStep::Done]);
    let evidence = prop::sample::select(vec![Evidence::None, Evidence::LoggedOut, Evidence::NoSuchAgent]);
    let answer = prop::sample::select(vec![PresenceAnswer::Done, PresenceAnswer::Already]);
    let why = || "no".to_owned();
    let outcome = prop_oneof![
        3 => answer.prop_map(|answer| PartOutcome::Done { answer }),
        1 => (evidence, first.clone()).prop_map(move |(evidence, first)| PartOutcome::Failed { why: why(), evidence, first }),
        1 => first.prop_map(move |first| PartOutcome::Untold { why: why(), first }),
    ];
    (change(), outcome, 0_u32..5_000).prop_map(|(change, outcome, later)| {
        let begun = matches!(
            outcome,
            PartOutcome::Failed { first: FirstStep::Done, .. } | PartOutcome::Untold { first: FirstStep::Done, .. }
        );
        // Only a pause has something before it.
        let change = if begun { PresenceChange::Pause { reason: Some("Lunch".to_owned()) } } else { change };
        (change, begun.then_some(PresenceChange::Unpause), outcome, later)
    })
}

fn part(change: PresenceChange, first: Option<PresenceChange>) -> PresencePart {
    let agent = AgentRef::new(ConnectionName::new("erix-br").unwrap(), AgentId::new("maria"));
    let (login, name, note) = ("maria".to_owned(), "Maria Silva".to_owned(), String::new());
    PresencePart { agent, login, name, first, change, note, before: None }
}

/// How the agent is, in one word; `None`: nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    In,
    Out,
    Paused,
    Doubtful,
    Nobody,
}

fn is(known: &Known) -> Is {
    match known.state {
        KnownState::LoggedIn => Is::In,
        KnownState::LoggedOut => Is::Out,
        KnownState::Paused { .. } => Is::Paused,
        KnownState::Doubtful { .. } => Is::Doubtful,
        KnownState::NoSuchAgent => Is::Nobody,
    }
}

/// What an event makes of it.
fn becomes(before: Option<Is>, change: &PresenceChange, outcome: &PartOutcome) -> Option<Is> {
    match (outcome, change) {
        (PartOutcome::Done { .. }, PresenceChange::LogOut)
        | (PartOutcome::Failed { evidence: Evidence::LoggedOut, .. }, _) => Some(Is::Out),
        (PartOutcome::Failed { evidence: Evidence::NoSuchAgent, .. }, _) => Some(Is::Nobody),
        (PartOutcome::Done { .. }, PresenceChange::Pause { .. }) => Some(Is::Paused),
        (PartOutcome::Done { .. }, PresenceChange::LogIn { .. } | PresenceChange::Unpause)
        | (PartOutcome::Failed { first: FirstStep::Done, .. }, _) => Some(Is::In),
        (PartOutcome::Untold { .. }, _) => Some(Is::Doubtful),
        (PartOutcome::Failed { .. }, _) => before,
    }
}

proptest! {
    #[test]
    fn what_is_known_is_what_was_asked_and_answered(events in prop::collection::vec(event(), 1..40)) {
        let mut known: Option<Known> = None;
        let mut model: Option<Is> = None;
        // The queues and extensions that were named since the last logout.
        let (mut queues, mut extensions) = (Vec::new(), Vec::new());
        let mut entered: Option<Millis> = None;
        let mut now = Millis(1_790_000_000_000);
        for (change, first, outcome, later) in events {
            now = now + std::time::Duration::from_millis(later.into());
            let before = known.clone();
            let after = Known::after(before.as_ref(), &part(change.clone(), first), &outcome, now);
            model = becomes(model, &change, &outcome);
            if after.is_none() {
                prop_assert_eq!(before.as_ref().map(is), model, "nothing new is no change");
                continue;
            }
            known = after;
            let Some(so) = &known else { continue };
            prop_assert_eq!(Some(is(so)), model);
            prop_assert!(so.since.is_none_or(|since| since <= now), "since {:?}, now {:?}", so.since, now);
            if matches!(is(so), Is::Out | Is::Nobody) {
                queues.clear();
                entered = None;
                extensions.clear();
            }
            if let (PresenceChange::LogIn { extension, queue }, PartOutcome::Done { .. }) = (&change, &outcome) {
                queues.extend(queue.clone());
                extensions.extend(extension.clone());
                if outcome == (PartOutcome::Done { answer: PresenceAnswer::Done }) {
                    entered = entered.or(Some(now));
                }
            }
            prop_assert_eq!(so.entered, entered, "in since the first login after the last logout");
            prop_assert!(so.queues.iter().all(|queue| queues.contains(queue)), "{:?} of {:?}", so.queues, queues);
            prop_assert!(queues.iter().all(|queue| so.queues.contains(queue)), "{:?} of {:?}", so.queues, queues);
            prop_assert_eq!(so.extension.as_ref(), extensions.last());
            let was = before.as_ref().and_then(|known| known.since);
            if outcome == (PartOutcome::Done { answer: PresenceAnswer::Already }) {
                // It was so before now: since when is what was known of it, or nobody knows.
                let same = before.as_ref().is_some_and(|before| before.state == so.state);
                prop_assert_eq!(so.since, was.filter(|_| same), "after {:?}", change);
            }
            if let KnownState::Doubtful { asked, agent } = &so.state {
                let proven = before.as_ref().is_some_and(|before| before.existence() == Existence::Proven);
                prop_assert_eq!(*agent, if proven { Existence::Proven } else { Existence::Unproven });
                prop_assert_eq!(asked, &change);
                prop_assert_eq!(so.since, None);
            }
            prop_assert_eq!((so.login.as_str(), so.name.as_str()), ("maria", "Maria Silva"));
        }
    }
}

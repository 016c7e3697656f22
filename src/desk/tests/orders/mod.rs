//! Random orders of what can happen to a request, played on a desk over a real store, beside a model of what must come
//! of it.

mod absence;
mod deeds;
mod events;
mod judge;
mod model;
mod play;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use deeds::Order;
use play::Play;

/// Orders in each of the two tests, which run beside each other.
const ORDERS: u32 = 1_000;

fn config() -> ProptestConfig {
    ProptestConfig { cases: ORDERS, max_shrink_iters: 2_000, max_shrink_time: 30_000, ..ProptestConfig::default() }
}

fn play(order: &Order) -> Result<(), TestCaseError> {
    let mut play = Play::begins(order.threshold);
    for deed in &order.deeds {
        play.on(deed).map_err(TestCaseError::fail)?;
    }
    play.ends().map_err(TestCaseError::fail)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_people_decide_is_what_happens(order in deeds::decisions()) {
        play(&order)?;
    }

    #[test]
    fn whatever_fails_it_happens_once_and_ends(order in deeds::mishaps()) {
        play(&order)?;
    }
}

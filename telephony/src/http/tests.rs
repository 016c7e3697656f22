//! Waiting, as data.

use std::time::Duration;

use reqwest::header::HeaderValue;

use super::patience::{Patience, Stated, back_off};
use crate::Millis;

#[test]
fn retry_after_is_read_in_every_form_and_bounded() {
    // 2026-11-22 03:00:00 UTC
    let now = Millis(1_795_316_400_000);
    let read = |text: &str| Stated::read(Some(&HeaderValue::from_str(text).unwrap()), now).0.map(|d| d.as_secs());
    assert_eq!(Stated::read(None, now).0, None);
    assert_eq!(read("0"), None);
    assert_eq!(read("7"), Some(7));
    assert_eq!(read("1000000000"), Some(3600));
    assert_eq!(read("99999999999999999999999"), Some(3600));
    assert_eq!(read("-5"), None);
    assert_eq!(read("soon"), None);
    assert_eq!(read(""), None);
    assert_eq!(read("Sun, 22 Nov 2026 03:00:30 GMT"), Some(30));
    assert_eq!(read("Sun, 22 Nov 2020 03:00:30 GMT"), None);
}

#[test]
fn pauses_double_with_jitter() {
    for (repeats, most) in [(0, 200), (1, 400), (2, 800)] {
        for _ in 0..50 {
            let pause = back_off(repeats);
            assert!(pause <= Duration::from_millis(most) && pause >= Duration::from_millis(most / 2), "{pause:?}");
        }
    }
}

#[tokio::test]
async fn the_longest_stated_wait_counts() {
    let patience = Patience::default();
    assert_eq!(patience.left(), None);
    patience.hold(Duration::from_secs(100));
    patience.hold(Duration::from_secs(1));
    assert!(patience.left().is_some_and(|left| left > Duration::from_secs(90)));
}

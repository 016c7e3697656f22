//! Requests' numbers and times back: what is read, what is refused, and that nothing is lost on the way to the store.

use std::time::Duration;

use proptest::prelude::*;
use rollcall_telephony::Millis;
use time::Date;

use crate::{NoRequestNumber, NoSince, RequestNumber, RequestState, Since};

/// 2026-11-22 04:30 UTC.
const NOW: Millis = Millis(1_795_321_800_000);

/// Any time or day that can be written.
pub(super) fn since() -> impl Strategy<Value = Since> {
    let day = (0..=9999, 1_u16..=365).prop_map(|(year, day)| Date::from_ordinal_date(year, day).expect("a day"));
    prop_oneof![
        (1..=Since::LONGEST.as_secs()).prop_map(|seconds| Since::Ago(Duration::from_secs(seconds))),
        day.prop_map(Since::Day),
    ]
}

#[test]
fn a_time_back_or_a_day_means_a_moment() {
    let moment = |text: &str| text.parse::<Since>().expect(text).moment(NOW);
    assert_eq!(moment("90s"), Millis(NOW.0 - 90_000));
    assert_eq!(moment("30m"), Millis(NOW.0 - 1_800_000));
    assert_eq!(moment("24h"), moment("1d"));
    assert_eq!(moment("7d"), Millis(NOW.0 - 604_800_000));
    assert_eq!(moment("2026-11-22"), Millis(NOW.0 - (4 * 60 + 30) * 60_000));
    assert_eq!(moment("1970-01-01"), Millis(0));
    assert_eq!(moment("1969-12-31"), Millis(-86_400_000));
    assert!(moment("36500d") < moment("2000-02-29"));
}

#[test]
fn what_is_no_time_is_refused_for_what_it_is() {
    let refused = |text: &str| text.parse::<Since>().expect_err(text);
    for text in [
        "",
        "d",
        "7",
        "7 d",
        "7w",
        "7D",
        "-7d",
        "+7d",
        "7.5d",
        "0d",
        "00s",
        "d7",
        "7d7d",
        "٧d",
        "now",
        "2026-11",
        "2026-1-1",
        "26-11-01",
        "2026/11/01",
        "01.11.2026",
        "2026-11-01T00:00",
        "+026-11-01",
        "2026-11-01-01",
    ] {
        assert_eq!(refused(text), NoSince::Unreadable, "{text}");
    }
    for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "0000-00-00"] {
        assert_eq!(refused(text), NoSince::NoSuchDay, "{text}");
    }
    for text in ["36501d", "3153600001s", "18446744073709551615d", "99999999999999999999999s"] {
        assert_eq!(refused(text), NoSince::TooLongAgo, "{text}");
    }
}

#[test]
fn what_is_no_requests_number_is_refused() {
    for text in ["", "#", "0", "#0", "-1", "+1", "1.0", "1e3", "# 1", "1#", "##1", "١", "9223372036854775808"] {
        assert_eq!(text.parse::<RequestNumber>(), Err(NoRequestNumber), "{text}");
    }
    assert_eq!("#9223372036854775807".parse::<RequestNumber>().map(RequestNumber::get), Ok(i64::MAX));
    assert_eq!("#9223372036854775807".len(), usize::from(RequestNumber::LONGEST));
    assert_eq!(RequestNumber::new(0), None);
    for stored in ["0", "-1", "\"12\"", "1.5"] {
        serde_json::from_str::<RequestNumber>(stored).expect_err(stored);
    }
}

#[test]
fn the_states_words_are_the_stored_ones() {
    let words = RequestState::ALL.map(RequestState::word);
    assert_eq!(words, RequestState::WORDS);
    for state in RequestState::ALL {
        assert_eq!(RequestState::from_word(state.word()), Some(state));
        assert_eq!(serde_json::to_value(state).expect("writes"), state.to_string());
    }
}

proptest! {
    #[test]
    fn a_time_survives_writing_and_reading(since in since()) {
        let written = since.to_string();
        prop_assert_eq!(written.parse::<Since>(), Ok(since));
        prop_assert!(written.len() <= usize::from(Since::LONGEST_TEXT));
        let stored = serde_json::to_string(&since).expect("writes");
        prop_assert_eq!(&stored, &format!("\"{written}\""));
        prop_assert_eq!(serde_json::from_str::<Since>(&stored).expect("reads"), since);
    }

    #[test]
    fn every_count_of_every_unit_is_read(count in 1_u64..=36_500, unit in prop::sample::select(vec![('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)])) {
        let (letter, seconds) = unit;
        let since = format!("{count}{letter}").parse::<Since>();
        prop_assert_eq!(since, Ok(Since::Ago(Duration::from_secs(count * seconds))));
    }

    #[test]
    fn whatever_is_typed_for_a_time_is_read_or_refused(text in r"[0-9]{0,5}[-dhms#.]?[0-9]{0,3}-?[0-9]{0,3}|\PC{0,12}") {
        if let Ok(since) = text.parse::<Since>() {
            prop_assert_eq!(since.to_string().parse::<Since>(), Ok(since));
            let day = matches!(since, Since::Day(_));
            prop_assert!(day || since.moment(NOW) < NOW);
            prop_assert!(!day || since.to_string() == text, "a day is written in one way only");
        }
    }

    #[test]
    fn a_requests_number_survives_writing_and_reading(number in 1..=i64::MAX, mark in prop::sample::select(vec!["", "#"])) {
        let request = RequestNumber::new(number).expect("above zero");
        prop_assert_eq!(format!("{mark}{number}").parse::<RequestNumber>(), Ok(request));
        prop_assert_eq!(request.to_string(), number.to_string());
        let stored = serde_json::to_string(&request).expect("writes");
        prop_assert_eq!(&stored, &number.to_string());
        prop_assert_eq!(serde_json::from_str::<RequestNumber>(&stored).expect("reads"), request);
    }

    #[test]
    fn whatever_is_typed_for_a_number_is_read_or_refused(text in r"#?[-+]?[0-9]{0,21}|\PC{0,12}") {
        if let Ok(request) = text.parse::<RequestNumber>() {
            prop_assert!(request.get() > 0);
            prop_assert_eq!(text.trim_start_matches('#').trim_start_matches('0'), request.to_string());
        }
    }
}

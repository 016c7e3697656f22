//! Logins for new agents.

use proptest::prelude::*;
use regex::Regex;

use super::*;

const DOTTED: &str = r"^[a-z][a-z-]*\.[a-z][a-z-]*[0-9]*$";

fn offers(house: &House, pattern: &str, typed: &str) -> Vec<String> {
    house.directory.offer_logins(&house.mediatel, &Regex::new(pattern).unwrap(), typed, 25)
}

#[test]
fn names_in_any_order_and_script_become_logins() {
    let house = House::of([]);
    for (typed, first) in [
        ("Іван Іванов", "ivan.ivanov"),
        ("Іванов Іван", "ivan.ivanov"),
        ("ivanov ivan", "ivan.ivanov"),
        ("Ivan Ivanov", "ivan.ivanov"),
        ("ivan.ivanov", "ivan.ivanov"),
        ("Ivan.Ivanov@example.com", "ivan.ivanov"),
        ("Ivanov, Ivan", "ivan.ivanov"),
        ("Koval, Petro", "petro.koval"),
        ("  Знам'янський\tЮрій ", "yurii.znamianskyi"),
        ("Іваненко Марія Петрівна", "mariia.ivanenko"),
        ("Марія Петрівна Іваненко", "mariia.ivanenko"),
        ("Анна-Марія Нечуй-Левицька", "anna-mariia.nechui-levytska"),
        ("Łukasz O'Brien", "lukasz.obrien"),
        ("Adrian Koval", "adrian.koval"),
        ("\u{202e}Іван\u{200b} Іванов", "ivan.ivanov"),
    ] {
        assert_eq!(offers(&house, DOTTED, typed).first().map(String::as_str), Some(first), "{typed}");
    }
    assert_eq!(
        offers(&house, DOTTED, "Maria del Carmen Lopez")[..],
        ["maria.lopez", "lopez.maria", "maria.del-carmen-lopez"]
    );
    for nothing in ["", "  ", "ivan", "山田 太郎", "...", "1234 5678"] {
        assert_eq!(offers(&house, DOTTED, nothing), [""; 0], "{nothing}");
    }
}

#[test]
fn taken_ones_get_the_next_number() {
    let house = House::of([person(1, "ivan.ivanov"), person(2, "Ivan.Ivanov2"), person(3, "ivanov.petro")]);
    assert_eq!(offers(&house, DOTTED, "Іван Іванов"), ["ivan.ivanov3", "ivanov.ivan"]);
    assert_eq!(offers(&house, DOTTED, "ivan.ivanov"), ["ivan.ivanov3", "ivanov.ivan"]);
    assert_eq!(offers(&house, DOTTED, "ivan"), ["ivan.ivanov3"], "a namesake of the one there is");
    assert_eq!(offers(&house, r"^[a-z]+\.[a-z]+$", "ivan.ivanov"), ["ivanov.ivan"], "no number fits");
}

#[test]
fn the_directory_knows_which_word_is_the_surname() {
    let known = House::of([person(1, "petro.marko"), person(2, "olha.marko"), person(3, "artem.koval")]);
    assert_eq!(offers(&known, DOTTED, "marko artem"), ["artem.marko", "marko.artem"]);
    assert_eq!(offers(&known, DOTTED, "artem marko"), ["artem.marko", "marko.artem"]);
    assert_eq!(offers(&known, DOTTED, "marko vasyl"), ["vasyl.marko", "marko.vasyl"]);
    assert_eq!(offers(&House::of([]), DOTTED, "marko vasyl"), ["marko.vasyl", "vasyl.marko"]);
}

#[test]
fn other_patterns_get_other_styles() {
    let house = House::of([]);
    assert_eq!(offers(&house, "^[a-z]+_[a-z]+$", "Іван Іванов"), ["ivan_ivanov", "ivanov_ivan"]);
    assert_eq!(offers(&house, "^[a-z]{2,12}$", "Іван Іванов"), ["ivanivanov", "ivanovivan"]);
    assert_eq!(offers(&house, "^[a-z]{2,7}$", "Іван Іванов"), ["iivanov", "iivan"]);
    assert_eq!(offers(&house, "^.+$", "I v\u{200b}a"), ["i.va", "va.i"], "what nobody sees is not offered");
}

proptest! {
    #[test]
    fn every_offer_fits_and_is_free(
        taken in prop::collection::vec("[ab]{1,2}\\.[ab]{1,2}[2-4]?", 0..30),
        typed in prop_oneof!["[abAB]{0,2}[ .,]{0,2}[abаб]{0,2}[0-9]?", "\\PC{0,60}"],
        pattern in prop_oneof![Just(DOTTED), Just("^[a-z]+[0-9]?$"), Just("^.{1,20}$"), Just("b")],
        limit in 0_usize..6,
    ) {
        let house = House::of(taken.iter().enumerate().map(|(n, login)| person(n, login)));
        let pattern = Regex::new(pattern).unwrap();
        let offers = house.directory.offer_logins(&house.mediatel, &pattern, &typed, limit);
        prop_assert!(offers.len() <= limit);
        for (at, offer) in offers.iter().enumerate() {
            prop_assert!(pattern.is_match(offer));
            prop_assert!(offer.chars().count() <= 100);
            prop_assert!(!house.directory.is_taken(&house.mediatel, offer));
            prop_assert!(!offers[..at].contains(offer), "twice");
        }
    }
}

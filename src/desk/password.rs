//! Fresh passwords.

use rand::rand_core::UnwrapErr;
use rand::rngs::OsRng;
use rand::seq::IndexedRandom;
use secrecy::SecretString;
use zeroize::Zeroize;

/// The shortest password ever made, in characters.
pub(crate) const MIN_LENGTH: usize = 14;

/// Character classes without look-alikes (`I l 1`, `O o 0`, quotes, dots and commas) and without `` ` ``, `\` and `|`,
/// which would break out of a Discord code block or spoiler.
const CLASSES: [&[u8]; 4] =
    [b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"abcdefghijkmnpqrstuvwxyz", b"23456789", b"!#$%&()*+-/<=>?@[]^_{}~"];

/// How many classes a password has at the least.
const MIN_CLASSES: usize = 3;

/// Makes a password of `length` characters (at least [`MIN_LENGTH`]): each one drawn uniformly from all classes with
/// the operating system's entropy; a draw with fewer than three classes is thrown away whole, so what remains is still
/// uniform. 20 characters carry about 126 bits.
#[must_use]
pub(crate) fn generate(length: usize) -> SecretString {
    let alphabet: Vec<u8> = CLASSES.concat();
    let mut entropy = UnwrapErr(OsRng);
    loop {
        let mut drawn: String = (0..length.max(MIN_LENGTH))
            .filter_map(|_| alphabet.choose(&mut entropy).copied().map(char::from))
            .collect();
        if classes(&drawn) >= MIN_CLASSES {
            return SecretString::from(drawn);
        }
        drawn.zeroize();
    }
}

fn classes(password: &str) -> usize {
    CLASSES.iter().filter(|class| password.bytes().any(|b| class.contains(&b))).count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn every_password_is_long_enough_and_has_three_classes() {
        for length in [0, 14, 20, 64] {
            for _ in 0..500 {
                let password = generate(length);
                assert_eq!(password.expose_secret().len(), length.max(MIN_LENGTH));
                assert!(classes(password.expose_secret()) >= MIN_CLASSES);
            }
        }
    }

    #[test]
    fn nothing_in_it_can_be_misread_or_break_a_code_block() {
        let all = CLASSES.concat();
        assert!(all.iter().all(u8::is_ascii_graphic));
        assert!(!all.iter().any(|b| br#"Il1Oo0`\|'".,:; "#.contains(b)));
    }

    #[test]
    fn characters_are_drawn_evenly() {
        let mut seen: BTreeMap<char, u32> = BTreeMap::new();
        let draws = 4_000 * 20;
        for _ in 0..4_000 {
            for c in generate(20).expose_secret().chars() {
                *seen.entry(c).or_default() += 1;
            }
        }
        let expected = f64::from(draws) / f64::from(u32::try_from(CLASSES.concat().len()).unwrap());
        assert_eq!(seen.len(), CLASSES.concat().len());
        // Eight standard deviations: a fair generator misses this once in 10^14 runs.
        let tolerance = 8.0 * expected.sqrt();
        for (c, n) in seen {
            assert!((f64::from(n) - expected).abs() < tolerance, "{c:?} came {n} times, expected about {expected}");
        }
    }
}

//! Cyrillic names in Latin letters: Ukrainian by the Cabinet of Ministers' resolution 55 of 27 January 2010, exactly.
//!
//! Letters that the resolution does not know:
//!
//! | letter | at a word's start | elsewhere | why |
//! | --- | --- | --- | --- |
//! | ё | yo | io | as the resolution writes ю: yu, iu |
//! | ы | y | y | as и |
//! | э | e | e | as е |
//! | ъ | – | – | as ь |
//! | ў | u | u | Belarusian |
//! | ј љ њ ћ ђ џ | j lj nj c dj dz | the same | Serbian |
//! | ѓ ќ ѕ | g k dz | the same | Macedonian |
//! | ә ғ қ ң ө ұ ү һ | a g q n o u u h | the same | Kazakh |
//!
//! Of other Cyrillic letters with an accent the letter counts; any other is left out. Accents of Latin letters are folded (ł l, ß ss, ø o, đ d, æ ae); letters of
//! other scripts stay as they are. Upper case is kept: `Щербухи` is `Shcherbukhy`, `ЩЕРБУХИ` is `SHCHERBUKHY`.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::decompose_canonical;

use super::fold::{LOOKED_AT_MAX, is_unseen, plain_latin};

/// Writes a text in Latin letters, by the rules above. Looks at its first 4,096 characters.
#[must_use]
pub fn romanise(text: &str) -> String {
    // Composed, so that й and ї are letters of their own; then without stress marks.
    let letters: Vec<char> = text.chars().take(LOOKED_AT_MAX).nfc().filter(|c| !is_unseen(*c)).collect();
    let mut out = String::with_capacity(letters.len() * 2);
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|b| letters.get(b)).copied();
        let after = letters.get(at + 1).copied();
        if is_apostrophe(letter) && before.is_some_and(is_cyrillic) {
            continue;
        }
        let lower = letter.to_lowercase().next().unwrap_or(letter);
        if is_cyrillic(letter) {
            let place = if starts_word(&letters, at) { Place::Start } else { Place::Inside };
            let latin = match (before.and_then(|b| b.to_lowercase().next()), lower) {
                (Some('з'), 'г') => "gh",
                _ => match cyrillic(lower, place) {
                    "" => cyrillic(base_of(lower), place),
                    latin => latin,
                },
            };
            push_cased(&mut out, latin, letter, before, after);
        } else if let Some(latin) = plain_latin(lower) {
            push_cased(&mut out, latin, letter, before, after);
        } else {
            decompose_canonical(letter, |part| {
                if !is_unseen(part) {
                    out.push(part);
                }
            });
        }
    }
    out
}

#[derive(Clone, Copy)]
enum Place {
    Start,
    Inside,
}

/// An apostrophe does not end a word: Мар'їне is Marine.
fn starts_word(letters: &[char], at: usize) -> bool {
    match letters[..at].iter().rev().find(|c| !is_apostrophe(**c)) {
        Some(before) => !before.is_alphanumeric(),
        None => true,
    }
}

/// The letter below the accent: ӓ is а.
fn base_of(letter: char) -> char {
    let mut base = None;
    decompose_canonical(letter, |part| base = base.or(Some(part)));
    base.unwrap_or(letter)
}

const fn cyrillic(lower: char, place: Place) -> &'static str {
    match (lower, place) {
        ('а' | 'ә', _) => "a",
        ('б', _) => "b",
        ('в', _) => "v",
        ('г' | 'һ', _) => "h",
        ('ґ' | 'ѓ' | 'ғ', _) => "g",
        ('д', _) => "d",
        ('е' | 'э' | 'ѐ', _) => "e",
        ('є', Place::Start) => "ye",
        ('є', Place::Inside) => "ie",
        ('ё', Place::Start) => "yo",
        ('ё', Place::Inside) => "io",
        ('ж', _) => "zh",
        ('з', _) => "z",
        ('и' | 'ы', _) | ('й', Place::Start) => "y",
        ('і' | 'ѝ', _) | ('ї' | 'й', Place::Inside) => "i",
        ('ї', Place::Start) => "yi",
        ('к' | 'ќ', _) => "k",
        ('қ', _) => "q",
        ('л', _) => "l",
        ('м', _) => "m",
        ('н' | 'ң', _) => "n",
        ('о' | 'ө', _) => "o",
        ('п', _) => "p",
        ('р', _) => "r",
        ('с', _) => "s",
        ('т', _) => "t",
        ('у' | 'ў' | 'ұ' | 'ү', _) => "u",
        ('ф', _) => "f",
        ('х', _) => "kh",
        ('ц', _) => "ts",
        ('ч', _) => "ch",
        ('ш', _) => "sh",
        ('щ', _) => "shch",
        ('ю', Place::Start) => "yu",
        ('ю', Place::Inside) => "iu",
        ('я', Place::Start) => "ya",
        ('я', Place::Inside) => "ia",
        ('ј', _) => "j",
        ('љ', _) => "lj",
        ('њ', _) => "nj",
        ('ћ', _) => "c",
        ('ђ', _) => "dj",
        ('џ' | 'ѕ', _) => "dz",
        _ => "",
    }
}

/// Upper case throughout in a word of capitals, else for the first letter only.
fn push_cased(out: &mut String, latin: &str, letter: char, before: Option<char>, after: Option<char>) {
    if !letter.is_uppercase() {
        out.push_str(latin);
        return;
    }
    let neighbour = after.filter(|c| c.is_alphabetic()).or(before.filter(|c| c.is_alphabetic()));
    if neighbour.is_some_and(char::is_uppercase) {
        out.push_str(&latin.to_uppercase());
    } else {
        let mut letters = latin.chars();
        out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
}

/// The Cyrillic blocks: the basic one, its supplement, Extended-A to -D.
const fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{1d2b}' | '\u{1d78}' | '\u{2de0}'..='\u{2dff}'
        | '\u{a640}'..='\u{a69f}' | '\u{1e030}'..='\u{1e08f}')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʹ' | '′' | '`' | '´' | 'ˈ' | '＇')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The examples of the resolution's own table, left to right.
    const OFFICIAL: &[(&str, &str)] = &[
        ("Алушта", "Alushta"),
        ("Андрій", "Andrii"),
        ("Борщагівка", "Borshchahivka"),
        ("Борисенко", "Borysenko"),
        ("Вінниця", "Vinnytsia"),
        ("Володимир", "Volodymyr"),
        ("Гадяч", "Hadiach"),
        ("Богдан", "Bohdan"),
        ("Згурський", "Zghurskyi"),
        ("Ґалаґан", "Galagan"),
        ("Ґорґани", "Gorgany"),
        ("Донецьк", "Donetsk"),
        ("Дмитро", "Dmytro"),
        ("Рівне", "Rivne"),
        ("Олег", "Oleh"),
        ("Есмань", "Esman"),
        ("Єнакієве", "Yenakiieve"),
        ("Гаєвич", "Haievych"),
        ("Короп'є", "Koropie"),
        ("Житомир", "Zhytomyr"),
        ("Жанна", "Zhanna"),
        ("Жежелів", "Zhezheliv"),
        ("Закарпаття", "Zakarpattia"),
        ("Казимирчук", "Kazymyrchuk"),
        ("Медвин", "Medvyn"),
        ("Михайленко", "Mykhailenko"),
        ("Іванків", "Ivankiv"),
        ("Іващенко", "Ivashchenko"),
        ("Їжакевич", "Yizhakevych"),
        ("Кадиївка", "Kadyivka"),
        ("Мар'їне", "Marine"),
        ("Йосипівка", "Yosypivka"),
        ("Стрий", "Stryi"),
        ("Олексій", "Oleksii"),
        ("Київ", "Kyiv"),
        ("Коваленко", "Kovalenko"),
        ("Лебедин", "Lebedyn"),
        ("Леонід", "Leonid"),
        ("Миколаїв", "Mykolaiv"),
        ("Маринич", "Marynych"),
        ("Ніжин", "Nizhyn"),
        ("Наталія", "Nataliia"),
        ("Одеса", "Odesa"),
        ("Онищенко", "Onyshchenko"),
        ("Полтава", "Poltava"),
        ("Петро", "Petro"),
        ("Решетилівка", "Reshetylivka"),
        ("Рибчинський", "Rybchynskyi"),
        ("Суми", "Sumy"),
        ("Соломія", "Solomiia"),
        ("Тернопіль", "Ternopil"),
        ("Троць", "Trots"),
        ("Ужгород", "Uzhhorod"),
        ("Уляна", "Uliana"),
        ("Фастів", "Fastiv"),
        ("Філіпчук", "Filipchuk"),
        ("Харків", "Kharkiv"),
        ("Христина", "Khrystyna"),
        ("Біла Церква", "Bila Tserkva"),
        ("Стеценко", "Stetsenko"),
        ("Чернівці", "Chernivtsi"),
        ("Шевченко", "Shevchenko"),
        ("Шостка", "Shostka"),
        ("Кишеньки", "Kyshenky"),
        ("Щербухи", "Shcherbukhy"),
        ("Гоща", "Hoshcha"),
        ("Гаращенко", "Harashchenko"),
        ("Юрій", "Yurii"),
        ("Корюківка", "Koriukivka"),
        ("Яготин", "Yahotyn"),
        ("Ярошенко", "Yaroshenko"),
        ("Костянтин", "Kostiantyn"),
        ("Знам'янка", "Znamianka"),
        ("Феодосія", "Feodosiia"),
        ("Згорани", "Zghorany"),
        ("Розгон", "Rozghon"),
    ];

    #[test]
    fn the_resolutions_examples() {
        for (ukrainian, latin) in OFFICIAL {
            assert_eq!(romanise(ukrainian), *latin);
        }
    }

    #[test]
    fn letters_outside_the_resolution_case_and_forms() {
        for (text, latin) in [
            ("Ёлкин Семён", "Yolkyn Semion"),
            ("Объедков Рыжий Эдуард", "Obedkov Ryzhyi Eduard"),
            ("ЩЕРБУХИ", "SHCHERBUKHY"),
            ("ЄВГЕН Ю", "YEVHEN Yu"),
            ("згурський РОЗГОН", "zghurskyi ROZGHON"),
            ("Нечуй-Яворський", "Nechui-Yavorskyi"),
            ("Знам’янка Знамʼянка", "Znamianka Znamianka"),
            ("Юрі\u{438}\u{306} Мар'\u{456}\u{308}не", "Yurii Marine"),
            ("Іва\u{301}н", "Ivan"),
            ("Łukasz Żółć Straße Đorđe Ærø", "Lukasz Zolc Strasse Dorde Aero"),
            ("ЗГ Зг", "ZGH Zgh"),
            ("O'Brien", "O'Brien"),
            ("Љубав", "Ljubav"),
            ("山田", "山田"),
        ] {
            assert_eq!(romanise(text), latin, "{text}");
        }
    }

    proptest! {
        #[test]
        fn cyrillic_becomes_ascii(text in "[\u{400}-\u{52f}'’ʼ -]{0,60}") {
            let apostrophes = |c: char| is_apostrophe(c);
            prop_assert!(romanise(&text).replace(apostrophes, "").is_ascii(), "{}", romanise(&text));
        }

        #[test]
        fn anything_is_survived(text in "\\PC{0,200}") {
            let _ = romanise(&text);
        }
    }
}

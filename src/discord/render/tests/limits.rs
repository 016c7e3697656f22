//! A card within Discord's limits, whatever a record holds; and nothing that goes is left out without saying so.

use proptest::prelude::*;
use serenity::model::id::RoleId;

use super::*;
use crate::discord::render::request_card;

/// Text as phone systems and people may send it, long more often than not.
fn text(longest: usize) -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::string::string_regex(&format!("\\PC{{0,{longest}}}")).unwrap(),
        proptest::string::string_regex(&format!("[*_`|\\\\@🙂а-я]{{0,{longest}}}")).unwrap(),
    ]
}

/// Sections whose labels tell the members apart.
fn sections() -> impl Strategy<Value = Vec<Section>> {
    let lines = prop::collection::vec((text(200), prop::bool::weighted(0.8)), 0..40);
    prop::collection::vec((text(80), lines), 0..12).prop_map(|sections| {
        let mut number = 0;
        sections
            .into_iter()
            .map(|(title, lines)| {
                let lines = lines.into_iter().map(|(value, there)| {
                    number += 1;
                    // The values must not hold what is looked for.
                    let value = value.replace('m', "n");
                    let (label, held) = if there {
                        (format!("m{number:04}"), Held::There)
                    } else {
                        ("absent".to_owned(), Held::Absent)
                    };
                    Line { label, value, held }
                });
                Section { title: title.replace('m', "n"), lines: lines.collect() }
            })
            .collect()
    })
}

fn settled() -> impl Strategy<Value = Option<Settled>> {
    let many = (1..120u64).prop_map(UserId::new).prop_map(|last| (1..=last.get()).map(UserId::new).collect::<Vec<_>>());
    let differs = prop::collection::vec((text(300), text(300), text(300)), 0..30);
    prop_oneof![
        Just(None),
        prop::sample::select(ends()).prop_map(|(_, settled)| Some(settled)),
        (many, text(900)).prop_map(|(by, why)| Some(Settled::Acted { by, outcome: Outcome::Failed { why } })),
        differs.prop_map(|differs| {
            let what = differs.into_iter().map(|(label, before, after)| Differs { label, before, after });
            Some(Settled::Void(VoidWhy::Changed { what: what.collect() }))
        }),
        text(4000).prop_map(|words| Some(Settled::Denied { by: FIRST, words: Some(words) })),
    ]
}

fn showings() -> impl Strategy<Value = Showing> {
    let people = || 0..120u64;
    (sections(), settled(), text(300), text(300), people(), people(), 0..11usize, any::<bool>()).prop_map(
        |(record, settled, login, reason, approving, looking, referring, edits)| {
            let act = if edits {
                edit()
            } else {
                let Act::Delete(act) = delete() else { unreachable!("it is one") };
                Act::Delete(DeleteAct { login: login.clone(), reason, ..act })
            };
            let mut showing = showing(act);
            showing.card.record = record;
            showing.card.requester_name = login.clone();
            showing.card.referring = vec![login.clone(); referring];
            showing.card.referring_more = 7;
            if edits {
                showing.card.differs = vec![Differs { label: login.clone(), before: login.clone(), after: login }; 24];
            }
            showing.approving = (1..=approving).map(|id| (UserId::new(id), NOW)).collect();
            showing.looking = (1..=looking).map(|id| (UserId::new(id), NOW)).collect();
            showing.request.threshold = 100;
            showing.approvers = (1..=20).map(RoleId::new).collect();
            showing.settled = settled;
            showing
        },
    )
}

/// How many pieces the notes on a card say are left out.
fn left_out(card: &str, what: &str) -> usize {
    card.split("… and ")
        .skip(1)
        .filter_map(|rest| rest.split_once(' '))
        .filter(|(_, rest)| rest.starts_with(&format!("more {what}")))
        .filter_map(|(count, _)| count.parse::<usize>().ok())
        .sum()
}

proptest! {
    #[test]
    fn a_card_fits_and_leaves_nothing_out_silently(showing in showings()) {
        let message = request_card(&showing, 1);
        let body = message.to_json_once("n1");
        let embed = &body["embeds"][0];
        let units = |value: &Value| value.as_str().map_or(0, |text| text.encode_utf16().count());
        let (title, description) = (units(&embed["title"]), units(&embed["description"]));
        prop_assert!((1..=256).contains(&title), "title {title}");
        prop_assert!(description <= 4096, "description {description}");
        let description = embed["description"].as_str().unwrap_or_default();
        let fields = embed["fields"].as_array().unwrap();
        prop_assert!(fields.len() <= 25);
        let mut total = title + units(&embed["description"]) + units(&embed["footer"]["text"]);
        let mut shown = String::new();
        for field in fields {
            prop_assert!((1..=256).contains(&units(&field["name"])));
            prop_assert!((1..=1024).contains(&units(&field["value"])), "field {}", units(&field["value"]));
            total += units(&field["name"]) + units(&field["value"]);
            shown.push_str(field["value"].as_str().unwrap());
            shown.push('\n');
        }
        prop_assert!(total <= 6000, "total {total}");

        // Whoever decides reads everything that is said around the record.
        prop_assert!(!description.ends_with('…'), "{description}");
        let held = showing.card.record.iter().flat_map(Section::held).count();
        let there = (1..=1000).filter(|n| shown.contains(&format!("m{n:04} "))).count();
        prop_assert_eq!(there + left_out(&shown, "members"), held, "{}", shown);
        prop_assert!(!shown.contains("absent"));
        let changes = shown.matches(" → ").count();
        prop_assert_eq!(changes + left_out(&shown, "changes"), showing.card.differs.len());
    }
}

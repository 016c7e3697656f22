//! Ids of ours survive the way through Discord; ids of anybody else are refused.

use proptest::prelude::*;
use rollcall_telephony::{AgentId, ExtensionId};

use super::*;

fn any_id() -> impl Strategy<Value = CustomId> {
    let owner = (1..u64::MAX).prop_map(UserId::new);
    let agent = ("[a-z0-9-]{1,10}", "[A-Za-z0-9:-]{1,20}")
        .prop_map(|(c, id)| AgentRef::new(ConnectionName::new(c).unwrap(), AgentId::new(id)));
    let verb = prop::sample::select(CardVerb::ALL.to_vec());
    let extension = ("[a-z0-9-]{1,10}", 1..i64::MAX)
        .prop_map(|(c, id)| ExtensionAt { connection: ConnectionName::new(c).unwrap(), id: ExtensionId(id) });
    let extension_verb = prop::sample::select(ExtensionVerb::ALL.to_vec());
    let state = prop::sample::select(vec![StateFilter::Enabled, StateFilter::Disabled, StateFilter::All]);
    let connection = prop::option::of("[a-z0-9-]{1,10}".prop_map(|c| ConnectionName::new(c).unwrap()));
    prop_oneof![
        any::<i64>().prop_map(|n| CustomId::Take(OfferId(n))),
        any::<i64>().prop_map(|n| CustomId::Pick(OfferId(n))),
        any::<i64>().prop_map(|n| CustomId::Cancel(OfferId(n))),
        any::<i64>().prop_map(|n| CustomId::Reveal(HandoverId(n))),
        any::<i64>().prop_map(|n| CustomId::Have(HandoverId(n))),
        any::<i64>().prop_map(|n| CustomId::HandOver(HandoverId(n))),
        owner.clone().prop_map(CustomId::Open),
        (owner.clone(), any::<u32>(), state, connection, ".{0,30}").prop_map(
            |(owner, page, state, connection, query)| CustomId::Page { owner, page, state, connection, query }
        ),
        (owner.clone(), verb, agent.clone()).prop_map(|(owner, verb, agent)| CustomId::Card { owner, verb, agent }),
        (owner.clone(), agent.clone()).prop_map(|(owner, agent)| CustomId::Groups { owner, agent }),
        (owner.clone(), agent).prop_map(|(owner, agent)| CustomId::Fields { owner, agent }),
        owner.clone().prop_map(CustomId::OpenExtension),
        (owner.clone(), extension_verb, extension.clone())
            .prop_map(|(owner, verb, extension)| CustomId::ExtensionCard { owner, verb, extension }),
        (owner.clone(), extension.clone())
            .prop_map(|(owner, extension)| CustomId::ExtensionGroups { owner, extension }),
        (owner, extension).prop_map(|(owner, extension)| CustomId::ExtensionFields { owner, extension }),
        (any::<i64>(), any::<i64>()).prop_map(|(n, copy)| CustomId::Approve(RequestId(n), copy)),
        any::<i64>().prop_map(|n| CustomId::Deny(RequestId(n))),
        any::<i64>().prop_map(|n| CustomId::Look(RequestId(n))),
        any::<i64>().prop_map(|n| CustomId::Why(OfferId(n))),
        (any::<i64>(), any::<u32>()).prop_map(|(n, page)| CustomId::Turn(OfferId(n), page)),
    ]
}

proptest! {
    #[test]
    fn every_id_survives_the_way_through_discord(id in any_id()) {
        if let Some(written) = id.write() {
            prop_assert!(written.chars().count() <= MAX);
            prop_assert_eq!(CustomId::read(&written), Ok(id));
        }
    }

    #[test]
    fn whatever_else_comes_back_is_refused_or_is_exactly_ours(text in ".{0,120}") {
        if let Ok(id) = CustomId::read(&text) {
            prop_assert_eq!(id.write(), Some(text));
        }
    }
}

#[test]
fn forged_ids_are_not_ours() {
    for forged in [
        "",
        "take",
        "take:",
        "take:+1",
        "take:01",
        "take:1 ",
        "pick:",
        "pick:1:0",
        "reveal:x",
        "open:0",
        "card:1:rm:m:1",
        "page:1:0:z::q",
        "xopen:0",
        "xcard:1:rm:m:1",
        "xcard:1:edit:m:0",
        "xcard:1:edit:m:-3",
        "xgroups:1:m:01",
        "xfields:1:M:1",
    ] {
        assert_eq!(CustomId::read(forged), Err(NotOurs), "{forged}");
    }
}

//! Cards and what stands under them.

use rollcall_telephony::Held;
use serenity::model::id::RoleId;

use super::*;
use crate::discord::render::{asked_again, deny_form, reminder, request_card, why_form};
use crate::ledger::{OfferId, Posted};
use serenity::model::id::MessageId;

fn card_of(showing: &Showing) -> Message {
    request_card(showing, 1)
}

#[test]
fn a_card_that_waits_for_each_act() {
    insta::assert_snapshot!(all(acts().into_iter().map(|(name, act)| (name, card_of(&showing(act))))));
}

#[test]
fn a_card_on_its_way_to_a_decision() {
    let one_of_two = {
        let mut showing = showing(delete());
        showing.request.threshold = 2;
        showing.approving = vec![(FIRST, NOW + HOUR)];
        showing
    };
    let looked_at = {
        let mut showing = showing(delete());
        showing.looking = vec![(FIRST, NOW + HOUR), (SECOND, NOW + HOUR * 2)];
        showing
    };
    let supervisor = |named: usize, more| {
        let mut showing = showing(delete());
        showing.card.referring = ["iryna.koval", "petro.melnyk", "ivan_k"].map(str::to_owned)[..named].to_vec();
        showing.card.referring_more = more;
        showing
    };
    let pinging = {
        let mut showing = showing(delete());
        showing.notify = vec![RoleId::new(55)];
        showing
    };
    let above = {
        let mut showing = showing(edit());
        showing.card.why = SecondPerson::Rights { highest: 5, limit: 3 };
        showing
    };
    insta::assert_snapshot!(all([
        ("one of two approve", card_of(&one_of_two)),
        ("two look", card_of(&looked_at)),
        ("a supervisor of one", card_of(&supervisor(1, 0))),
        ("a supervisor of three", card_of(&supervisor(3, 0))),
        ("a supervisor of seven", card_of(&supervisor(3, 4))),
        ("with a role to ping", card_of(&pinging)),
        ("because of its rights", card_of(&above)),
    ]));
}

#[test]
fn a_card_that_is_decided() {
    let deletes = ends().into_iter().map(|(name, settled)| (name.to_owned(), card_of(&decided(delete(), settled))));
    let others =
        dones().into_iter().map(|(name, act, settled)| (format!("{name}: done"), card_of(&decided(act, settled))));
    insta::assert_snapshot!(all(deletes.chain(others)));
}

#[test]
fn reminders_and_asking_again() {
    let card = Some(Posted { channel: ChannelId::new(31), message: MessageId::new(41) });
    let mut pinging = showing(delete());
    pinging.notify = vec![RoleId::new(55)];
    let over = || decided(delete(), Settled::Expired);
    let done = || decided(delete(), deleted(FoundGone::Deleted));
    insta::assert_snapshot!(all([
        ("a reminder", reminder(&showing(restore()), card)),
        ("a reminder that pings", reminder(&pinging, card)),
        ("a reminder of what expired", reminder(&over(), card)),
        ("a reminder of what is done", reminder(&done(), None)),
        ("asked again", asked_again(&pinging, card)),
        ("asked again, done", asked_again(&done(), card)),
        ("asked again, being done", asked_again(&decided(delete(), Settled::Executing { by: vec![FIRST] }), card)),
    ]));
}

#[test]
fn forms() {
    let form = |form: Option<serenity::builder::CreateModal>| serde_json::to_value(form.unwrap()).unwrap();
    let deny = form(deny_form(RequestId(12), "ivan.ivanov"));
    let why = form(why_form(OfferId(5), "ivan.ivanov"));
    let words = [deny, why].map(|form| {
        format!(
            "{} — {}",
            form["title"].as_str().unwrap(),
            form["components"][0]["components"][0]["label"].as_str().unwrap()
        )
    });
    insta::assert_snapshot!(words.join("\n"), @r"
    Deny: ivan.ivanov — Why not? The requester reads it.
    Delete ivan.ivanov — Why? The approvers read it.
    ");
}

#[test]
fn what_the_record_does_not_hold_does_not_go() {
    let mut showing = showing(delete());
    showing.card.record = vec![section("Account", &[("Login", "x", Held::There), ("Domain", "CALL", Held::Absent)])];
    let card = read(&card_of(&showing));
    assert!(card.contains("Login x") && !card.contains("Domain"), "{card}");
}

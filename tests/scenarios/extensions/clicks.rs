//! Extensions by menus, buttons and forms, from a list to a change and a delete.

use super::{asked, at_mediatel, says};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn from_the_list_to_a_change() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let list = says(&world, "/extension list").await;
    let first = list.now().lines().find_map(|line| line.trim().strip_prefix("• ").map(str::to_owned)).unwrap();
    let card = lead.selects(&list, &[first.as_str()]).await;
    let card = card.changes_until(|text| text.contains("read just now")).await;
    let edit = card.buttons().into_iter().find(|label| label.starts_with("Edit ")).unwrap();
    let menu = lead.presses(&card, &edit).await;
    let menu = menu.changes_until(|text| text.contains("Which fields?")).await;
    assert!(menu.text().starts_with("Change what of extension "), "{}", menu.text());

    let form = lead.selects(&menu, &["Extension"]).await;
    let unchanged = lead.submits(&form, &[]).await;
    unchanged.changes_until(|text| text.contains("You left every field as it was")).await;
    let form = lead.selects(&menu, &["Extension"]).await;
    let wrong = lead.submits(&form, &[("Type", "five")]).await;
    wrong.changes_until(|text| text.contains("Type is a whole number from 0")).await;
    assert_eq!(asked(&world, "PUT"), 0, "nothing was sent until now");

    let form = lead.selects(&menu, &["Extension"]).await;
    let preview = lead.submits(&form, &[("Description", "Moved to the second floor")]).await;
    let preview = preview.changes_until(|text| text.contains("Only this is sent")).await;
    let change = preview.buttons().into_iter().find(|label| label.starts_with("Change extension ")).unwrap();
    let changed = lead.presses(&preview, &change).await;
    changed.changes_until(|text| text.contains("was changed")).await;
    assert_eq!(world.last_body("PUT"), r#"{"E_Description":"Moved to the second floor"}"#);
    world.log_says("Moved to the second floor").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_from_the_card_asks_why_first() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let near = says(&world, "/extension show extension:lvov trunk").await;
    insta::assert_snapshot!(world.heard(near.text()), @r"
    Which extension?
    “lvov trunk” is not one extension of mediatel.
    Pick the one you mean:
    [Show Lviv trunk (18)]
    ");
    let card = lead.presses(&near, "Show Lviv trunk (18)").await;
    let card = card.changes_until(|text| text.contains("read just now")).await;
    let form = lead.presses(&card, "Ask to delete Lviv trunk (18)").await;
    insta::assert_snapshot!(form.text(), @r"
    Delete Lviv trunk
    Why? The approvers read it.:
    ");
    let answer = lead.submits(&form, &[("Why? The approvers read it.", "the contract\nis over")]).await;
    let answer = answer.changes_until(|text| text.contains("The approvers are asked")).await;
    assert!(answer.text().contains("delete extension **Lviv trunk** (18)"), "{}", answer.text());
    let request = world.sandbox.approvals_channel().next_message().await;
    assert!(request.text().contains("Reason: the contract is over"), "{}", request.text());
    assert_eq!(asked(&world, "DELETE"), 0, "an approver decides");
    assert!(at_mediatel(&world, 18).is_some());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_turned() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    for id in 100..140 {
        let extension = format!(r#"{{"E_ID":{id},"E_Extension":"Page {id}","E_Type":2}}"#);
        world.phones.mediatel.put_extension(&extension).unwrap();
    }
    let list = says(&world, "/extension list").await;
    assert!(list.text().contains("Page 1 of ") && list.buttons() == ["Further"], "{}", list.text());
    let second = lead.presses(&list, "Further").await;
    let second = second.changes_until(|text| text.contains("Page 2 of ")).await;
    assert_eq!(second.buttons(), ["Back", "Further"]);
    let first = lead.presses(&second, "Back").await;
    first.changes_until(|text| text.contains("Page 1 of ")).await;
    world.ends().await;
}

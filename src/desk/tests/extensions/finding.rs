//! Which extension and which connection is meant, who may, and what is refused before anything is sent.

use rollcall_commands::{ExtensionText, Permission};
use rollcall_telephony::systems::mediatel::twin::{Fault, Moment, Times, Trouble};
use rollcall_telephony::{ConnectionName, ExtensionId};

use super::{Office, create, lead, with_roles};
use crate::desk::Refusal;

impl Office {
    fn shows(&self, typed: &str) -> Result<String, Refusal> {
        let typed = ExtensionText(typed.to_owned());
        let card = self.does(async |desk| desk.show_extension(&lead(), &typed).await)?;
        Ok(format!("{}:{} {}", card.connection, card.extension.id, card.extension.name))
    }

    fn near(&self, typed: &str) -> Vec<String> {
        match self.shows(typed) {
            Err(Refusal::NoExtension { near, .. }) => near.iter().map(|(id, name)| format!("{id} {name}")).collect(),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_extension_is_found_by_number_or_name_with_or_without_its_connection() {
    let office = Office::opens();
    for typed in ["15", "Sales", "sales", " SALES ", "mediatel:15", "mediatel:Sales", "mediatel: 15"] {
        assert_eq!(office.shows(typed).unwrap(), "mediatel:15 Sales", "{typed}");
    }
}

#[test]
fn what_is_not_there_is_refused_with_what_may_be_meant() {
    let office = Office::opens();
    assert_eq!(office.near("Sale"), ["15 Sales"]);
    assert_eq!(office.near("Slaes"), ["15 Sales"]);
    assert_eq!(office.near("mediatel:1"), ["13 SIP", "15 Sales", "16 Fax"]);
    for typed in ["nobody at all", "mediatel:99", "mediatel:", "0", "-1", "mediatel:0", "99999999999999999999", ":"] {
        assert!(matches!(office.shows(typed), Err(Refusal::NoExtension { .. })), "{typed}");
    }
}

#[test]
fn a_number_that_is_another_ones_name_is_not_guessed() {
    let office = Office::opens();
    office.twin.change_extension(13, r#"{"E_Extension":"15"}"#).unwrap();
    assert_eq!(office.near("15"), ["13 15", "15 Sales"]);
    assert_eq!(office.shows("mediatel:15").unwrap(), "mediatel:15 Sales", "what autocomplete sends is a number");
}

#[test]
fn the_card_shows_every_member_and_what_the_person_may() {
    let office = Office::opens();
    let typed = ExtensionText("15".to_owned());
    let card = office.does(async |desk| desk.show_extension(&with_roles(&[7]), &typed).await.unwrap());
    assert_eq!(card.may, [Permission::ExtensionWrite]);
    let lines: Vec<String> =
        card.sections.iter().flat_map(|s| s.lines.iter().map(|l| format!("{}: {}", l.label, l.value))).collect();
    assert!(lines.contains(&"Destination: 77".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("X_Vendor")), "{lines:?}");
}

#[test]
fn a_form_is_filled_from_memory_or_where_that_is_empty_at_once() {
    let mut office = Office::opens();
    let (connection, id) = (ConnectionName::new("mediatel").unwrap(), ExtensionId(15));
    let fills = |office: &Office, id: ExtensionId| {
        let write = Permission::ExtensionWrite;
        let form = office.does(async |desk| desk.extension_form(&lead(), write, &connection, id).await)?;
        let value = form.fields.iter().find(|(spec, _)| spec.key == "destination").map(|(_, value)| value.clone());
        Ok::<_, Refusal>((form.name, value.unwrap()))
    };
    let filled = ("Sales".to_owned(), "77".to_owned());
    office.shows("15").unwrap();
    let asked = office.sent("GET");
    assert_eq!((fills(&office, id).unwrap(), office.sent("GET")), (filled.clone(), asked), "nobody is asked");
    office.crashes();
    office.starts();
    assert_eq!(fills(&office, id).unwrap(), filled, "an older card's buttons still work");
    assert!(matches!(fills(&office, ExtensionId(99)), Err(Refusal::System(_))));
    // Whether the list was kept before the crash or not, nobody has seen this one.
    office.twin.put_extension(r#"{"E_ID":17,"E_Extension":"New","E_Type":2}"#).unwrap();
    let silent = Trouble::Slow(std::time::Duration::from_mins(1));
    office.twin.fault(Fault { method: None, path: "", moment: Moment::Before, times: Times::Always, trouble: silent });
    let Err(Refusal::System(error)) = fills(&office, ExtensionId(17)) else { panic!("it was filled") };
    assert!(error.to_string().contains("did not answer at once"), "{error}");
}

#[test]
fn only_who_may_reads_and_writes() {
    let office = Office::opens();
    let (deleter, nobody) = (with_roles(&[8]), with_roles(&[99]));
    let typed = ExtensionText("15".to_owned());
    let refused = |result: Result<(), Refusal>, needs: Permission| match result {
        Err(Refusal::NotPermitted { permission, .. }) => assert_eq!(permission, needs),
        other => panic!("{other:?}"),
    };
    for person in [&deleter, &nobody] {
        let read = Permission::ExtensionRead;
        refused(office.does(async |desk| desk.list_extensions(person, None).await.map(drop)), read);
        refused(office.does(async |desk| desk.show_extension(person, &typed).await.map(drop)), read);
        let write = Permission::ExtensionWrite;
        let new = create("New");
        refused(office.does(async |desk| desk.preview_create_extension(person, &new).await.map(drop)), write);
        refused(office.does(async |desk| desk.may_batch(person, Some("mediatel")).map(drop)), write);
    }
    let asked = office.asked();
    let asks =
        office.does(async |desk| desk.ask_delete_extension(&with_roles(&[7]), &typed, "old", asked).await.map(drop));
    refused(asks, Permission::ExtensionDelete);
    assert_eq!(office.twin.seen().len(), 0, "nothing was asked of the phone system");
}

#[test]
fn a_connection_that_is_not_there_or_cannot_is_named() {
    let office = Office::opens();
    let list =
        |on: &str| office.does(async |desk| desk.list_extensions(&lead(), Some(on)).await.map(|l| l.extensions.len()));
    assert_eq!(list("mediatel").unwrap(), 3);
    assert!(matches!(list("nowhere"), Err(Refusal::NoConnection { .. })));
    let fault = |trouble| Fault { method: None, path: "", moment: Moment::Before, times: Times::Always, trouble };
    office.twin.fault(fault(Trouble::Status { status: 503, body: None, retry_after: None }));
    assert!(matches!(list("mediatel"), Err(Refusal::System(_))));
}

#[test]
fn values_that_do_not_fit_are_refused_in_a_sentence() {
    let office = Office::opens();
    let wrong = |changes: &[(&str, &str)]| match office.previews_edit("15", changes) {
        Err(Refusal::Value(sentence)) => sentence,
        other => panic!("{other:?}"),
    };
    assert!(wrong(&[("type", "six")]).contains("Type"));
    assert!(wrong(&[("name", "")]).contains("Name"));
    assert!(wrong(&[("colour", "red")]).contains("colour"));
    assert!(matches!(office.previews_edit("15", &[("destination", "77")]), Err(Refusal::Already { .. })));
    assert!(matches!(office.previews_edit("15", &[("payload", "")]), Err(Refusal::Already { .. })));
    assert_eq!(office.twin.mutations(), []);
}

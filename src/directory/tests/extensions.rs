//! What the directory does with extensions: of what is listed in general there is more in `kept`.

use super::*;

impl House {
    fn extensions(&self) -> Vec<String> {
        self.directory.extensions(&self.mediatel).iter().map(|it| format!("{} {}", it.id, it.name)).collect()
    }

    async fn answers_extensions(&mut self, answer: Answer<Extension>) {
        self.extension_asks.recv().await.expect("a question").send(answer).expect("somebody waits");
    }

    /// Somebody who acts reads the list, from the question to the end.
    async fn acts_on(&mut self, answer: Answer<Extension>) -> Answer<Extension> {
        let (directory, mediatel) = (self.directory.clone(), self.mediatel.clone());
        Ok(tokio::join!(directory.read_extensions(&mediatel), self.answers_extensions(answer)).0?.extensions)
    }
}

#[tokio::test]
async fn a_keystroke_is_answered_at_once_and_starts_one_read() {
    let mut house = House::new();
    assert!(house.extensions().is_empty() && house.extensions().is_empty());
    house.answers_extensions(Ok(vec![extension(16, "Fax"), extension(15, "Sales")])).await;
    house.keeps().await;
    assert_eq!(house.extensions(), ["15 Sales", "16 Fax"], "by number");
    let one = house.directory.extension(&house.mediatel, ExtensionId(16)).unwrap();
    assert_eq!(*one, extension(16, "Fax"));
    assert!(house.directory.extension(&house.mediatel, ExtensionId(1)).is_none());
    assert!(house.is_silent());
}

#[tokio::test]
async fn whoever_acts_reads_for_themselves_and_everybody_sees_it() {
    let mut house = House::new();
    house.acts_on(Ok(vec![extension(15, "Sales")])).await.unwrap();
    let read = house.acts_on(Ok(vec![extension(15, "Sales"), extension(16, "Fax")])).await.unwrap();
    assert_eq!(read.len(), 2, "a fresh list is no reason not to look");
    assert_eq!(house.extensions(), ["15 Sales", "16 Fax"]);
    assert!(house.is_silent(), "and that list is fresh");
    house.acts_on(Err(unreachable())).await.unwrap_err();
    house.clock.passes(REFRESH * 2);
    assert_eq!(house.extensions().len(), 2, "what was read stays");
}

#[tokio::test]
async fn a_connection_without_extensions_has_none_and_is_not_asked() {
    let mut house = House::able(Abilities::new(&[Ability::ListAgents]));
    house.directory.put_extension(&house.mediatel, extension(15, "Sales"));
    house.directory.forget_extension(&house.mediatel, ExtensionId(15));
    assert!(house.extensions().is_empty() && house.is_silent());
    let refused = house.directory.read_extensions(&house.mediatel).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Unsupported(Ability::Extensions));
}

#[tokio::test]
async fn a_kept_list_holds_only_what_the_documents_tell_of() {
    let mut house = House::new();
    let record = r#"{"E_ID":15,"E_Extension":"Sales","Codecs":["g729",{"Password":"hunter2"}],"SipPassword":"hunter2",
        "x-Sip":{"pass":"hunter2","nested":{"PASSWORD":"hunter2"}},"Secret":"hunter2"}"#;
    let withheld = vec!["SipPassword".to_owned()];
    let odd = Extension { record: Record::parse(record).unwrap(), withheld, ..extension(15, "Sales") };
    let read = house.acts_on(Ok(vec![odd.clone()])).await.unwrap();
    assert_eq!(read, [odd], "whoever acts has all of it");
    let (_, _, body) = house.keeps().await;
    assert_eq!(
        body,
        r#"{"version":1,"extensions":[{"id":15,"name":"Sales","record":{"E_ID":15,"E_Extension":"Sales"}}]}"#
    );
}

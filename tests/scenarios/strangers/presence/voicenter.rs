//! A day on a Voicenter in every dress of its answers, by POST and by GET. Its code stands nowhere afterwards.

use serde_json::json;

use super::super::bot::Team;
use super::super::voicenter::{CODE, Change, Form, Oddity, Voicenter};
use super::{LIMITS, MAY, at_once, logged, told, voicenter_connection};

const ENVIRONMENT: [(&str, &str); 1] = [("VOICENTER_CODE", CODE)];

fn set(status: i64) -> Change {
    Change { user: "123456789".to_owned(), extension: "sipsip".to_owned(), status }
}

/// One server for each dress, and a bot that knows them all.
async fn everywhere() -> (Team, Vec<(String, Form, Voicenter)>) {
    let (mut systems, mut settings) = (Vec::new(), LIMITS.to_owned());
    for (at, form) in Form::ALL.into_iter().enumerate() {
        let voicenter = Voicenter::starts(form).await;
        let name = format!("{form:?}").to_lowercase();
        settings.push_str(&voicenter_connection(&name, voicenter.url(), ["post", "get"][at % 2]));
        systems.push((name, form, voicenter));
    }
    (Team::with(MAY, &settings, &ENVIRONMENT).await, systems)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_on_a_voicenter_in_every_dress() {
    let (team, systems) = everywhere().await;
    at_once(&systems, async |(name, form, voicenter): &(String, Form, Voicenter)| {
        let dana = format!("{name}:123456789");
        let done = |expected: &[Change]| assert_eq!(voicenter.changes(), expected, "{form:?}");
        told(&team, "agent login", &dana, &[], "is logged in").await;
        done(&[set(1)]);
        logged(&team, &["logged in", &dana]).await;
        let offered = team.completes("agent pause", &[("agent", &dana), ("reason", "")]).await;
        let labels: Vec<&str> = offered.iter().map(|(label, _)| label.as_str()).collect();
        assert_eq!(labels, ["Lunch", "Administrative", "Team meeting", "תפילה"], "{form:?}");
        told(&team, "agent pause", &dana, &[("reason", "lunch")], "is paused (Lunch)").await;
        done(&[set(3)]);
        // The account's own, which no document knows.
        told(&team, "agent pause", &dana, &[("reason", "תפילה")], "is paused (תפילה)").await;
        done(&[set(21)]);
        let status = team.types("agent status", &[("agent", &dana)], "paused (תפילה)").await;
        assert!(status.text().contains("not confirmed by the phone system"), "{}", status.text());
        told(&team, "agent unpause", &dana, &[], "is available again").await;
        done(&[set(1)]);
        told(&team, "agent logout", &dana, &[], "is logged out").await;
        done(&[set(2)]);
        let list = team.types("agent status", &[("connection", name)], "1 logged out").await;
        assert!(list.text().contains("Dana Levi"), "{}", list.text());
    })
    .await;
    // Whoever looks whether all is well changes nobody's status.
    team.types("doctor", &[], "plain").await;
    team.types("whoami", &[], "presence").await;
    assert!(systems.iter().all(|(_, _, voicenter)| voicenter.changes().is_empty()));
    team.ends_without("the organisation's code", CODE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_a_voicenter_is_a_sentence_that_says_what_to_do() {
    let (team, systems) = everywhere().await;
    at_once(&systems, async |(name, form, voicenter): &(String, Form, Voicenter)| {
        let says = async |verb: &str, user: &str, more: &[(&str, &str)], words: &str| {
            let agent = format!("{name}:{user}");
            let held = told(&team, verb, &agent, more, words).await;
            assert!(held.text().contains("Nothing was changed"), "{form:?}: {}", held.text());
            assert_eq!(voicenter.changes(), [], "{form:?}");
        };
        // Somebody sits there: nobody is logged out for that.
        says("agent login", "0042", &[], "somebody else is logged in at the extension sip-taken").await;
        assert_eq!(voicenter.asked().len(), 1, "{form:?}");
        says("agent login", "777", &[], "no extension sip-nowhere").await;
        says("agent login", "999", &[], "the organisation's code or the agent's user id").await;
        says("agent pause", "123456789", &[("reason", "Team meeting")], "does not have the status Team meeting").await;
        let asked = voicenter.asked().len();
        says("agent pause", "123456789", &[("reason", "Siesta")], "Lunch").await;
        says("agent pause", "123456789", &[], "Lunch").await;
        assert_eq!(voicenter.asked().len(), asked, "a break that there is not is not sent");
        voicenter.next_is(Oddity::AddressNotAllowed);
        says("agent login", "123456789", &[], "API Settings").await;
    })
    .await;
    team.ends_without("the organisation's code", CODE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_a_voicenter_that_contradicts_itself_is_no_success() {
    let (team, systems) = everywhere().await;
    at_once(&systems, async |(name, form, voicenter): &(String, Form, Voicenter)| {
        let dana = format!("{name}:123456789");
        for (oddity, words) in [
            (Oddity::Disagrees, "Status 1, StatusError 4"),
            (Oddity::Fault, "Error on update"),
            (Oddity::Says("Moon phase"), "Moon phase"),
        ] {
            voicenter.next_is(oddity);
            let held = told(&team, "agent login", &dana, &[], words).await;
            assert!(!held.text().contains("is logged in."), "{form:?}: {}", held.text());
            assert_eq!(voicenter.changes(), [], "{form:?}");
        }
        let asked = voicenter.asked().len();
        voicenter.next_is(Oddity::SendsAway);
        told(&team, "agent login", &dana, &[], "redirects are never followed").await;
        assert_eq!(voicenter.asked().len(), asked + 1, "{form:?}: the code goes nowhere else");
        voicenter.next_is(Oddity::DoneThenPage);
        let doubt = told(&team, "agent login", &dana, &[], "Nobody can tell whether Dana Levi is logged in").await;
        assert_eq!(voicenter.changes(), [set(1)], "{form:?}");
        team.presses(&doubt, "Ask again: log in Dana Levi", "is logged in").await;
        assert_eq!(voicenter.changes(), [set(1)], "{form:?}");
    })
    .await;
    team.ends_without("the organisation's code", CODE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voicenter_is_sent_exactly_what_its_page_names() {
    let voicenter = Voicenter::starts(Form::Plain).await;
    let url = voicenter.url();
    let settings =
        format!("{}{}", voicenter_connection("by-post", url, "post"), voicenter_connection("by-get", url, "get"));
    let team = Team::with(MAY, &settings, &ENVIRONMENT).await;
    told(&team, "agent login", "by-post:123456789", &[], "is logged in").await;
    told(&team, "agent login", "by-get:123456789", &[], "is logged in").await;
    let asked = voicenter.asked();
    assert_eq!((asked[0].method.as_str(), asked[0].target.as_str()), ("POST", "/UserLogin/SetStatusFromAPI"));
    assert!(asked[0].content_type.starts_with("application/json"), "{asked:?}");
    let sent = json!(asked[0].parameters);
    assert_eq!(sent, json!({ "code": CODE, "extensionuser": "sipsip", "status": 1, "userid": "123456789" }));
    let address = format!("/UserLogin/SetStatusFromAPI?Code={CODE}&UserId=123456789&ExtensionUser=sipsip&Status=1");
    assert_eq!((asked[1].method.as_str(), asked[1].target.as_str()), ("GET", address.as_str()));
    assert_eq!(voicenter.changes(), [set(1), set(1)]);
    team.ends_without("the organisation's code", CODE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_is_told_without_being_shown() {
    const WRONG: &str = "Vc-wrong-8sLr3TmY0qX";
    let voicenter = Voicenter::starts(Form::Plain).await;
    let url = voicenter.url();
    let settings =
        format!("{}{}", voicenter_connection("by-post", url, "post"), voicenter_connection("by-get", url, "get"));
    let team = Team::with(MAY, &settings, &[("VOICENTER_CODE", WRONG)]).await;
    for agent in ["by-post:123456789", "by-get:123456789"] {
        told(&team, "agent login", agent, &[], "have code and user\\_id of this connection checked").await;
        assert_eq!(voicenter.changes(), []);
    }
    assert!(voicenter.asked()[1].target.contains(WRONG), "it was sent where it belongs");
    team.ends_without("the organisation's code", WRONG).await;
}

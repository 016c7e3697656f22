//! A day on an Erix in every dress of its answers, by POST and by GET.

use super::super::bot::Team;
use super::super::erix::{Change, Erix, Form, Oddity};
use super::{LIMITS, MAY, at_once, erix_connection, logged, told};

fn logged_in(agent: &str, exten: &str, queue: &str) -> Change {
    Change::LoggedIn { agent: agent.to_owned(), exten: exten.to_owned(), queue: queue.to_owned() }
}

fn paused(agent: &str, reason: Option<&str>) -> Change {
    Change::Paused { agent: agent.to_owned(), reason: reason.map(ToOwned::to_owned) }
}

fn unpaused(agent: &str) -> Change {
    Change::Unpaused { agent: agent.to_owned() }
}

fn logged_off(agent: &str) -> Change {
    Change::LoggedOff { agent: agent.to_owned() }
}

/// One server for each dress, and a bot that knows them all.
async fn everywhere() -> (Team, Vec<(String, Form, Erix)>) {
    let (mut systems, mut settings) = (Vec::new(), LIMITS.to_owned());
    for (at, form) in Form::ALL.into_iter().enumerate() {
        let erix = Erix::starts(form).await;
        let name = format!("{form:?}").to_lowercase();
        settings.push_str(&erix_connection(&name, erix.url(), ["post", "get"][at % 2]));
        systems.push((name, form, erix));
    }
    (Team::with(MAY, &settings, &[]).await, systems)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_on_an_erix_in_every_dress() {
    let (mut team, systems) = everywhere().await;
    at_once(&systems, async |(name, form, erix): &(String, Form, Erix)| {
        let maria = format!("{name}:maria");
        let done = |expected: &[Change]| assert_eq!(erix.changes(), expected, "{form:?}");
        // What is not typed is what the settings tell.
        told(&team, "agent login", &maria, &[], &format!("Maria Silva on {name} is logged in at 2001, queue suporte"))
            .await;
        done(&[logged_in("maria", "2001", "suporte")]);
        logged(&team, &["logged in", &maria]).await;
        // Reports go by the text, so the settings' spelling is sent, and told.
        told(&team, "agent pause", &maria, &[("reason", "almoço")], "is paused (Almoço)").await;
        done(&[paused("maria", Some("Almoço"))]);
        // "Agent alredy paused" is no failure; another reason takes two requests, and somebody's press.
        let other = told(&team, "agent pause", &maria, &[("reason", "Treinamento")], "was paused already").await;
        done(&[]);
        team.presses(&other, "Unpause Maria Silva, then pause: Treinamento", "is paused (Treinamento)").await;
        done(&[unpaused("maria"), paused("maria", Some("Treinamento"))]);
        let status = team.types("agent status", &[("agent", &maria)], "paused (Treinamento)").await;
        assert!(status.text().contains("not confirmed by the phone system"), "{}", status.text());
        told(&team, "agent unpause", &maria, &[], "is available again").await;
        done(&[unpaused("maria")]);
        told(&team, "agent unpause", &maria, &[], "was available already").await;
        done(&[]);
        told(&team, "agent logout", &maria, &[], "is logged out").await;
        done(&[logged_off("maria")]);
        for verb in ["agent logout", "agent pause", "agent unpause"] {
            told(&team, verb, &maria, &[], "is not logged in there").await;
            done(&[]);
        }
    })
    .await;
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_in_the_settings_is_addressed_by_the_login_and_then_remembered() {
    let (mut team, systems) = everywhere().await;
    at_once(&systems, async |(name, form, erix): &(String, Form, Erix)| {
        let joao = format!("{name}:joão.silva");
        let at = [("extension", "0042"), ("queue", "vendas & pós-venda")];
        told(&team, "agent login", &joao, &[], "name an extension and a queue").await;
        assert!(erix.asked().is_empty(), "{form:?}");
        told(&team, "agent login", &joao, &at, "is logged in at 0042, queue vendas & pós-venda").await;
        assert_eq!(erix.changes(), [logged_in("joão.silva", "0042", "vendas & pós-venda")], "{form:?}");
        told(&team, "agent pause", &joao, &[], "is paused").await;
        assert_eq!(erix.changes(), [paused("joão.silva", None)], "{form:?}");
        let list = team.types("agent status", &[("connection", name)], &joao).await;
        assert!(list.text().contains("1 paused"), "{}", list.text());
        let offered = team.completes("agent unpause", &[("agent", "joão")]).await;
        assert!(offered.iter().any(|(_, value)| *value == joao), "{offered:?}");
        // Whoever there is not is not remembered.
        told(&team, "agent unpause", &format!("{name}:nobody"), &[], "has no agent with the login nobody").await;
        assert_eq!(erix.changes(), [], "{form:?}");
        let list = team.types("agent status", &[("connection", name)], &joao).await;
        assert!(!list.text().contains(":nobody"), "{}", list.text());
    })
    .await;
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_an_erix_is_a_sentence_that_says_what_to_do() {
    let (mut team, systems) = everywhere().await;
    at_once(&systems, async |(name, form, erix): &(String, Form, Erix)| {
        let ana = format!("{name}:ana");
        let says = async |exten: &str, queue: &str, words: &str| {
            let held = told(&team, "agent login", &ana, &[("extension", exten), ("queue", queue)], words).await;
            assert!(held.text().contains("Nothing was changed"), "{form:?}: {}", held.text());
            assert!(!held.text().contains("CRM"), "{form:?}: it explains itself: {}", held.text());
            assert_eq!(erix.changes(), [], "{form:?}");
        };
        says("9999", "suporte", "no extension 9999").await;
        says("3001", "suporte", "the extension 3001 is not set up as a call-centre extension").await;
        says("2001", "suporte geral", "no queue \"suporte geral\"").await;
        says("2001", "recepção", "the queue \"recepção\" is not set up as a call-centre queue").await;
        let asked = erix.asked().len();
        says("20-01", "suporte", "digits").await;
        assert_eq!(erix.asked().len(), asked, "a mistake that needs nobody's answer is not sent");
        let lost = match form {
            Form::Text => "\"Fila cheia\"",
            _ => "it answered \"Fila cheia\", which its documents do not name",
        };
        // Nobody explains it, three times over: the one thing that the neighbouring revision adds.
        for words in [lost, lost, "CRM module"] {
            erix.next_is(Oddity::Says("Fila cheia"));
            told(&team, "agent login", &ana, &[("extension", "2001"), ("queue", "suporte")], words).await;
            assert_eq!(erix.changes(), [], "{form:?}");
        }
    })
    .await;
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_tells_nothing_is_not_taken_for_either() {
    let (mut team, systems) = everywhere().await;
    at_once(&systems, async |(name, form, erix): &(String, Form, Erix)| {
        let maria = format!("{name}:maria");
        erix.next_is(Oddity::DoneThenPage);
        let doubt = told(&team, "agent login", &maria, &[], "Nobody can tell whether Maria Silva is logged in").await;
        assert_eq!(erix.changes(), [logged_in("maria", "2001", "suporte")], "{form:?}");
        assert_eq!(erix.asked().len(), 1, "nothing is sent twice by itself");
        let status = team.types("agent status", &[("agent", &maria)], "the answer was lost").await;
        assert!(status.text().contains("maybe logged in"), "{}", status.text());
        team.presses(&doubt, "Ask again: log in Maria Silva", "is logged in at 2001").await;
        assert_eq!(erix.changes(), [logged_in("maria", "2001", "suporte")], "{form:?}");
        erix.next_is(Oddity::SaysNeither);
        told(&team, "agent pause", &maria, &[], "Nobody can tell whether Maria Silva is paused").await;
        assert_eq!(erix.changes(), [], "{form:?}");
    })
    .await;
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_erix_says_is_shown_as_text_and_never_at_length() {
    let erix = Erix::starts(Form::Plain).await;
    let mut team = Team::with(MAY, &erix_connection("erix-br", erix.url(), "post"), &[]).await;
    erix.next_is(Oddity::Says("@everyone **já** <@&504> \u{202e}oãn [aqui](https://example.com)\u{0}"));
    let held = told(&team, "agent login", "erix-br:maria", &[], "its documents do not name").await;
    let text = held.text();
    assert!(text.contains("\\*\\*já\\*\\*") && text.contains("\\<@&504>") && text.contains("\\[aqui\\]"), "{text}");
    assert!(!text.contains(['\u{202e}', '\u{0}']), "{text:?}");
    erix.next_is(Oddity::SaysMuch);
    let held = told(&team, "agent login", "erix-br:maria", &[], "Era uma vez").await;
    assert!(held.text().len() < 2_000, "{}", held.text().len());
    assert_eq!(erix.changes(), []);
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_of_agents_outlives_the_bot() {
    let erix = Erix::starts(Form::Plain).await;
    let mut team = Team::with(MAY, &erix_connection("erix-br", erix.url(), "post"), &[]).await;
    let at = [("extension", "0042"), ("queue", "suporte")];
    told(&team, "agent login", "erix-br:joão.silva", &at, "is logged in").await;
    told(&team, "agent login", "erix-br:maria", &[], "is logged in").await;
    told(&team, "agent pause", "erix-br:maria", &[("reason", "Almoço")], "is paused").await;
    let asked = erix.asked().len();
    team.restarts().await;
    let list = team.types("agent status", &[("connection", "erix-br")], "1 logged in, 1 paused").await;
    for words in
        ["erix-br:joão.silva", "extension 0042, queue suporte", "paused (Almoço)", "not confirmed by the phone system"]
    {
        assert!(list.text().contains(words), "{words} in\n{}", list.text());
    }
    let offered = team.completes("agent logout", &[("agent", "silva")]).await;
    assert!(offered.iter().any(|(_, value)| value == "erix-br:joão.silva"), "{offered:?}");
    assert_eq!(erix.asked().len(), asked, "nothing is sent again by itself");
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erix_that_reads_only_addresses_is_told_apart_from_a_mistake_of_ours() {
    let erix = Erix::starts(Form::Plain).await;
    let settings =
        format!("{}{}", erix_connection("by-post", erix.url(), "post"), erix_connection("by-get", erix.url(), "get"));
    let mut team = Team::with(MAY, &settings, &[]).await;
    erix.next_is(Oddity::ReadsOnlyTheAddress);
    told(&team, "agent login", "by-post:maria", &[], "something missing in the request").await;
    assert_eq!(erix.changes(), []);
    erix.next_is(Oddity::ReadsOnlyTheAddress);
    told(&team, "agent login", "by-get:maria", &[], "is logged in").await;
    assert_eq!(erix.changes(), [logged_in("maria", "2001", "suporte")]);
    let asked = erix.asked();
    assert_eq!(asked[0].target, "/api/agent.php", "what is posted stands in no address");
    assert_eq!((asked[0].method.as_str(), asked[1].method.as_str()), ("POST", "GET"));
    assert!(asked.iter().all(|it| it.authorization.is_none()), "nobody asked for credentials");
    assert!(asked[0].content_type.starts_with("application/x-www-form-urlencoded"), "{asked:?}");
    assert_eq!(asked[0].parameters.len(), 0, "this server read none");
    assert_eq!(asked[1].parameters.len(), 4, "{asked:?}");
    team.bot.ends().await;
}

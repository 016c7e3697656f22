//! Every documented exchange, through the client and through the twin; neither knows the other.
//!
//! "API Agente", revision of 2 September 2020: the four example addresses and both tables. The examples' placeholders
//! stand as they are, save `num_ramal`: an extension is digits only.

use serde_json::json;

use super::{Options, available, connect, login, pause, paused, set};
use crate::systems::erix::twin::{Kind, Mutation, Presence, Twin, What};
use crate::systems::tests::{Canned, serve};
use crate::{PresenceAnswer, PresenceChange};

const EXAMPLES: [(&str, &str); 4] = [
    ("/api/agent.php?agent=login_agente&command=login&exten=2001&queue=nome_fila", "Login OK"),
    ("/api/agent.php?agent=login_agente&command=logoff", "Logoff OK"),
    ("/api/agent.php?agent=login_agente&command=pause&reason=motivo_da_pausa", "Pause OK"),
    ("/api/agent.php?agent=login_agente&command=unpause", "Unpause OK"),
];

fn changes() -> [PresenceChange; 4] {
    [login("2001", "nome_fila"), PresenceChange::LogOut, pause("motivo_da_pausa"), PresenceChange::Unpause]
}

#[tokio::test]
async fn the_client_asks_as_documented() {
    for ((address, text), change) in EXAMPLES.into_iter().zip(changes()) {
        let canned = Canned::saying(200, json!({ "success": text }).to_string()).await;
        let client = connect(&canned.origin, &json!({ "method": "get" }));
        assert_eq!(set(&client, "login_agente", &change).await.unwrap(), PresenceAnswer::Done);
        let [asked] = canned.seen().try_into().unwrap();
        assert_eq!((asked.line.as_str(), asked.body.as_str()), (format!("GET {address}").as_str(), ""));

        // By POST the very same parameters stand in a form.
        let client = connect(&canned.origin, &json!({}));
        assert_eq!(set(&client, "login_agente", &change).await.unwrap(), PresenceAnswer::Done);
        let asked = canned.seen().pop().unwrap();
        assert_eq!(asked.line, "POST /api/agent.php");
        assert_eq!(asked.headers["content-type"], "application/x-www-form-urlencoded");
        assert_eq!(asked.body, address.split_once('?').unwrap().1);
    }
}

#[tokio::test]
async fn the_twin_answers_as_documented() {
    let twin = Twin::new(Options::default());
    twin.put_agent("login_agente");
    twin.put_queue("nome_fila", Kind::CallCentre);
    let origin = serve(twin.router()).await;
    // The order of a shift: in, paused, back, out.
    for at in [0, 2, 3, 1] {
        let (address, text) = EXAMPLES[at];
        let answer = reqwest::get(format!("{origin}{address}")).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
            (200, "application/json")
        );
        assert_eq!(answer.text().await.unwrap(), json!({ "success": text }).to_string());
    }
    let whats: Vec<What> = twin.mutations().into_iter().map(|mutation| mutation.what).collect();
    let (extension, queue) = ("2001".to_owned(), "nome_fila".to_owned());
    let reason = Some("motivo_da_pausa".to_owned());
    assert_eq!(whats, [What::LoggedIn { extension, queue }, What::Paused { reason }, What::Unpaused, What::LoggedOut]);
    assert!(twin.unexpected().is_empty());
}

/// Each row of the table of errors, asked for by a request that brings it about.
#[tokio::test]
async fn the_twin_has_every_error_of_the_table() {
    let twin = Twin::new(Options::default());
    twin.put_extension("2090", Kind::Plain);
    twin.put_queue("geral", Kind::Plain);
    let origin = serve(twin.router()).await;
    let ask = async |query: &str| {
        let answer = reqwest::get(format!("{origin}/api/agent.php?{query}")).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let error = |text: &str| json!({ "error": text }).to_string();
    for (presence, query, status, text) in [
        (Presence::LoggedOut, "", 400, "Argument list invalid"),
        (Presence::LoggedOut, "agent=maria&command=login&exten=2001", 400, "Argument list invalid"),
        (Presence::LoggedOut, "agent=maria&command=login&queue=suporte", 400, "Argument list invalid"),
        (Presence::LoggedOut, "agent=maria&command=logout", 400, "Argument list invalid"),
        (Presence::LoggedOut, "command=logoff", 400, "Agent not specified"),
        (Presence::LoggedOut, "agent=maria", 400, "Command not specified"),
        (Presence::LoggedOut, "agent=nobody&command=logoff", 200, "Agent not exists"),
        (Presence::LoggedOut, "agent=maria&command=logoff", 200, "Agent not logged"),
        (Presence::LoggedOut, "agent=maria&command=pause", 200, "Agent not logged"),
        (Presence::LoggedOut, "agent=maria&command=unpause", 200, "Agent not logged"),
        (Presence::LoggedOut, "agent=maria&command=login&exten=2001&queue=x", 200, "Queue not exists"),
        (Presence::LoggedOut, "agent=maria&command=login&exten=1&queue=suporte", 200, "Exten not exists"),
        (Presence::LoggedOut, "agent=maria&command=login&exten=2001&queue=geral", 200, "Queue Call Center false"),
        (Presence::LoggedOut, "agent=maria&command=login&exten=2090&queue=suporte", 200, "Exten Call Center false"),
        (paused(), "agent=maria&command=pause&reason=x", 200, "Agent alredy paused"),
        (available(), "agent=maria&command=unpause", 200, "Agent alredy available"),
    ] {
        twin.put_presence("maria", presence.clone());
        assert_eq!(ask(query).await, (status, error(text)), "{query}");
        assert_eq!(twin.presence("maria"), Some(presence), "{query}");
    }
    assert!(twin.mutations().is_empty());
    assert_eq!(twin.unexpected(), ["command logout"]);
}

#[tokio::test]
async fn a_shift_through_client_and_twin() {
    for method in ["post", "get"] {
        let twin = Twin::new(Options::default());
        twin.put_queue("vendas & pós-venda", Kind::CallCentre);
        let client = connect(&serve(twin.router()).await, &json!({ "method": method }));
        for (change, answer) in [
            (PresenceChange::LogIn { extension: None, queue: None }, PresenceAnswer::Done),
            (login("2001", "vendas & pós-venda"), PresenceAnswer::Done),
            (pause(" almoço "), PresenceAnswer::Done),
            (pause("Treinamento"), PresenceAnswer::Already),
            (PresenceChange::Unpause, PresenceAnswer::Done),
            (PresenceChange::Unpause, PresenceAnswer::Already),
            (PresenceChange::Pause { reason: None }, PresenceAnswer::Done),
            (PresenceChange::LogOut, PresenceAnswer::Done),
        ] {
            assert_eq!(set(&client, "maria", &change).await.unwrap(), answer, "{change:?}");
        }
        let mutation = |request, what| Mutation { request, agent: "maria".into(), what };
        let logged_in = |queue: &str| What::LoggedIn { extension: "2001".into(), queue: queue.into() };
        assert_eq!(
            twin.mutations(),
            [
                mutation(1, logged_in("suporte")),
                mutation(2, logged_in("vendas & pós-venda")),
                // As the settings spell it: reports go by the text.
                mutation(3, What::Paused { reason: Some("Almoço".into()) }),
                mutation(5, What::Unpaused),
                mutation(7, What::Paused { reason: None }),
                mutation(8, What::LoggedOut),
            ]
        );
    }
}

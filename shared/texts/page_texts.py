"""The texts of the pages, English and Dutch side by side; what the model says stands in the model.

A key that ends in `_one` is its text in the singular.
"""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    # every page
    "product": ("Online Partner Maturity Model", "Online Partner Maturity Model"),
    "skip": ("Skip to the content", "Naar de inhoud"),
    "menu": ("Pages", "Pagina's"),
    "language": ("Language", "Taal"),
    "portfolio": ("Portfolio", "Portfolio"),
    "model": ("The model", "Het model"),
    "sign_out": ("Sign out", "Uitloggen"),
    "stale": ("stale", "verouderd"),
    "incomplete": ("incomplete", "onvolledig"),
    "talk": ("time to talk", "tijd voor een gesprek"),
    "undescribed": ("not described", "niet beschreven"),
    "unanswered": ("not answered yet", "nog niet beantwoord"),
    "of": ("of {whole}", "van {whole}"),
    "numbers": ("The numbers", "De cijfers"),
    "made": (
        "Computed from what was told up to {day}. Nothing is extrapolated: what nobody has answered has no points.",
        (
            "Berekend uit wat er tot en met {day} is gemeld. Niets is geschat: wat niemand heeft "
            "beantwoord, heeft geen punten."
        ),
    ),
    # the portfolio
    "clients": ("{count} active clients", "{count} actieve klanten"),
    "clients_one": ("1 active client", "1 actieve klant"),
    "distribution": ("Clients by total", "Klanten naar totaal"),
    "with_total": ("{count} with {total}", "{count} met {total}"),
    "count_incomplete": ("have unanswered questions", "met onbeantwoorde vragen"),
    "count_stale": ("have stale answers", "met verouderde antwoorden"),
    "count_due": ("need a talk", "toe aan een gesprek"),
    "count_undescribed": ("were never described", "nooit beschreven"),
    "movers": ("Biggest moves in {days} days", "Grootste bewegingen in {days} dagen"),
    "no_movers": ("No total has moved.", "Geen enkel totaal is veranderd."),
    "overview_at": ("Counted at {time}.", "Geteld om {time}."),
    "table": ("Clients, by {sort}", "Klanten, op {sort}"),
    "by_total": ("total", "totaal"),
    "by_name": ("name", "naam"),
    "by_changed": ("latest change", "laatste wijziging"),
    "client": ("Client", "Klant"),
    "total": ("Total", "Totaal"),
    "moved": ("{days} days", "{days} dagen"),
    "changed": ("Changed", "Gewijzigd"),
    "remarks": ("Remarks", "Opmerkingen"),
    "no_clients": ("There is no client to show.", "Er is geen klant om te tonen."),
    "next_page": ("Next page", "Volgende pagina"),
    "first_page": ("First page", "Eerste pagina"),
    "rows": ("Rows on a page", "Rijen per pagina"),
    # a client
    "as_of": ("Scorecard of {day}", "Scorekaart van {day}"),
    "ended": ("ended", "beëindigd"),
    "points_of": ("points out of {whole}", "punten van de {whole}"),
    "complete": ("All {number} questions are answered.", "Alle {number} vragen zijn beantwoord."),
    "complete_one": ("The question is answered.", "De vraag is beantwoord."),
    "attainable": (
        "{attainable} of {whole} can be told: {open} of {count} questions unanswered.",
        "{attainable} van de {whole} is te zeggen: {open} van de {count} vragen onbeantwoord.",
    ),
    "attainable_one": (
        "{attainable} of {whole} can be told: the question is unanswered.",
        "{attainable} van de {whole} is te zeggen: de vraag is onbeantwoord.",
    ),
    "since": ("{moved} in {days} days", "{moved} in {days} dagen"),
    "unmoved": ("unchanged in {days} days", "onveranderd in {days} dagen"),
    "reasons": ("Time to talk", "Tijd voor een gesprek"),
    "questions": ("The {number} questions", "De {number} vragen"),
    "questions_one": ("The question", "De vraag"),
    "radar": ("Points for each question: {points}.", "Punten per vraag: {points}."),
    "earlier": ("{days} days ago", "{days} dagen geleden"),
    "today": ("today", "vandaag"),
    "provenance": ("{source}, {day}", "{source}, {day}"),
    "basis_measured": ("happiness was asked", "naar blijheid gevraagd"),
    "basis_headcount": ("head count; happiness not asked", "aantal; niet naar blijheid gevraagd"),
    "basis_answered": ("answered", "beantwoord"),
    "basis_responses": ("{count} responses in {days} days", "{count} reacties in {days} dagen"),
    "basis_responses_one": ("1 response in {days} days", "1 reactie in {days} dagen"),
    "basis_reported": ("reported, no responses", "gemeld, geen reacties"),
    "trend": ("The last year", "Het afgelopen jaar"),
    "trend_note": (
        "Total at the end of each month, as today's facts give it; dashed: what could be attained.",
        "Totaal aan het eind van elke maand, zoals de feiten van nu het geven; gestreept: wat haalbaar was.",
    ),
    "trend_label": ("Total by month: {points}.", "Totaal per maand: {points}."),
    "month": ("Month", "Maand"),
    "attainable_short": ("Attainable", "Haalbaar"),
    "moves": ("What moved it", "Wat het bewoog"),
    "no_moves": ("Nothing moved it.", "Er bewoog niets."),
    "history": ("Recorded changes", "Vastgelegde wijzigingen"),
    "no_history": ("Nothing was recorded in the last year.", "Het afgelopen jaar is niets vastgelegd."),
    "cause_new": ("new fact", "nieuw feit"),
    "cause_correction": ("correction", "correctie"),
    "cause_retraction": ("withdrawn", "ingetrokken"),
    "cause_window": ("time passed", "tijdsverloop"),
    "cause_model": ("another model", "ander model"),
    "cause_rebuild": ("made anew", "opnieuw opgebouwd"),
    "cause_erasure": ("erased", "gewist"),
    "hidden_changes": (
        "{count} changes are not shown: they were recorded while another name was joined to this client by mistake.",
        "{count} wijzigingen staan er niet bij: die zijn vastgelegd toen er per abuis een andere naam bij hoorde.",
    ),
    "hidden_changes_one": (
        "One change is not shown: it was recorded while another name was joined to this client by mistake.",
        "Eén wijziging staat er niet bij: die is vastgelegd toen er per abuis een andere naam bij hoorde.",
    ),
    "names": ("Names", "Namen"),
    "undescribed_note": (
        "Nobody has described this client yet: it was made by the first event that named it. Is it another client?",
        "Niemand heeft deze klant nog beschreven: hij kwam er door het eerste bericht. Is het een andere klant?",
    ),
    "names_join": ("Another name or id of this client", "Andere naam of ander id van deze klant"),
    "names_join_button": ("Join", "Samenvoegen"),
    "names_release": ("Take back", "Terugdraaien"),
    "names_hint": (
        "The facts of a joined client count for this one, until you take it back. It shows within a few seconds.",
        "De feiten van een samengevoegde klant tellen hier mee, tot je het terugdraait. Na enkele tellen te zien.",
    ),
    "names_joined": (
        "Saved. The facts of the joined client count here within a few seconds; you can take it back under Names.",
        "Bewaard. De feiten van de andere klant tellen hier na enkele tellen mee; terugdraaien kan onder Namen.",
    ),
    "names_released": (
        "Saved. Within a few seconds it is a client of its own again.",
        "Bewaard. Na enkele tellen is het weer een eigen klant.",
    ),
    "names_sure_title": ("Join {name} to this client?", "{name} met deze klant samenvoegen?"),
    "names_sure": (
        "It is described as a client of its own. Joined, all its facts count here, until you take that back.",
        "Hij is beschreven als eigen klant. Samengevoegd tellen al zijn feiten hier mee, tot je het terugdraait.",
    ),
    "names_refused": ("Nothing has changed", "Er is niets veranderd"),
    "names_none": ("Fill in a name or an id.", "Vul een naam of een id in."),
    "names_several": (
        "Several clients are called this. Fill in the id of the one you mean: it stands in the address of its page.",
        "Meer klanten heten zo. Vul het id in van die je bedoelt: dat staat in het adres van zijn pagina.",
    ),
    "names_unknown": (
        "There is no client of this name or id. Look for it in the portfolio.",
        "Er is geen klant met deze naam of dit id. Zoek hem op in het portfolio.",
    ),
    "names_same": ("This is the same client already.", "Dit is al dezelfde klant."),
    "names_of_others": (
        "This name was not given here but by a system: only that system can take it back.",
        "Deze naam is niet hier gegeven maar door een systeem: alleen dat kan het terugdraaien.",
    ),
    "names_many": (
        "The client would have more names than are kept. Take one back first.",
        "De klant zou meer namen krijgen dan er bewaard worden. Draai er eerst een terug.",
    ),
    "back": ("Back to the client", "Terug naar de klant"),
    "nobody": ("unanswered", "onbeantwoord"),
    "nps": ("NPS", "NPS"),
    "nps_interval": (
        "If more people were asked it may well lie between {low} and {high} (95 % confidence).",
        "Als meer mensen waren gevraagd, ligt hij waarschijnlijk tussen {low} en {high} (95 % betrouwbaarheid).",
    ),
    "nps_fragile": ("One more response could move the points.", "Eén reactie meer kan de punten veranderen."),
    "nps_none": ("Nobody was asked in the last {days} days.", "In de laatste {days} dagen is niemand gevraagd."),
    "nps_label": ("NPS by month: {points}.", "NPS per maand: {points}."),
    "nps_note": ("NPS of each month; below it the responses.", "NPS per maand; daaronder het aantal reacties."),
    "none": ("none", "geen"),
    "promoters": ("promoters", "promotors"),
    "passives": ("passives", "passief tevredenen"),
    "detractors": ("detractors", "criticasters"),
    "responses": ("Responses", "Reacties"),
    "steps": ("Next steps", "Volgende stappen"),
    "gains": ("What would raise it", "Wat het verhoogt"),
    "losses": ("What would lower it", "Wat het verlaagt"),
    "no_gains": ("Nothing: every question has its most points.", "Niets: elke vraag heeft zijn meeste punten."),
    "no_losses": ("Nothing can lower it.", "Niets kan het verlagen."),
    "evidence": ("What it is made from", "Waar het uit bestaat"),
    "evidence_note": ("The latest facts for each question.", "De laatste feiten per vraag."),
    "evidence_counted": ("Responses are counted by month.", "Reacties zijn per maand geteld."),
    "no_facts": ("No facts yet.", "Nog geen feiten."),
    "happy_of": ("{happy} happy of {working}", "{happy} blij van {working}"),
    "head_count": ("{working} working", "{working} werkzaam"),
    "rating": ("rating {score}", "cijfer {score}"),
    "reported_nps": ("NPS {nps}", "NPS {nps}"),
    # the model
    "model_lead": (
        (
            "{number} questions, at most {most} points each, {whole} in all. Read each column from the top: "
            "the first row that fits counts."
        ),
        (
            "{number} vragen, elk hoogstens {most} punten, samen {whole}. Lees elke kolom van boven: de "
            "eerste rij die past, telt."
        ),
    ),
    "model_lead_one": (
        "One question, at most {whole} points. Read the column from the top: the first row that fits counts.",
        "Eén vraag, hoogstens {whole} punten. Lees de kolom van boven: de eerste rij die past, telt.",
    ),
    "points": ("Points", "Punten"),
    "freshness": ("How long an answer stays fresh", "Hoe lang een antwoord vers blijft"),
    "fresh_days": (
        "{days} days; then it keeps its points and is called stale.",
        "{days} dagen; daarna houdt het zijn punten en heet het verouderd.",
    ),
    "fresh_always": ("However old: it never gets stale.", "Hoe oud ook: het veroudert niet."),
    "nps_window": (
        (
            "The responses of the last {days} days count, today included: "
            "promoters (9, 10) less detractors (0 to 6), as a percentage. "
            "A reported NPS counts only when there are no responses."
        ),
        (
            "De reacties van de laatste {days} dagen tellen, vandaag inbegrepen: "
            "promotors (9, 10) min criticasters (0 tot 6), als percentage. "
            "Een gemelde NPS telt alleen als er geen reacties zijn."
        ),
    ),
    "talk_rules": ("When it is time to talk", "Wanneer het tijd is voor een gesprek"),
    "rule_fell": (
        "The total fell by {points} or more in {days} days.",
        "Het totaal daalde in {days} dagen met {points} of meer.",
    ),
    "rule_low": ("A question has {points} or less.", "Een vraag heeft {points} of minder."),
    "rule_stale": ("An answer is out of date.", "Een antwoord is verouderd."),
    # signing in, and what goes wrong
    "link_title": ("Open the scorecard", "Open de scorekaart"),
    "link_for": ("This link is for {name}.", "Deze link is voor {name}."),
    "link_text": (
        "It opens the pages in this browser until {day}, or until you sign out.",
        "Hij opent de pagina's in deze browser tot {day}, of tot je uitlogt.",
    ),
    "sign_in": ("Open", "Openen"),
    "foreign_title": ("Open it from your link", "Open het vanuit je link"),
    "foreign_text": (
        (
            "This came from another site, or your browser does not say where it came from. "
            "Open your own link once more and use its button."
        ),
        (
            "Dit kwam van een andere site, of je browser zegt niet waar het vandaan kwam. "
            "Open je eigen link opnieuw en gebruik de knop."
        ),
    ),
    "401_title": ("Ask for a link", "Vraag om een link"),
    "401_text": (
        (
            "This page opens with a personal link. Yours is missing, has expired or was withdrawn: "
            "ask your contact at the agency for a new one."
        ),
        (
            "Deze pagina gaat open met een persoonlijke link. Die ontbreekt, is verlopen of is ingetrokken: "
            "vraag je contactpersoon bij het bureau om een nieuwe."
        ),
    ),
    "403_title": ("Not for this link", "Niet voor deze link"),
    "403_text": ("Your link does not open this page.", "Je link geeft geen toegang tot deze pagina."),
    "404_title": ("Nothing here", "Hier is niets"),
    "404_text": ("There is nothing at this address.", "Op dit adres is niets te vinden."),
    "other_title": ("This did not work", "Dit lukte niet"),
    "other_text": ("The request could not be answered.", "Het verzoek kon niet worden beantwoord."),
    "query_text": (
        "The address of this page says something that the page does not know, or says it twice:",
        "Het adres van deze pagina zegt iets wat de pagina niet kent, of zegt het twee keer:",
    ),
    "query_link": ("Open the page without it", "Open de pagina zonder"),
    "5xx_text": (
        "Something went wrong here. Try again in a while.",
        "Er ging hier iets mis. Probeer het over een poosje opnieuw.",
    ),
    "role_client": ("client", "klant"),
    "role_viewer": ("viewer", "lezer"),
    "role_editor": ("editor", "bewerker"),
    "role_admin": ("admin", "beheerder"),
    "provider_title": ("Sign in", "Inloggen"),
    "provider_text": (
        "People of the agency sign in with their account of {provider}.",
        "Mensen van het bureau loggen in met hun account van {provider}.",
    ),
    "provider_button": ("Sign in with {provider}", "Inloggen met {provider}"),
    "provider_link": (
        "Did you get a personal link? Open that instead. If it does not work any more, ask your contact for a new one.",
        "Heb je een persoonlijke link? Open die dan. Werkt hij niet meer, vraag je contactpersoon dan om een nieuwe.",
    ),
    "ended_title": ("Sign in first", "Log eerst in"),
    "ended_text": (
        "You are not signed in, or no longer. Nothing was saved.",
        "Je bent niet (meer) ingelogd. Er is niets bewaard.",
    ),
    "to_sign_in": ("To the sign-in page", "Naar de inlogpagina"),
    "failed_title": ("Signing in did not work", "Inloggen lukte niet"),
    "failed_text": (
        "It took too long, was done already, or something was not right. Your account is fine: try again.",
        "Het duurde te lang, was al gebeurd, of er klopte iets niet. Je account is in orde: probeer het opnieuw.",
    ),
    "silent_title": ("{provider} does not respond", "{provider} reageert niet"),
    "silent_text": (
        "Nobody can sign in with it at the moment. Try again in a while.",
        "Er kan nu niemand mee inloggen. Probeer het over een poosje opnieuw.",
    ),
    "unknown_title": ("You have no access yet", "Je hebt nog geen toegang"),
    "unknown_text": (
        "Your account is fine, but nobody has let you in. Ask whoever looks after these pages at the agency.",
        "Met je account is niets mis, maar je bent nog niet toegelaten. Vraag het aan wie deze pagina's beheert.",
    ),
    "unknown_ask": (
        "Your account is fine, but nobody has let you in. Ask {contact}.",
        "Met je account is niets mis, maar je bent nog niet toegelaten. Vraag het aan {contact}.",
    ),
    "signed_out_person": (
        "Your account of {provider} is still open in this browser.",
        "Je account van {provider} is nog open in deze browser.",
    ),
    "sign_out_provider": ("Sign out of {provider}, too", "Ook uitloggen bij {provider}"),
    "signed_out": ("You are signed out", "Je bent uitgelogd"),
    "signed_out_text": ("Your link opens the pages again.", "Met je link open je de pagina's opnieuw."),
}
